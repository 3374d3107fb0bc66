"""Session settings: one YAML file per meeting, checked like a scenario file."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from kesos_sim.data.regions import mpu_provinces, provinces
from kesos_sim.errors import InputError
from kesos_sim.forum.session import (
    FORMS,
    FORUM_LEVERS,
    OBJECTIONS,
    PHASES,
    QUESTIONS,
    SHOCKS,
    Phase,
    Question,
    Session,
    Table,
    Thresholds,
    agenda,
    lever_fits,
)
from kesos_sim.i18n import LANGUAGES
from kesos_sim.scenario.kinds import Choice, Number, Places, Schema, Text, Whole
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.scenario.nodes import Node, Place
from kesos_sim.scenario.records import Entry, ListOf, Record
from kesos_sim.scenario.source import read_scenario_file
from kesos_sim.shipping import shipped

__all__ = ["SETTINGS_VARIABLE", "example_session", "load_session", "shipped_session"]

SETTINGS_VARIABLE: Final = "KESOS_FORUM_SESSION"
"""Environment variable that names the settings file of a meeting."""

VERSION: Final = 1
MOST_ATTENDEES: Final = 1000
_EXAMPLE: Final = "notebooks/forum/sesi.yaml"
_LONGEST_TEXT: Final = 160
_CODE: Final = "^[A-Z0-9][A-Z0-9-]{1,15}$"
_MINUTES: Final = 240
_FEWEST_STEPS, _MOST_STEPS = 2, 4


_STEPS: Final[Mapping[str, tuple[float, ...]]] = MappingProxyType(
    {
        "bkkks_standing": (0.0, 1.0, 2.0, 3.0),
        "political_dialogue": (0.0, 2.0, 4.0, 12.0),
        "partnership_platform": (0.0, 1.0, 2.0, 3.0),
        "apbd_poverty_share": (0.0, 0.05, 0.10, 0.15),
        "apbn_poverty_share": (0.0, 0.05, 0.10, 0.15),
        "social_marketing": (0.0, 1000.0, 2000.0, 10_000.0),
        "regulation_outreach": (0.0, 0.25, 0.5, 1.0),
        "welfare_bylaw": (0.0, 1.0, 2.0),
        "social_obligation": (0.0, 0.25, 0.5, 1.0),
        "aid_for_earners": (0.0, 1.0),
        "interprovince_cooperation": (0.0, 1.0, 2.0),
    }
)

_SHARES: Final = {"apbd_poverty_share": 0.10}
_COORDINATION: Final = {
    "bkkks_standing": 3.0,
    "political_dialogue": 4.0,
    "partnership_platform": 3.0,
    "regulation_outreach": 0.5,
    "welfare_bylaw": 2.0,
    "interprovince_cooperation": 2.0,
}
_QUESTIONS: Final = (
    Question("apbd", MappingProxyType(_SHARES)),
    Question("coordination", MappingProxyType(_COORDINATION)),
    Question("both", MappingProxyType({**_SHARES, **_COORDINATION})),
)


_OTHER_WORDS: Final = {
    "scenario.missing_file": ("KS9313", "forum.missing_file"),
    "scenario.empty": ("KS9314", "forum.empty_file"),
    "scenario.not_a_scenario": ("KS9315", "forum.not_settings"),
}


class _Date:
    """A calendar day, written 2026-11-21."""

    def check(self, node: Node, places: Places) -> dt.date:
        """Return the day."""
        places[node.place.field] = node.place
        try:
            return dt.date.fromisoformat(node.value if len(node.raw) == len("2026-11-21") else "")  # type: ignore[arg-type]
        except (TypeError, ValueError):
            raise node.place.error(
                "KS9301", "forum.not_a_date", got=node.shown, expected="2026-11-21"
            ) from None

    def schema(self) -> Schema:
        """Return the JSON Schema of the value."""
        return {"type": "string", "format": "date"}


class _Words:
    """A text in both languages, or one text for both."""

    def check(self, node: Node, places: Places) -> dict[str, str]:
        """Return the text by language."""
        text = Text(_LONGEST_TEXT)
        if node.entries is None:
            return dict.fromkeys(LANGUAGES, text.check(node, places))
        record = Record(lambda: {lang: Entry(text, required=True) for lang in LANGUAGES})
        return record.check(node, places)

    def schema(self) -> Schema:
        """Return the JSON Schema of the value."""
        return {"anyOf": [{"type": "string"}, {"type": "object"}]}


class _Province:
    """The BPS code of a province, as a number or as text."""

    def check(self, node: Node, places: Places) -> str:
        """Return the code, two digits."""
        known = tuple(f"{code:02d}" for code in mpu_provinces())
        code = node.raw
        if code not in known:
            named = {one.name[lang]: f"{one.code:02d}" for one in provinces().values()
                     for lang in LANGUAGES if one.mpu}  # fmt: skip
            if code not in named:
                raise node.place.error(
                    "KS9302", "forum.unknown_province", got=node.shown, expected=", ".join(known)
                )
            code = named[code]
        places[node.place.field] = node.place
        return code

    def schema(self) -> Schema:
        """Return the JSON Schema of the value."""
        return {"enum": [f"{code:02d}" for code in mpu_provinces()]}


class _Store:
    """The address of a store; passwords come from the environment."""

    def check(self, node: Node, places: Places) -> str:
        """Return the address."""
        address = Text(400).check(node, places)
        try:
            parts = urlsplit(address)
            secret = parts.password is not None
        except ValueError:
            parts, secret = urlsplit(""), False
        if not parts.scheme:
            raise node.place.error(
                "KS9303", "forum.bad_store", got=node.shown, expected="sqlite:///forum.sqlite"
            )
        if secret:
            raise node.place.error("KS9304", "forum.password_in_file")
        return address

    def schema(self) -> Schema:
        """Return the JSON Schema of the value."""
        return {"type": "string"}


def _setting(name: str) -> Entry:
    lever = LEVERS[name]
    return Entry(Number(lever.low, lever.high))


def _levers() -> Mapping[str, Entry]:
    return {name: _setting(name) for name in FORUM_LEVERS}


def _step_lists() -> Mapping[str, Entry]:
    return {
        name: Entry(ListOf(Number(LEVERS[name].low, LEVERS[name].high), _MOST_STEPS, "[0, 1]"))
        for name in FORUM_LEVERS
    }


def _keys() -> Mapping[str, Entry]:
    minutes = Whole(1, _MINUTES)
    share = Number(0.0, 1.0)
    table: Mapping[str, Entry] = {
        "province": Entry(_Province(), required=True),
        "name": Entry(_Words()),
    }
    phase: Mapping[str, Entry] = {
        "name": Entry(Choice(lambda: PHASES), required=True),
        "minutes": Entry(minutes, required=True),
    }
    guess: Mapping[str, Entry] = {
        "question": Entry(Choice(lambda: QUESTIONS), required=True),
        "levers": Entry(Record(_levers, "lever", "{apbd_poverty_share: 0.10}"), required=True),
    }
    thresholds: Mapping[str, Entry] = {
        "mufakat": Entry(share),
        "near": Entry(share),
        "objection": Entry(Choice(lambda: OBJECTIONS)),
    }
    return {
        "forum": Entry(Whole(VERSION, VERSION), required=True),
        "code": Entry(Text(16, _CODE, ("KS9305", "forum.bad_code")), required=True),
        "title": Entry(_Words(), required=True),
        "place": Entry(_Words(), required=True),
        "date": Entry(_Date(), required=True),
        "form": Entry(Whole(min(FORMS), max(FORMS))),
        "lang": Entry(Choice(lambda: LANGUAGES)),
        "region": Entry(Choice(lambda: ("mpu",))),
        "tables": Entry(ListOf(Record(lambda: table), 10, "[{province: 33}]")),
        "phases": Entry(ListOf(Record(lambda: phase), len(PHASES), "[{name: guess, minutes: 15}]")),
        "shocks": Entry(ListOf(Choice(lambda: SHOCKS), len(SHOCKS), "[flood]")),
        "thresholds": Entry(Record(lambda: thresholds, example="{mufakat: 0.8, near: 0.6}")),
        "steps": Entry(Record(_step_lists, "lever", "{welfare_bylaw: [0, 1, 2]}")),
        "guesses": Entry(ListOf(Record(lambda: guess), len(QUESTIONS))),
        "attendees": Entry(Whole(1, MOST_ATTENDEES)),
        "store": Entry(_Store()),
    }


_FORMAT: Final = Record(_keys)


def load_session(path: str | os.PathLike[str]) -> Session:
    """Read the settings of a meeting.

    Parameters
    ----------
    path : path-like
        The YAML file.

    Returns
    -------
    Session
        Complete and consistent.

    Raises
    ------
    InputError
        With file, line and field of the first thing that is wrong, what is expected and the
        nearest valid name.

    Examples
    --------
    >>> load_session("notebooks/forum/sesi.yaml").code
    'MPU26'
    """
    node = _read(Path(path))
    places: Places = {}
    data = _FORMAT.check(node, places)
    return _built(data, places)


@cache
def example_session() -> Session:
    """Return the settings that are shipped, or those that the environment names.

    Returns
    -------
    Session
        Of the file named by `SETTINGS_VARIABLE`, else of ``notebooks/forum/sesi.yaml``.
    """
    named = os.environ.get(SETTINGS_VARIABLE, "").strip()
    return load_session(named) if named else shipped_session()


def shipped_session() -> Session:
    """Return the settings that came with the package.

    Returns
    -------
    Session
        Of ``notebooks/forum/sesi.yaml``.
    """
    found = shipped(_EXAMPLE)
    if found is None:
        raise InputError("KS9316", "forum.no_settings", file=_EXAMPLE)
    return load_session(found)


def _read(path: Path) -> Node:
    """Read the file; what would speak of scenarios speaks of session settings."""
    try:
        return read_scenario_file(path)
    except InputError as error:
        if error.key not in _OTHER_WORDS:
            raise
        code, key = _OTHER_WORDS[error.key]
        raise Place(str(path), error.line).error(
            code, key, got=error.got, suggestion=error.suggestion
        ) from None


def _built(data: Mapping[str, Any], places: Places) -> Session:
    """Make a session of values that are right one by one."""
    form = data.get("form", FORMS[0])
    if form not in FORMS:
        raise places["form"].error(
            "KS9306", "forum.bad_form", got=form, expected=", ".join(map(str, FORMS))
        )
    thresholds = Thresholds(**data.get("thresholds", {}))
    if thresholds.near > thresholds.mufakat:
        raise places["thresholds"].error("KS9307", "forum.thresholds_cross")
    return Session(
        code=data["code"],
        title=data["title"],
        place=data["place"],
        date=data["date"],
        form=form,
        lang=data.get("lang", LANGUAGES[0]),
        region=data.get("region", "mpu"),
        tables=_tables(data.get("tables", []), places),
        phases=_phases(data.get("phases"), form, places),
        shocks=tuple(dict.fromkeys(data.get("shocks", SHOCKS))),
        thresholds=thresholds,
        steps=MappingProxyType({**_STEPS, **_steps(data.get("steps", {}), places)}),
        questions=_questions(data.get("guesses"), places),
        attendees=data.get("attendees", 150),
        store=data.get("store", ""),
    )


def _tables(written: list[dict[str, Any]], places: Places) -> tuple[Table, ...]:
    """Return the tables that are written, or one for each province of the region."""
    rows = written or [{"province": f"{code:02d}"} for code in mpu_provinces()]
    found: dict[str, Table] = {}
    for index, row in enumerate(rows):
        code = row["province"]
        if code in found:
            raise places[f"tables[{index}].province"].error("KS9308", "forum.table_twice", got=code)
        name = row.get("name") or provinces()[int(code)].name
        found[code] = Table(code, code, MappingProxyType(dict(name)))
    return tuple(found.values())


def _phases(written: list[dict[str, Any]] | None, form: int, places: Places) -> tuple[Phase, ...]:
    """Return the phases that are written in the order of a meeting, or the customary ones."""
    if written is None:
        return agenda(form)
    names = [one["name"] for one in written]
    if not names or names != sorted(set(names), key=PHASES.index):
        raise places["phases"].error(
            "KS9309", "forum.phases_order", got=", ".join(names), expected=", ".join(PHASES)
        )
    return tuple(Phase(one["name"], one["minutes"]) for one in written)


def _steps(written: Mapping[str, list[float]], places: Places) -> dict[str, tuple[float, ...]]:
    """Return the settings of levers from none to full."""
    for name, values in written.items():
        place = places[f"steps.{name}"]
        rising = all(low < high for low, high in pairwise(values))
        if not _FEWEST_STEPS <= len(values) <= _MOST_STEPS or not rising:
            raise place.error("KS9310", "forum.steps_order", fewest=_FEWEST_STEPS, most=_MOST_STEPS)
        _fitting(name, values, place)
    return {name: tuple(values) for name, values in written.items()}


def _questions(written: list[dict[str, Any]] | None, places: Places) -> tuple[Question, ...]:
    """Return what is predicted."""
    if written is None:
        return _QUESTIONS
    found: dict[str, Question] = {}
    for index, one in enumerate(written):
        name, place = one["question"], places[f"guesses[{index}].question"]
        if name in found:
            raise place.error("KS9311", "forum.question_twice", got=name)
        for lever, value in one["levers"].items():
            _fitting(lever, [value], places[f"guesses[{index}].levers.{lever}"])
        found[name] = Question(name, MappingProxyType(dict(one["levers"])))
    return tuple(found.values())


def _fitting(name: str, values: list[float], place: Place) -> None:
    """Refuse a setting between the steps of a lever."""
    for value in values:
        if not lever_fits(name, value):
            raise _between(name, value, place)


def _between(name: str, value: float, place: Place) -> InputError:
    high = int(LEVERS[name].high)
    expected = ", ".join(map(str, range(int(LEVERS[name].low), high + 1)))
    return place.error("KS9312", "forum.between_steps", got=value, expected=expected)
