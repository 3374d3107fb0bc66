"""``python -m tools.mutation branches|changes``: whether tests notice what they should."""

from __future__ import annotations

import argparse
import json
import sys
import time
import tomllib
from hashlib import blake2b
from pathlib import Path
from typing import Final

from tools.imports import ROOT
from tools.mutation.branches import measure, page, too_few
from tools.mutation.mutants import Mutant, mutants, sample
from tools.mutation.targets import MODULES, own_tests, path_of
from tools.mutation.trials import Bench

EXPLAINED: Final = Path(__file__).with_name("survivors.toml")
"""Changes that no test can notice, each with the reason."""

_EACH: Final = 3
_SEED: Final = 7


def main(arguments: list[str] | None = None) -> int:
    """Measure, say what was found, and return 1 if it is not enough.

    Parameters
    ----------
    arguments : list of str, optional
        As on the command line.

    Returns
    -------
    int
        0 if every module is tested well enough.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.mutation", description=__doc__)
    parser.add_argument("what", choices=("branches", "changes"))
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "mutation")
    parser.add_argument("--each", type=int, default=_EACH, help="changes of every module")
    parser.add_argument("--seed", type=int, default=_SEED, help="of the choice of changes")
    parser.add_argument("--only", nargs="+", default=MODULES, choices=MODULES, metavar="MODULE")
    wanted = parser.parse_args(arguments)
    if wanted.what == "branches":
        counted = measure(wanted.folder)
        print(page(counted))
        return int(bool(too_few(counted)))
    return _changes(wanted.folder, wanted.only, wanted.each, wanted.seed)


def explained() -> dict[str, str]:
    """Return the reason why no test can notice a change, by the key of the change."""
    entries = tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))["survivor"]
    return {entry["change"]: entry["reason"] for entry in entries}


def _changes(folder: Path, modules: list[str], each: int, seed: int) -> int:
    """Try some changes of every module; those that were tried before are not tried again."""
    folder.mkdir(parents=True, exist_ok=True)
    results = folder / "changes.jsonl"
    known = _known(results)
    reasons = explained()
    bench = Bench(folder / "bench")
    wrong = _gone(modules, reasons)
    tried = noticed = 0
    for module in modules:
        every = _mutants(module)
        state = _state(module)
        for mutant in sample(every, each, seed):
            name = f"{state} {mutant.key}"
            if name not in known:
                bench.prepare(module)
                begin = time.monotonic()
                known[name] = bench.notices(mutant)
                record = {"name": name, "noticed": known[name], "s": time.monotonic() - begin}
                with results.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(record, ensure_ascii=False) + "\n")
            tried += 1
            noticed += known[name]
            if known[name] == (mutant.key in reasons):
                wrong.append(
                    f"{'explained but noticed' if known[name] else 'unnoticed'}: {mutant.key}"
                )
                print(wrong[-1], flush=True)
        print(f"{module}: {min(each, len(every))} of {len(every)} changes", file=sys.stderr)
    print(f"{tried} changes, noticed {noticed}, explained {tried - noticed - len(wrong)}")
    print("\n".join(wrong))
    return int(bool(wrong))


def _mutants(module: str) -> list[Mutant]:
    """Return every change of a module."""
    return mutants(module, (ROOT / path_of(module)).read_text(encoding="utf-8"))


def _gone(modules: list[str], reasons: dict[str, str]) -> list[str]:
    """Return explanations of changes that a module no longer offers."""
    keys = {mutant.key for module in modules for mutant in _mutants(module)}
    ours = tuple(f"{module}: " for module in modules)
    return [
        f"explained but gone: {key}" for key in reasons if key.startswith(ours) and key not in keys
    ]


def _state(module: str) -> str:
    """Return a hash of a module and its tests."""
    digest = blake2b(digest_size=8)
    for path in (path_of(module), *map(Path, own_tests(module))):
        digest.update((ROOT / path).read_bytes())
    return digest.hexdigest()


def _known(results: Path) -> dict[str, bool]:
    """Return what was found before: whether a change was noticed."""
    if not results.exists():
        return {}
    lines = results.read_text(encoding="utf-8").splitlines()
    return {record["name"]: record["noticed"] for record in map(json.loads, lines)}


if __name__ == "__main__":
    sys.exit(main())
