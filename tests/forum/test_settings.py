"""Session settings: the shipped example, the customary values, and messages that help."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from kesos_sim import i18n
from kesos_sim.data.regions import mpu_provinces
from kesos_sim.errors import InputError
from kesos_sim.forum.session import (
    FORMS,
    FORUM_LEVERS,
    PHASES,
    QUESTIONS,
    Session,
    lever_fits,
    levers_of_point,
)
from kesos_sim.forum.settings import load_session
from kesos_sim.scenario.levers import LEVERS, POINTS

HEAD = (
    'forum: 1\ncode: MPU26\ntitle: {id: "Rapat", en: "Meeting"}\n'
    "place: Surabaya\ndate: 2026-11-21\n"
)


def test_shipped_example(session: Session) -> None:
    assert session.provinces == tuple(f"{code:02d}" for code in mpu_provinces())
    assert session.date == dt.date(2026, 11, 21)
    assert sum(phase.minutes for phase in session.phases) == session.form == 150
    assert [phase.name for phase in session.phases] == list(PHASES)
    assert [one.name for one in session.questions] == list(QUESTIONS)
    assert set(session.steps) == set(FORUM_LEVERS)
    assert {name for point in POINTS for name in levers_of_point(point)} == set(FORUM_LEVERS)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_left_out_is_customary(tmp_path: Path, form: int, session: Session) -> None:
    path = tmp_path / "sesi.yaml"
    path.write_text(HEAD + f"form: {form}\n")
    found = load_session(path)
    assert sum(phase.minutes for phase in found.phases) == form
    assert found.steps == session.steps
    assert found.questions == session.questions
    assert found.thresholds == session.thresholds
    assert found.place == {"id": "Surabaya", "en": "Surabaya"}
    assert [one.name["id"] for one in found.tables][:2] == ["Lampung", "DKI Jakarta"]


OWN = """
form: 45
lang: en
attendees: 12
tables: [{province: 53}, {province: 33}]
thresholds: {mufakat: 0.7, near: 0.5, objection: table}
shocks: [price_rise]
steps: {apbd_poverty_share: [0, 0.03, 0.12]}
guesses: [{question: apbd, levers: {apbd_poverty_share: 0.12}}]
"""


def test_what_an_organiser_writes_holds(tmp_path: Path, session: Session) -> None:
    path = tmp_path / "sesi.yaml"
    path.write_text(HEAD + OWN)
    found = load_session(path)
    assert (found.form, found.lang, found.attendees, found.code) == (45, "en", 12, "MPU26")
    assert found.title == {"id": "Rapat", "en": "Meeting"}
    assert [one.code for one in found.tables] == ["53", "33"]
    rule = found.thresholds
    assert (rule.mufakat, rule.near, rule.objection) == (0.7, 0.5, "table")
    assert [str(one) for one in found.shocks] == ["price_rise"]
    assert tuple(found.steps["apbd_poverty_share"]) == (0.0, 0.03, 0.12)
    (question,) = found.questions
    assert (question.name, dict(question.levers)) == ("apbd", {"apbd_poverty_share": 0.12})
    assert found.steps["welfare_bylaw"] == session.steps["welfare_bylaw"], "the rest is customary"


def test_public_settings_are_plain_and_hold_no_address(session: Session) -> None:
    document = session.document()
    assert json.loads(json.dumps(document)) == document
    assert "store" not in document


@pytest.mark.parametrize(
    ("line", "code", "where", "near"),
    [
        ("thresholds: {mufakt: 0.8}", "KS1213", "thresholds.mufakt", "mufakat"),
        ("thresholds: {mufakat: 0.5, near: 0.6}", "KS9307", "thresholds", None),
        ("thresholds: {mufakat: 80%}", "KS1216", "thresholds.mufakat", None),
        ("steps: {welfare_bilaw: [0, 1]}", "KS1269", "steps.welfare_bilaw", "welfare_bylaw"),
        ("steps: {welfare_bylaw: [0, 0.5, 2]}", "KS9312", "steps.welfare_bylaw", None),
        ("steps: {welfare_bylaw: [2, 1]}", "KS9310", "steps.welfare_bylaw", None),
        ("steps: {apbd_poverty_share: [0, 0.5]}", "KS1217", "steps.apbd_poverty_share[1]", None),
        ("tables: [{province: 33}, {province: 33}]", "KS9308", "tables[1].province", None),
        ("tables: [{province: 61}]", "KS9302", "tables[0].province", None),
        ("phases: [{name: agree, minutes: 5}, {name: guess, minutes: 9}]", "KS9309", "phases",
         None),
        ("phases: [{name: gues, minutes: 5}]", "KS1222", "phases[0].name", "guess"),
        ("form: 60", "KS9306", "form", None),
        ("store: postgresql://a:rahasia@db/x", "KS9304", "store", None),
        ("store: x y", "KS9303", "store", None),
        ("shocks: [flod]", "KS1222", "shocks[0]", "flood"),
        ("guesses: [{question: both, levers: {bkkks_standing: 1.5}}]", "KS9312",
         "guesses[0].levers.bkkks_standing", None),
        ("attendees: 0", "KS1217", "attendees", None),
        ("extra: 1", "KS1213", "extra", None),
    ],
)  # fmt: skip
def test_a_mistake_is_named(
    tmp_path: Path, line: str, code: str, where: str, near: str | None
) -> None:
    path = tmp_path / "sesi.yaml"
    path.write_text(HEAD + line + "\n")
    with pytest.raises(InputError) as caught:
        load_session(path)
    error = caught.value
    assert (error.code, error.field, error.line) == (code, where, 6)
    assert error.suggestion == near
    for lang in i18n.LANGUAGES:
        assert str(path)[-9:] in error.text(lang)
        assert "rahasia" not in error.text(lang)


@pytest.mark.parametrize("date", ["21-11-2026", "2026-13-01", "20261121", "besok", "2026-2-1"])
def test_a_date_is_written_one_way(tmp_path: Path, date: str) -> None:
    path = tmp_path / "sesi.yaml"
    path.write_text(HEAD.replace("2026-11-21", date))
    with pytest.raises(InputError) as caught:
        load_session(path)
    assert caught.value.code == "KS9301"


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "KS9313"), ("", "KS9314"), ("- a\n", "KS9315"), ("a: &x 1\nb: *x\n", "KS1209")],
)
def test_other_files_are_refused_in_words_of_the_forum(
    tmp_path: Path, content: str | None, code: str
) -> None:
    path = tmp_path / "sesi.yaml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError) as caught:
        load_session(path)
    assert caught.value.code == code
    assert "skenario" not in caught.value.text("id").lower()


@pytest.mark.parametrize("name", FORUM_LEVERS)
def test_lever_fits_its_range(name: str) -> None:
    lever = LEVERS[name]
    assert lever_fits(name, lever.low)
    assert lever_fits(name, lever.high)
    assert not lever_fits(name, lever.high * 1.01 + 0.01)
    assert not lever_fits(name, float("nan"))
    assert lever_fits(name, 0.1) == (lever.kind not in ("step", "switch") and lever.high > 0.1)
    assert not lever_fits("pkh_amount", 1.0)
