"""``kesos indicators``: a card for every indicator, the same as records, and by SDG target."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from kesos_sim import i18n
from kesos_sim.cli import main
from kesos_sim.cli.indicators import COLUMNS
from kesos_sim.indicators.definitions import indicator, indicators, sdg_targets, sdg_words

Capture = pytest.CaptureFixture[str]


def shown(capsys: Capture, *words: str) -> str:
    assert main(["indicators", *words]) == 0
    return capsys.readouterr().out


def records(capsys: Capture, *words: str) -> list[dict[str, Any]]:
    document = json.loads(shown(capsys, *words, "--format", "json"))
    assert document["provenance"].keys() == {"version", "data"}
    found: list[dict[str, Any]] = document["records"]
    return found


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_every_family_has_a_card(lang: str, capsys: Capture) -> None:
    page = shown(capsys, "--lang", lang)
    assert max(map(len, page.splitlines())) <= 100
    cards = [" ".join(part.split()) for part in page.split("\n\n")]
    families = {one.family: one for one in reversed(indicators().values())}
    assert len(cards) == len(families) + 1
    for one in families.values():
        (card,) = (card for card in cards if f" {one.meaning(lang)} " in card)
        assert card.startswith(one.name)
        assert one.formula(lang) in card
        for target in one.sdg:
            assert f"{target} {sdg_words(target, lang)}" in card


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_records_for_programs(lang: str, capsys: Capture) -> None:
    found = records(capsys, "--lang", lang)
    names = [record["name"] for record in found]
    assert names[: len(indicators())] == list(indicators())
    assert {"programme_recipients.pkh", "programme_recipients.pbi"} <= set(names)
    for record in found:
        one = indicator(record["name"])
        assert tuple(record) == COLUMNS
        assert record["sdg"] == list(one.sdg)
        assert record["meaning"] == one.meaning(lang)
    rows = list(csv.DictReader(io.StringIO(shown(capsys, "--lang", lang, "--format", "csv"))))
    assert [row["name"] for row in rows] == names
    assert [row["sdg"] for row in rows] == ["; ".join(record["sdg"]) for record in found]


@pytest.mark.parametrize("target", sdg_targets())
def test_a_target_leads_to_its_indicators(target: str, capsys: Capture) -> None:
    found = records(capsys, "--sdg", target)
    assert found
    assert all(target in record["sdg"] for record in found)
    inside = {name for name, one in indicators().items() if target in one.sdg}
    assert inside <= {record["name"] for record in found}


def test_only_what_was_asked_for(capsys: Capture) -> None:
    names = ["report_error", "poverty_rate"]
    assert [record["name"] for record in records(capsys, *names)] == names
    assert [record["name"] for record in records(capsys, *names, "--sdg", "1.2")] == names[1:]


def test_no_indicator_of_a_target_is_said_and_no_failure(capsys: Capture) -> None:
    assert main(["indicators", "gini", "--sdg", "1.2", "--lang", "en"]) == 0
    found = capsys.readouterr()
    assert (found.out, found.err) == ("", "No indicator matches.\n")


@pytest.mark.parametrize(
    ("words", "hint"), [(["povertyrate"], "poverty_rate"), (["--sdg", "1.9"], "1.2")]
)
def test_what_does_not_exist_is_refused(words: list[str], hint: str, capsys: Capture) -> None:
    assert main(["indicators", *words]) == 2
    refused = capsys.readouterr()
    assert refused.out == "" and hint in refused.err
