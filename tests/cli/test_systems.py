"""``kesos systems``: every row in words and as records."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from kesos_sim import i18n
from kesos_sim.cli import main
from kesos_sim.cli.systems import COLUMNS
from kesos_sim.reports.systems import systems

Capture = pytest.CaptureFixture[str]


def shown(capsys: Capture, *words: str) -> str:
    assert main(["systems", *words]) == 0
    return capsys.readouterr().out


def records(capsys: Capture, *words: str) -> list[dict[str, Any]]:
    document = json.loads(shown(capsys, *words, "--format", "json"))
    assert document["provenance"].keys() == {"version", "data"}
    found: list[dict[str, Any]] = document["records"]
    return found


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_every_row_is_a_record(lang: str, capsys: Capture) -> None:
    found = records(capsys, "--lang", lang)
    assert [entry["row"] for entry in found] == list(range(1, 134))
    for entry, system in zip(found, systems(), strict=True):
        assert tuple(entry) == COLUMNS
        assert entry["name"] == system.names[lang]
        assert bool(entry["left_out"]) != bool(
            entry["module"] and entry["test"] and entry["indicator"]
        )


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_text_names_every_row_once(lang: str, capsys: Capture) -> None:
    page = shown(capsys, "--lang", lang)
    lines = page.splitlines()
    assert max(len(line) for line in lines if "::" not in line) <= 100
    for system in systems():
        assert sum(line.startswith(f"{system.row}. ") for line in lines) == 1
        assert " ".join(system.names[lang].split()) in " ".join(page.split())


def test_csv_and_table_have_the_same_rows(capsys: Capture) -> None:
    rows = list(csv.DictReader(io.StringIO(shown(capsys, "--format", "csv"))))
    assert [row["name"] for row in rows] == [system.names["id"] for system in systems()]
    assert len(shown(capsys, "--format", "table").splitlines()) == len(systems()) + 2


def test_only_what_was_asked_for(capsys: Capture) -> None:
    assert [entry["row"] for entry in records(capsys, "--row", "31", "--row", "4")] == [4, 31]
    assert all(entry["core"] for entry in records(capsys, "--core"))
    left = records(capsys, "--status", "out_of_scope")
    assert {entry["status"] for entry in left} == {"out_of_scope"}


@pytest.mark.parametrize("words", [["--row", "134"], ["--status", "done"]], ids=" ".join)
def test_what_does_not_exist_is_refused(words: list[str], capsys: Capture) -> None:
    assert main(["systems", *words]) == 2
    assert capsys.readouterr().err.count("\n") == 1
