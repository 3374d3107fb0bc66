"""The three strategies of Inpres 4/2022, and which of them a lever or a budget line serves.

Inpres 4/2022 on ending extreme poverty names three: relieving the burden of spending, raising
incomes, and reducing pockets of poverty (through infrastructure and basic services where poor
people live). What serves none of them by itself, for instance a register or a bylaw, is listed
as support and not forced into one of the three.
"""

from __future__ import annotations

from typing import Final, Literal

from kesos_sim.institutions import accounts
from kesos_sim.institutions.programmes import TOPUPS

__all__ = ["STRATEGIES", "Strategy", "strategy_of_lever", "strategy_of_line"]

Strategy = Literal["burden", "income", "pockets", "support"]

STRATEGIES: Final[tuple[Strategy, ...]] = ("burden", "income", "pockets", "support")
"""In the order of the instruction, support last."""

_LEVERS: Final[dict[Strategy, tuple[str, ...]]] = {
    "burden": (
        "portfolio_cash",
        "portfolio_food",
        "topup_coverage",
        "pkh_amount",
        "pkh_quota",
        "sembako_amount",
        "sembako_quota",
        "blt_desa_amount",
        "blt_desa_quota",
        "pbi_quota",
        "social_assistance",
        "adaptive_cash",
    ),
    "income": (
        "portfolio_enterprise",
        "kube_share",
        "enterprise_coaching",
        "kube_network",
        "pkh_graduation",
        "aid_for_earners",
    ),
    "pockets": (
        "portfolio_services",
        "house_repair",
        "kat_programme",
        "social_obligation",
        "aftercare",
        "medical_referral",
        "community_care",
        "slrt_capacity",
        "social_workers",
        "disaster_preparedness",
    ),
}
_LINES: Final[dict[Strategy, tuple[str, ...]]] = {
    "burden": TOPUPS,
    "income": (accounts.ENTERPRISE, accounts.EMPOWERMENT),
    "pockets": (
        accounts.SERVICES,
        accounts.HOUSING,
        accounts.KAT,
        accounts.ORSOS_GRANTS,
        accounts.AFTERCARE,
        accounts.LINKING,
        accounts.DISASTER,
        accounts.PREPAREDNESS,
    ),
}


def strategy_of_lever(name: str) -> Strategy:
    """Return the strategy that a lever serves.

    Parameters
    ----------
    name : str
        A lever.

    Returns
    -------
    str
        One of `STRATEGIES`. The two budget shares pay for instruments of all three and are
        support.
    """
    return _found(_LEVERS, name)


def strategy_of_line(line: str) -> Strategy:
    """Return the strategy that a line of the books serves.

    Parameters
    ----------
    line : str
        A programme in the ledger.

    Returns
    -------
    str
        One of `STRATEGIES`. National programmes of cash, food and insurance and programmes of
        the scenario's own, which pay cash, relieve the burden; other lines are support.
    """
    if line not in accounts.INSTRUMENT_LINES and line not in TOPUPS:
        return "burden"
    return _found(_LINES, line)


def _found(listed: dict[Strategy, tuple[str, ...]], name: str) -> Strategy:
    return next((strategy for strategy, names in listed.items() if name in names), "support")
