"""The model's own month: against peers, against memory, and its parts against each other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.figures import Figure, Times, alternate, ratio, seconds
from benchmarks.peers.worlds import mesa_agents, numpy_arrays
from benchmarks.simplified import SUMS, Compiled
from benchmarks.traffic import InPlace, bytes_per_month
from kesos_sim.kernels.team import Team
from kesos_sim.model import helping
from kesos_sim.model.model import WelfareModel
from kesos_sim.model.month import SERVICES, STAGES, relieve
from kesos_sim.model.opening import open_model
from kesos_sim.scenario import load_scenario
from kesos_sim.scenario.scenario import Scenario

__all__ = [
    "BASELINE",
    "BESIDE",
    "bandwidth",
    "decade",
    "institutions",
    "opened",
    "peers",
    "scaling",
]

BASELINE: Final = Path(__file__).parents[1] / "scenarios" / "baseline.yaml"
REFORM: Final = BASELINE.with_name("apbd-apbn-10.yaml")
ALL_POINTS: Final = BASELINE.with_name("semua-butir.yaml")
YEAR: Final = 12
LONGEST: Final = 120
WORLD: Final = ("compose", "draw", "strike", "rank", "consume")
HELPING: Final = ("verify", "select", "grant", "school", "count_enrolled")
"""Steps of the world and of help that walk over households."""
RERANK: Final = ("verify", "select", "grant")
"""Those that visit, select and grant anew."""
BESIDE: Final = (*SERVICES, relieve)
"""Stages that are not the spine."""
OBSERVER: Final = ("record", "record_registry", "record_incidence", "carry")


def opened(
    households: int, threads: int, region: str, *, file: Path = BASELINE, months: int = LONGEST
) -> WelfareModel:
    """Return a model in its base month.

    Parameters
    ----------
    households : int
        Simulated households.
    threads : int
        Threads of the kernels.
    region : str
        Region of the world.
    file : Path
        Scenario file.
    months : int
        Months that it may live.

    Returns
    -------
    WelfareModel
        The model; its anchor is kept for the next time.
    """
    return open_model(_scenario(file, households, months, region), threads)


def _scenario(file: Path, households: int, months: int, region: str) -> Scenario:
    asked = {"households": households, "months": months, "region": region}
    return load_scenario(file, asked)


class _Endless:
    """Whole years of a model; before the months run out it is opened again."""

    def __init__(self, start: Callable[[], WelfareModel]) -> None:
        self._start = start
        self.spines: list[float] = []
        self.model = start()

    def ready(self) -> None:
        """Open the model again if it cannot live another year."""
        if self.model.row + YEAR > self.model.scenario.months:
            self.model = self._start()

    def year(self) -> None:
        """Live a year, and write down what its spine took."""
        self.spines.append(_by_stage(self.model, YEAR)[1])


def _by_stage(model: WelfareModel, months: int) -> tuple[float, float]:
    """Live some months; return their seconds, and those of the spine alone.

    The spine is households, governments, registry, programmes and the observer, without services,
    bodies, neighbours, volunteers and disasters. It is a part of whole months: without the rest
    the books of organisations would not balance.
    """
    whole = beside = 0.0
    for _ in range(months):
        model.month = model.month + 1
        for stage in STAGES:
            taken = seconds(lambda stage=stage: stage(model))  # type: ignore[misc]
            whole += taken
            beside += taken if stage in BESIDE else 0.0
    return whole, whole - beside


def _years(
    life: _Endless, sides: dict[str, Callable[[], object]], repetitions: int
) -> dict[str, Times]:
    """Measure years of a life and other sides in turns, opening outside of the clock."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(-1, repetitions):
        for name in sides if turn % 2 else reversed(sides):
            life.ready()
            taken = seconds(sides[name])
            if turn >= 0:
                found[name].append(taken)
    return {name: Times(tuple(times)) for name, times in found.items()}


def peers(households: int, threads: int, repetitions: int, region: str) -> list[Figure]:
    """Compare a full month with Mesa, and the simplified month with Mesa and numpy.

    Parameters
    ----------
    households : int
        Simulated households.
    threads : int
        Threads of the kernels; the peers have one.
    repetitions : int
        How often each side is measured.
    region : str
        Region of the world.

    Returns
    -------
    list of Figure
        Ratios, and the times behind them.
    """
    life = _Endless(lambda: opened(households, threads, region))
    agents, plain, compiled = (
        mesa_agents.World(SUMS, households),
        numpy_arrays.World(SUMS, households),
        Compiled(households, threads),
    )
    months = _years(life, {"model": life.year, "mesa": agents.step}, repetitions)
    full = _monthly(months["model"])
    spine = _monthly(Times(tuple(life.spines[-repetitions:])))
    few = alternate({"compiled": compiled.step, "numpy": plain.step}, 5 * repetitions)
    mesa = months["mesa"]
    return [
        ratio("full_against_mesa", mesa, full, "least", 300.0),
        ratio("spine_against_mesa", mesa, spine, "least", 300.0),
        ratio("same_against_mesa", mesa, few["compiled"], "least", 1000.0),
        ratio("same_against_numpy", few["numpy"], few["compiled"], "least", 8.0),
        _milliseconds("month_full", full),
        _milliseconds("month_spine", spine),
        _milliseconds("month_same", few["compiled"]),
        _milliseconds("month_numpy", few["numpy"]),
        _milliseconds("month_mesa", mesa),
    ]


def bandwidth(households: int, threads: int, repetitions: int, region: str) -> list[Figure]:
    """Compare a month with one pass in place over the bytes that it has to move.

    Parameters
    ----------
    households : int
        Simulated households.
    threads : int
        Threads of both sides.
    repetitions : int
        How often each side is measured.
    region : str
        Region of the world.

    Returns
    -------
    list of Figure
        The ratio for the mean month of a year and for the kernels of a month alone.
    """
    life = _Endless(lambda: opened(households, threads, region))
    world = life.model.world
    moved = bytes_per_month(world.households)
    memory = InPlace(moved * world.layout.n_households, threads)

    def kernels() -> None:
        model = life.model
        model.world.draw(model.month, model.mask("PBI"))
        model.world.consume(model.regular_mask, march=False)

    sides: dict[str, Callable[[], object]] = {
        "model": life.year,
        "memory": memory.step,
        "kernels": kernels,
    }
    times = _years(life, sides, repetitions)
    full, spine = _monthly(times["model"]), _monthly(Times(tuple(life.spines[-repetitions:])))
    rate = moved * world.layout.n_households / times["memory"].median / 1e9
    return [
        ratio("month_against_memory", full, times["memory"], "most", 12.0),
        ratio("spine_against_memory", spine, times["memory"], "most", 12.0),
        ratio("kernels_against_memory", times["kernels"], times["memory"], "most", None),
        Figure("bytes_moved", float(moved), "bytes"),
        Figure("memory_rate", rate, "gigabytes"),
    ]


def scaling(households: int, repetitions: int, region: str) -> list[Figure]:
    """Compare one thread with two.

    Parameters
    ----------
    households : int
        Simulated households.
    repetitions : int
        How often each side is measured.
    region : str
        Region of the world.

    Returns
    -------
    list of Figure
        The gain, and the bytes of a household.
    """
    teams = {threads: Team(threads) for threads in (1, 2)}
    life = _Endless(lambda: opened(households, 2, region))
    spines: dict[int, list[float]] = {threads: [] for threads in teams}

    def year(threads: int) -> Callable[[], None]:
        def lived() -> None:
            life.model.world.team = teams[threads]
            life.year()
            spines[threads].append(life.spines[-1])

        return lived

    times = _years(life, {"one": year(1), "two": year(2)}, repetitions)
    one, two = (Times(tuple(taken[-repetitions:])) for taken in spines.values())
    size = life.model.world.households.bytes_per_household
    return [
        ratio("two_threads", times["one"], times["two"], "least", 1.7),
        ratio("spine_two_threads", one, two, "least", 1.7),
        Figure("rate_one", YEAR * households / times["one"].median / 1e6, "rate"),
        Figure("rate_two", YEAR * households / times["two"].median / 1e6, "rate"),
        Figure("resident", float(size), "bytes", None, "most", 64.0),
    ]


def decade(
    households: int, threads: int, months: int, repetitions: int, region: str
) -> list[Figure]:
    """Measure opening and ten years, as a user waits for them.

    Parameters
    ----------
    households : int
        Simulated households.
    threads : int
        Threads of the kernels.
    months : int
        Months to live.
    repetitions : int
        How often.
    region : str
        Region of the world.

    Returns
    -------
    list of Figure
        Seconds of the months under the baseline, of its spine alone, under a reform and under
        all nine points, and of both openings.
    """
    scenario = _scenario(BASELINE, households, months, region)
    models: list[WelfareModel] = []

    def start(*, fresh: bool, chosen: Scenario = scenario) -> None:
        models[:] = [open_model(chosen, threads, fresh=fresh)]

    def live() -> None:
        for _ in range(months):
            models[0].step()

    cold = seconds(lambda: start(fresh=True))
    reform, points = (_scenario(file, households, months, region) for file in (REFORM, ALL_POINTS))
    warm, lived, alone, reformed, complete = [], [], [], [], []
    for _ in range(repetitions):
        warm.append(seconds(lambda: start(fresh=False)))
        lived.append(seconds(live))
        start(fresh=False)
        alone.append(_by_stage(models[0], months)[1])
        start(fresh=False, chosen=reform)
        reformed.append(seconds(live))
        start(fresh=False, chosen=points)
        complete.append(seconds(live))
    times, spine, others, everything, openings = (
        Times(tuple(taken)) for taken in (lived, alone, reformed, complete, warm)
    )
    return [
        Figure("decade", times.median, "s", times.best, "most", 0.3),
        Figure("decade_spine", spine.median, "s", spine.best, "most", 0.3),
        Figure("decade_reform", others.median, "s", others.best),
        ratio("points_against_spine", everything, spine, "most", 3.0),
        Figure("opening_warm", openings.median, "s", openings.best),
        Figure("opening_cold", cold, "s"),
    ]


def institutions(households: int, threads: int, repetitions: int, region: str) -> list[Figure]:
    """Measure what institutions take of a month, and a new ranking against a month.

    Parameters
    ----------
    households : int
        Simulated households.
    threads : int
        Threads of the kernels.
    repetitions : int
        Years.
    region : str
        Region of the world.

    Returns
    -------
    list of Figure
        Share of the institutions and cost of a ranking in months.
    """
    life = _Endless(lambda: opened(households, threads, region, file=REFORM))
    life.year()
    shares, beyond, ranks = [], [], []
    for _ in range(repetitions):
        life.ready()
        model = life.model
        rankings = sum(model.office.ranks(model.month + ahead) for ahead in range(1, YEAR + 1))
        with (
            _clocked(model.world, WORLD) as moved,
            _clocked(helping, HELPING) as helped,
            _clocked(model.observer, OBSERVER) as observed,
            _clocked(model.world.team, ("share", "share_all")) as kernels,
        ):
            total = seconds(life.year)
        rerank = sum(helped[name] for name in RERANK)
        seldom = moved["compose"] + helped["school"] + observed["record_incidence"]
        people = sum(moved.values()) + sum(helped.values()) + sum(observed.values())
        walked = sum(kernels.values()) + observed["record"] + observed["record_registry"]
        shares.append(1.0 - walked / total)
        beyond.append(1.0 - people / total)
        ranks.append(rerank / rankings / ((total - rerank - seldom) / YEAR))
    share, rest, rank = (Times(tuple(found)) for found in (shares, beyond, ranks))
    return [
        Figure("institutions_share", 100 * share.median, "percent", 100 * share.best, "most", 35.0),
        Figure("beyond_households", 100 * rest.median, "percent", 100 * rest.best),
        Figure("rerank_against_month", rank.median, "months", rank.best, "most", 5.0),
        Figure("agents", float(len(life.model.agents)), "agents"),
    ]


@contextmanager
def _clocked(owner: Any, names: tuple[str, ...]) -> Iterator[dict[str, float]]:
    """Count the seconds of some functions of an object or module while the block runs."""
    spent = dict.fromkeys(names, 0.0)
    own = {name: vars(owner)[name] for name in names if name in vars(owner)}

    def clocked(name: str) -> Callable[..., Any]:
        function = getattr(owner, name)

        def timed(*arguments: Any, **named: Any) -> Any:
            started = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                spent[name] += time.perf_counter() - started

        return timed

    for name in names:
        setattr(owner, name, clocked(name))
    try:
        yield spent
    finally:
        for name in names:
            delattr(owner, name)
            if name in own:
                setattr(owner, name, own[name])


def _monthly(years: Times) -> Times:
    return Times(tuple(taken / YEAR for taken in years.all))


def _milliseconds(name: str, times: Times) -> Figure:
    return Figure(name, 1e3 * times.median, "ms", 1e3 * times.best)
