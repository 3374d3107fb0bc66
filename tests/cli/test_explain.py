"""``kesos explain``: stories in text and as records; what does not exist is one message."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from kesos_sim import i18n
from kesos_sim.cli import main

ROOT = Path(__file__).parents[2]
WORDS = ["explain", str(ROOT / "scenarios" / "blora.yaml"), "--households", "2000"]

Capture = pytest.CaptureFixture[str]


def shown(capsys: Capture, *words: str) -> str:
    assert main([*WORDS, *words]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
@pytest.mark.parametrize(
    "who", [("--household", "3"), ("--district", "Blora"), ("--orsos", "3")], ids=" ".join
)
def test_a_story_is_text(who: tuple[str, str], lang: str, capsys: Capture) -> None:
    page = shown(capsys, *who, "--months", "0:2", "--lang", lang)
    assert max(map(len, page.splitlines())) <= 100
    assert ("Maret 2024:" if lang == "id" else "March 2024:") in page
    assert "Blora" in page and "explain." not in page


def test_every_month_is_a_record(capsys: Capture) -> None:
    asked = ("--household", "3", "--months", "2024-04:2024-06")
    document = json.loads(shown(capsys, *asked, "--format", "json"))
    records: list[dict[str, Any]] = document["records"]
    assert [record["month"] for record in records] == ["2024-04", "2024-05", "2024-06"]
    assert {"welfare", "help", "programmes", "refused", "needs", "told"} <= records[0].keys()
    assert document["provenance"]["seed"] == 2008
    rows = list(csv.DictReader(io.StringIO(shown(capsys, *asked, "--format", "csv"))))
    assert [json.loads(row["refused"]) for row in rows] == [r["refused"] for r in records]
    assert "welfare" in shown(capsys, *asked, "--format", "table").splitlines()[0]


def test_an_organisation_says_why_it_sends_clients_away(capsys: Capture) -> None:
    """Number 9 gets no grant and no yearly money until its reserve is gone."""
    asked = ("--orsos", "9", "--months", "0:7", "--lang", "en")
    records: list[dict[str, Any]] = json.loads(shown(capsys, *asked, "--format", "json"))["records"]
    parting = next(record for record in records if record["sent_away"])
    assert parting["affordable"] < records[0]["clients"]
    assert parting["received"]["government"] == 0.0
    assert any(f"{parting['sent_away']} clients are sent away" in one for one in parting["told"])
    page = " ".join(shown(capsys, *asked).split())
    for told in ("It is not accredited", "takes no new clients", "reserve is used up"):
        assert page.count(told) == 1
    later = " ".join(shown(capsys, "--orsos", "9", "--months", "5:7", "--lang", "en").split())
    assert "In the long run it gets" in later and "reserve is used up" in later


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], "KS1974"),
        (["--household", "1", "--orsos", "1"], "KS1974"),
        (["--household", "2000"], "KS1971"),
        (["--household", "-1"], "KS1912"),
        (["--orsos", "100000", "--months", "0:0"], "KS1972"),
        (["--district", "3301"], "KS1973"),
        (["--district", "Sleman"], "KS1973"),
        (["--district", "Nowhere"], "KS1108"),
        (["--household", "1", "--months", "5"], "KS1975"),
        (["--household", "1", "--months", "5:2"], "KS1975"),
        (["--household", "1", "--months", "0:9999"], "KS1975"),
        (["--household", "1", "--months", "2020-01:"], "KS1975"),
        (["--household", "1", "--months", "x:y"], "KS1975"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_what_does_not_exist_is_one_message(words: list[str], code: str, capsys: Capture) -> None:
    messages = []
    for lang in i18n.LANGUAGES:
        assert main([*WORDS, *words, "--lang", lang]) == 2
        said = capsys.readouterr()
        assert said.out == "" and said.err.strip().count("\n") == 0
        assert said.err.endswith(f"[{code}]\n")
        messages.append(said.err)
    assert messages[0] != messages[1]
