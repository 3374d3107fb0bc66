"""Every row of the acceptance list says where it is or why it is not, and names what exists."""

from __future__ import annotations

import ast
import csv
from functools import cache
from pathlib import Path

import pytest

from kesos_sim import i18n
from kesos_sim.errors import InputError
from kesos_sim.indicators.definitions import indicator
from kesos_sim.institutions.programmes import names
from kesos_sim.reports.systems import LEFT_OUT, SECTIONS, STATUSES, System, record, summary, systems
from kesos_sim.scenario.levers import LEVERS

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "kesos_sim"
CORE = {1, 3, 4, 7, 9, 12, 14, *range(22, 27), *range(28, 38), *range(39, 44), 47, 48, 49, 51, 56}
CORE |= {59, 60, 61, 64, 67, 69, 71, 72, 73, 76, *range(78, 82), 83, 86, 89, 90, *range(92, 96)}
CORE |= {101, 102, 103, 106, 107, 109, 112, 115, *range(118, 122), 124, 126, 129, 130}
BY_ITSELF = {
    "pillar_share_community": "every line of the books",
    "capacity_spread": "every organisation",
    "disaster_recovery": "disasters",
    "programme_recipients.bst": "the years in which it was paid",
}
"""What moves the other indicators of the list."""
ROWS = pytest.mark.parametrize("system", systems(), ids=lambda system: str(system.row))


@cache
def defined(path: Path) -> frozenset[str]:
    """Dotted names that a file defines, those in its classes included."""
    found: set[str] = set()

    def visit(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                found.add(prefix + node.name)
            if isinstance(node, ast.ClassDef):
                visit(node.body, f"{prefix}{node.name}.")
            targets = node.targets if isinstance(node, ast.Assign) else []
            targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
            found.update(prefix + name.id for name in targets if isinstance(name, ast.Name))

    visit(ast.parse(path.read_text(encoding="utf-8")).body, "")
    return frozenset(found)


def module_exists(module: str) -> bool:
    name, _, inside = module.partition(":")
    stem = SOURCE / Path(*name.split("."))
    path = stem / "__init__.py" if stem.is_dir() else stem.with_suffix(".py")
    return path.is_file() and (not inside or inside in defined(path))


def exists_test(test: str) -> bool:
    path, _, function = test.partition("::")
    return (
        path.startswith("tests/") and (ROOT / path).is_file() and function in defined(ROOT / path)
    )


def indicator_exists(name: str) -> bool:
    part = name.partition(".")[2]
    try:
        indicator(name)
    except InputError:
        return False
    return not part or part in {programme.lower() for programme in names(temporary=True)}


def complaints(system: System) -> list[str]:
    """What a row says wrongly."""
    named = [system.module, system.test, system.indicator]
    found = [lang for lang in i18n.LANGUAGES if not system.names[lang].strip()]
    if system.left_out:
        found += ["left out and there"] if any(named) else []
        found += ["kind"] if system.left_out not in LEFT_OUT else []
        found += [f"reason in {lang}" for lang in i18n.LANGUAGES if not system.notes[lang].strip()]
        return found
    found += ["neither there nor left out"] if not all(named) else []
    found += ["module"] if system.module and not module_exists(system.module) else []
    found += ["test"] if system.test and not exists_test(system.test) else []
    found += ["indicator"] if system.indicator and not indicator_exists(system.indicator) else []
    return found + (["note"] if bool(system.notes["id"]) != bool(system.notes["en"]) else [])


def test_the_list_has_its_rows_and_its_core() -> None:
    assert [system.row for system in systems()] == list(range(1, 134))
    assert {system.row for system in systems() if system.core} == CORE
    sections = [system.section for system in systems()]
    assert sections == sorted(sections) and set(sections) == set(SECTIONS)
    assert {seed for system in systems() for seed in system.seeds} == {f"S{n}" for n in range(5)}


@ROWS
def test_a_row_is_there_or_left_out_and_names_what_exists(system: System) -> None:
    assert not complaints(system)


def test_names_are_different_in_one_language() -> None:
    for lang in i18n.LANGUAGES:
        labels = [system.names[lang] for system in systems()]
        assert len(labels) == len(set(labels))


def test_every_line_has_the_columns_of_the_first() -> None:
    lines = csv.reader((SOURCE / "reports" / "systems.csv").read_text("utf-8").splitlines())
    assert len({len(line) for line in lines}) == 1


def test_what_shows_a_row_is_moved_by_a_lever_or_by_what_is_known() -> None:
    moved = {name for lever in LEVERS.values() for name in lever.acts_on}
    shown = {system.indicator for system in systems() if system.indicator}
    assert shown - moved == set(BY_ITSELF)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"module": "institutions.bkkks:NoSuchThing"}, "module"),
        ({"module": "institutions.no_such_module"}, "module"),
        ({"test": "tests/institutions/test_bkkks.py::test_no_such_thing"}, "test"),
        ({"test": "tests/no_such_file.py::test_x"}, "test"),
        ({"indicator": "no_such_rate"}, "indicator"),
        ({"indicator": "programme_recipients.nosuch"}, "indicator"),
        ({"indicator": ""}, "neither there nor left out"),
        ({"left_out": "out_of_scope"}, "left out and there"),
        ({"left_out": "later"}, "kind"),
        ({"names": {"id": " ", "en": "x"}}, "id"),
        ({"notes": {"id": "kurang", "en": ""}}, "note"),
    ],
    ids=str,
)
def test_the_check_itself(change: dict[str, object], complaint: str) -> None:
    system = next(row for row in systems() if row.module and not row.notes["id"])
    fields = {name: getattr(system, name) for name in System.__dataclass_fields__}
    assert complaint in complaints(System(**(fields | change)))


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
@ROWS
def test_a_record_says_one_of_both(system: System, lang: str) -> None:
    found = record(system, lang)
    assert (found["left_out"] is None) == bool(found["module"] and found["test"])
    assert (found["missing"] is not None) == (system.status == "partly")
    if system.left_out:
        kind = i18n.text(f"systems.status.{system.left_out}", lang)
        assert found["left_out"] == f"{kind}: {system.notes[lang]}"


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_counts_add_up(lang: str) -> None:
    words = summary(systems(), lang).partition(": ")[2].rstrip(".").split(", ")
    assert sum(int(part.rpartition(" ")[2]) for part in words) == len(systems())
    assert len(words) == len({system.status for system in systems()}) <= len(STATUSES)
