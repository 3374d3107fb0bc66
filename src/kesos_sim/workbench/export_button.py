"""A button that writes a result, documents, charts or scenarios to a folder."""

from __future__ import annotations

import logging
import os
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from kesos_sim import i18n
from kesos_sim.errors import KesosError
from kesos_sim.workbench.files import FOLDER, Exportable, Savable, forms_of, write_files
from kesos_sim.workbench.look import own_keys, style

__all__ = ["ExportButton"]

logger = logging.getLogger(__name__)


class ExportButton:
    """A button below a notebook: writes what it was given.

    Parameters
    ----------
    result : Run, Comparison, Document, Chart, Scenario, Finding or a sequence of the last four
        What to write.
    folder : path
        Where to. A complete result replaces an earlier one there and leaves anything else alone;
        single files never overwrite others.
    bahasa : {"id", "en"}
        Language of button, page and charts.
    choice : bool
        Whether the form can be chosen: the complete folder, DOCX, PDF, XLSX, charts, scenarios,
        as far as there is one. Without it a result is written as its folder.

    Attributes
    ----------
    form : ipywidgets.Dropdown
        The form.
    button : ipywidgets.Button
        The button.
    status : ipywidgets.HTML
        Where the files are, or why there are none.

    Raises
    ------
    InputError
        If it was given nothing that can be written.

    Examples
    --------
    >>> from pathlib import Path
    >>> from kesos_sim.reports.analyses import position
    >>> chart = position("3316", "poverty_rate", "en", year=2024).charts[0]
    >>> button = ExportButton(chart, "out/position", "en", choice=True)
    >>> [label for label, _ in button.form.options]
    ['charts as PNG and SVG']
    >>> button.export()  # what a click does
    >>> sorted(path.suffix for path in Path("out/position").iterdir())
    ['.png', '.svg']
    """

    def __init__(
        self,
        result: Savable,
        folder: str | os.PathLike[str],
        bahasa: str = "id",
        *,
        choice: bool = False,
    ) -> None:
        self.result = result
        self.folder = Path(folder)
        self.lang = bahasa
        forms = forms_of(result)
        if isinstance(result, Exportable) and not choice:
            forms = (FOLDER,)
        self.form = widgets.Dropdown(
            options=[(i18n.text(f"office.form_{form}", bahasa), form) for form in forms],
            description=i18n.text("office.button_form", bahasa),
            layout=widgets.Layout(width="auto", max_width="28rem"),
        )
        whole = forms == (FOLDER,)
        words = i18n.text("workbench.export" if whole else "office.button", bahasa)
        self.button = widgets.Button(
            description=words, button_style="primary", layout=widgets.Layout(width="auto")
        )
        self.status = widgets.HTML()
        chosen = [self.form] if len(forms) > 1 else []
        self.view = widgets.VBox(
            [style("planner.css"), own_keys(), *chosen, self.button, self.status]
        )
        for name in ("kesos", "kesos-form"):
            self.view.add_class(name)
        self._explain()
        self.form.observe(lambda _: self._explain(), names="value")
        self.button.on_click(lambda _: self.export())

    def export(self) -> None:
        """Write the result and say where it is, or in one sentence why it could not be."""
        self.button.disabled = True
        self._say("workbench.exporting")
        try:
            places = write_files(self.result, self.form.value, self.folder, self.lang)
        except KesosError as error:
            self._write(f"⚠ {error.text(self.lang)}", "error")
        except Exception as error:
            logger.exception("the result could not be written")
            words = i18n.text("workbench.unexpected", self.lang, kind=type(error).__name__)
            self._write(f"⚠ {words}", "error")
        else:
            if self.form.value == FOLDER:
                self._say("workbench.exported", place=str(places[0]))
            else:
                self._say("office.button_done", places=", ".join(map(str, places)))
        finally:
            self.button.disabled = False

    def _explain(self) -> None:
        """Say what the button will do."""
        if self.form.value == FOLDER:
            self._say("workbench.export_what", place=str(self.folder))
        else:
            self._say("office.button_what", form=self.form.label, place=str(self.folder))

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Show button and status in a notebook."""
        return self.view._repr_mimebundle_(**options)

    def _say(self, key: str, **fields: str) -> None:
        self._write(i18n.text(key, self.lang, **fields))

    def _write(self, words: str, kind: str = "note") -> None:
        self.status.value = f'<p class="{kind}" lang="{self.lang}">{escape(words)}</p>'
