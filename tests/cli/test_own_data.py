"""``kesos data template`` and ``kesos data import`` from the form to a scenario."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kesos_sim import i18n
from kesos_sim.cli import main
from kesos_sim.cli.own_data import WIDEST
from kesos_sim.data.own.problems import CODES
from kesos_sim.scenario import load_scenario

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize("name", ["template", "import"])
def test_help_teaches_in_both_languages(name: str, capsys: Capture) -> None:
    for lang, begins in (("id", "Pemakaian: kesos"), ("en", "Usage: kesos")):
        assert main(["data", name, "--help", "--lang", lang]) == 0
        page = capsys.readouterr().out
        assert page.startswith(begins)
        assert i18n.text("cli.usage.examples", lang) in page


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_from_template_to_scenario(
    lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = ["--region", "3402", "--lang", lang]
    assert main(["data", "template", *asked, "--out", "bantul"]) == 0
    sheet = tmp_path / "bantul" / f"{i18n.text('own_data.sheet.poverty.title', lang)}.csv"
    text = sheet.read_text(encoding="utf-8-sig")
    assert "11,66" in text
    sheet.write_text(text.replace("11,66", "12,5"), encoding="utf-8")
    capsys.readouterr()
    assert main(["data", "import", "bantul", "--lang", lang]) == 2
    refused = capsys.readouterr()
    assert "KS6045" in refused.out
    assert "\N{HORIZONTAL ELLIPSIS}" not in refused.out
    assert "KS6000" in refused.err
    assert not (tmp_path / "bantul.yaml").exists()
    source = ["--source", "Dinas Sosial Bantul"]
    assert main(["data", "import", "bantul", *source, "--lang", lang]) == 0
    assert "own_data: bantul.yaml" in capsys.readouterr().out
    (tmp_path / "uji.yaml").write_text(
        "schema: 1\nname: uji\ntitle: {id: Uji, en: Test}\nregion: 3402\nstart: 2024-03\n"
        "months: 12\nhouseholds: 2000\nseed: 1\nown_data: bantul.yaml\n",
        encoding="utf-8",
    )
    own = load_scenario("uji.yaml").own_data
    assert own is not None
    assert own.value(3402, "p0") == 12.5
    assert own.source == "Dinas Sosial Bantul"


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_what_to_do_fits_into_the_table_of_problems(lang: str) -> None:
    for kind in CODES:
        assert len(i18n.template(f"own_data.problem.{kind}.action", lang)) <= WIDEST


def test_import_as_json_lists_the_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = "kode wilayah;pos anggaran;jumlah rupiah;tahun\n34;perjalanan dinas;120000000000;2024\n"
    (tmp_path / "anggaran.csv").write_text(rows, encoding="utf-8")
    words = ["data", "import", "anggaran.csv", "--source", "BPKA", "--format", "json"]
    assert main(words) == 0
    found = json.loads(capsys.readouterr().out)
    (figure,) = found["records"]
    assert (figure["part"], figure["value"], figure["acts"]) == ("travel", 120_000_000_000, False)
    assert len(found["provenance"]["own_data"]) == 64


def test_nothing_replaced_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["data", "template", "--region", "Blora", "--out", "a"]) == 0
    assert main(["data", "import", "a"]) == 2
    assert "KS6099" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
