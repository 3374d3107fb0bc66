"""The parts of a scenario: settings of levers, events, local programmes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from kesos_sim.scenario.places import Region, as_document
from kesos_sim.units import Month

Document = dict[str, Any]

DISASTERS: Final = (
    "flood",
    "landslide",
    "extreme_weather",
    "tidal_wave",
    "drought",
    "forest_fire",
    "earthquake",
    "eruption",
    "social_conflict",
)
"""Disasters that an event may be: they strike once, and are answered by relief."""


@dataclass(frozen=True, slots=True)
class LeverSetting:
    """How far a lever is moved, and when.

    Attributes
    ----------
    value : float
        The setting in the lever's unit, once fully in force.
    start : Month or None
        First month; None means from the start of the run.
    ramp_months : int
        Months over which the change is phased in, in equal steps; 0 means at once.
    """

    value: float
    start: Month | None = None
    ramp_months: int = 0

    def weight(self, month: Month, run_start: Month) -> float:
        """Return how much of the change is in force in a month.

        Parameters
        ----------
        month : Month
            The month asked for.
        run_start : Month
            First month of the run.

        Returns
        -------
        float
            0 before the first month, 1 from the last month of the ramp on.
        """
        passed = month - (self.start or run_start) + 1
        return 0.0 if passed <= 0 else min(1.0, passed / max(self.ramp_months, 1))

    def document(self, *, whole: bool = False) -> Document:
        """Return the setting as a scenario file has it.

        Parameters
        ----------
        whole : bool
            Whether the lever has steps, which a file gives as whole numbers.

        Returns
        -------
        dict of str to object
            ``value``, and what else is not as usual.
        """
        document: Document = {"value": int(self.value) if whole else self.value}
        if self.start is not None:
            document["from"] = str(self.start)
        if self.ramp_months:
            document["ramp_months"] = self.ramp_months
        return document


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens to households from outside.

    Attributes
    ----------
    hazard : str
        ``income_shock``: income of some households falls; ``price_rise``: the basket of the
        poverty line grows dearer than incomes rise; or one of `DISASTERS`.
    month : Month
        First month.
    months : int
        Duration; 1 of a disaster, which strikes once.
    severity : float
        Loss of log income of a household that is hit (1 is a fall to 37 percent), or rise of the
        line relative to incomes as a fraction.
    share : float
        Share of the households that are hit, chosen at random within each stratum.
    region : str, tuple of int or None
        Where; None is the whole region of the scenario.
    districts : tuple of int
        The same, as district codes, ascending.
    """

    hazard: str
    month: Month
    months: int
    severity: float
    share: float
    region: Region | None
    districts: tuple[int, ...]

    def active(self, month: Month) -> bool:
        """Return whether the event is going on in a month."""
        return 0 <= month - self.month < self.months

    def document(self) -> Document:
        """Return the event as a scenario file has it."""
        document: Document = {
            "hazard": self.hazard,
            "month": str(self.month),
        }
        if self.hazard not in DISASTERS:
            document["months"] = self.months
        document["severity"] = self.severity
        if self.hazard != "price_rise":
            document["share"] = self.share
        if self.region is not None:
            document["region"] = as_document(self.region)
        return document


@dataclass(frozen=True, slots=True)
class LocalProgramme:
    """A programme that a province or district adds to the national ones.

    Attributes
    ----------
    name : str
        Short name.
    title_id, title_en : str
        Name on screens; the short name where the file gives no title.
    stream : {"apbd_province", "apbd_district"}
        Who pays.
    kind : {"flat", "pkh_topup"}
        The same amount for each household, or a part of what PKH pays it.
    amount : float
        Rupiah per household and month, or the part (0.25 adds a quarter).
    quota : int
        Real households in all districts together.
    start, end : Month or None
        First and last month; None means from the start and to the end of the run.
    eligibility : {"any", "pkh", "elderly", "disabled"}
        Who can be selected, in registry order.
    region : str or tuple of int
        Where the quota is spread.
    districts : tuple of int
        The same, as district codes, ascending.
    """

    name: str
    title_id: str
    title_en: str
    stream: str
    kind: str
    amount: float
    quota: int
    start: Month | None
    end: Month | None
    eligibility: str
    region: Region
    districts: tuple[int, ...]

    def active(self, month: Month) -> bool:
        """Return whether the programme pays in a month."""
        begun = self.start is None or self.start <= month
        return begun and (self.end is None or month <= self.end)

    def label(self, lang: str) -> str:
        """Return the programme's name on screens.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            The name.
        """
        return self.title_en if lang == "en" else self.title_id

    def document(self) -> Document:
        """Return the programme as a scenario file has it."""
        document: Document = {"name": self.name}
        if {self.title_id, self.title_en} != {self.name}:
            document["title"] = {"id": self.title_id, "en": self.title_en}
        document |= {
            "stream": self.stream,
            "kind": self.kind,
            "amount": self.amount,
            "quota": self.quota,
        }
        if self.start is not None:
            document["from"] = str(self.start)
        if self.end is not None:
            document["to"] = str(self.end)
        document["eligibility"] = self.eligibility
        document["region"] = as_document(self.region)
        return document
