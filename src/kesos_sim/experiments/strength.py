"""A lever or a package at a part of its strength."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kesos_sim.experiments.effects import trial
from kesos_sim.institutions.shares import starting_share
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.scenario.parts import LeverSetting

if TYPE_CHECKING:
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["Candidate", "Step", "steps_of"]

_WHOLE: Final = frozenset({"step", "switch"})
_SHARE_OF: Final = {"apbd_poverty_share": "province", "apbn_poverty_share": "nation"}


@dataclass(frozen=True)
class Step:
    """A candidate at one strength.

    Attributes
    ----------
    candidate : name of the lever or package
    strength : part of the way from today to its full setting, above 0 and up to 1
    scenario : what is run
    """

    candidate: str
    strength: float
    scenario: Scenario


@dataclass(frozen=True)
class Candidate:
    """What money could be spent on.

    Attributes
    ----------
    name : name of the lever or package
    ground : the baseline that it stands on, with what the lever needs beside it
    full : the scenario with all of it
    title : name on screens by language
    """

    name: str
    ground: Scenario
    full: Scenario
    title: Mapping[str, str]

    @classmethod
    def of_lever(cls, name: str, baseline: Scenario) -> Candidate:
        """Make a candidate of a lever that is moved as far as it goes.

        Parameters
        ----------
        name : a lever that the baseline does not move
        baseline : the scenario without it

        Returns
        -------
        Candidate
        """
        lever = LEVERS[name]
        beside = {
            other: LeverSetting(value)
            for other, value in lever.beside.items()
            if other not in baseline.levers
        }
        root = baseline.root or baseline
        ground = replace(baseline, levers=dict(baseline.levers) | beside, root=root)
        levers = dict(ground.levers) | {name: LeverSetting(trial(lever))}
        title = {lang: lever.label(lang) for lang in ("id", "en")}
        full = replace(ground, name=name.replace("_", "-"), title=title, levers=levers)
        return cls(name, ground, full, title)

    @classmethod
    def of_package(cls, package: Scenario, baseline: Scenario) -> Candidate:
        """Make a candidate of a package.

        Parameters
        ----------
        package : the scenario with it
        baseline : the scenario without it

        Returns
        -------
        Candidate
        """
        return cls(package.name, baseline, package, dict(package.title))


def steps_of(candidate: Candidate, strengths: Iterable[float]) -> tuple[Step, ...]:
    """Return a candidate at several strengths, each setting only once.

    Parameters
    ----------
    candidate : the lever or package
    strengths : parts of the way from today to the full setting, ascending

    Returns
    -------
    tuple of Step
        Levers that go in whole steps go to the nearest one, so that fewer strengths may be left,
        but always the full one; places of a local programme grow with the strength.
    """
    found: list[Step] = []
    seen = {candidate.ground.hash}
    for strength in strengths:
        scenario = _part(candidate, strength)
        if scenario.hash in seen:
            continue
        seen.add(scenario.hash)
        found.append(Step(candidate.name, strength, scenario))
    return tuple(found) or (Step(candidate.name, 1.0, _part(candidate, 1.0)),)


def _part(candidate: Candidate, strength: float) -> Scenario:
    """Return a candidate at one strength."""
    ground, full = candidate.ground, candidate.full
    levers = dict(ground.levers)
    for name, setting in full.levers.items():
        if ground.levers.get(name) != setting:
            levers[name] = replace(setting, value=_between(name, ground, setting.value, strength))
    known = {programme.name for programme in ground.programmes}
    programmes = tuple(
        programme
        if programme.name in known
        else replace(programme, quota=max(1, round(strength * programme.quota)))
        for programme in full.programmes
    )
    percent = round(100.0 * strength)
    name = f"{full.name}-{percent}"
    return replace(full, name=name, levers=levers, programmes=programmes)


def _between(name: str, ground: Scenario, target: float, strength: float) -> float:
    """Return a setting on the way from what the ground has to a target."""
    lever, own = LEVERS[name], ground.levers.get(name)
    usual = ground.lever_default(name) if own is None else own.value
    if usual is None:
        usual = starting_share(_SHARE_OF[name], ground.parameter)
    value = usual + strength * (target - usual)
    return float(round(value)) if lever.kind in _WHOLE else value
