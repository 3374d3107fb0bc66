"""Small changes are made as they should be, and the measuring of tests can fail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.imports import ROOT
from tools.mutation.__main__ import explained
from tools.mutation.branches import page, shares, too_few
from tools.mutation.mutants import Mutant, mutants, sample
from tools.mutation.targets import MODULES, dependents, own_tests, path_of
from tools.mutation.trials import Bench

SOURCE = '''"""Words: 1 + 1."""
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import pandas as pd
__all__ = ["f"]
LIMIT = 3
@decorated(7)
def f(x: Literal[1], way: bool = True) -> int | None:
    """Doc."""
    while x < LIMIT and way:
        x += 1
        if not x:
            break
    note(x)
    x[0] = -x if way else 2.0 * x
    return None
'''


def text(module: str) -> str:
    return (ROOT / path_of(module)).read_text(encoding="utf-8")


def test_every_kind_of_change_is_made_once_and_nothing_else() -> None:
    assert sorted(one.key.removeprefix("m: ") for one in mutants("m", SOURCE)) == sorted(
        [
            ": LIMIT = 3 :: 3 → 4",
            ": LIMIT = 3 :: 3 → 2",
            "f: def f :: True → False",
            "f: while x < LIMIT and way: :: x < LIMIT and way → x < LIMIT or way",
            "f: while x < LIMIT and way: :: x < LIMIT → x <= LIMIT",
            "f: while x < LIMIT and way: :: x < LIMIT → x >= LIMIT",
            "f: x += 1 → pass",
            "f: x += 1 → x -= 1",
            "f: x += 1 :: 1 → 2",
            "f: x += 1 :: 1 → 0",
            "f: if not x: :: not x → x",
            "f: break → continue",
            "f: note(x) → pass",
            "f: x[0] = -x if way else 2.0 * x → pass",
            "f: x[0] = -x if way else 2.0 * x :: -x if way else 2.0 * x → 2.0 * x if way else -x",
            "f: x[0] = -x if way else 2.0 * x :: 0 → 1",
            "f: x[0] = -x if way else 2.0 * x :: -x → x",
            "f: x[0] = -x if way else 2.0 * x :: 2.0 * x → 2.0 + x",
            "f: x[0] = -x if way else 2.0 * x :: 2.0 → 3.0",
        ]
    )


def test_a_change_is_where_it_says_and_the_rest_as_it_was() -> None:
    source = "def é():\n    ü = 'é' if (a\n        <= 1) else b  # ü\n    return ü - 1\n"
    found = {one.key: one.source for one in mutants("m", source)}
    assert len(found) == 8
    assert found["m: é: return ü - 1 :: ü - 1 → ü + 1"] == source.replace("ü - 1", "(ü + 1)")
    changed = found["m: é: ü = 'é' if a <= 1 else b :: a <= 1 → a > 1"]
    assert changed == source.replace("a\n        <= 1", "(a > 1)")


@pytest.mark.parametrize("module", ["kernels.team", "kernels.shares", "model.ledger"])
def test_changes_of_a_module_are_modules_with_names_of_their_own(module: str) -> None:
    found = mutants(module, text(module))
    assert len({one.key for one in found}) == len(found) > 50
    for one in found:
        compile(one.source, module, "exec")
        assert one.source != text(module)


def test_a_larger_sample_has_the_smaller_one_wherever_the_code_is() -> None:
    every = mutants("kernels.shares", text("kernels.shares"))
    moved = mutants("kernels.shares", "MORE = 1\n" + text("kernels.shares"))
    few, many = ([one.key for one in sample(every, n, 7)] for n in (5, 20))
    assert many[:5] == few
    assert len(set(many)) == 20
    assert [one.key for one in sample(every, 20, 8)] != many
    elsewhere = {one.key for one in sample(moved, 23, 7)}
    assert set(many) <= elsewhere


@pytest.mark.slow
def test_every_module_that_can_be_changed_has_tests() -> None:
    untested = [
        module
        for module in MODULES
        if mutants(module, text(module)) and not all(map(Path.exists, _tests(module)))
    ]
    assert not untested
    assert all(_tests(module) for module in MODULES if mutants(module, text(module)))


def _tests(module: str) -> list[Path]:
    return [ROOT / test for test in own_tests(module)]


def test_code_that_may_hold_a_change_is_compiled_anew() -> None:
    assert {"kernels.philox", "kernels.draws", "kernels.households"} <= dependents("kernels.philox")
    assert dependents("kernels.shares") == {"kernels.shares"}


def test_explanations_are_of_our_modules_and_say_something() -> None:
    reasons = explained()
    assert all(change.split(": ")[0] in MODULES for change in reasons)
    assert all(len(reason) > 20 for reason in reasons.values())


def test_too_few_branches_or_lines_are_found() -> None:
    numbers = {"kernels.pools": (95, 100, 9, 9), "kernels.cases": (94, 100, 9, 9)}
    numbers |= {"kernels.bins": (0, 0, 94, 100)}
    names = ("covered_branches", "num_branches", "covered_lines", "num_statements")
    files = {
        str(path_of(module)): {"summary": dict(zip(names, row, strict=True))}
        for module, row in numbers.items()
    }
    counted = shares({"files": files})
    few = set(too_few(counted))
    assert set(MODULES) - few == {"kernels.pools"}
    assert page(counted).count("TOO FEW") == len(few)
    assert "189/200" in page(counted)


@pytest.mark.full
def test_tests_notice_a_change_and_pass_without_one(tmp_path: Path) -> None:
    module = "kernels.draws"
    bench = Bench(tmp_path / "bench")
    bench.prepare(module)
    source = text(module)
    assert not bench.notices(Mutant(module, "", "", "", "", 0, source))
    for changed in (source.replace("words[i, 1]", "words[i, 0]"), source + "while True: pass\n"):
        assert changed != source
        assert bench.notices(Mutant(module, "", "", "", "", 0, changed))
    assert not bench.notices(Mutant(module, "", "", "", "", 0, source))


@pytest.mark.full
def test_a_test_without_the_compiler_is_left_when_its_time_is_over(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "def test_long():\n    while True:\n        try:\n            sum(range(10**5))\n"
        "        except Exception:\n            pass\n\ndef test_short():\n    pass\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tools.mutation.uncompiled"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", "test_it.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "1 passed, 1 skipped" in done.stdout
