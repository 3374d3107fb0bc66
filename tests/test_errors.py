"""Errors carry code, place and fields, and show hostile text harmlessly."""

from __future__ import annotations

import pickle
import sys
from types import SimpleNamespace

import pytest

from kesos_sim.errors import InputError, KesosError, nearest, shown
from kesos_sim.i18n.bounds import Bounds


def complaint(**fields: object) -> InputError:
    return InputError("KS1001", "units.month", **fields)


def test_message_says_where_what_and_what_instead() -> None:
    error = complaint(
        file="a.yaml", line=7, field="start", got="2024-13", expected="2024-03", suggestion="x"
    )
    text = error.text("en")
    assert text.startswith("a.yaml:7: start: a month is written")
    assert "Found: 2024-13." in text
    assert "Did you mean x?" in text
    assert error.text("id") != text
    assert error.exit_code == 2
    assert (error.file, error.line, error.field) == ("a.yaml", 7, "start")
    assert (error.got, error.expected, error.suggestion) == ("2024-13", "2024-03", "x")


def test_missing_parts_leave_no_gaps() -> None:
    text = complaint().text("en")
    assert text == "a month is written as year-month, for instance 2024-03."
    assert complaint(line=3).text("en").startswith("line 3: ")


def test_default_language_and_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KESOS_LANG", "en")
    assert str(complaint()).endswith("2024-03. [KS1001]")
    monkeypatch.delenv("KESOS_LANG")
    assert str(complaint()).startswith("bulan harus")


@pytest.mark.parametrize(
    ("names", "lang"),
    [({"bahasa": "en"}, "en"), ({}, "id"), ({"bahasa": "xx"}, "id"), (None, "id")],
)
def test_a_notebook_shows_the_message_in_its_language_and_no_traceback(
    names: dict[str, object] | None, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KESOS_LANG", raising=False)
    shell = None if names is None else SimpleNamespace(user_ns=names)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert complaint()._render_traceback_() == [f"{complaint().text(lang)} [KS1001]"]


def test_a_notebook_speaks_of_its_parameter_and_writes_numbers_for_people() -> None:
    wrong = InputError("KS1217", "scenario.range", field="--households", got="80000001",
                       expected=Bounds(2000, 80_000_000))  # fmt: skip
    assert wrong.text("id") == (
        "--households: Di luar batas. Tertulis: 80000001."
        " Yang diharapkan: 2000 \N{EN DASH} 80000000."
    )
    assert wrong.in_notebook("id") == (
        "households: Di luar batas. Tertulis: 80.000.001."
        " Yang diharapkan: 2.000\N{EN DASH}80.000.000."
    )
    assert "80,000,000." in wrong.in_notebook("en")
    wrong = InputError("KS1217", "scenario.range", file="--set", field="levers.x", got="2")
    assert wrong.in_notebook("en") == "levers.x: Out of range. Found: 2."
    share = InputError("KS1217", "scenario.range", file="a.yaml", got="0.2",
                       expected=Bounds(0, 0.15))  # fmt: skip
    assert share.in_notebook("id") == share.text("id"), "a file has the numbers of files"
    month = complaint(field="--start", got="2024-3")
    assert "2024-3" in month.in_notebook("id")


def test_bounds_and_a_number_beyond_them_are_written_for_people() -> None:
    wrong = complaint(got="0.2", expected=Bounds(0, 0.15))
    told = wrong.for_people(lambda value: f"{100 * value:.0f}", "%")
    assert (told.got, told.expected) == ("20%", "0\N{EN DASH}15%")
    for text in ("1_000", "nan", "inf", "1 9,48"):
        assert complaint(got=text, expected=Bounds(0, 1)).for_people(str).got == text
    plain = complaint(got="0.2")
    assert plain.for_people(str) is plain, "without bounds a number may be a part of a name"


def test_errors_travel_between_processes() -> None:
    copy = pickle.loads(pickle.dumps(complaint(file="a", extra=3)))  # noqa: S301
    assert isinstance(copy, InputError)
    assert copy.fields == complaint(file="a", extra=3).fields
    plain = pickle.loads(pickle.dumps(KesosError("KS1001", "units.month")))  # noqa: S301
    assert plain.exit_code == 1
    assert plain.text("en") == complaint().text("en")


def test_hostile_text_is_shown_as_one_short_line() -> None:
    text = complaint(got="x\x1b[31m\n\u202e{lang}" + "y" * 1000).text("en")
    assert "\x1b" not in text
    assert "\n" not in text
    assert "\u202e" not in text
    assert "{lang}" in text
    assert len(text) < 300
    assert shown(b"\x00\xff") == repr(b"\x00\xff")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("apbd_povrty_share", "apbd_poverty_share"),
        ("APBD_POVERTY_SHARE", "apbd_poverty_share"),
        ("zzz", None),
        (12, None),
        ("", None),
        ("a" * 100_000, None),
    ],
)
def test_nearest(name: object, found: str | None) -> None:
    assert nearest(name, ["apbd_poverty_share", "apbn_poverty_share", "audit"]) == found
