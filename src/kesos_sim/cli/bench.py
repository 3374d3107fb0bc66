"""``kesos bench``: how fast this machine is, in figures that one may quote with the machine."""

from __future__ import annotations

import platform
import sys
import time
from typing import TYPE_CHECKING, Any, Final

import click

from kesos_sim import i18n
from kesos_sim.cli.cores import usable_cores
from kesos_sim.cli.kinds import Whole, Word
from kesos_sim.cli.output import FORMATS, show
from kesos_sim.cli.progress import Progress
from kesos_sim.cli.words import Command, option
from kesos_sim.i18n import numbers

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel
    from kesos_sim.scenario import Scenario

_MOST_MONTHS: Final = 120
_FEWEST: Final = 2_000
_MOST: Final = 80_000_000
_MEBI: Final = 1 << 20
_COLUMNS: Final = ("measure", "value", "unit")


def command(lang: str) -> click.Command:
    """Build the command in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Command
        ``bench``.
    """
    size, length = Whole(_FEWEST, _MOST), Whole(1, _MOST_MONTHS)
    return Command(
        "bench",
        lang,
        [
            option(lang, "--households", text="bench_households", type=size, default=100_000),
            option(lang, "--months", text="bench_months", type=length, default=12),
            option(lang, "--format", "form", type=Word(FORMATS), default=FORMATS[0]),
        ],
        lambda **asked: _bench(lang, **asked),
    )


def _bench(lang: str, households: int, months: int, form: str) -> None:
    """Measure, then print one row per figure."""
    from kesos_sim.cli.warmup import TINY
    from kesos_sim.model.opening import open_model
    from kesos_sim.scenario import from_document

    cores = usable_cores()
    asked = {"region": "mpu", "months": 2 * months, "households": households}
    world = from_document({**TINY, **asked})
    total = 2 * months + 1
    with Progress(i18n.text("cli.bench.measuring", lang), lang) as progress:
        open_model(from_document(TINY), cores).step()
        started = time.perf_counter()
        model = open_model(world, cores, fresh=True)
        opened = time.perf_counter() - started
        progress("bench", 1, total)
        one = _seconds_per_month(model, months, 1)
        progress("bench", 1 + months, total)
        every = _seconds_per_month(model, months, cores)
    figures = [
        ("opening", opened, "s"),
        ("month_one", 1e3 * one, "ms"),
        ("month_all", 1e3 * every, "ms"),
        ("rate_one", households / one / 1e6, "hhm"),
        ("rate_all", households / every / 1e6, "hhm"),
        ("gain", one / every, "times"),
        ("bytes", model.world.households.bytes_per_household, "bytes"),
        ("peak", _peak_memory() / _MEBI, "mib"),
    ]
    records = [
        {
            "measure": name if form != "table" else i18n.text(f"cli.bench.{name}", lang),
            "value": value if form != "table" else numbers.number(value, lang, 2),
            "unit": i18n.text(f"cli.bench.unit_{unit}", lang),
        }
        for name, value, unit in figures
    ]
    headings = {name: i18n.text(f"cli.heading.{name}", lang) for name in _COLUMNS}
    machine = _machine(world, cores)
    show(records, _COLUMNS, form, provenance=machine, headings=headings)
    click.echo("; ".join(f"{name} {value}" for name, value in machine.items()), err=True)


def _seconds_per_month(model: WelfareModel, months: int, threads: int) -> float:
    """Live some months with a number of threads and return the mean time of one."""
    import numba

    numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))
    started = time.perf_counter()
    for _ in range(months):
        model.step()
    return (time.perf_counter() - started) / months


def _peak_memory() -> int:
    """Return the most memory that this process has held, in bytes; 0 where nobody counts."""
    try:
        import resource
    except ImportError:
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _machine(world: Scenario, cores: int) -> dict[str, Any]:
    """Return what a figure has to be quoted with."""
    from kesos_sim import __version__

    return {
        "kesos-sim": __version__,
        "households": world.households,
        "districts": len(world.districts),
        "cores": cores,
        "machine": platform.machine(),
        "platform": platform.platform(terse=True),
        "python": platform.python_version(),
    }
