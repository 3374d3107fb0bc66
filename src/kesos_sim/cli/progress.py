"""Progress with the time left, on stderr, for anything that takes more than two seconds."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

import click

from kesos_sim import i18n

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

_SILENT_SECONDS: Final = 2.0
_LINE_EVERY_SECONDS: Final = 10.0


class Progress:
    """Called with how far the work is; shows itself once two seconds have passed.

    On a terminal it is a bar; elsewhere a line every ten seconds, so that logs stay short.

    Parameters
    ----------
    label : str
        What is being done.
    lang : str
        Language of the words.
    """

    def __init__(self, label: str, lang: str) -> None:
        self.label = label
        self.lang = lang
        self._started = time.monotonic()
        self._last_line = self._started
        self._bar: Bar | None = None

    def __enter__(self) -> Self:
        """Begin to count the time."""
        self._started = self._last_line = time.monotonic()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: float, total: float, label: str | None = None) -> None:
        """Say how far the work is.

        Parameters
        ----------
        done : float
            Units of work done.
        total : float
            Units of work in all.
        label : str, optional
            What is being done now.
        """
        now = time.monotonic()
        self.label = label or self.label
        if now - self._started < _SILENT_SECONDS or total <= 0:
            return
        if sys.stderr.isatty():
            self._draw(done, total)
        elif now - self._last_line >= _LINE_EVERY_SECONDS:
            self._last_line = now
            click.echo(self._line(done / total, now - self._started), err=True)

    def _draw(self, done: float, total: float) -> None:
        """Draw the bar, or move it."""
        if self._bar is None:
            self._bar = self._new_bar()
            self._bar.add_task(self.label, total=total, completed=0)
            self._bar.start()
        task = self._bar.tasks[0]
        if done < task.completed:
            self._bar.reset(task.id, total=total, description=self.label)
        self._bar.update(task.id, completed=done, total=total, description=self.label)

    def _new_bar(self) -> Bar:
        """Build a bar with the time left."""
        from rich.console import Console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        return Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn(i18n.text("cli.progress.left", self.lang)),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )

    def _line(self, share: float, seconds: float) -> str:
        """Write one line for a log."""
        left = seconds / share - seconds if share > 0 else 0.0
        return i18n.text(
            "cli.progress.line",
            self.lang,
            label=self.label,
            percent=f"{100 * share:.0f}",
            seconds=f"{left:.0f}",
        )
