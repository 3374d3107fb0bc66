"""Which column of a list of households holds what: a form that is filled in from the headings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import ipywidgets as widgets  # type: ignore[import-untyped]

from kesos_sim import i18n
from kesos_sim.data.own import ROLES, Problem, propose_mapping
from kesos_sim.data.own.household_rows import look_at
from kesos_sim.data.own.identifiers import identifying
from kesos_sim.data.own.problems import Problems, masked
from kesos_sim.errors import InputError
from kesos_sim.workbench.forms import Form, labelled, listed_field, note

__all__ = ["ColumnsForm"]

_NONE: Final = ""


class ColumnsForm:
    """Choose for everything that is read of a household the column that holds it.

    Parameters
    ----------
    path : Path
        An XLSX or CSV file.
    changed : callable
        Called when another column is chosen.
    lang : str
        ``id`` or ``en``.

    Attributes
    ----------
    chosen : dict of str to str
        Heading by role; begins with what the headings suggest.
    dropped : Counter of str
        Columns that could tell who somebody is, by kind; they are not offered.
    problems : tuple of Problem
        Why the file cannot be read; empty if it can.
    form : Form
        The fields, by role.
    view : ipywidgets.Box
        Everything together.
    """

    def __init__(self, path: Path, changed: Callable[[], None], lang: str) -> None:
        self.lang = lang
        self._changed = changed
        found = Problems()
        headings, samples = look_at(path, found)
        self.problems: tuple[Problem, ...] = tuple(found)
        kinds = [
            identifying(heading, sample) for heading, sample in zip(headings, samples, strict=True)
        ]
        self.dropped = Counter(kind for kind in kinds if kind is not None)
        offered = [
            heading
            for heading, kind in zip(headings, kinds, strict=True)
            if kind is None and heading
        ]
        self.chosen = propose_mapping(headings, samples)
        self.form = Form(self._fields(list(dict.fromkeys(offered))), self._choose)
        grid = widgets.VBox(self.form.views)
        grid.add_class("kesos-traits")
        words = [self._said_dropped(), i18n.text("own_form.columns_what", lang)]
        self.view = widgets.VBox(
            [
                labelled(i18n.text("own_form.columns", lang), lang),
                widgets.HTML("".join(note(one, lang, role="status") for one in words)),
                grid,
            ]
        )
        self._show()

    @property
    def complete(self) -> bool:
        """Whether the list can be read with these columns."""
        return not self._mistakes()

    def _fields(self, headings: Sequence[str]) -> list[Any]:
        none = i18n.text("own_form.columns_none", self.lang)
        options = [(none, _NONE), *((masked(heading), heading) for heading in headings)]
        return [
            listed_field(name, _capital(role.label(self.lang)), options, masked)
            for name, role in ROLES.items()
        ]

    def _choose(self, role: str, heading: object) -> None:
        """Take another column for one thing."""
        if heading == _NONE:
            self.chosen.pop(role, None)
        else:
            self.chosen[role] = str(heading)
        self._show()
        self._changed()

    def _show(self) -> None:
        self.form.show(lambda role: self.chosen.get(role, _NONE), self._mistakes(), self.lang)

    def _mistakes(self) -> dict[str, InputError]:
        """Return what is wrong with the choice, by role."""
        wrong: dict[str, InputError] = {}
        if "size" not in self.chosen:
            wrong["size"] = InputError("KS9124", "own_form.column_needed")
        first: dict[str, str] = {}
        for role in ROLES:
            heading = self.chosen.get(role)
            other = None if heading is None else first.setdefault(heading, role)
            if other is not None and other != role:
                words = {lang: ROLES[other].label(lang) for lang in i18n.LANGUAGES}
                wrong[role] = InputError("KS9125", "own_form.column_twice", other=words)
        return wrong

    def _said_dropped(self) -> str:
        """Say which columns will not be kept."""
        if not self.dropped:
            return i18n.text("own_form.columns_clean", self.lang)
        kinds = ", ".join(
            f"{i18n.text(f'own_data.identifier.{kind}', self.lang)} ({count})"
            for kind, count in sorted(self.dropped.items())
        )
        return i18n.text(
            "own_form.columns_dropped", self.lang, count=self.dropped.total(), kinds=kinds
        )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
