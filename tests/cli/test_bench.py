"""The benchmarks run, and their records have their fields; what they measure is not judged."""

from __future__ import annotations

import json
import math

import pytest

from benchmarks import suite
from benchmarks.figures import Figure, Times, alternate, ratio
from benchmarks.traffic import MOVED, bytes_per_month
from kesos_sim import i18n
from kesos_sim.cli import bench, main
from kesos_sim.population.households import Households

FIELDS = {"name", "value", "unit", "best", "bound", "threshold", "ok"}
TINY = suite.Size(
    households=2000,
    months=2,
    repetitions=1,
    larger=1,
    country=2000,
    replicates=2,
    region="3316",
    widest="3316",
)
FIGURES = [
    Figure("two_threads", 1.5, "times", 1.9, "least", 1.7),
    Figure("resident", 54.0, "bytes", None, "most", 64.0),
    Figure("agents", 3.0, "agents"),
]


def test_threshold_is_met_or_not_or_absent() -> None:
    assert [figure.ok for figure in FIGURES] == [False, True, None]
    assert all(figure.record().keys() == FIELDS for figure in FIGURES)


def test_sides_are_measured_in_turns() -> None:
    done: list[str] = []
    times = alternate({"a": lambda: done.append("a"), "b": lambda: done.append("b")}, 2)
    assert "".join(done) == "ababba"
    assert all(len(side.all) == 2 for side in times.values())
    found = ratio("two_threads", Times((4.0, 2.0, 9.0)), Times((1.0, 2.0, 3.0)), "least", 1.7)
    assert (found.value, found.best) == (2.0, 2.0)


def test_moved_bytes_are_those_of_the_arrays() -> None:
    people = Households.empty(1)
    for kernel in MOVED.values():
        assert set(kernel) == {"read", "written"}
        assert all(name in people.arrays() for names in kernel.values() for name in names)
    assert people.bytes_per_household < bytes_per_month(people) < 100


def test_parts_have_words() -> None:
    assert tuple(suite.PARTS) == bench.PARTS
    for lang in i18n.LANGUAGES:
        assert all(i18n.text(f"bench.part_{part}", lang) for part in bench.PARTS)


# Five hundred runs take minutes, however small they are; a whole country has many districts.
LONG = dict.fromkeys(("many", "national", "start", "why"), pytest.mark.full)


@pytest.mark.slow
@pytest.mark.parametrize(
    "part", [pytest.param(part, marks=LONG.get(part, ())) for part in suite.PARTS]
)
def test_part_runs_at_tiny_size(part: str) -> None:
    for figure in suite.measure(part, TINY):
        assert math.isfinite(figure.value)
        for lang in i18n.LANGUAGES:
            assert i18n.text(f"bench.figure_{figure.name}", lang)
            assert i18n.text(f"bench.unit_{figure.unit}", lang)


def test_command_prints_table_and_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[str, int]] = []

    def measure(part: str, size: suite.Size) -> list[Figure]:
        asked.append((part, size.households))
        return FIGURES

    monkeypatch.setattr(suite, "measure", measure)
    words = ["bench", "--only", "threads", "--households", "3000", "--lang", "en"]
    assert main([*words, "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert all(record.keys() == FIELDS for record in document["records"])
    assert [record["ok"] for record in document["records"]] == [False, True, None]
    assert document["provenance"]["households"] == 3000
    assert main(words) == 0
    shown = capsys.readouterr()
    assert "two threads against one" in shown.out
    assert "Not reached" in shown.err
    assert asked == 2 * [("threads", 3000)]
    assert main(["bench", "--full"]) == 0
    assert [part for part, _ in asked[2:]] == list(suite.PARTS)


def test_package_without_its_source_says_where_the_benchmarks_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: object
) -> None:
    monkeypatch.setattr(bench, "_SOURCE", tmp_path)
    assert main(["bench", "--lang", "en"]) == 2
    assert "make bench" in capsys.readouterr().err
