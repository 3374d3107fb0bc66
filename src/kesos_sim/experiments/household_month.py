"""What is seen of one household in a month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

__all__ = ["REASONS", "UNSERVED", "Helped", "HouseholdMonth", "Need"]

REASONS: Final = (
    "not_listed",
    "composition",
    "in_regular_aid",
    "urban",
    "not_in_pkh",
    "graduated",
    "rank",
)
"""Why a programme that runs in the district does not reach a household."""

UNSERVED: Final = ("no_organisation", "all_full", "others_chosen")
"""Why nobody serves a need: no organisation for it works in the district; those that work have no
free place; they have some and take others who need them."""


@dataclass(frozen=True, slots=True)
class Helped:
    """What a programme gives a household.

    Attributes
    ----------
    due : float
        Rupiah of the price year per month that it is entitled to.
    received : float
        The part of it that arrives and is worth something on time; for premiums, what is paid
        for it.
    late : float
        Share of the help in its district that comes late.
    """

    due: float
    received: float
    late: float


@dataclass(frozen=True, slots=True)
class Need:
    """An open need of a household.

    Attributes
    ----------
    kind : str
        One of `kesos_sim.population.needs.KINDS`.
    months : int
        Months since it arose.
    served : float
        Share, of the real people behind it, whom somebody serves.
    doubled : float
        Share, of these people, whom two or more serve.
    helped : float
        Share, of the people who had the need, whom a service has helped and who can fall back.
    at_home : float
        Share, of the same, who are with an organisation of their home province.
    servers : tuple of int
        Numbers of the organisations that serve some of them.
    organisations, free : int
        Organisations of the district that work for this kind of need, and the people for whom they
        have places free that they want to fill.
    unserved : int
        People of the district whom nobody serves with a need of this kind, these among them.
    """

    kind: str
    months: int
    served: float
    doubled: float
    helped: float
    at_home: float
    servers: tuple[int, ...]
    organisations: int
    free: int
    unserved: int

    @property
    def why(self) -> str | None:
        """Why nobody serves it, one of `UNSERVED`; None where somebody does."""
        if self.servers or self.at_home:
            return None
        if not self.organisations:
            return "no_organisation"
        return "others_chosen" if self.free else "all_full"


@dataclass(frozen=True, slots=True)
class HouseholdMonth:
    """One month of a household.

    Attributes
    ----------
    row : int
        Months since the base month.
    members : mapping of str to int
        Persons by the fields of a composition, ``size`` among them.
    listed : bool
        Whether the registry lists it.
    record_months : int
        Months since its record was visited last.
    record_place, true_place : float
        Share of the listed households of its district that look poorer on record, and share of
        all households of the district that are poorer.
    welfare : float
        Consumption per person over the poverty line.
    consumption, savings : float
        Rupiah of the price year per person.
    help : float
        Rupiah of the price year that all help and local income together give it in the month.
    shocks : mapping of str to float
        Part of consumption that shocks of this month take, by kind.
    needs : tuple of Need
        Its open needs.
    programmes : mapping of str to Helped
        What it gets, by programme.
    refused : mapping of str to str
        Why other programmes that reach its district do not reach it, by programme.
    school_missed : float
        School years that its children lose in this January to a need of education that nobody
        meets; none in other months.
    school_kept : float
        Share of such years that family counselling of its district has kept, against the base
        period.
    enterprise : bool
        Whether it has a working small enterprise.
    house_repaired : bool
        Whether its house was repaired with a grant.
    neighbours : float
        Rupiah of the price year that its neighbourhood group gives it in the month, less what it
        pays, beyond the same in the base period.
    group : int
        Number in its district of the neighbourhood group to which it belongs; 0 for none.
    group_works : bool
        Whether that group meets and collects.
    ghosts : float
        Share of the records of its district that stand for nobody.
    """

    row: int
    members: Mapping[str, int]
    listed: bool
    record_months: int
    record_place: float
    true_place: float
    welfare: float
    consumption: float
    savings: float
    help: float
    shocks: Mapping[str, float]
    needs: tuple[Need, ...]
    programmes: Mapping[str, Helped]
    refused: Mapping[str, str]
    school_missed: float
    school_kept: float
    enterprise: bool
    house_repaired: bool
    neighbours: float
    group: int
    group_works: bool
    ghosts: float
