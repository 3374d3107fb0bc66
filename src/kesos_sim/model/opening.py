"""From a scenario to a model in its base month, with what can be kept from earlier runs."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, fields, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from kesos_sim.data.own.figures import OwnData
from kesos_sim.data.parameters import parameter_table
from kesos_sim.kernels.ahead import compile_all, missing
from kesos_sim.kernels.team import Team
from kesos_sim.model.anchoring import Anchor, settle, solve
from kesos_sim.model.checkpoint import load_checkpoint
from kesos_sim.model.drawing import build_world
from kesos_sim.model.files import UNREADABLE, prune, read_arrays, write_arrays
from kesos_sim.model.identity import code_hash, data_hash
from kesos_sim.model.model import WelfareModel
from kesos_sim.model.observer import Observer, Regions
from kesos_sim.model.sample_places import fit_places
from kesos_sim.model.shards import Shard
from kesos_sim.model.state import restore_state, state_arrays
from kesos_sim.model.world import World
from kesos_sim.population.growth import growth_paths
from kesos_sim.population.quantile_nesting import Nested
from kesos_sim.population.targets import Targets, published_targets
from kesos_sim.population.targets_fitting import FittedCurves, fitted_curves
from kesos_sim.rng import draw_key
from kesos_sim.scenario.scenario import Scenario
from kesos_sim.units import Month

__all__ = ["anchor_key", "keep_past", "open_model", "parting", "reopen_model", "state_key"]

_KEPT = (
    "region",
    "start",
    "households",
    "seed",
    "calibration",
    "parameters",
    "levers",
    "programmes",
    "own_data",
)
_FIELDS = ("burn_log_before", "burn_shift", "log_before", "shift", "nudged", "permanent")
_NESTED = tuple(field.name for field in fields(Nested))
_MEGABYTE = 1_000_000


def anchor_key(scenario: Scenario) -> str:
    """Return the identity of the world that a scenario is anchored in.

    It leaves out what comes after the base month: horizon, growth, events and
    the decisions of the scenario that its root does not have.
    """
    document = scenario.anchor.document()
    kept = {name: document[name] for name in _KEPT if name in document}
    # Only a backcast counts temporary aid, also in its base month.
    backcast = scenario.growth == "backcast"
    text = json.dumps([kept, backcast, code_hash(), data_hash()], sort_keys=True)
    return sha256(text.encode()).hexdigest()


def state_key(scenario: Scenario) -> str:
    """Return the identity of a model at the end of its base month.

    That is its anchor, and what the anchor leaves out although it has a place in the base month:
    programmes that come later have bits, and money of the base month is taken from lines.
    """
    programmes = [programme.document() for programme in scenario.programmes]
    sources = dict(scenario.funding_sources)
    text = json.dumps([anchor_key(scenario), programmes, sources], sort_keys=True)
    return sha256(text.encode()).hexdigest()


def parting(scenario: Scenario) -> Month | None:
    """Return the month from which a scenario's levers make its life another than its root's.

    Parameters
    ----------
    scenario : the scenario

    Returns
    -------
    Month or None
        January of the first fiscal year in which a lever is set otherwise, as budgets look ahead
        within their year; None where nothing was lived in common, or all will be.
    """
    root = scenario.root or scenario
    names = scenario.levers.keys() | root.levers.keys()
    pairs = [(scenario.levers.get(name), root.levers.get(name)) for name in sorted(names)]
    starts = [
        setting.start or scenario.start
        for pair in pairs
        if pair[0] != pair[1]
        for setting in pair
        if setting
    ]
    year = min((start.year for start in starts), default=scenario.start.year)
    return Month(year, 1) if year > scenario.start.year else None


def past_key(scenario: Scenario, until: Month) -> str:
    """Return the identity of a model before the month in which its levers part from its root's.

    That is its base month, and what else moves the months since: growth, events and the horizon.
    """
    events = [event.document() for event in scenario.events]
    rest = [scenario.growth, scenario.months, events, str(until)]
    text = json.dumps([state_key(scenario), rest], sort_keys=True)
    return sha256(text.encode()).hexdigest()


def open_model(
    scenario: Scenario,
    threads: int,
    *,
    fresh: bool = False,
    late: bool = False,
    note: Callable[[str], None] = lambda _: None,
    shard: Shard | None = None,
) -> WelfareModel:
    """Return a model that has lived its base month and follows the scenario from there.

    Parameters
    ----------
    scenario : the scenario
    threads : threads of the kernels
    fresh : whether to solve the anchor and burn in even if their results are known
    late : whether the months that the scenario has in common with its root may be lived already,
        if another run has left them; see `keep_past`
    note : told what is being done: ``compiling``, ``targets``, ``anchor`` or ``burn_in``
    shard : part of the country that this process has; all of it when left out

    Returns
    -------
    WelfareModel
    """
    targets = _prepared(scenario, note)
    team = shard or Team(threads)
    until = parting(scenario) if late else None
    keys = [] if until is None else [past_key(scenario, until)]
    for key in () if fresh else (*keys, state_key(scenario)):
        known = _in_state(key, scenario, targets, team)
        if known is not None:
            return known
    most = int(scenario.parameter("model.anchor_sample"))
    sample = scenario if scenario.households <= most else replace(scenario, households=most)
    anchor = None if fresh else _stored(sample)
    model: WelfareModel | None = None
    if anchor is None:
        note("anchor")
        anchor, model = solve(lambda: _start(sample, targets, Team(threads)))
        arrays = {name: getattr(anchor, name) for name in _FIELDS}
        _keep(_anchor_file(sample), arrays)
        prune(_folder("anchors"), _room(scenario))
    if model is None or sample is not scenario or shard is not None:
        note("burn_in")
        if sample is not scenario:
            nothing = (anchor.nudged[:0], anchor.permanent[:0])
            anchor = replace(anchor, nudged=nothing[0], permanent=nothing[1])
        model = settle(anchor, _start(scenario, targets, team))
        if sample is not scenario:
            fit_places(model.world)
    model.begin(_observer(model))
    _keep_state(model, state_key(scenario))
    return model


def keep_past(model: WelfareModel) -> None:
    """Leave what a run has lived, if other decisions from the next month on make other runs of it.

    Parameters
    ----------
    model : a model between two months
    """
    if model.month + 1 == parting(model.scenario):
        _keep_state(model, past_key(model.scenario, model.month + 1))


def reopen_model(
    scenario: Scenario,
    threads: int,
    checkpoint: Path,
    *,
    note: Callable[[str], None] = lambda _: None,
) -> WelfareModel:
    """Return a model in the month in which a checkpoint was taken, without living up to it.

    Parameters
    ----------
    scenario : the scenario
    threads : threads of the kernels
    checkpoint : file of `kesos_sim.model.checkpoint.save_checkpoint`
    note : told what is being done: ``compiling``, ``targets`` or ``resuming``

    Returns
    -------
    WelfareModel

    Raises
    ------
    InputError
        If the file is not a whole checkpoint of this scenario, code and data.
    """
    targets = _prepared(scenario, note)
    note("resuming")
    model = _start(scenario, targets, Team(threads))
    model.observer = _observer(model)
    return load_checkpoint(model, checkpoint)


def _prepared(scenario: Scenario, note: Callable[[str], None]) -> Targets:
    """Return what the world is to look like, with every kernel compiled."""
    if missing():
        note("compiling")
        compile_all()
    note("targets")
    own = tuple(
        sorted(
            (name, value) for name, value in scenario.parameters.items() if _shapes_targets(name)
        )
    )
    return _targets(scenario.districts, scenario.start, own, scenario.own_data)


def _keep_state(model: WelfareModel, key: str) -> None:
    """Leave the state of a model that has everybody and is not too large to be kept."""
    scenario = model.scenario
    if isinstance(model.world.team, Shard):
        return
    if scenario.households <= scenario.parameter("model.kept_sample"):
        _keep(_state_file(key), state_arrays(model) | {"key": np.array(key)})
        prune(_folder("states"), _room(scenario))


def _in_state(key: str, scenario: Scenario, targets: Targets, team: Team) -> WelfareModel | None:
    """Return a model in a state, if an earlier one left it."""
    try:
        kept = _kept(_state_file(key))
        if str(kept["key"]) != key:
            return None
        model = _start(scenario, targets, team)
        model.observer = _observer(model)
        restore_state(model, kept)
    except UNREADABLE:
        return None
    return model


def _observer(model: WelfareModel) -> Observer:
    regions = Regions.of(model.world, model.scenario)
    return Observer(model.world, regions, model.scenario.months, model.schedule.names)


def _shapes_targets(name: str) -> bool:
    return name.startswith("population.")


@lru_cache(maxsize=4)
def _targets(
    districts: tuple[int, ...],
    base: Month,
    own: tuple[tuple[str, float], ...],
    own_data: OwnData | None,
) -> Targets:
    changed = dict(own)

    def parameter(name: str) -> float:
        if not _shapes_targets(name):
            raise KeyError(name)
        return changed[name] if name in changed else parameter_table()[name].value

    figures = "" if own_data is None else own_data.hash
    text = json.dumps([districts, str(base), own, figures, code_hash(), data_hash()])
    path = _folder("curves") / f"{sha256(text.encode()).hexdigest()}.npz"
    return published_targets(
        districts, base, parameter, lambda *given: _curves(path, *given), own_data
    )


def _curves(path: Path, *given: Any) -> FittedCurves:
    """Fit the curves of cells, or take them from an earlier run: they depend on no scenario."""
    try:
        kept = _kept(path)
        nested = Nested(**{name: kept.pop(name) for name in _NESTED})
        return FittedCurves(**kept, nested=nested)
    except (*UNREADABLE, TypeError):
        found = fitted_curves(*given)
        arrays = asdict(found)
        nested_arrays = arrays.pop("nested")
        _keep(path, arrays | nested_arrays)
        return found


def _start(scenario: Scenario, targets: Targets, team: Team) -> WelfareModel:
    world = _world(scenario, targets, team)
    cells = targets.cells
    growth = growth_paths(
        cells.province,
        cells.area,
        cells.rank,
        scenario.start,
        scenario.months,
        scenario.growth,
        scenario.parameter,
    )
    return WelfareModel(scenario, world, growth)


def _world(scenario: Scenario, targets: Targets, team: Team) -> World:
    return build_world(
        targets,
        scenario.parameter,
        scenario.households,
        draw_key(scenario.seed),
        scenario.start,
        team,
    )


def _folder(kind: str) -> Path:
    return user_cache_path("kesos-sim") / kind


def _state_file(key: str) -> Path:
    return _folder("states") / f"{key}.npz"


def _room(scenario: Scenario) -> int:
    return int(scenario.parameter("model.kept_megabytes") * _MEGABYTE)


def _anchor_file(scenario: Scenario) -> Path:
    return _folder("anchors") / f"{anchor_key(scenario)}.npz"


def _stored(scenario: Scenario) -> Anchor | None:
    try:
        kept = _kept(_anchor_file(scenario))
        return Anchor(**{name: kept[name] for name in _FIELDS})
    except UNREADABLE:
        return None


def _kept(path: Path) -> dict[str, NDArray[Any]]:
    """Read what is kept, and mark it as still in use."""
    found = read_arrays(path)
    with suppress(OSError):
        os.utime(path)
    return found


def _keep(path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    """Keep what was found; without room for it the next run finds it again."""
    with suppress(OSError):
        write_arrays(path, arrays)
