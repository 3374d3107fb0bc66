"""Run the cases and report: ``python -m benchmarks.fuzz``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Final

from benchmarks.figures import machine
from benchmarks.fuzz.forum_entries import forum_entries
from benchmarks.fuzz.forum_requests import forum_requests
from benchmarks.fuzz.own_files import own_files
from benchmarks.fuzz.scenario_files import scenario_files
from benchmarks.fuzz.tally import Target, tried

__all__ = ["TARGETS", "main"]

TARGETS: Final[Mapping[str, Callable[[], AbstractContextManager[Target]]]] = {
    "scenarios": scenario_files,
    "own_data": own_files,
    "entries": forum_entries,
    "requests": forum_requests,
}
_CASES: Final = 10_000
_SEED: Final = 2008


def main(arguments: Sequence[str] | None = None) -> int:
    """Try, and print records as JSON.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the process if left out.

    Returns
    -------
    int
        0 if nothing broke and nothing hung, else 1.
    """
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.fuzz")
    parser.add_argument("--only", choices=TARGETS, action="append", help="instead of all")
    parser.add_argument("--cases", type=int, default=_CASES, help="of each")
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--seed", type=int, default=_SEED)
    asked = parser.parse_args(arguments)
    numbers = range(asked.first, asked.first + asked.cases)
    tallies = []
    for name in asked.only or TARGETS:
        with TARGETS[name]() as target:
            tallies.append(tried(target, name, numbers, asked.seed))
    document = {
        "seed": asked.seed,
        "records": [tally.record() for tally in tallies],
        "machine": machine({"load": os.getloadavg()[0]}),
    }
    print(json.dumps(document, indent=2))
    return 0 if all(tally.ok for tally in tallies) else 1


if __name__ == "__main__":
    sys.exit(main())
