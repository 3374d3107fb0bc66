"""The words of the books: stages of money, lines of an account, what a ledger must offer."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.rules import STREAMS as PAYERS
from kesos_sim.units import Month

__all__ = [
    "AFTERCARE",
    "ARISAN",
    "BUSINESS",
    "COMMUNITY",
    "COORDINATION",
    "CSR",
    "CSR_FORUM",
    "DISASTER",
    "EMPOWERMENT",
    "ENTERPRISE",
    "FUND_LINES",
    "GENERAL",
    "HOUSING",
    "INSTRUMENT_LINES",
    "KAT",
    "LINKING",
    "MONEY_IN",
    "MONITORING",
    "MUTUAL_HELP",
    "NEW_MONEY",
    "ORSOS",
    "ORSOS_CERTIFICATION",
    "ORSOS_GRANTS",
    "ORSOS_TRAINING",
    "PARTICIPATION",
    "POLITICS",
    "PREPAREDNESS",
    "REGISTRY",
    "SERVICES",
    "SOCIAL_MARKETING",
    "SPENT",
    "STREAMS",
    "WKSBM",
    "Books",
    "Line",
    "Slots",
    "Stage",
    "Stages",
    "in_a_row",
    "of_a_programme",
]

ORSOS: Final = "orsos"
"""Stream of what social organisations have."""
COMMUNITY: Final = "wksbm"
"""Stream of what neighbourhood groups have."""
BUSINESS: Final = "business"
"""Stream of what firms give to organisations."""
STREAMS: Final = (*PAYERS, ORSOS, COMMUNITY, BUSINESS)
"""Whose money it is: governments by level, then who is no government."""

GENERAL: Final = "GENERAL"
"""Line of a government's budget that is not a programme: revenue, other spending, reserve."""

NEW_MONEY: Final = "NEW_POVERTY_MONEY"
"""Line of what new poverty money costs to run and what is lost of it."""

ENTERPRISE: Final = "ENTERPRISE"
REGISTRY: Final = "REGISTRY"
SERVICES: Final = "SERVICES"
COORDINATION: Final = "COORDINATION"
ORSOS_GRANTS: Final = "ORSOS_GRANTS"
ORSOS_TRAINING: Final = "ORSOS_TRAINING"
ORSOS_CERTIFICATION: Final = "ORSOS_CERTIFICATION"
AFTERCARE: Final = "AFTERCARE"
SOCIAL_MARKETING: Final = "SOCIAL_MARKETING"
POLITICS: Final = "POLITICS"
DISASTER: Final = "DISASTER"
WKSBM: Final = "WKSBM"
MUTUAL_HELP: Final = "MUTUAL_HELP"
"""Line of the pools of neighbourhood groups: what members pay in, and what is paid out of it."""
ARISAN: Final = "ARISAN"
"""Line of what goes round among members and comes back whole to each of them."""
LINKING: Final = "LINKING"
EMPOWERMENT: Final = "EMPOWERMENT"
HOUSING: Final = "HOUSING"
KAT: Final = "KAT"
MONITORING: Final = "MONITORING"
PREPAREDNESS: Final = "PREPAREDNESS"
"""Line of drills and of what provinces prepare together, before any disaster."""
PARTICIPATION: Final = "PARTICIPATION"
CSR: Final = "CSR"
CSR_FORUM: Final = "CSR_FORUM"
"""Line of what firms of a province hand to coordinating bodies through their forum."""
INSTRUMENT_LINES: Final = (
    NEW_MONEY,
    ENTERPRISE,
    REGISTRY,
    SERVICES,
    COORDINATION,
    ORSOS_GRANTS,
    ORSOS_TRAINING,
    ORSOS_CERTIFICATION,
    AFTERCARE,
    SOCIAL_MARKETING,
    POLITICS,
    DISASTER,
    WKSBM,
    MUTUAL_HELP,
    ARISAN,
    LINKING,
    EMPOWERMENT,
    HOUSING,
    KAT,
    MONITORING,
    PREPAREDNESS,
    PARTICIPATION,
    CSR_FORUM,
)
"""Lines of the instruments besides cash and food, which are the two top-ups, of the coordinating
bodies, of what organisations get today and of their training and certificates, of accompanying
those whom services helped, of dialogue, explaining the law and bylaws, of disasters, of
neighbourhood groups, of those who link households to help, of markets and support on leaving
PKH, of repaired houses, of remote communities, of checks of what organisations report, of
drills, of channels for complaints and deliberations, and of business forums."""

FUND_LINES: Final = ("DONATION", CSR, "OWN_BUSINESS", "INTERNATIONAL", "ZAKAT")
"""Lines of what organisations receive from others than governments."""

Line = tuple[str, str]
"""Stream and programme."""

Slots = NDArray[np.int64] | slice
"""Places of accounts: int64[n], index, or a slice where they follow on each other."""


def in_a_row(slots: NDArray[np.int64]) -> Slots:
    """Return neighbouring accounts as a slice, which books them quicker.

    Parameters
    ----------
    slots : int64[n], index, accounts

    Returns
    -------
    slice or int64[n], index
        The slots themselves where they do not follow on each other.
    """
    follow = slots.size > 0 and bool((np.diff(slots) == 1).all())
    return slice(int(slots[0]), int(slots[-1]) + 1) if follow else slots


class Stage(IntEnum):
    """Where a rupiah comes from or goes to."""

    OPENING = 0
    REVENUE = 1
    TRANSFER_IN = 2
    DELIVERED = 3
    SERVICES = 4
    ADMINISTRATION = 5
    LEAKAGE = 6
    OTHER_SPENDING = 7
    RETURNED = 8
    TRANSFER_OUT = 9
    CARRY_OVER = 10
    GRANT_IN = 11
    GRANT_OUT = 12


Stages = tuple[Stage, ...]
"""Some stages of one line, in the order of the rows of money."""

MONEY_IN: Final = (Stage.OPENING, Stage.REVENUE, Stage.TRANSFER_IN, Stage.GRANT_IN)
"""Stages that bring money into an account; the others take it out."""

SPENT: Final = (
    Stage.DELIVERED,
    Stage.SERVICES,
    Stage.ADMINISTRATION,
    Stage.LEAKAGE,
    Stage.GRANT_OUT,
)
"""Stages in which a programme's money is spent; what is handed on in a stream is not."""


def of_a_programme(line: Line) -> bool:
    """Return whether a line is a programme or service of a government.

    Parameters
    ----------
    line : tuple of str
        Stream and programme.

    Returns
    -------
    bool
        False for general budgets, and for money of organisations and groups.
    """
    return line[0] in PAYERS and line[1] != GENERAL


class Books(Protocol):
    """What the treasury needs of a ledger."""

    def slots(self, codes: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the places of regions.

        Parameters
        ----------
        codes : int64[n], BPS code

        Returns
        -------
        int64[n], index
        """

    def post(
        self,
        month: Month,
        line: Line,
        stages: Stages,
        rupiah: NDArray[np.int64],
        slots: Slots,
    ) -> None:
        """Book money on one line of several accounts.

        Parameters
        ----------
        month : Month
            A month that is not closed.
        line : tuple of str
            Stream and programme.
        stages : tuple of Stage
            Where the money comes from or goes to.
        rupiah : int64[n_stages, n], rupiah, 0 or more
        slots : int64[n] or slice of n, index, accounts, each once
        """

    def grant(
        self, month: Month, giver: Line, taker: Line, rupiah: NDArray[np.int64], slots: Slots
    ) -> None:
        """Move money of one stream to another in the same regions.

        Parameters
        ----------
        month : Month
            A month that is not closed.
        giver, taker : tuple of str
            Stream and programme of who gives and who gets.
        rupiah : int64[n], rupiah, 0 or more
        slots : int64[n] or slice of n, index, regions, each once
        """

    def transfer(
        self,
        month: Month,
        line: Line,
        rupiah: NDArray[np.int64],
        source: NDArray[np.int64],
        target: Slots,
    ) -> None:
        """Move money of a stream from accounts to other accounts.

        Parameters
        ----------
        month : Month
            A month that is not closed.
        line : tuple of str
            Stream and programme.
        rupiah : int64[n], rupiah, 0 or more
        source : int64[n], index, accounts that give
        target : int64[n] or slice of n, index, accounts that receive, each once
        """
