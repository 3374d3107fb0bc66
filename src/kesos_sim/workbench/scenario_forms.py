"""Parts of the editor of a scenario: the simulated world, the sources of money, the strengths."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import ipywidgets as widgets  # type: ignore[import-untyped]

from kesos_sim import i18n
from kesos_sim.data.parameters import parameter_table
from kesos_sim.errors import InputError
from kesos_sim.scenario.coordination import STRENGTHS
from kesos_sim.scenario.format import FUNDING_SOURCES, base_months
from kesos_sim.scenario.places import NAMED
from kesos_sim.workbench.editing import Editing
from kesos_sim.workbench.forms import Field, Form, listed_field, note, typing
from kesos_sim.workbench.lever_choice import number_field
from kesos_sim.workbench.region_picker import RegionPicker
from kesos_sim.workbench.values import as_typed, month_words, unit_of

__all__ = ["StrengthForm", "region_field", "sources_form", "world_form"]

Changed = Callable[[str, object], None]

_SHOWN_STRENGTHS: Final = 6
_WIDE: Final = widgets.Layout(width="auto")


def world_form(changed: Changed, lang: str) -> Form:
    """Return the form of names, base month, length, sample and seed.

    Parameters
    ----------
    changed : callable
        Called with field and value.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Form
        Names first; the region has a control of its own.
    """
    texts = [
        Field(
            name,
            typing(i18n.text(f"planner.field_{name.replace('.', '_')}", lang)),
            str.strip,
            lambda value: "" if value is None else str(value),
            note(i18n.text("planner.name_note", lang), lang) if name == "name" else "",
        )
        for name in ("title.id", "title.en", "name")
    ]
    months = [(month_words(str(month), lang), str(month)) for month in base_months()]
    start = listed_field("start", i18n.text("scenario.word_start", lang), months)
    counts = [
        number_field(name, typing(_labelled(name, lang)), lang)
        for name in ("months", "households", "seed")
    ]
    return Form([*texts, start, *counts], changed)


def _labelled(name: str, lang: str) -> str:
    """Return the label of a count, with its unit where it needs one."""
    label = i18n.text(f"scenario.word_{name}", lang)
    return f"{label} ({unit_of(name, lang)})" if name == "months" else label


def region_field(editing: Editing, changed: Changed, lang: str) -> tuple[RegionPicker, Any]:
    """Return the control of the region, and a place for its problem.

    Parameters
    ----------
    editing : Editing
        What is edited.
    changed : callable
        Called with field and value.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of RegionPicker and ipywidgets.HTML
    """
    region = editing.value("region")
    written = ",".join(map(str, region)) if isinstance(region, list) else str(region)
    picker = RegionPicker(written, lang)

    def told(change: Mapping[str, Any]) -> None:
        chosen = change["new"]
        new = chosen if chosen in NAMED else [int(code) for code in chosen.split(",")]
        if new != editing.value("region"):
            changed("region", new)

    picker.observe(told, "value")
    return picker, widgets.HTML()


def sources_form(changed: Changed, lang: str) -> Form:
    """Return the form of the budget lines that new money for the poor is taken from.

    Parameters
    ----------
    changed : callable
        Called with field and value.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Form
        A typed percentage for each line.
    """
    fields = []
    for name in FUNDING_SOURCES:
        field = f"funding_sources.{name}"
        words = i18n.text(f"scenario.field_source_{name}", lang)
        label = f"{words} ({unit_of(field, lang)})"
        fields.append(number_field(field, typing(label, example="0"), lang))
    return Form(fields, changed)


class StrengthForm:
    """The strengths of coordination: one is chosen from a list and typed.

    Parameters
    ----------
    editing : Editing
        What is edited.
    changed : callable
        Called with field and value.
    lang : str
        ``id`` or ``en``.

    Attributes
    ----------
    chosen : ipywidgets.Select
        The strengths, those that differ from the table marked.
    zero : ipywidgets.Button
        Sets all of them to zero, so that coordination changes nothing.
    usual : ipywidgets.Button
        Sets all of them to the values of the table.
    view : ipywidgets.VBox
        Everything together.
    """

    def __init__(self, editing: Editing, changed: Changed, lang: str) -> None:
        self.editing = editing
        self.lang = lang
        self._changed = changed
        self._listing = False
        self.chosen = widgets.Select(
            description=i18n.text("planner.strength", lang), rows=_SHOWN_STRENGTHS, layout=_WIDE
        )
        self.zero, self.usual = (
            widgets.Button(description=i18n.text(f"planner.{key}", lang), layout=_WIDE)
            for key in ("all_zero", "all_usual")
        )
        self.form: Form | None = None
        self._name = STRENGTHS[0]
        self._box = widgets.VBox()
        buttons = widgets.HBox([self.zero, self.usual])
        buttons.add_class("kesos-buttons")
        self.view = widgets.VBox([self.chosen, self._box, buttons])
        self.chosen.observe(lambda change: self._pick(change["new"]), "value")
        self.zero.on_click(lambda _: self._set_all(0.0))
        self.usual.on_click(lambda _: self._set_all(None))

    def show(self, problems: Mapping[str, InputError]) -> list[str]:
        """Show the state.

        Parameters
        ----------
        problems : mapping of str to InputError
            What is wrong, by field.

        Returns
        -------
        list of str
            The fields of the problems that are shown here.
        """
        options = [(self._line(name), name) for name in STRENGTHS]
        self._listing = True
        if list(self.chosen.options) != options:
            self.chosen.options = options
        self.chosen.value = self._name
        self._listing = False
        if self.form is None:
            self.form = self._made()
            self._box.children = self.form.views
        return self.form.show(self.editing.value, problems, self.lang)

    def _made(self) -> Form:
        """Return the form of the strength that is chosen."""
        field, row = f"parameters.{self._name}", parameter_table()[self._name]
        unit = unit_of(field, self.lang)
        ends = [as_typed(field, end, self.lang) for end in (row.low, row.high)]
        about = i18n.text(
            "planner.strength_about",
            self.lang,
            note=row.note_id if self.lang == "id" else row.note,
            usual=as_typed(field, row.value, self.lang),
            low=ends[0],
            high=ends[1],
            unit=unit,
            grade=i18n.text(f"reports.grade_{row.grade.lower()}", self.lang),
        )
        control = typing(f"{i18n.text('planner.strength_value', self.lang)} ({unit})")
        control.placeholder = as_typed(field, row.value, self.lang)
        made = number_field(field, control, self.lang)
        made.view.children = [control, widgets.HTML(note(about, self.lang)), made.problem]
        return Form([made], self._changed)

    def _line(self, name: str) -> str:
        """Return the line of a strength: mark, what it is, and its value."""
        field, row = f"parameters.{name}", parameter_table()[name]
        value = self.editing.value(field)
        shown = as_typed(field, row.value if value is None else value, self.lang)
        words = i18n.text(f"planner.strength_{name.replace('.', '_')}", self.lang)
        mark = "○" if value is None else "●"
        return f"{mark} {words}: {shown} {unit_of(field, self.lang)}"

    def _pick(self, name: str | None) -> None:
        if not self._listing and name is not None and name != self._name:
            self._name, self.form = name, None
            self.show(self.editing.problems)

    def _set_all(self, value: float | None) -> None:
        self.editing.set_all({f"parameters.{name}": value for name in STRENGTHS})
