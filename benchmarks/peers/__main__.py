"""Measure the same month in other frameworks beside ours: ``python -m benchmarks.peers``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.figures import Figure, machine
from benchmarks.peers.definitions import WORLDS, Peer, peers
from benchmarks.peers.environments import UnavailableError, default_folder, ready
from benchmarks.peers.gate import MONTHS
from benchmarks.peers.measure import Size, beside, ours, passes
from benchmarks.peers.process import PeerError, Process
from benchmarks.simplified import SUMS
from kesos_sim.cli.bench import report
from kesos_sim.experiments.executors import usable_workers

__all__ = ["main"]

_THREADS = 2
_FEWEST = 1_000  # with fewer, the errors of the gate are no longer those of many
_FORMS = ("table", "json")


def main(words: Sequence[str] | None = None) -> int:
    """Measure, and print figures.

    Parameters
    ----------
    words : sequence of str, optional
        Those of the process if left out.

    Returns
    -------
    int
        0 if every peer that was asked for could be timed, else 1.
    """
    known, size = peers(), Size()
    about = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    about.add_argument("--only", action="append", choices=known, help="may be repeated")
    about.add_argument("--households", type=_whole(_FEWEST), default=size.households)
    about.add_argument("--months", type=_whole(1), default=size.months, help="of one time")
    about.add_argument("--repetitions", type=_whole(1), default=size.repetitions)
    about.add_argument(
        "--environments",
        type=Path,
        default=default_folder(),
        metavar="FOLDER",
        help="where they are kept; the cache of the user",
    )
    about.add_argument(
        "--python",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="interpreter for a peer that ours is too old for",
    )
    about.add_argument("--format", dest="form", choices=_FORMS, default=_FORMS[0])
    asked = about.parse_args(words)
    threads = min(_THREADS, usable_workers())
    size = Size(asked.households, asked.months, asked.repetitions, threads)
    chosen = [known[name] for name in asked.only or known]
    figures, packages, absent = _measured(chosen, size, asked.environments.resolve(), asked.python)
    facts: dict[str, object] = {
        "households": size.households,
        "months": size.months,
        "repetitions": size.repetitions,
        "threads": threads,
    }
    if asked.form == "json":
        facts |= {"peers": packages, "not measured": absent}
    report([figure.record() for figure in figures], machine(facts), asked.form, "en")
    for reason in absent:
        _tell(f"Not measured: {reason}")
    return 1 if absent else 0


def _measured(
    chosen: Sequence[Peer], size: Size, folder: Path, pythons: Sequence[Path]
) -> tuple[list[Figure], dict[str, tuple[str, ...]], list[str]]:
    """Return the figures, what is installed beside each peer, and why some were not timed."""
    host = ours(size.threads)
    own = host.check(SUMS, size.in_gate, MONTHS)
    figure, right = passes("ours", own, None, _tell)
    figures, absent = [figure], list[str]()
    packages: dict[str, tuple[str, ...]] = {}
    if not right:
        return figures, packages, ["nothing, because ours does other work than it says"]
    for peer in chosen:
        try:
            _tell(f"{peer.name}: environment")
            environment = ready(peer, folder, pythons)
            packages[peer.name] = environment.packages
            log = environment.python.parents[1] / "printed.log"
            with Process(environment.python, WORLDS / peer.world, log) as process:
                _tell(f"{peer.name}: gate, Python {process.python}")
                life = process.check(SUMS, size.in_gate, MONTHS)
                figure, right = passes(peer.key, life, own, _tell)
                figures.append(figure)
                if not right:
                    absent.append(f"{peer.name}: it does other work")
                    continue
                _tell(f"{peer.name}: times")
                households = peer.times * size.households
                figures += beside(peer.key, process, host, households, peer.least, size)
        except (UnavailableError, PeerError) as problem:
            absent.append(f"{peer.name}: {problem}")
    return figures, packages, absent


def _whole(least: int) -> Callable[[str], int]:
    """Return what reads a whole number that is not too small."""

    def read(word: str) -> int:
        number = int(word) if word.isdecimal() else 0
        if number < least:
            raise argparse.ArgumentTypeError(f"a whole number from {least} is expected: {word!r}")
        return number

    return read


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
