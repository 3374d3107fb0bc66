"""The editor of a scenario: every control is made from the declarations of levers and format."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import ipywidgets as widgets  # type: ignore[import-untyped]

from kesos_sim import i18n
from kesos_sim.errors import InputError
from kesos_sim.i18n import numbers
from kesos_sim.scenario import LEVERS, Scenario
from kesos_sim.workbench.editing import Editing
from kesos_sim.workbench.editor_words import changed_html, kept_html, problems_html
from kesos_sim.workbench.forms import labelled, note, problem_words
from kesos_sim.workbench.lever_choice import ALL, LeverForm, groups, levers_found
from kesos_sim.workbench.look import own_keys, style
from kesos_sim.workbench.scenario_forms import (
    StrengthForm,
    region_field,
    sources_form,
    world_form,
)
from kesos_sim.workbench.worlds import in_world_of

__all__ = ["ScenarioEditor"]

_LANGUAGE_NAMES: Final = {"id": "Bahasa Indonesia", "en": "English"}
_WIDE: Final = widgets.Layout(width="auto")
_LISTED: Final = 8


class ScenarioEditor:
    """Open a scenario file, change it by form, see what it changes, save it.

    What is edited is the scenario, not the page: `editing` holds the document with everything that
    may be wrong in it, and the same editing can be shown in another language or again.

    Parameters
    ----------
    path : path
        The scenario file to open.
    bahasa : {"id", "en"}
        Language at the start; the editor can switch.
    baseline : path, optional
        The file that "what this changes" compares with; what was opened when left out.
    world : mapping of str to object, optional
        Region, months, households and the like, laid over the file as by `load_scenario`.

    Attributes
    ----------
    editing : Editing
        The state.
    view : ipywidgets.Box
        Everything together.

    Raises
    ------
    InputError
        If a file cannot be read or something in it is wrong.

    Examples
    --------
    >>> editor = ScenarioEditor("scenarios/apbd-10.yaml", "en", world={"months": 12})
    >>> editor.scenario.months
    12
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        bahasa: str = "id",
        *,
        baseline: str | os.PathLike[str] | None = None,
        world: Mapping[str, object] | None = None,
    ) -> None:
        self.editing = Editing.opened(path, world)
        self.baseline = None if baseline is None else Path(baseline)
        self.lang = bahasa
        self.group, self.search = ALL, ""
        self.lever: str | None = next(iter(self._moved()), None)
        self.view = widgets.VBox()
        for name in ("kesos", "kesos-form", "kesos-editor"):
            self.view.add_class(name)
        self._said = ""
        self._building = False
        self._build()
        self.editing.watch(self._show)

    @property
    def scenario(self) -> Scenario | None:
        """The scenario; None while something is wrong with it."""
        return self.editing.scenario

    def set(self, field: str, value: object) -> None:
        """Change one value as a control would; see `Editing.set`.

        Parameters
        ----------
        field : str
            Dotted name as in scenario files, for instance ``levers.pkh_amount.value``.
        value : object
            The new value; None takes it away.
        """
        self.editing.set(field, value)

    def speak(self, lang: str) -> None:
        """Show everything in another language.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.
        """
        if lang != self.lang:
            self.lang = lang
            self._said = ""
            self._build()

    # The page

    def _build(self) -> None:
        """Make every control again in the language of the editor."""
        lang = self.lang
        self.language = widgets.Dropdown(
            description=i18n.text("workbench.language", lang),
            options=[(_LANGUAGE_NAMES[one], one) for one in i18n.LANGUAGES],
            value=lang,
            layout=_WIDE,
        )
        self.language.observe(lambda change: self.speak(change["new"]), "value")
        self.world = world_form(self._changed, lang)
        self.region, self.region_problem = region_field(self.editing, self._changed, lang)
        self.sources = sources_form(self._changed, lang)
        self.strengths = StrengthForm(self.editing, self._changed, lang)
        self._sources_note = widgets.HTML()
        self._changes, self._kept, self._problems = (widgets.HTML() for _ in range(3))
        heading = self._heading
        self.view.children = [
            style("planner.css"),
            own_keys(),
            heading("editor", 2),
            self._file_row(),
            self._tools(),
            self._problems,
            heading("world"),
            *self.world.views[:3],
            self.region.view,
            self.region_problem,
            *self.world.views[3:],
            heading("levers"),
            *self._lever_part(),
            heading("sources"),
            _note("sources_note", lang),
            *self.sources.views,
            self._sources_note,
            heading("strengths"),
            _note("strengths_note", lang),
            self.strengths.view,
            heading("changes"),
            self._changes,
            self._kept,
            heading("save"),
            *self._save_row(),
        ]
        self._show()

    def _heading(self, key: str, level: int = 3) -> Any:
        return labelled(i18n.text(f"planner.{key}", self.lang), self.lang, level)

    def _button(self, key: str, pressed: Callable[[], None], *, primary: bool = False) -> Any:
        button = widgets.Button(
            description=i18n.text(f"planner.{key}", self.lang),
            button_style="primary" if primary else "",
            layout=_WIDE,
        )
        button.on_click(lambda _: pressed())
        return button

    def _file_row(self) -> Any:
        """Return the list of scenario files beside the one that is open."""
        folder = (self.editing.path or Path()).parent
        files = sorted(path.name for path in folder.glob("*.y*ml"))
        own = self.editing.path.name if self.editing.path else None
        self.files = widgets.Dropdown(
            description=i18n.text("planner.file", self.lang),
            options=files,
            value=own if own in files else None,
            layout=_WIDE,
        )
        self.opening = self._button("open", self._open)
        row = widgets.HBox([self.language, self.files, self.opening])
        row.add_class("kesos-row")
        return row

    def _tools(self) -> Any:
        self.undo = self._button("undo", self.editing.undo)
        self.redo = self._button("redo", self.editing.redo)
        self.reset = self._button("reset", self.editing.reset)
        row = widgets.HBox([self.undo, self.redo, self.reset])
        row.add_class("kesos-buttons")
        return row

    def _lever_part(self) -> list[Any]:
        lang = self.lang
        self.groups = widgets.Dropdown(
            description=i18n.text("planner.group", lang),
            options=groups(lang),
            value=self.group,
            layout=_WIDE,
        )
        self.searching = widgets.Text(
            description=i18n.text("planner.search_lever", lang), value=self.search, layout=_WIDE
        )
        self.listed = widgets.Select(
            description=i18n.text("planner.listed", lang), rows=_LISTED, layout=_WIDE
        )
        self._found = widgets.HTML()
        self._lever_box = widgets.VBox()
        self.form: LeverForm | None = None
        self.groups.observe(lambda change: self._look(group=change["new"]), "value")
        self.searching.observe(lambda change: self._look(search=change["new"]), "value")
        self.listed.observe(lambda change: self._pick(change["new"]), "value")
        return [self.groups, self.searching, self._found, self.listed, self._lever_box]

    def _save_row(self) -> list[Any]:
        lang = self.lang
        self.target = widgets.Text(
            description=i18n.text("planner.save_as", lang),
            value=str(self.editing.path or ""),
            layout=_WIDE,
        )
        self.replacing = widgets.Checkbox(
            description=i18n.text("planner.replace", lang), indent=False, layout=_WIDE
        )
        self.saving = self._button("save_file", self._save, primary=True)
        self.status = widgets.HTML(self._said)
        return [_note("save_note", lang), self.target, self.replacing, self.saving, self.status]

    # What happens

    def _changed(self, field: str, value: object) -> None:
        self.editing.set(field, value)
        self._show()

    def _look(self, *, group: str | None = None, search: str | None = None) -> None:
        """List the levers of another group or search."""
        self.group = self.group if group is None else group
        self.search = self.search if search is None else search
        self._show()

    def _pick(self, name: str | None) -> None:
        """Show the form of another lever."""
        if not self._building and name is not None and name != self.lever:
            self.lever = name
            self._show()

    def _open(self) -> None:
        if self.files.value is None:
            return
        path = (self.editing.path or Path()).parent / self.files.value
        try:
            self.editing.open(path)
        except InputError as error:
            self._say(error.text(self.lang), "error")
            return
        self.lever = next(iter(self._moved()), self.lever)
        self.target.value = str(path)
        self._say(i18n.text("planner.opened", self.lang, place=path.name))
        self._show()

    def _save(self) -> None:
        try:
            place = self.editing.save(self.target.value.strip(), replace=self.replacing.value)
        except InputError as error:
            self._say(error.text(self.lang), "error")
        else:
            self.replacing.value = False
            self._say(i18n.text("planner.saved", self.lang, place=str(place)))

    def _say(self, words: str, kind: str = "note") -> None:
        role = "alert" if kind == "error" else "status"
        self._said = note(words, self.lang, kind, role)
        self.status.value = self._said

    # What is shown

    def _moved(self) -> dict[str, Any]:
        """Return the levers that the document sets."""
        found = self.editing.value("levers")
        return found if isinstance(found, dict) else {}

    def _show(self) -> None:
        """Show the state everywhere."""
        editing, lang = self.editing, self.lang
        self._list_levers()
        shown = [
            *self.world.show(editing.value, editing.problems, lang),
            *self.sources.show(editing.value, editing.problems, lang),
            *self.strengths.show(editing.problems),
        ]
        if self.form is not None:
            shown += self.form.show(editing.value, editing.problems)
        shown += self._show_region()
        self.undo.disabled, self.redo.disabled = not editing.can_undo, not editing.can_redo
        self.reset.disabled = not editing.can_undo
        self.saving.disabled = editing.scenario is None
        whole = sum(
            share
            for share in (editing.value("funding_sources") or {}).values()
            if _is_number(share)
        )
        percent = numbers.percent(100.0 * whole, lang)
        self._sources_note.value = note(
            i18n.text("planner.sources_total", lang, percent=percent), lang
        )
        self._changes.value = changed_html(editing.scenario, self._before(), lang)
        self._kept.value = kept_html(editing.kept(), lang)
        self._problems.value = problems_html(editing.problems, shown, lang)

    def _show_region(self) -> list[str]:
        """Show region and its problem; return the fields of what is said there."""
        region = self.editing.value("region")
        written = ",".join(map(str, region)) if isinstance(region, list) else str(region)
        if self.region.value != written:
            self.region.value = written
        found = {
            field: problem_words(error, self.lang)
            for field, error in self.editing.problems.items()
            if field == "region" or field.startswith("region[")
        }
        words = " ".join(found.values())
        self.region_problem.value = note(words, self.lang, "error", "alert")
        return list(found)

    def _list_levers(self) -> None:
        """List the levers that the search finds, with a mark at those that are moved."""
        moved = self._moved()
        found = levers_found(self.group, self.search, moved)
        options = [
            (f"{'●' if one.name in moved else '○'} {one.label(self.lang)}", one.name)
            for one in found
        ]
        names = [name for _, name in options]
        if self.lever not in names:
            self.lever = names[0] if names else None
        self._building = True
        if list(self.listed.options) != options:
            self.listed.options = options
        self.listed.value = self.lever
        self._building = False
        key = "levers_found" if names else "levers_none"
        words = i18n.text(
            f"planner.{key}", self.lang, count=len(names), total=len(LEVERS), moved=len(moved)
        )
        self._found.value = note(words, self.lang, "quiet", "status")
        if self.lever is None:
            self.form, self._lever_box.children = None, []
        elif self.form is None or self.form.lever.name != self.lever or self._span_moved():
            self._span = self._run_span()
            self.form = LeverForm(
                LEVERS[self.lever],
                self.editing.scenario or self.editing.first,
                self._changed,
                self.lang,
            )
            self._lever_box.children = [self.form.view]

    def _run_span(self) -> tuple[str, int]:
        scenario = self.editing.scenario or self.editing.first
        return str(scenario.start), scenario.months

    def _span_moved(self) -> bool:
        """Return whether other months can be chosen than the form of the lever offers."""
        return self._span != self._run_span()

    def _before(self) -> Scenario | InputError:
        """Return the scenario that changes are told against, or why there is none."""
        if self.baseline is None or self.scenario is None:
            return self.editing.first
        try:
            return in_world_of(self.scenario, self.baseline)
        except InputError as error:
            return error

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Show the editor in a notebook."""
        return self.view._repr_mimebundle_(**options)


def _note(key: str, lang: str) -> Any:
    """Return a note of the catalogue as a widget."""
    return widgets.HTML(note(i18n.text(f"planner.{key}", lang), lang))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
