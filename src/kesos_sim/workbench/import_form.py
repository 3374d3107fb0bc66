"""The form that takes a planner's own data: choose, see every problem, map columns, save."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as widgets  # type: ignore[import-untyped]

from kesos_sim import i18n
from kesos_sim.data.own import Problem, read_households, read_own, template
from kesos_sim.errors import InputError, KesosError
from kesos_sim.i18n import numbers
from kesos_sim.reports.html_table import table_html
from kesos_sim.reports.own_data import own_table
from kesos_sim.reports.tables import TextTable
from kesos_sim.workbench.columns_form import ColumnsForm
from kesos_sim.workbench.forms import choice, labelled, note, typing
from kesos_sim.workbench.look import own_keys, style
from kesos_sim.workbench.own_folder import write_folder
from kesos_sim.workbench.own_tables import margins_table, problems_table
from kesos_sim.workbench.region_picker import RegionPicker

if TYPE_CHECKING:
    from kesos_sim.data.own import Households, Imported
    from kesos_sim.workbench.own_folder import OwnFolder

__all__ = ["ImportForm"]

logger = logging.getLogger(__name__)

_WIDE: Final = widgets.Layout(width="auto")
_KINDS: Final = ("figures", "households")
_DECIMALS: Final = {"auto": "", "comma": ",", "point": "."}
_NAME: Final = "data-sendiri"
_FOUND: Final = (".xlsx", ".csv")
_TEMPLATE: Final = "templat-{}.xlsx"


class ImportForm:
    """Bring in own figures or a list of households, by keyboard and without code.

    Parameters
    ----------
    base : path
        Scenario file without changes; the copy of it that is saved rests on the own figures.
    folder : path
        Where the template and the folder of own data are written.
    region : str or sequence of int
        Region that the form begins with, as `Scenario.region` has it.
    bahasa : {"id", "en"}
        Language of the words.
    look_in : path
        Folder whose XLSX and CSV files are offered, beside the templates in the other one.

    Attributes
    ----------
    kind : ipywidgets.RadioButtons
        ``figures`` or ``households``.
    region : RegionPicker
        What the template is for, or the list of households is of.
    path, name : ipywidgets.Text
        Place of the file; name of the folder to save.
    columns : ColumnsForm or None
        Which column holds what, for a list of households.
    figures : Imported or None
        Figures that were read without a problem.
    households : Households or None
        A list that was read without a problem.
    saved : OwnFolder or None
        What was written last.
    view : ipywidgets.Box
        Everything together.

    Examples
    --------
    >>> from pathlib import Path
    >>> form = ImportForm("scenarios/baseline.yaml", "out/own", (3316,), "en")
    >>> form.make_template()  # what the button does
    >>> [path.name for path in Path("out/own").iterdir()]
    ['templat-3316.xlsx']
    """

    def __init__(
        self,
        base: str | os.PathLike[str],
        folder: str | os.PathLike[str],
        region: str | Sequence[int] = "mpu",
        bahasa: str = "id",
        *,
        look_in: str | os.PathLike[str] = ".",
    ) -> None:
        self.base, self.folder, self.look_in = Path(base), Path(folder), Path(look_in)
        self.lang = bahasa
        self.columns: ColumnsForm | None = None
        self.figures: Imported | None = None
        self.households: Households | None = None
        self.saved: OwnFolder | None = None
        begin = region if isinstance(region, str) else ",".join(map(str, region))
        self.region = RegionPicker(begin, bahasa)
        self.region.several.layout.display = "none"  # templates and lists are of one region
        self._mapping = widgets.VBox()
        self.report, self.status, self.template_status = (widgets.HTML() for _ in range(3))
        self._make_controls()
        self._arrange()
        self.kind.observe(lambda _: self._other_kind(), "value")
        self.listed.observe(lambda change: self._take(change["new"]), "value")
        self.path.observe(lambda _: self._begin(), "value")
        for control in (self.source, self.decimal, self.skip):
            control.observe(lambda _: self._stale(), "value")
        self.region.observe(lambda _: self._stale(), "value")
        self.look()
        self._begin()

    # The page

    def _make_controls(self) -> None:
        say = self._text
        self.kind = widgets.RadioButtons(
            description=say("kind"),
            options=[(say(f"kind_{kind}"), kind) for kind in _KINDS],
            orientation="horizontal",
            layout=_WIDE,
        )
        self.kind.add_class("kesos-parts")
        self.listed = choice(say("found"), [(say("found_none"), "")])
        self.path = typing(say("path"))
        self.source = typing(say("source"), example=say("source_example"))
        self.decimal = choice(
            say("decimal"), [(say(f"decimal_{name}"), sign) for name, sign in _DECIMALS.items()]
        )
        self.skip = widgets.Checkbox(description=say("skip"), indent=False, layout=_WIDE)
        self.name = widgets.Text(description=say("save_name"), value=_NAME, layout=_WIDE)
        self.making = self._button("template", self.make_template, self.template_status)
        self.again = self._button("again", self.look, self.report)
        self.checking = self._button("check", self.check, self.report, primary=True)
        self.saving = self._button("save", self.save, self.status, primary=True)

    def _arrange(self) -> None:
        lang, say = self.lang, self._text
        self._template_part = widgets.VBox(
            [widgets.HTML(note(say("template_what"), lang)), self.making, self.template_status]
        )
        self._of_figures = widgets.VBox([self.source])
        self._of_households = widgets.VBox([self._mapping, self.decimal, self.skip])
        place = escape(str(self.folder))
        self.view = widgets.VBox(
            [
                style("planner.css"),
                own_keys(),
                labelled(say("heading"), lang, 2),
                widgets.HTML(note(say("what"), lang)),
                self.kind,
                self.region.view,
                self._template_part,
                self.listed,
                self.again,
                self.path,
                self._of_figures,
                self._of_households,
                self.checking,
                self.report,
                labelled(say("save_heading"), lang),
                widgets.HTML(note(say("save_what", place=place), lang)),
                self.name,
                self.saving,
                self.status,
            ]
        )
        for name in ("kesos", "kesos-form", "kesos-import"):
            self.view.add_class(name)

    def _button(
        self, key: str, pressed: Callable[[], None], where: Any, *, primary: bool = False
    ) -> Any:
        """Return a button; why something could not be done is said where its result would be."""
        button = widgets.Button(
            description=self._text(key), button_style="primary" if primary else "", layout=_WIDE
        )
        button.on_click(lambda _: self._safely(pressed, where))
        return button

    # What happens

    def look(self) -> None:
        """List the files of the folder anew, and the templates that were written."""
        try:
            found = [p for p in self.look_in.iterdir() if p.suffix.casefold() in _FOUND]
            found += [p for p in self.folder.glob(_TEMPLATE.format("*")) if p not in found]
        except OSError:
            found = []
        paths = sorted(str(path) for path in found if path.is_file())
        self.listed.options = [(self._text("found_none"), ""), *((path, path) for path in paths)]

    def make_template(self) -> None:
        """Write the template of the region into the folder of own data."""
        region = self._one_region()
        target = self.folder / _TEMPLATE.format(region)
        template(region, target, self.lang)
        self.look()
        words = self._text("template_written", place=str(target))
        self.template_status.value = note(words, self.lang, "note", "status")

    def check(self) -> None:
        """Read the file: show every problem, or what the file says."""
        self._forget()
        if not self.path.value.strip():
            raise InputError("KS9126", "own_form.no_file")
        self._tell(note(self._text("checking"), self.lang, "working", "status"))
        if self.kind.value == "figures":
            self._check_figures()
        else:
            self._check_households()
        self._enable()

    def save(self) -> None:
        """Write the folder and say how a scenario uses it."""
        made = write_folder(
            self.folder, self.name.value.strip(), self.base, self.figures, self.households,
            self.lang,
        )  # fmt: skip
        self.saved = made
        scenarios = [one for one in made.files if one.endswith((".yaml", ".yml"))]
        own = f"{made.path.name}.yaml"
        files = [one for one in made.files if one not in scenarios or one == own]
        if len(scenarios) > 1:
            count = numbers.number(len(scenarios) - 1, self.lang)
            files.append(self._text("saved_scenarios", count=count))
        words = self._text("saved", place=str(made.path), files=", ".join(files))
        parts = [note(words, self.lang, "note", "status")]
        if made.line:
            parts.append(note(self._text("saved_line"), self.lang, "note"))
            parts.append(f"<pre><code>{escape(made.line)}</code></pre>")
            parts.append(
                note(self._text("saved_use", place=made.path.as_posix()), self.lang, "note")
            )
        if self.households is not None:
            parts.append(note(self._text("saved_households"), self.lang, "note"))
        self.status.value = "".join(parts)

    def _check_figures(self) -> None:
        found = read_own(self._file(), self.source.value.strip() or None, self.lang)
        if found.own is None:
            self._refuse(found.problems, found.problem_count)
            return
        if not found.own.figures and not found.programmes:
            words = self._text("nothing_new", file=self._file().name)
            self._tell(note(words, self.lang, "note", "status"))
            return
        self.figures = found
        notes = found.notes(self.lang)
        if self.households is not None:  # its weights met other totals
            self.households = None
            notes += (self._text("households_again"),)
        table = own_table(found.own, self.lang)
        self._accept(notes, table if found.own.figures else None)

    def _check_households(self) -> None:
        # A list with codes of districts says itself which region it is of.
        region = self._one_region() if self.region.value.isdigit() else None
        found = read_households(
            self._file(),
            None if self.columns is None else self.columns.chosen,
            region=region,
            own=None if self.figures is None else self.figures.own,
            skip_rows=self.skip.value,
            decimal=self.decimal.value,
            lang=self.lang,
        )
        if found.frame is None or found.summary is None:
            self._refuse(found.problems, found.problem_count, found.notes(self.lang))
            return
        self.households = found
        table = margins_table(found.summary, self.lang)
        self._accept(found.notes(self.lang), table if table.rows else None)
        if found.problems:
            self.report.value += self._table(problems_table(found.problems, self.lang))

    def _other_kind(self) -> None:
        """Ask for a file of the other kind."""
        self.listed.value = ""
        self.path.value = ""
        self._begin()

    def _begin(self) -> None:
        """Make room for another file."""
        self._forget()
        households = self.kind.value == "households"
        show = {True: None, False: "none"}
        self._template_part.layout.display = show[not households]
        self._of_figures.layout.display = show[not households]
        self._of_households.layout.display = show[households]
        self.columns, self._mapping.children = None, []
        if households and self.path.value.strip():
            self.columns = ColumnsForm(self._file(), self._stale, self.lang)
            if self.columns.problems:
                self._refuse(self.columns.problems, len(self.columns.problems))
                self.columns = None
            else:
                self._mapping.children = [self.columns.view]
        self._enable()

    def _take(self, name: str) -> None:
        """Take a file of the list."""
        if name:
            self.path.value = name

    def _stale(self) -> None:
        """Forget what was read with other settings."""
        self._forget()
        self._enable()

    def _forget(self) -> None:
        """Forget the file of the kind that is being read; what was read of the other kind stays."""
        if self.kind.value == "figures":
            self.figures = None
        else:
            self.households = None
        self._tell("")

    def _enable(self) -> None:
        ready = self.columns is None or self.columns.complete
        self.checking.disabled = self.kind.value == "households" and not ready
        self.saving.disabled = self.figures is None and self.households is None

    def _file(self) -> Path:
        return Path(self.path.value.strip()).expanduser()

    def _one_region(self) -> int:
        """Return the one province or district that is chosen."""
        chosen = self.region.value
        if not chosen.isdigit():
            raise InputError("KS9127", "own_form.template_one")
        return int(chosen)

    # What is said

    def _accept(self, notes: tuple[str, ...], table: TextTable | None) -> None:
        """Say that a file is right, and what it holds."""
        words = self._text("good", file=self._file().name)
        items = "".join(f"<li>{escape(one)}</li>" for one in notes)
        self._tell(
            f"{note(f'✓ {words}', self.lang, 'note', 'status')}"
            f'<ul lang="{self.lang}">{items}</ul>{self._table(table)}'
        )

    def _refuse(
        self, problems: tuple[Problem, ...], count: int, notes: tuple[str, ...] = ()
    ) -> None:
        """Show every problem with its place."""
        lang = self.lang
        words = [self._text("problems_count", count=numbers.number(count, lang))]
        if count > len(problems):
            shown = numbers.number(len(problems), lang)
            words.append(self._text("problems_first", shown=shown))
        told = "".join(note(one, lang) for one in notes)
        self._tell(
            f'<div class="problems" lang="{lang}">{note(" ".join(words), lang, "error", "alert")}'
            f"</div>{told}{self._table(problems_table(problems, lang))}"
        )

    def _table(self, table: TextTable | None) -> str:
        if table is None:
            return ""
        html = table_html(table)
        return f'<section class="tables" lang="{self.lang}">{html}</section>'

    def _tell(self, html: str) -> None:
        self.report.value, self.status.value = html, ""

    def _safely(self, pressed: Callable[[], None], where: Any) -> None:
        """Do what a button is for; say in one sentence why it could not be done."""
        try:
            pressed()
        except KesosError as error:
            where.value = note(error.text(self.lang), self.lang, "error", "alert")
        except Exception as error:
            logger.exception("own data could not be taken")
            words = i18n.text("workbench.unexpected", self.lang, kind=type(error).__name__)
            where.value = note(words, self.lang, "error", "alert")

    def _text(self, key: str, **fields: object) -> str:
        return i18n.text(f"own_form.{key}", self.lang, **fields)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Show the form in a notebook."""
        return self.view._repr_mimebundle_(**options)
