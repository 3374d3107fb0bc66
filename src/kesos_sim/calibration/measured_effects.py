"""What levers and single assumptions move in the shipped baseline, kept for the model card.

``python -m kesos_sim.calibration.measured_effects scenarios/baseline.yaml`` moves the levers alone,
and again where one assumption has no strength; it takes some minutes of two processors and
writes what it found into the package.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kesos_sim.calibration.placebo import PLACEBOS
from kesos_sim.experiments.effects import effects, interval, trial, verdict
from kesos_sim.experiments.executors import in_parallel
from kesos_sim.experiments.run import run
from kesos_sim.indicators.definitions import indicator
from kesos_sim.scenario import load_scenario
from kesos_sim.scenario.coordination import with_strengths
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.scenario.parts import LeverSetting

if TYPE_CHECKING:
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["ASSUMPTIONS", "KEPT", "MEASURED", "SEEDS", "WORLD", "assumptions", "finding", "main"]

KEPT: Final = Path(__file__).parents[1] / "reports" / "card" / "effects.json"
"""Where the finding is kept."""
MEASURED: Final = (
    "extension_workers",
    "youth_groups",
    "slrt_capacity",
    "bkkks_standing",
    "csr_matching",
    "social_obligation",
    "national_secretariat",
    "yearly_reports",
    "social_marketing",
    "bkkks_fundraising",
    "audit_coverage",
)
"""Levers that are moved alone."""
ASSUMPTIONS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = MappingProxyType(
    {
        "coordination.business.strength": ("bkkks_standing", ("csr_through_forum",)),
        "coordination.forum_experience.strength": ("bkkks_standing", ("csr_through_forum",)),
        "coordination.forum_giving.strength": ("bkkks_standing", ("orsos_income", "cases_served")),
        "coordination.forum_meetings.strength": (
            "csr_matching",
            ("csr_through_forum", "cases_served", "unmet_need_rate"),
        ),
        "coordination.late_money.strength": (
            "social_obligation",
            ("coordination_active", "cases_served"),
        ),
        "psks.youth_enterprise.strength": ("youth_groups", ("orsos_income", "cases_served")),
        "psks.counselling.strength": ("slrt_capacity", ("school_attendance",)),
        "orsos.zakat.trust": ("yearly_reports", ("orsos_zakat", "orsos_income")),
    }
)
"""Assumptions of which the share in a lever's effect is measured: the lever and its indicators."""
WORLD: Final = {"households": 20_000, "months": 36}
"""In which world the levers are moved."""
SEEDS: Final = 8
"""Pairs of lives behind each figure."""
_ASSUMED: Final = {"months": 24, "seeds": 4}
"""Every assumption needs worlds of its own, so that they are fewer and shorter."""
_PROVENANCE: Final = ("model_version", "households", "seed", "base_month")


def assumptions(
    scenario: Scenario, seeds: int, names: Sequence[str] = tuple(ASSUMPTIONS)
) -> list[dict[str, object]]:
    """Return what single assumptions add to the effect of a lever.

    A lever is moved as far as it goes, where all assumptions hold and where one of them has no
    strength; the difference of its two effects belongs to that assumption.

    Parameters
    ----------
    scenario : Scenario
        The ground.
    seeds : int
        How often, with the seeds that follow the scenario's own; 2 or more.
    names : sequence of str
        Some of `ASSUMPTIONS`.

    Returns
    -------
    list of dict
        Assumption, lever, indicator, expected (1 or -1), whole (effect of the lever), difference
        with low and high, verdict; means of the last twelve months of the whole region.
    """
    asked: dict[str, dict[str, set[str]]] = {}
    for name in names:
        lever, measures = ASSUMPTIONS[name]
        for without in (name, ""):
            asked.setdefault(without, {}).setdefault(lever, set()).update(measures)
    jobs = [
        (replace(scenario, seed=scenario.seed + seed), without, tuple(levers))
        for without, levers in asked.items()
        for seed in range(seeds)
    ]
    lived: dict[tuple[str, str, str], list[float]] = {}
    with in_parallel(_effect, jobs) as computed:
        for (_, without, _), found in zip(jobs, computed, strict=True):
            for (lever, measure), value in found.items():
                lived.setdefault((without, lever, measure), []).append(value)
    rows = []
    for name in names:
        lever, measures = ASSUMPTIONS[name]
        for measure in measures:
            whole = np.array(lived["", lever, measure])
            added = whole - np.array(lived[name, lever, measure])
            expected = LEVERS[lever].acts_on[measure]
            low, high = interval(added)
            rows.append(
                {
                    "assumption": name,
                    "lever": lever,
                    "indicator": measure,
                    "expected": expected,
                    "whole": float(whole.mean()),
                    "difference": float(added.mean()),
                    "low": low,
                    "high": high,
                    "verdict": verdict(added, expected, indicator(measure).decimals),
                }
            )
    return rows


def _effect(
    scenario: Scenario, without: str, levers: Sequence[str]
) -> dict[tuple[str, str], float]:
    """Return what levers change, by lever and indicator, where an assumption has no strength."""
    ground = replace(scenario, root=scenario.root or replace(scenario, levers={}))
    if without:
        ground = with_strengths(ground, {without: 0.0})
    usual = run(ground, 1)
    found = {}
    for name in levers:
        settings = dict(ground.levers) | {name: LeverSetting(trial(LEVERS[name]))}
        moved = run(replace(ground, levers=settings), 1)
        for measure in LEVERS[name].acts_on:
            found[name, measure] = moved.last_year(measure) - usual.last_year(measure)
    return found


def finding(scenario: Scenario, seeds: int) -> dict[str, Any]:
    """Return what was measured, without its time and hashes.

    Parameters
    ----------
    scenario : Scenario
        The ground.
    seeds : int
        Pairs of lives behind each figure.

    Returns
    -------
    dict of str to object
        ``provenance``; ``placebos``, how many of all levers are tried as such; ``levers``, rows of
        `kesos_sim.experiments.effects.Effects`; ``assumptions``, rows of `assumptions`, and
        ``assumed``, months and pairs behind them.
    """
    alone = effects(scenario, MEASURED, seeds)
    known = {name: alone.provenance[name] for name in _PROVENANCE}
    return {
        "provenance": known | {"months": scenario.months, "seeds": seeds},
        "placebos": {"tried": len(PLACEBOS), "levers": len(LEVERS)},
        "levers": list(alone.rows),
        "assumed": _ASSUMED,
        "assumptions": assumptions(replace(scenario, months=_ASSUMED["months"]), _ASSUMED["seeds"]),
    }


def main(arguments: Sequence[str]) -> None:
    """Measure and keep the finding.

    Parameters
    ----------
    arguments : sequence of str
        File of the scenario.
    """
    found = finding(load_scenario(arguments[0], WORLD), SEEDS)
    KEPT.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
