"""``kesos levers``: a card for every lever, and the same as records."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from kesos_sim import i18n
from kesos_sim.cli import main
from kesos_sim.cli.levers import COLUMNS
from kesos_sim.data.parameters import parameter_table
from kesos_sim.indicators.definitions import indicator
from kesos_sim.scenario import LEVERS, Lever

Capture = pytest.CaptureFixture[str]


def shown(capsys: Capture, *words: str) -> str:
    assert main(["levers", *words]) == 0
    return capsys.readouterr().out


def records(capsys: Capture, *words: str) -> list[dict[str, Any]]:
    document = json.loads(shown(capsys, *words, "--format", "json"))
    assert document.keys() == {"records", "provenance"}
    assert document["provenance"].keys() == {"version", "data"}
    found: list[dict[str, Any]] = document["records"]
    return found


def cards(page: str) -> dict[str, str]:
    """Cards by the name of their lever, each on one line."""
    found = [" ".join(part.split()) for part in page.split("\n\n")]
    return {card.partition(":")[0]: card for card in found if card.partition(":")[0] in LEVERS}


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_every_lever_has_a_card_that_says_all_of_it(lang: str, capsys: Capture) -> None:
    page = shown(capsys, "--lang", lang)
    assert max(map(len, page.splitlines())) <= 100
    found = cards(page)
    assert found.keys() == LEVERS.keys()
    headings = ("kind", "range", "written", "default", "cost", "delay", "grade", "acts_on")
    for name, lever in LEVERS.items():
        card = found[name]
        assert card.startswith(f"{name}: {lever.label(lang)} {lever.help(lang)} ")
        for heading in headings:
            assert card.count(f"{i18n.text(f'cli.heading.{heading}', lang)}: ") == 1
        assert lever.kind_words(lang) in card
        assert lever.unit_words(lang) in card
        assert lever.cost_rule(lang) in card
        assert i18n.text(f"reports.grade_{lever.grade.lower()}", lang) in card
        assert card.endswith("; ".join(indicator(moved).label(lang) for moved in lever.acts_on))


@pytest.mark.parametrize(
    ("lever", "lang", "words"),
    [
        ("apbd_poverty_share", "id", "rentang: 0–15%; di berkas skenario: 0..0.15 bawaan: yang"),
        ("apbd_poverty_share", "id", "bawaan: yang dilakukan setiap pemerintah hari ini biaya:"),
        ("apbn_poverty_share", "en", "default: what each government does today cost:"),
        ("topup_coverage", "en", "range: 2–60%; in scenario files: 0.02..0.6 default: 25% cost:"),
        ("pkh_amount", "id", "rentang: 0–3 kali; di berkas skenario: 0..3 bawaan: 1 kali biaya:"),
        ("social_assistance", "en", "range: off or on; in scenario files: false, true default: on"),
        ("political_dialogue", "en", "range: 0–12; in scenario files: 0..12 default: 0 cost:"),
        (
            "welfare_bylaw",
            "id",
            "rentang: 0–2; di berkas skenario: 0..2 bawaan: 0 (tidak ada) biaya:",
        ),
        ("bkkks_standing", "id", "rentang: 0–3; di berkas skenario: 0..3 bawaan: 1 (SK) biaya:"),
        ("bkkks_standing", "en", "evidence grade: D guess expected to move: Coordinating bodies"),
    ],
)
def test_settings_are_written_in_their_unit(
    lever: str, lang: str, words: str, capsys: Capture
) -> None:
    assert words in cards(shown(capsys, lever, "--lang", lang))[lever]


def test_levers_of_the_agreement_come_first(capsys: Capture) -> None:
    lines = shown(capsys, "--lang", "en").splitlines()
    groups = [line for line in lines if "2008 agreement" in line or "planner's own" in line]
    known = sorted({lever.point for lever in LEVERS.values()} - {None})
    assert groups == [
        *(f"Point {point} of the 2008 agreement" for point in known),
        "The planner's own levers, outside the nine points",
    ]
    points = [record["point"] for record in records(capsys)]
    assert points == sorted(points, key=lambda point: point or 10)
    own = lines.index(groups[-1])
    for name, lever in LEVERS.items():
        at = next(i for i, line in enumerate(lines) if line.startswith(f"{name}: "))
        assert (at > own) == (lever.point is None)


def expected(lever: Lever, lang: str) -> dict[str, Any]:
    return {
        "name": lever.name,
        "label": lever.label(lang),
        "help": lever.help(lang),
        "point": lever.point,
        "kind": lever.kind,
        "kind_words": lever.kind_words(lang),
        "unit": lever.unit,
        "unit_words": lever.unit_words(lang),
        "low": lever.low,
        "high": lever.high,
        "default": lever.default,
        "cost": lever.cost,
        "cost_words": lever.cost_rule(lang),
        "grade": lever.grade,
        "acts_on": list(lever.acts_on),
        "acts_on_words": [indicator(name).label(lang) for name in lever.acts_on],
    }


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_records_for_programs(lang: str, capsys: Capture) -> None:
    found = records(capsys, "--lang", lang)
    assert {record["name"] for record in found} == LEVERS.keys()
    for record in found:
        assert tuple(record) == COLUMNS
        assert expected(LEVERS[record["name"]], lang).items() <= record.items()
    rows = list(csv.DictReader(io.StringIO(shown(capsys, "--lang", lang, "--format", "csv"))))
    assert [row["name"] for row in rows] == [record["name"] for record in found]
    for row, record in zip(rows, found, strict=True):
        assert row["acts_on"].split("; ") == record["acts_on"]
        assert row["default"] == ("" if record["default"] is None else str(record["default"]))


def test_costs_have_their_figures_and_levers_their_delay(capsys: Capture) -> None:
    """A round of dialogue has a price, a bylaw its stages, each with the grade of its table."""
    table = parameter_table()
    by_name = {record["name"]: record for record in records(capsys)}
    for record in by_name.values():
        for figure in [*record["cost_figures"], *record["delay"]]:
            row = table[figure["parameter"]]
            assert (figure["value"], figure["unit"], figure["grade"]) == (
                row.value,
                row.unit,
                row.grade,
            )
        if record["cost"] in {"none", "share", "within_share", "programme", "obligation"}:
            continue
        assert bool(record["cost_figures"]) != (record["kind"] == "amount"), record["name"]
    stages = by_name["welfare_bylaw"]["delay"]
    assert [figure["unit"] for figure in stages] == ["months"] * 5
    for lang, said in (
        ("id", "politics.dialogue_cost 50.000.000 rupiah per putaran (D"),
        ("en", "politics.dialogue_cost 50,000,000 rupiah per round (D"),
    ):
        assert (
            said in cards(shown(capsys, "political_dialogue", "--lang", lang))["political_dialogue"]
        )
    card = cards(shown(capsys, "welfare_bylaw", "--lang", "en"))["welfare_bylaw"]
    assert "when it acts: " in card and "21.5 months on average" in card


def test_only_what_was_asked_for(capsys: Capture) -> None:
    names = ["pkh_quota", "apbn_poverty_share", "pkh_quota"]
    assert [record["name"] for record in records(capsys, *names)] == names[1::-1]
    shares = ["apbd_poverty_share", "apbn_poverty_share"]
    assert [record["name"] for record in records(capsys, "--point", "4")] == shares
    assert list(cards(shown(capsys, *names, "--point", "4"))) == ["apbn_poverty_share"]


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_no_lever_of_a_point_is_said_and_no_failure(form: str, capsys: Capture) -> None:
    assert main(["levers", "pkh_quota", "--point", "9", "--format", form, "--lang", "en"]) == 0
    found = capsys.readouterr()
    assert found.err == "No lever matches.\n"
    if form == "json":
        assert json.loads(found.out)["records"] == []
    else:
        assert found.out == ("" if form == "table" else ",".join(COLUMNS) + "\n")


def test_name_that_is_near_no_lever_leads_to_the_list(capsys: Capture) -> None:
    assert main(["levers", "pkh_amount", "qqq", "--lang", "en"]) == 2
    found = capsys.readouterr()
    assert found.out == ""
    assert found.err == "There is no lever qqq. All names: kesos levers. [KS1961]\n"
