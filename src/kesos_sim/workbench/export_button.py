"""A button that writes a result to a folder."""

from __future__ import annotations

import logging
import os
from html import escape
from pathlib import Path
from typing import Any, Protocol

import ipywidgets as widgets  # type: ignore[import-untyped]

from kesos_sim import i18n
from kesos_sim.errors import KesosError
from kesos_sim.workbench.look import style

__all__ = ["ExportButton"]

logger = logging.getLogger(__name__)


class Exportable(Protocol):
    """A run or a comparison."""

    def export(self, path: str | os.PathLike[str], lang: str = "id") -> Path:
        """Write everything to a folder, all or nothing."""


class ExportButton:
    """A button below a notebook: writes page, charts, tables and data of a result.

    Parameters
    ----------
    result : Run or Comparison
        What to write.
    folder : path
        Where to; an earlier result there is replaced, anything else is left alone.
    bahasa : {"id", "en"}
        Language of button, page and charts.

    Attributes
    ----------
    button : ipywidgets.Button
        The button.
    status : ipywidgets.HTML
        Where the files are, or why there are none.
    """

    def __init__(
        self, result: Exportable, folder: str | os.PathLike[str], bahasa: str = "id"
    ) -> None:
        self.result = result
        self.folder = Path(folder)
        self.lang = bahasa
        self.button = widgets.Button(
            description=i18n.text("workbench.export", bahasa),
            button_style="primary",
            layout=widgets.Layout(width="auto"),
        )
        self.status = widgets.HTML()
        self.view = widgets.VBox([style(), self.button, self.status])
        self.view.add_class("kesos")
        self._say("export_what", place=str(self.folder))
        self.button.on_click(lambda _: self.export())

    def export(self) -> None:
        """Write the result and say where it is, or in one sentence why it could not be."""
        self.button.disabled = True
        self._say("exporting")
        try:
            place = self.result.export(self.folder, self.lang)
        except KesosError as error:
            self._write(f"⚠ {error.text(self.lang)}", "error")
        except Exception as error:
            logger.exception("the result could not be written")
            words = i18n.text("workbench.unexpected", self.lang, kind=type(error).__name__)
            self._write(f"⚠ {words}", "error")
        else:
            self._say("exported", place=str(place))
        finally:
            self.button.disabled = False

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Show button and status in a notebook."""
        return self.view._repr_mimebundle_(**options)

    def _say(self, key: str, **fields: str) -> None:
        self._write(i18n.text(f"workbench.{key}", self.lang, **fields))

    def _write(self, words: str, kind: str = "note") -> None:
        self.status.value = f'<p class="{kind}" lang="{self.lang}">{escape(words)}</p>'
