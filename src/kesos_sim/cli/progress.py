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
        self._stage = ""
        self._stage_began = self._started
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

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Say how far the work is.

        Parameters
        ----------
        stage : str
            What is being done now; its words are ``cli.stage.<stage>`` of the catalogue.
        done : int
            Steps of the stage that are done.
        total : int
            Steps of the stage in all.
        """
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._stage_began = stage, now
        if now - self._started < _SILENT_SECONDS:
            return
        label = f"{self.label}: {i18n.text(f'cli.stage.{stage}', self.lang)}"
        if sys.stderr.isatty():
            self._draw(label, done, total)
        elif done and now - self._last_line >= _LINE_EVERY_SECONDS:
            self._last_line = now
            click.echo(self._line(label, done / total, now - self._stage_began), err=True)

    def _draw(self, label: str, done: int, total: int) -> None:
        """Draw the bar, or move it; a stage without steps only has a name."""
        if self._bar is None:
            self._bar = self._new_bar()
            self._bar.add_task(label)
            self._bar.start()
        task = self._bar.tasks[0]
        known = total if done else None
        if task.description != label:
            self._bar.reset(task.id, total=known, description=label)
        self._bar.update(task.id, completed=done, total=known)

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

    def _line(self, label: str, share: float, seconds: float) -> str:
        """Write one line for a log."""
        left = seconds / share - seconds
        return i18n.text(
            "cli.progress.line",
            self.lang,
            label=label,
            percent=f"{100 * share:.0f}",
            seconds=f"{left:.0f}",
        )
