"""What the lines of the books are for: help before harm is done, help after, or running it all.

Every line is classified once, here. Nothing published classifies them; the rule is that what
builds ability or wards off harm is preventive, and what makes up for want or loss is reactive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from kesos_sim.institutions.accounts import (
    AFTERCARE,
    ARISAN,
    COORDINATION,
    CSR_FORUM,
    DISASTER,
    EMPOWERMENT,
    ENTERPRISE,
    FUND_LINES,
    GENERAL,
    HOUSING,
    KAT,
    LINKING,
    MONITORING,
    MUTUAL_HELP,
    NEW_MONEY,
    ORSOS_CERTIFICATION,
    ORSOS_GRANTS,
    ORSOS_TRAINING,
    PARTICIPATION,
    POLITICS,
    PREPAREDNESS,
    REGISTRY,
    SERVICES,
    SOCIAL_MARKETING,
    WKSBM,
)
from kesos_sim.institutions.programmes import TOPUPS
from kesos_sim.institutions.rules import TEMPORARY

if TYPE_CHECKING:
    from kesos_sim.scenario import LocalProgramme

__all__ = ["PILLARS", "PILLAR_OF", "PURPOSES", "Purpose", "purposes"]


class Purpose(StrEnum):
    """What a line of the books is for."""

    PREVENTIVE = "preventive"
    REACTIVE = "reactive"
    RUNNING = "running"


_PREVENTIVE: Final = (
    "PKH",  # tied to school and health visits
    "PBI",  # a premium, paid before anybody is ill
    ENTERPRISE,
    EMPOWERMENT,
    WKSBM,
    ORSOS_TRAINING,
    AFTERCARE,
    PREPAREDNESS,
    HOUSING,
    KAT,
)
_REACTIVE: Final = (
    "SEMBAKO",
    "BLT_DESA",
    "BST",
    TEMPORARY.name,
    *TOPUPS,
    SERVICES,
    ORSOS_GRANTS,
    DISASTER,
    MUTUAL_HELP,
)
_RUNNING: Final = (
    GENERAL,
    NEW_MONEY,
    REGISTRY,
    COORDINATION,
    SOCIAL_MARKETING,
    POLITICS,
    LINKING,
    PARTICIPATION,
    MONITORING,
    ORSOS_CERTIFICATION,
    ARISAN,
    CSR_FORUM,
    *FUND_LINES,
)
"""Neither: budgets, lists, coordination, campaigns, ways to help and to speak up, checks, what
organisations receive, and what goes round among members."""

PURPOSES: Final[Mapping[str, Purpose]] = MappingProxyType(
    dict.fromkeys(_PREVENTIVE, Purpose.PREVENTIVE)
    | dict.fromkeys(_REACTIVE, Purpose.REACTIVE)
    | dict.fromkeys(_RUNNING, Purpose.RUNNING)
)
"""Purpose of every line that is no programme of a scenario's own."""

PILLARS: Final = ("government", "community", "business")
"""Who should work in one partnership: governments, those who do social work, firms."""

PILLAR_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        ORSOS_GRANTS: "government",
        "DONATION": "community",
        "OWN_BUSINESS": "community",
        "INTERNATIONAL": "community",
        "ZAKAT": "community",
        "CSR": "business",
    }
)
"""Pillar of every line under which social organisations receive money."""


def purposes(local: Sequence[LocalProgramme] = ()) -> Mapping[str, Purpose]:
    """Return the purpose of every line of a run's books.

    Parameters
    ----------
    local : sequence of LocalProgramme
        Programmes of the scenario's own: what adds to PKH is as PKH, other cash is reactive.

    Returns
    -------
    mapping of str to Purpose
        By line.
    """
    own = {
        programme.name: PURPOSES["PKH"] if programme.kind == "pkh_topup" else Purpose.REACTIVE
        for programme in local
    }
    return {**PURPOSES, **own}
