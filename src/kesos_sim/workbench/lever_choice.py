"""Finding one of the levers, and a form for it that is made from its declaration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any, Final

import ipywidgets as widgets  # type: ignore[import-untyped]

from kesos_sim import i18n
from kesos_sim.errors import InputError
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.lever_figures import cost_figures, delay_words, figure_words
from kesos_sim.scenario import LEVERS, Scenario
from kesos_sim.scenario.lever import UP, Lever
from kesos_sim.scenario.levers import POINTS, SHARE_LEVERS, THEMES
from kesos_sim.scenario.words import beside_words, lever_range, lever_value
from kesos_sim.workbench.answers import start_share
from kesos_sim.workbench.forms import Field, Form, listed_field, typing
from kesos_sim.workbench.values import as_typed, from_typed, month_words, unit_of

__all__ = ["ALL", "LeverForm", "facts", "groups", "levers_found", "number_field", "today_words"]

ALL: Final = "all"
_PERCENT: Final = 100.0
_STEPS: Final = 20
_MOST_FACTS: Final = 4


def groups(lang: str) -> list[tuple[str, str]]:
    """Return the groups by which levers are looked through.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of (str, str)
        Words and key: all, the moved ones, the nine points, the themes.
    """
    found = [(i18n.text(f"planner.group_{key}", lang), key) for key in (ALL, "moved")]
    for point in POINTS:
        names = ", ".join(one.label(lang) for one in LEVERS.values() if one.point == point)
        words = i18n.text("planner.group_point", lang, point=point, names=names)
        found.append((words, f"point_{point}"))
    found += [(i18n.text(f"planner.theme_{theme}", lang), f"theme_{theme}") for theme in THEMES]
    return found


def levers_found(group: str, text: str, moved: Mapping[str, object]) -> list[Lever]:
    """Return the levers of a group that a search finds.

    Parameters
    ----------
    group : str
        A key of `groups`.
    text : str
        Words that must all stand in names or help, in either language.
    moved : mapping
        The levers that the scenario moves, by name.

    Returns
    -------
    list of Lever
        In the order of declaration.
    """
    kind, _, which = group.partition("_")
    words = text.casefold().split()

    def fits(lever: Lever) -> bool:
        inside = {
            ALL: True,
            "moved": lever.name in moved,
            "point": str(lever.point) == which,
            "theme": lever.name in THEMES.get(which, ()),
        }[kind]
        said = " ".join(
            (lever.name, *(f"{lever.label(lang)} {lever.help(lang)}" for lang in i18n.LANGUAGES))
        ).casefold()
        return inside and all(word in said for word in words)

    return [lever for lever in LEVERS.values() if fits(lever)]


def today_words(lever: Lever, lang: str) -> str:
    """Return what a lever is set to without any decision.

    Parameters
    ----------
    lever : Lever
        The lever.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        For instance "0,15 kali"; for shares of budgets the estimate of today.
    """
    if lever.name in SHARE_LEVERS:
        share = numbers.percent(start_share(lever.name), lang)
        return i18n.text("planner.about_today", lang, share=share)
    return lever_value(lever.name, lever.default, lang)


def facts(lever: Lever, lang: str) -> list[tuple[str, str]]:
    """Return what a declaration says of a lever.

    Parameters
    ----------
    lever : Lever
        The lever.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of (str, str)
        Label and words: unit, range, today, cost, delay, evidence, what it moves, what it needs
        beside.
    """
    arrows = [
        f"{indicator(name).label(lang)} {'↑' if way == UP else '↓'}"
        for name, way in lever.acts_on.items()
    ]
    figures = "; ".join(figure_words(one, lang) for one in cost_figures(lever))
    rows = [
        ("unit", lever.unit_words(lang)),
        ("range", lever_range(lever.name, lang)),
        ("today", today_words(lever, lang)),
        ("cost", f"{lever.cost_rule(lang)} {figures}".rstrip()),
        ("delay", delay_words(lever, lang)),
        ("grade", i18n.text(f"reports.grade_{lever.grade.lower()}", lang)),
        ("acts_on", ", ".join(arrows[:_MOST_FACTS])),
        ("beside", "; ".join(beside_words(lever.name, lang))),
        ("never_measured", i18n.text("planner.strengths_why", lang) if lever.strengths else ""),
    ]
    return [(i18n.text(f"planner.fact_{name}", lang), words) for name, words in rows if words]


class LeverForm:
    """The form of one lever: value, first month, ramp, and everything known about it.

    Parameters
    ----------
    lever : Lever
        The lever.
    scenario : Scenario
        A scenario whose months can be chosen.
    changed : callable
        Called with field and value when something is changed.
    lang : str
        ``id`` or ``en``.

    Attributes
    ----------
    form : Form
        The fields.
    less, more, back : ipywidgets.Button
        A step down, a step up, and today's value again.
    view : ipywidgets.VBox
        Everything together.
    """

    def __init__(
        self, lever: Lever, scenario: Scenario, changed: Callable[[str, object], None], lang: str
    ) -> None:
        self.lever = lever
        self.lang = lang
        self._changed = changed
        at = f"levers.{lever.name}"
        self.value = self._value_field(f"{at}.value")
        fields = [self.value, self._month_field(f"{at}.from", scenario)]
        if lever.kind != "switch":
            fields.append(self._ramp_field(f"{at}.ramp_months"))
        self.form = Form(fields, changed)
        self.less, self.more, self.back = (
            widgets.Button(description=i18n.text(f"planner.{key}", lang))
            for key in ("less", "more", "back_to_today")
        )
        for button, key in ((self.less, "less_what"), (self.more, "more_what")):
            button.tooltip = i18n.text(f"planner.{key}", lang, name=lever.label(lang))
        self.less.on_click(lambda _: self._step(-1))
        self.more.on_click(lambda _: self._step(1))
        self.back.on_click(lambda _: changed(f"{at}.value", None))
        chosen = lever.kind in {"switch", "step"}
        buttons = widgets.HBox([self.back] if chosen else [self.less, self.more, self.back])
        buttons.add_class("kesos-buttons")
        value, *timing = self.form.views
        self.view = widgets.VBox([widgets.HTML(self._head()), value, buttons, *timing])
        self.view.add_class("kesos-lever")

    def show(self, value: Callable[[str], Any], problems: Mapping[str, InputError]) -> list[str]:
        """Show a state; see `Form.show`.

        Parameters
        ----------
        value : callable
            Returns the value of a field by its name.
        problems : mapping of str to InputError
            What is wrong, by field.

        Returns
        -------
        list of str
            The fields of the problems that are shown here.
        """
        shown = self.form.show(value, problems, self.lang)
        self.back.disabled = value(f"levers.{self.lever.name}") is None
        return shown

    def _head(self) -> str:
        """Return name, help and facts as HTML."""
        rows = "".join(
            f"<dt>{escape(label)}</dt><dd>{escape(words)}</dd>"
            for label, words in facts(self.lever, self.lang)
        )
        return (
            f'<section lang="{self.lang}"><h4>{escape(self.lever.label(self.lang))}</h4>'
            f"<p>{escape(self.lever.help(self.lang))}</p><dl>{rows}</dl></section>"
        )

    def _value_field(self, name: str) -> Field:
        """Return the control of the setting: a list for steps, else a typed number."""
        lever, lang = self.lever, self.lang
        label = i18n.text("planner.setting", lang)
        if lever.kind in {"switch", "step"}:
            steps = range(round(lever.low), round(lever.high) + 1)
            today = i18n.text("planner.as_today", lang, today=today_words(lever, lang))
            options: list[tuple[str, Any]] = [(today, None)]
            options += [(lever_value(lever.name, float(step), lang), float(step)) for step in steps]
            return listed_field(name, label, options, lambda words: words)
        unit = unit_of(name, lang)
        control = typing(f"{label} ({unit})" if unit else label)
        control.placeholder = i18n.text("planner.as_today", lang, today=today_words(lever, lang))
        return number_field(name, control, lang)

    def _month_field(self, name: str, scenario: Scenario) -> Field:
        label = i18n.text("planner.from_month", self.lang)
        months = [str(scenario.start + passed) for passed in range(scenario.months + 1)]
        options: list[tuple[str, Any]] = [(i18n.text("planner.from_start", self.lang), None)]
        options += [(month_words(month, self.lang), month) for month in months]
        return listed_field(name, label, options, lambda month: month_words(month, self.lang))

    def _ramp_field(self, name: str) -> Field:
        label = i18n.text("planner.ramp", self.lang)
        control = typing(label, example=i18n.text("planner.at_once", self.lang))
        return number_field(name, control, self.lang)

    def _step(self, way: int) -> None:
        """Move the setting by a twentieth of its range, to a round value inside it."""
        lever, name = self.lever, self.value.name
        now = from_typed(name, self.value.control.value)
        if not isinstance(now, int | float):
            share = start_share(lever.name) / _PERCENT if lever.name in SHARE_LEVERS else None
            now = lever.default if lever.default is not None else share or lever.low
        size = _round_step((lever.high - lever.low) / _STEPS)
        moved = (round(now / size) + way) * size
        self._changed(name, round(min(max(moved, lever.low), lever.high), 9))


def _round_step(size: float) -> float:
    """Return the largest of 1, 2 and 5 times a power of ten that is no larger."""
    exponent = len(str(int(size))) - 1 if size >= 1 else -_zeros(size)
    power = 10.0**exponent
    return max(step * power for step in (1, 2, 5) if step * power <= size * (1 + 1e-9))


def _zeros(size: float) -> int:
    """Return the place of the first digit behind the point that is not zero."""
    place = 1
    while size * 10**place < 1 - 1e-9:
        place += 1
    return place


def number_field(name: str, control: Any, lang: str) -> Field:
    """Return the field of a number that is typed as planners write it.

    Parameters
    ----------
    name : str
        The field as messages name it.
    control : ipywidgets.Text
        Its control.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Field
    """
    return Field(
        name,
        control,
        lambda text: from_typed(name, text),
        lambda value: as_typed(name, value, lang),
    )
