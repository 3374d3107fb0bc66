"""Fields of a form: a native control with its label, a note, and its problem below it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final

import ipywidgets as widgets  # type: ignore[import-untyped]

from kesos_sim.errors import InputError
from kesos_sim.workbench.values import as_typed, in_percent, unit_of

__all__ = ["Field", "Form", "choice", "labelled", "listed_field", "note", "problem_words", "typing"]

_WIDE: Final = widgets.Layout(width="auto")
_BEYOND: Final = ("KS1217", "scenario.range")
_PERCENT: Final = "KS1272"
"""A number beyond its bounds, and one that may have been meant as percent."""


def typing(label: str, *, example: str = "") -> Any:
    """Return a control for one line of text that reports when it is left or Enter is pressed.

    Parameters
    ----------
    label : str
        Its label.
    example : str
        Shown while it is empty.

    Returns
    -------
    ipywidgets.Text
    """
    return widgets.Text(
        description=label, placeholder=example, continuous_update=False, layout=_WIDE
    )


def choice(label: str, options: Sequence[tuple[str, Any]]) -> Any:
    """Return a control for one of a few values.

    Parameters
    ----------
    label : str
        Its label.
    options : sequence of (str, object)
        Words and values.

    Returns
    -------
    ipywidgets.Dropdown
    """
    return widgets.Dropdown(description=label, options=list(options), layout=_WIDE)


def note(words: str, lang: str, kind: str = "quiet", role: str = "") -> str:
    """Return a paragraph below a control.

    Parameters
    ----------
    words : str
        Plain text.
    lang : str
        ``id`` or ``en``.
    kind : str
        Class of its look.
    role : str
        ``alert`` or ``status`` to have it read out.

    Returns
    -------
    str
        HTML, escaped; empty for no words.
    """
    if not words:
        return ""
    sign = "⚠ " if kind == "error" else ""
    said = f' role="{role}"' if role else ""
    return f'<p class="{kind}"{said} lang="{lang}">{sign}{escape(words)}</p>'


def labelled(words: str, lang: str, level: int = 3) -> Any:
    """Return a heading as a widget.

    Parameters
    ----------
    words : str
        Plain text.
    lang : str
        ``id`` or ``en``.
    level : int
        Level of the heading.

    Returns
    -------
    ipywidgets.HTML
    """
    return widgets.HTML(f'<h{level} lang="{lang}">{escape(words)}</h{level}>')


def problem_words(error: InputError, lang: str) -> str:
    """Return what is wrong without the name of the field beside which it is said.

    Numbers are written as people read and type them in that field, not as a file has them.

    Parameters
    ----------
    error : InputError
        What a loader says.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        One line.
    """
    known: dict[str, Any] = error.fields | {"file": None, "line": None, "field": None}
    field = error.field
    if field is None:
        return InputError(error.code, error.key, **known).text(lang)
    percent = in_percent(field)
    # Where percent are typed nobody has to be told that a file has fractions.
    code, key = _BEYOND if percent and error.code == _PERCENT else (error.code, error.key)
    wrong = InputError(code, key, **known)
    unit = f" {unit_of(field, lang)}" if percent else ""
    return wrong.for_people(lambda value: as_typed(field, value, lang), unit).text(lang)


class Field:
    """One control of a form.

    Parameters
    ----------
    name : str
        The field as messages name it; problems of everything below it are shown here too.
    control : ipywidgets.Widget
        A labelled control with a ``value``.
    read : callable
        Turns what the control holds into a value.
    write : callable
        Turns a value into what the control holds.
    help : str
        HTML below the control.

    Attributes
    ----------
    view : ipywidgets.VBox
        Control, help and problem.
    problem : ipywidgets.HTML
        What is wrong; empty if nothing is.
    """

    def __init__(
        self,
        name: str,
        control: Any,
        read: Callable[[Any], object],
        write: Callable[[Any], Any],
        help: str = "",
    ) -> None:
        self.name = name
        self.control = control
        self.read = read
        self.write = write
        self.problem = widgets.HTML()
        self.view = widgets.VBox([control, widgets.HTML(help), self.problem])
        self.view.add_class("kesos-field")
        self._showing = False

    def watch(self, changed: Callable[[str, object], None]) -> None:
        """Have something called with name and value when somebody changes the control."""

        def told(change: Mapping[str, Any]) -> None:
            if not self._showing:
                changed(self.name, self.read(change["new"]))

        self.control.observe(told, "value")

    def show(self, value: object) -> None:
        """Show a value without telling it as a change."""
        self._showing = True
        try:
            self.control.value = self.write(value)
        finally:
            self._showing = False

    def holds(self, field: str) -> bool:
        """Return whether a message about a field belongs beside this control."""
        below = field.startswith((f"{self.name}.", f"{self.name}["))
        return below or self.name in {field, f"{field}.value"}


def listed_field(
    name: str,
    label: str,
    options: Sequence[tuple[str, Any]],
    words: Callable[[Any], str] = str,
) -> Field:
    """Return the field of a list to choose from; a value that is not in it is shown all the same.

    Parameters
    ----------
    name : str
        The field as messages name it.
    label : str
        Its label.
    options : sequence of (str, object)
        Words and values.
    words : callable
        Writes a value that is not in the list.

    Returns
    -------
    Field
    """
    control = choice(label, options)

    def write(value: Any) -> Any:
        known = [one for _, one in options]
        extra = [] if value in known else [(f"⚠ {words(value)}", value)]
        wanted = (*options, *extra)
        if tuple(control.options) != wanted:
            control.options = wanted
        return value

    return Field(name, control, lambda value: value, write)


class Form:
    """Fields that show one state, each with its own problem.

    Parameters
    ----------
    fields : iterable of Field
        The fields; a problem goes to the one with the longest fitting name.
    changed : callable
        Called with the name of a field and its new value.
    """

    def __init__(self, fields: Iterable[Field], changed: Callable[[str, object], None]) -> None:
        self.fields = {field.name: field for field in fields}
        for field in self.fields.values():
            field.watch(changed)

    @property
    def views(self) -> list[Any]:
        """The fields as widgets, in order."""
        return [field.view for field in self.fields.values()]

    def show(
        self,
        value: Callable[[str], object],
        problems: Mapping[str, InputError],
        lang: str,
    ) -> list[str]:
        """Show a state.

        Parameters
        ----------
        value : callable
            Returns the value of a field by its name.
        problems : mapping of str to InputError
            What is wrong, by field.
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        list of str
            The fields of the problems that are shown here.
        """
        beside = self.sorted(problems)
        shown: list[str] = []
        for name, field in self.fields.items():
            field.show(value(name))
            words = " ".join(problem_words(problems[one], lang) for one in beside[name])
            field.problem.value = note(words, lang, "error", "alert")
            shown += beside[name]
        return shown

    def sorted(self, problems: Mapping[str, InputError]) -> dict[str, list[str]]:
        """Return, by field of the form, which problems belong beside it."""
        beside: dict[str, list[str]] = {name: [] for name in self.fields}
        for place in problems:
            near = [name for name, field in self.fields.items() if field.holds(place)]
            if near:
                beside[max(near, key=len)].append(place)
        return beside
