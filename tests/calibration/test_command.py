"""``kesos validate`` from its words to what it prints."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from joblib import parallel_config

from kesos_sim import i18n
from kesos_sim.calibration.figures import PARTS
from kesos_sim.calibration.table import FIELDS
from kesos_sim.cli import main
from kesos_sim.cli import validate as command


def test_the_parts_of_the_command_are_those_of_the_validation() -> None:
    assert command.PARTS == PARTS


def test_json_has_records_and_provenance(
    scenario_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(scenario_folder / "baseline.yaml")
    words = ["--part", "transfer", "--draws", "2", "--format", "json"]
    with parallel_config(backend="sequential"):  # other processes take longer to begin
        assert main(["validate", file, *words]) == 0
    document = json.loads(capsys.readouterr().out)
    assert {record["part"] for record in document["records"]} == {"transfer"}
    assert list(document["records"][0]) == list(FIELDS)
    assert document["provenance"]["seed"] == 2008
    assert document["provenance"]["replicates"] == 3
    assert {record["inside"] for record in document["records"]} >= {True, False}


def test_csv_is_a_table(scenario_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(scenario_folder / "baseline.yaml")
    assert main(["validate", file, "--part", "transfer", "--draws", "0", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["verdict"] for row in rows} >= {"hit", "not_judged"}


@pytest.mark.parametrize(("lang", "word"), [("id", "meleset"), ("en", "miss")])
def test_the_table_speaks_both_languages(
    scenario_folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    lang: str,
    word: str,
) -> None:
    monkeypatch.chdir(scenario_folder.parent)
    assert main(["validate", "--part", "transfer", "--draws", "0", "--lang", lang]) == 0
    printed = capsys.readouterr().out
    assert word in printed
    assert printed.rstrip().splitlines()[-1].startswith("kesos-sim")


def test_an_unknown_part_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--part", "targetting"]) == 2
    assert "targeting" in capsys.readouterr().err


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_every_part_has_words_for_the_progress_bar(part: str, lang: str) -> None:
    # Four parts are seen on one world, whose stages have words of their own.
    if part not in {"anchor", "budgets"}:
        assert i18n.text(f"cli.stage.{part}", lang)
    assert i18n.text(f"validation.part_{part}", lang)


def test_the_folder_has_the_charts(
    scenario_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = str(scenario_folder / "baseline.yaml"), tmp_path / "out"
    words = ["validate", file, "--part", "transfer", "--draws", "0", "--out", str(out)]
    assert main(words) == 0
    assert str(out) in capsys.readouterr().err
    assert (out / "charts" / "validation_gaps.svg").exists() and (out / "index.html").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "note.txt").write_text("mine")
    assert main([*words[:-1], str(tmp_path / "mine")]) == 2
