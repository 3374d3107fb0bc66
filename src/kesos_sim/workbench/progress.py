"""A bar for computations in a notebook."""

from __future__ import annotations

import time
from html import escape
from typing import Any, Final

import ipywidgets as widgets  # type: ignore[import-untyped]

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.workbench.look import style_tag

__all__ = ["ProgressBar"]

_PERCENT: Final = 100


class ProgressBar:
    """Pass it as ``progress`` to `kesos_sim.run` or `kesos_sim.compare`; it shows itself.

    Parameters
    ----------
    bahasa : {"id", "en"}
        Language of the words.

    Examples
    --------
    >>> bar = ProgressBar("en")
    >>> bar("months", 1, 4)  # doctest: +ELLIPSIS
    HTML(...)
    >>> "25%" in bar.view.value
    True
    """

    def __init__(self, bahasa: str = "id") -> None:
        self.lang = i18n.known_language(bahasa)
        self.view = widgets.HTML()
        self.view.add_class("kesos")
        self._began = time.monotonic()
        self._stage = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Say how far the work is.

        Parameters
        ----------
        stage : str
            What is being done.
        done : int
            Steps of the stage that are done.
        total : int
            Steps of the stage in all.
        """
        now = time.monotonic()
        if not self._stage:
            self._show()
        elif stage != self._stage:
            self._began = now
        self._stage = stage
        if done and done == total:
            self.view.value = ""
            return
        label = i18n.text(f"cli.stage.{stage}", self.lang)
        words = label
        if done:
            left = (now - self._began) / done * (total - done)
            words = i18n.text(
                "workbench.progress",
                self.lang,
                label=label,
                percent=numbers.number(_PERCENT * done / total, self.lang),
                seconds=numbers.number(left, self.lang),
            )
        self.view.value = (
            f'{style_tag()}<p class="working" lang="{self.lang}">{escape(words)}</p>'
            f'<progress aria-hidden="true" value="{done}" max="{max(total, 1)}"></progress>'
        )

    def _show(self) -> None:
        from IPython.display import display  # only a notebook shows it

        show: Any = display
        show(self.view)
