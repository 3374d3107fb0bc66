"""The one declaration of sheets and columns: template, importer and help are made from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from kesos_sim import i18n

__all__ = [
    "AREAS",
    "BUDGET",
    "GUIDE",
    "GUIDE_FIELDS",
    "LAYOUT",
    "MOST_ROWS",
    "OF_A_YEAR",
    "ORGANISATIONS",
    "PROGRAMMES",
    "QUALITIES",
    "Column",
    "Sheet",
    "acts",
    "plain",
    "unit_of",
]

Kind = Literal["region", "text", "number", "whole", "choice", "month", "year"]

AREAS: Final = ("urban", "rural", "total")
BUDGET: Final = (
    "total",
    "passed_on",
    "poverty",
    "movable",
    "village_fund",
    "travel",
    "goods",
    "grants",
    "capital",
    "subsidies",
    "staff",
)
"""Lines of a budget; only the first five are read by the model."""
OF_A_YEAR: Final = ("p0", "p1", "p2", "line", "gini", "mean", "persons")
"""Measures that the model reads of the base year alone; analyses read them of every year."""
ORGANISATIONS: Final = (
    "lks",
    "wksbm",
    "tksk",
    "psm",
    "pendamping_pkh",
    "penyuluh",
    "pekerja_sosial",
    "karang_taruna",
    "lk3",
    "tagana",
)
"""Bodies and helpers; the model has no separate number of the last."""
PROGRAMMES: Final = ("PKH", "SEMBAKO", "BLT_DESA", "PBI")
QUALITIES: Final = ("official", "secondary", "estimate", "own")
PAYERS: Final = ("apbd_province", "apbd_district")
FORMS: Final = ("flat", "pkh_topup")
WHO: Final = ("any", "pkh", "elderly", "disabled")

GUIDE: Final = "guide"
GUIDE_FIELDS: Final = ("title", "source", "maker", "year")
"""What the planner says about the file as a whole; only the source is indispensable."""
MOST_ROWS: Final = 20_000
_LARGEST: Final = 1e15
_FIRST_YEAR, _LAST_YEAR = 2010, 2045
_DISTRICTS_FROM: Final = 100


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet.

    Attributes
    ----------
    name : str
        Name in code and in CSV; its title and help are texts of the catalogue.
    kind : str
        What a cell holds.
    unit : str
        Name of the unit in the catalogue; empty where there is none.
    low, high : float
        Range of a number, ends included.
    required : bool
        Whether a row without it means nothing.
    choices : tuple of str
        The only values, by their names in code.
    example : str
        What would be right, as a planner types it in Indonesia.
    measure : str
        Figure that a number becomes; empty for a column that describes the row.
    decimals : int
        Digits after the decimal sign in the template.
    whole_percent : bool
        Whether numbers between 0 and 1 are taken for a fraction that was meant as a percentage.
    """

    name: str
    kind: Kind
    unit: str = ""
    low: float = 0.0
    high: float = 0.0
    required: bool = False
    choices: tuple[str, ...] = ()
    example: str = ""
    measure: str = ""
    decimals: int = 0
    whole_percent: bool = False

    def title(self, lang: str) -> str:
        """Return the heading without unit.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            As it stands in the template.
        """
        return i18n.text(f"own_data.column.{self.name}.title", lang)

    def heading(self, lang: str) -> str:
        """Return the heading with its unit in brackets.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            As it stands in the template.
        """
        if not self.unit:
            return self.title(lang)
        return f"{self.title(lang)} ({i18n.text(f'own_data.unit.{self.unit}', lang)})"

    def help(self, lang: str) -> str:
        """Return what the column is for.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            One or two sentences.
        """
        return i18n.text(f"own_data.column.{self.name}.help", lang)

    def choice_words(self, choice: str, lang: str) -> str:
        """Return the word for one of the choices.

        Parameters
        ----------
        choice : str
            One of `choices`.
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            As it stands in the template.
        """
        return i18n.text(f"own_data.choice.{self.name}.{choice.lower()}", lang)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of figures.

    Attributes
    ----------
    name : str
        Name in code; its titles are the names of sheets and CSV files.
    columns : tuple of Column
        In order.
    key : tuple of str
        Columns that together name a row.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    def title(self, lang: str) -> str:
        """Return the name of the sheet and of its CSV file.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            Small letters.
        """
        return i18n.text(f"own_data.sheet.{self.name}.title", lang)

    def help(self, lang: str) -> str:
        """Return what the sheet is for and what its figures do in the model.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            Some sentences.
        """
        return i18n.text(f"own_data.sheet.{self.name}.help", lang)

    @property
    def figures(self) -> tuple[Column, ...]:
        """The columns whose numbers become figures of the model."""
        return tuple(column for column in self.columns if column.measure)

    @property
    def parts(self) -> Column | None:
        """The column that says which part of a measure a row holds."""
        return next((c for c in self.columns if c.name in ("area", "item", "body", "scheme")), None)


_REGION: Final = Column("region", "region", required=True, example="3316")
_PLACE: Final = Column("place", "text", example="Kabupaten Blora")
_TAIL: Final = (
    Column("year", "year", low=_FIRST_YEAR, high=_LAST_YEAR, required=True, example="2024"),
    Column("source", "text", example="Dinas Sosial, pendataan Maret 2024"),
    Column("quality", "choice", choices=QUALITIES, example="data sendiri"),
)


def _number(
    name: str, unit: str, low: float, high: float, example: str, decimals: int = 0
) -> Column:
    """Declare a column of figures."""
    kind: Kind = "number" if decimals else "whole"
    return Column(
        name, kind, unit, low, high, example=example, measure=name, decimals=decimals,
        whole_percent=name == "p0",
    )  # fmt: skip


def _choice(name: str, choices: tuple[str, ...], example: str) -> Column:
    """Declare a column of choices that every row needs."""
    return Column(name, "choice", required=True, choices=choices, example=example)


def _sheet(name: str, part: Column, *figures: Column) -> Sheet:
    """Declare a sheet with one row for each region and part, and year where years are read."""
    yearly = ("year",) if any(column.measure in OF_A_YEAR for column in figures) else ()
    return Sheet(name, (_REGION, _PLACE, part, *figures, *_TAIL), ("region", part.name, *yearly))


LAYOUT: Final[Mapping[str, Sheet]] = {
    sheet.name: sheet
    for sheet in (
        _sheet(
            "poverty",
            _choice("area", AREAS, "perkotaan"),
            _number("p0", "percent", 0.1, 80.0, "9,36", 2),
            _number("p1", "percent", 0.01, 50.0, "1,42", 2),
            _number("p2", "percent", 0.005, 40.0, "0,33", 2),
            _number("line", "rupiah_person_month", 100_000.0, 10_000_000.0, "524188"),
            _number("gini", "gini", 0.1, 0.8, "0,374", 3),
            _number("mean", "rupiah_person_month", 200_000.0, 50_000_000.0, "1325000"),
        ),
        _sheet(
            "population",
            _choice("area", AREAS, "total"),
            _number("persons", "persons", 1_000.0, 100_000_000.0, "912400"),
            _number("household_size", "persons", 1.0, 10.0, "3,4", 2),
        ),
        _sheet(
            "budget",
            _choice("item", BUDGET, "belanja total"),
            _number("amount", "rupiah", 0.0, _LARGEST, "2450000000000"),
        ),
        _sheet(
            "organisations",
            _choice("body", ORGANISATIONS, "LKS"),
            _number("number", "number", 0.0, 100_000.0, "37"),
        ),
        _sheet(
            "programmes",
            _choice("scheme", PROGRAMMES, "PKH"),
            _number("recipients", "recipients", 0.0, 50_000_000.0, "38120"),
        ),
        Sheet(
            "topups",
            (
                Column("label", "text", required=True, example="Tambahan PKH lansia"),
                _REGION,
                _PLACE,
                Column("payer", "choice", required=True, choices=PAYERS, example="APBD provinsi"),
                Column("form", "choice", required=True, choices=FORMS, example="uang tetap"),
                Column("benefit", "number", "benefit", 1.0, 5_000_000.0, True, example="150000"),
                Column("quota", "whole", "households", 1.0, 80_000_000.0, True, example="12000"),
                Column("who", "choice", choices=WHO, example="lanjut usia"),
                Column("first", "month", example="2024-03"),
                Column("last", "month", example="2026-12"),
                *_TAIL[1:],
            ),
            ("label",),
        ),
    )
}
"""Sheets by name, in the order of the template."""

_UNIT_OF: Final[Mapping[str, str]] = {
    column.measure: column.unit for sheet in LAYOUT.values() for column in sheet.figures
}


def unit_of(measure: str) -> str:
    """Return the unit of a measure.

    Parameters
    ----------
    measure : str
        Name of a figure.

    Returns
    -------
    str
        Name of the unit in the catalogue.
    """
    return _UNIT_OF[measure]


def acts(measure: str, part: str, region: int) -> bool:
    """Return whether the model reads a figure.

    Parameters
    ----------
    measure : str
        Column of figures.
    part : str
        Area, line of the budget, kind of body or programme.
    region : int
        BPS code of a province or district.

    Returns
    -------
    bool
        False for figures that are kept, but change nothing yet.
    """
    of_district = region >= _DISTRICTS_FROM
    if measure == "household_size":
        return of_district and part == "total"
    if measure == "amount":
        return part in BUDGET[:4] or (part == "village_fund" and of_district)
    if measure == "number":
        return part != "tagana"
    if measure == "recipients":
        return True
    if of_district:
        return part == "total" and measure in ("p0", "line", "persons")
    return not (measure == "line" and part == "total")


def plain(text: object) -> str:
    """Reduce a heading, a sheet's name or a choice to what matters.

    Parameters
    ----------
    text : object
        As somebody typed it.

    Returns
    -------
    str
        Small letters and digits, single spaces; without a unit in brackets.
    """
    bare = re.sub(r"\([^)]*\)", " ", str(text)).casefold()
    return re.sub(r"[^a-z0-9]+", " ", bare).strip()
