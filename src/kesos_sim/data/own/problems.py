"""What is wrong with a file, as data: every problem with its place and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from kesos_sim import i18n
from kesos_sim.errors import shown
from kesos_sim.i18n import numbers

__all__ = ["CODES", "COLUMNS", "MOST_PROBLEMS", "Problem", "Problems", "masked"]

MOST_PROBLEMS: Final = 500
"""Problems that are kept; the others are counted."""
COLUMNS: Final = ("code", "sheet", "row", "column", "found", "expected", "action")
"""Columns of the table of problems."""
_GENERAL_DIGITS: Final = 12
_NOTHING: Final = ("", numbers.EN_DASH)
"""What stands for the nearest that is allowed where nothing is near."""

CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        name: f"KS60{number:02d}"
        for number, name in enumerate(
            (
                "missing_file", "not_a_file", "too_large", "not_a_workbook", "macros",
                "external_links", "unpacks_too_large", "damaged", "entities", "not_utf8",
                "not_csv", "no_sheet", "unknown_sheet", "hidden_sheet", "double_sheet",
                "merged_cells", "two_headers", "no_header", "missing_column", "unknown_column",
                "double_column", "too_many_rows", "formula", "formula_text", "error_cell",
                "not_number", "ambiguous", "out_of_range", "fraction", "date_cell",
                "not_whole", "unknown_region", "other_place", "unknown_choice", "missing_value",
                "bad_text", "identifier", "bad_month", "area_of_other_year", "beyond_header",
                "double_row", "impossible", "other_total", "more_than_total", "no_source",
                "no_such_area", "months_order", "too_many_figures", "no_figure",
                "bad_base_year", "personal_column", "missing_role", "members_differ",
                "unknown_district", "missing_package", "no_households", "other_unit",
                "kemendagri_code",
            ),
            start=1,
        )
    }
)  # fmt: skip
"""Stable code of every kind of problem."""

_LONG_NUMBER: Final = re.compile(r"(?:\+62|(?<!\d)0)8\d{7,11}(?!\d)|\d(?:[ .-]?\d){15}")
# Looked for only where a word begins: from every letter of a long text would take minutes.
_EMAIL: Final = re.compile(r"(?<![^\s@])[^\s@]+@[^\s@]+\.[a-z]{2,}", re.IGNORECASE)


def masked(text: object) -> str:
    """Return a text as a message may show it: without numbers of people, phones and e-mails.

    Parameters
    ----------
    text : object
        Content of a cell.

    Returns
    -------
    str
        One printable line.

    Examples
    --------
    >>> masked("NIK " + 16 * "9"), masked("Blora")
    ('NIK •••', 'Blora')
    """
    line = _EMAIL.sub("•••", _LONG_NUMBER.sub("•••", str(text)))
    return shown(line)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes
    ----------
    kind : str
        A key of `CODES`.
    sheet : str
        Sheet or file; empty for the file as a whole.
    row : int or None
        Row as the spreadsheet counts it.
    column : str
        Letter and heading, or heading alone; empty for a whole row.
    fields : mapping of str to object
        What the texts need; a mapping with ``id`` and ``en`` is a text in both languages.
    """

    kind: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """Stable code, for instance ``KS6026``."""
        return CODES[self.kind]

    def found(self, lang: str) -> str:
        """Return what was found.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            Words; numbers of people, phones and e-mails are hidden.
        """
        return self._say("found", lang)

    def expected(self, lang: str) -> str:
        """Return what was expected.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            Words.
        """
        return self._say("expected", lang)

    def action(self, lang: str) -> str:
        """Return what to do.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            A sentence.
        """
        return self._say("action", lang)

    def record(self, lang: str) -> dict[str, object]:
        """Return the problem as one row of a table.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        dict of str to object
            The `COLUMNS`; the row is None where there is none.
        """
        return {
            "code": self.code,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "found": self.found(lang),
            "expected": self.expected(lang),
            "action": self.action(lang),
        }

    def _say(self, part: str, lang: str) -> str:
        fields = {name: _said(value, lang) for name, value in self.fields.items()}
        alone = part == "action" and fields.get("near") in _NOTHING
        key = f"own_data.problem.{self.kind}.{part}{'_alone' if alone else ''}"
        return i18n.text(key, lang, **fields)


@dataclass
class Problems:
    """A list of problems that stays bearable.

    Attributes
    ----------
    kept : list of Problem
        At most `MOST_PROBLEMS`, in the order found.
    count : int
        All of them.
    """

    kept: list[Problem] = field(default_factory=list)
    count: int = 0

    def add(
        self,
        kind: str,
        sheet: str = "",
        row: int | None = None,
        column: str = "",
        **fields: object,
    ) -> None:
        """Note one problem.

        Parameters
        ----------
        kind : str
            A key of `CODES`.
        sheet, row, column
            Its place, as in `Problem`.
        **fields : object
            What its texts need.
        """
        self.count += 1
        if len(self.kept) < MOST_PROBLEMS:
            self.kept.append(Problem(kind, sheet, row, column, fields))

    def __bool__(self) -> bool:
        """Return whether there is any."""
        return self.count > 0

    def __iter__(self) -> Iterator[Problem]:
        """Go through those that are kept, sheet by sheet and row by row."""
        order: dict[str, int] = {}
        for problem in self.kept:
            order.setdefault(problem.sheet, len(order))
        return iter(sorted(self.kept, key=lambda one: (order[one.sheet], one.row or 0)))


def _said(value: object, lang: str) -> str:
    """Return one field in words."""
    if isinstance(value, Mapping):
        # Our own words in both languages: bounds of what is allowed may be long numbers.
        return shown(value[lang])
    if isinstance(value, float):
        written = f"{value:.{_GENERAL_DIGITS}g}"
        decimals = len(written.partition(".")[2]) if "e" not in written else 0
        return numbers.number(value, lang, decimals) if "e" not in written else written
    return masked(value)
