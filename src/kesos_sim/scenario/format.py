"""The format of scenario files, declared once.

The checks of `kesos_sim.scenario.load` and the JSON Schema for editors are both made from
`FORMAT`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from kesos_sim import i18n
from kesos_sim.data import read_table
from kesos_sim.data.calibrated import calibrated_versions
from kesos_sim.data.parameters import parameter_table
from kesos_sim.i18n.vocabulary import word
from kesos_sim.scenario.kinds import (
    Choice,
    MonthKind,
    Number,
    Places,
    Schema,
    Switch,
    Text,
    Whole,
    WholeUpTo,
)
from kesos_sim.scenario.lever import Lever
from kesos_sim.scenario.levers import LEVERS, TODAY
from kesos_sim.scenario.nodes import Node
from kesos_sim.scenario.own_data import OwnDataKind
from kesos_sim.scenario.parts import DISASTERS
from kesos_sim.scenario.places import RegionKind
from kesos_sim.scenario.records import Entry, ListOf, Record
from kesos_sim.units import Month

VERSION: Final = 1
MOST_MONTHS: Final = 240
FEWEST_HOUSEHOLDS: Final = 2_000
MOST_HOUSEHOLDS: Final = 80_000_000
MOST_EVENTS: Final = 200
MOST_PROGRAMMES: Final = 8
LARGEST_SEED: Final = 2**31 - 1
FIRST_BASE_YEAR: Final = 2015
LAST_BASE_YEAR: Final = 2024
SURVEY_MONTH: Final = 3

GROWTH: Final = ("forward", "backcast", "none")
STREAMS: Final = ("apbd_province", "apbd_district")
ELIGIBILITY: Final = ("any", "pkh", "elderly", "disabled")
FUNDING_SOURCES: Final = (
    "perjalanan_dinas",
    "belanja_barang",
    "belanja_hibah",
    "belanja_modal",
    "subsidi",
)
NATIONAL_PROGRAMMES: Final = (
    "pkh", "sembako", "raskin", "bst", "blt-desa", "pbi",
)  # fmt: skip
NAME_PATTERN: Final = "^[a-z0-9]+(-[a-z0-9]+)*$"
FILE_PATTERN: Final = r"^[A-Za-z0-9_-][A-Za-z0-9._-]*\.ya?ml$"

HAZARDS: Final = ("income_shock", "price_rise", *DISASTERS)
PROGRAMME_KINDS: Final = ("flat", "pkh_topup")


@cache
def base_months() -> tuple[Month, ...]:
    """Return the months that a world can start in.

    Returns
    -------
    tuple of Month
        Every March from 2015 to 2024 with published poverty, inequality and lines.
    """
    national = read_table("poverty_province").where(bps_code=0, month=SURVEY_MONTH, area="total")
    years = {
        int(row["year"])
        for row in national.rows()
        if FIRST_BASE_YEAR <= row["year"] <= LAST_BASE_YEAR
        and row["poverty_rate_p0"] == row["poverty_rate_p0"]  # NaN is missing
    }
    return tuple(Month(year, SURVEY_MONTH) for year in sorted(years))


@dataclass(frozen=True, slots=True)
class Tagged:
    """A record whose keys depend on one of them.

    Attributes
    ----------
    tag : str
        The key that decides.
    records : mapping of str to Record
        What the record holds for each of its values.
    example : str
        One line that would be right.
    """

    tag: str
    records: Mapping[str, Record]
    example: str

    def check(self, node: Node, places: Places) -> dict[str, Any]:
        """Return the record with every value checked.

        Parameters
        ----------
        node : Node
            What was read.
        places : dict of str to Place
            Filled with the places of all values.

        Returns
        -------
        dict
            Only the keys that were written.
        """
        entries = node.entries or {}
        chosen = next(iter(self.records))
        if self.tag in entries:
            chosen = Choice(lambda: tuple(self.records)).check(entries[self.tag], {})
        return self.records[chosen].check(node, places)

    def schema(self) -> Schema:
        """Return the JSON Schema of the value."""
        options: list[Schema] = []
        for name, record in self.records.items():
            option = record.schema()
            tag = {**option["properties"][self.tag], "const": name}
            tag.pop("enum")
            option["properties"] = {**option["properties"], self.tag: tag}
            options.append(option)
        return {"oneOf": options}


@dataclass(frozen=True, slots=True)
class TodayOr:
    """A number, or the word ``today`` for what each government does now.

    Attributes
    ----------
    number : Number
        The numbers that are allowed.
    """

    number: Number

    def check(self, node: Node, places: Places) -> float | str:
        """Return the number or ``today``.

        Parameters
        ----------
        node : Node
            What was read.
        places : dict of str to Place
            Filled with the place of the value.

        Returns
        -------
        float or str
            The setting.
        """
        if node.value == TODAY:
            places[node.place.field] = node.place
            return TODAY
        return self.number.check(node, places)

    def schema(self) -> Schema:
        """Return the JSON Schema of the value."""
        return {"anyOf": [self.number.schema(), {"const": TODAY}]}


def _described(prefix: str) -> Callable[[str], str]:
    """Return what describes the keys of a record, in both languages."""

    def describe(name: str) -> str:
        key = f"scenario.field_{prefix}{name}"
        return " / ".join(i18n.text(key, lang) for lang in i18n.LANGUAGES)

    return describe


def _record(prefix: str, example: str, **keys: Entry) -> Record:
    """Declare a record; a key that is a word of Python is written with an underscore."""
    named = {name.rstrip("_"): entry for name, entry in keys.items()}
    return Record(lambda: named, example=example, describe=_described(prefix))


_REGION: Final = RegionKind()
_DISTRICT: Final = RegionKind(only_districts=True)
_TITLE: Final = _record(
    "",
    '{id: "Judul", en: "Title"}',
    id=Entry(Text(200), required=True),
    en=Entry(Text(200), required=True),
)
_SETTING_EXAMPLE: Final = "{value: 0.10, from: 2026-01, ramp_months: 36}"


def _setting(lever: Lever) -> Record:
    """Declare the setting of one lever."""
    value: Switch | Number | Whole | TodayOr = Number(lever.low, lever.high)
    if lever.kind == "switch":
        value = Switch()
    elif lever.kind == "step":
        value = Whole(int(lever.low), int(lever.high))
    elif lever.default is None:
        value = TodayOr(Number(lever.low, lever.high))
    return _record(
        "lever_",
        _SETTING_EXAMPLE,
        value=Entry(value),
        from_=Entry(MonthKind()),
        ramp_months=Entry(Whole(0, MOST_MONTHS)),
    )


@cache
def _levers() -> Mapping[str, Entry]:
    return {name: Entry(_setting(lever)) for name, lever in LEVERS.items()}


@cache
def _parameters() -> Mapping[str, Entry]:
    return {name: Entry(Number(row.low, row.high)) for name, row in parameter_table().items()}


def _newest_calibration() -> int:
    return max(calibrated_versions(), default=0)


@cache
def _sources() -> Mapping[str, Entry]:
    return {name: Entry(Number(0.0, 1.0)) for name in FUNDING_SOURCES}


def _describe_lever(name: str) -> str:
    lever = LEVERS[name]
    return " / ".join(f"{lever.label(lang)}. {lever.help(lang)}" for lang in i18n.LANGUAGES)


def _describe_parameter(name: str) -> str:
    row = parameter_table()[name]
    units = dict.fromkeys(word("unit", row.unit, lang) for lang in i18n.LANGUAGES)
    return f"{' / '.join(units)}. {row.value:g} ({row.low:g} – {row.high:g}), {row.grade}"


_LEVERS: Final = Record(
    _levers, "lever", f"pkh_amount: {_SETTING_EXAMPLE}", describe=_describe_lever
)
_SOURCES: Final = Record(
    _sources,
    "source",
    "{perjalanan_dinas: 0.5, belanja_barang: 0.5}",
    describe=_described("source_"),
)
_PARAMETERS: Final = Record(
    _parameters,
    "parameter",
    "{household.propensity_to_consume: 0.5}",
    describe=_describe_parameter,
)


_MONTHS: Final = Entry(Whole(1, MOST_MONTHS), required=True)
_SHARE: Final = Entry(Number(0.0, 1.0), required=True)
_MORE_EXAMPLE: Final = {"months": 6, "share": 0.2}


def _event(hazard: str, most: float, **more: Entry) -> Record:
    """Declare one kind of event."""
    fields = "".join(f", {name}: {_MORE_EXAMPLE[name]}" for name in more)
    return _record(
        "event_",
        f"{{hazard: {hazard}, month: 2027-02{fields}, severity: 0.10}}",
        hazard=Entry(Choice(lambda: HAZARDS), required=True),
        month=Entry(MonthKind(), required=True),
        severity=Entry(Number(0.0, most), required=True),
        **more,
        region=Entry(_REGION),
        district=Entry(_DISTRICT),
    )


_EVENTS: Final = ListOf(
    Tagged(
        "hazard",
        {
            "income_shock": _event("income_shock", 1.0, months=_MONTHS, share=_SHARE),
            "price_rise": _event("price_rise", 0.5, months=_MONTHS),
        }
        | {hazard: _event(hazard, 1.0, share=_SHARE) for hazard in DISASTERS},
        "",
    ),
    MOST_EVENTS,
    "- {hazard: price_rise, month: 2027-02, months: 6, severity: 0.10}",
)


def _programme(kind: str, amount: Number, eligibility: tuple[str, ...]) -> Record:
    """Declare one kind of local programme."""
    return _record(
        "programme_",
        "{name: tambahan-pkh, stream: apbd_province, kind: pkh_topup, amount: 0.25, quota: 50000}",
        name=Entry(Text(40, NAME_PATTERN, ("KS1273", "scenario.bad_name")), required=True),
        title=Entry(_TITLE),
        stream=Entry(Choice(lambda: STREAMS), required=True),
        kind=Entry(Choice(lambda: PROGRAMME_KINDS), required=True),
        amount=Entry(amount, required=True),
        quota=Entry(Whole(1, MOST_HOUSEHOLDS), required=True),
        from_=Entry(MonthKind()),
        to=Entry(MonthKind()),
        eligibility=Entry(Choice(lambda: eligibility)),
        region=Entry(_REGION),
        district=Entry(_DISTRICT),
    )


PROGRAMMES: Final = ListOf(
    Tagged(
        "kind",
        {
            "flat": _programme("flat", Number(1_000.0, 5_000_000.0), ELIGIBILITY),
            "pkh_topup": _programme("pkh_topup", Number(0.01, 3.0), ("pkh",)),
        },
        "",
    ),
    MOST_PROGRAMMES,
    "- {name: tambahan-pkh, stream: apbd_province, kind: pkh_topup, amount: 0.25, quota: 50000}",
)

FORMAT: Final = _record(
    "",
    "",
    schema=Entry(Whole(VERSION, VERSION), required=True),
    name=Entry(Text(64, NAME_PATTERN, ("KS1273", "scenario.bad_name")), required=True),
    title=Entry(_TITLE, required=True),
    extends=Entry(Text(100, FILE_PATTERN, ("KS1274", "scenario.bad_extends"))),
    region=Entry(_REGION),
    start=Entry(MonthKind(base_months)),
    months=Entry(Whole(1, MOST_MONTHS)),
    households=Entry(Whole(FEWEST_HOUSEHOLDS, MOST_HOUSEHOLDS)),
    seed=Entry(Whole(0, LARGEST_SEED)),
    growth=Entry(Choice(lambda: GROWTH)),
    levers=Entry(_LEVERS),
    funding_sources=Entry(_SOURCES),
    calibration=Entry(WholeUpTo(_newest_calibration)),
    parameters=Entry(_PARAMETERS),
    events=Entry(_EVENTS),
    programmes=Entry(PROGRAMMES),
    own_data=Entry(OwnDataKind()),
    anchor=Entry(
        _record(
            "anchor_",
            "{levers: {pkh_amount: {value: 1.1}}}",
            levers=Entry(_LEVERS),
            programmes=Entry(PROGRAMMES),
        )
    ),
)

WORLD_KEYS: Final = ("region", "start", "months", "households", "seed")
