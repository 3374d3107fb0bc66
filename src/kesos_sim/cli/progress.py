"""Progress with the time left, on stderr, for anything that takes more than two seconds."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

import click

from kesos_sim import i18n

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

_SILENT_SECONDS: Final = 2.0
_LINE_EVERY_SECONDS: Final = 10.0
_SECONDS_SHOWN: Final = 90.0
_MINUTE: Final = 60.0
_ENDING: Final[Mapping[signal.Signals, Callable[..., Any] | signal.Handlers]] = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: signal.SIG_DFL,
}
"""Signals that ask work to end, and what they do where nobody has changed it: others that do are
left alone."""


class Progress:
    """Called with how far the work is; shows itself once two seconds have passed.

    On a terminal it is a bar; elsewhere a line every ten seconds, so that logs stay short.

    Control-C and SIGTERM end the work at its next step at the latest: Python forgets an interrupt
    that arrives while it clears away an object, and would go on as if nobody had asked.

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
        self._started = self._last_line = time.monotonic()
        self._stage = ""
        self._began = self._started, 0
        self._bar: Bar | None = None
        self._lock = threading.Lock()
        self._over = False
        self._asked_to_stop = False
        self._listens: list[signal.Signals] = []
        self._waiting = threading.Timer(_SILENT_SECONDS, self._appear)
        self._waiting.daemon = True

    def __enter__(self) -> Self:
        """Begin to count the time; after two seconds even work without steps is announced."""
        self._started = self._last_line = time.monotonic()
        if threading.current_thread() is threading.main_thread():
            for number, usual in _ENDING.items():
                if signal.getsignal(number) == usual:
                    self._listens.append(number)
                    signal.signal(number, self._stop)
        self._waiting.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bar away."""
        self._waiting.cancel()
        with self._lock:
            self._over = True
            if self._bar is not None:
                self._bar.stop()
        for number in self._listens:
            signal.signal(number, _ENDING[number])
        if kind is None and self._asked_to_stop:
            raise KeyboardInterrupt

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
        if self._asked_to_stop:
            raise KeyboardInterrupt
        now = time.monotonic()
        with self._lock:
            if stage != self._stage:
                self._stage, self._began = stage, (now, done)
            if now - self._started < _SILENT_SECONDS:
                return
            if sys.stderr.isatty():
                self._draw(done, total)
            elif now - self._last_line >= _LINE_EVERY_SECONDS:
                self._last_line = now
                click.echo(self._line(done, total, now), err=True)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        """Remember that somebody wants the work to end, and end it."""
        self._asked_to_stop = True
        signal.default_int_handler(number, frame)

    @property
    def _words(self) -> str:
        """What is being done, and the stage once there is one."""
        if not self._stage:
            return self.label
        return f"{self.label}: {i18n.text(f'cli.stage.{self._stage}', self.lang)}"

    def _appear(self) -> None:
        """Show that work is going on that has not yet said how far it is."""
        with self._lock:
            if self._over:
                return
            if sys.stderr.isatty():
                self._draw(0, 1)
            else:
                click.echo(i18n.text("cli.progress.begun", self.lang, label=self._words), err=True)

    def _draw(self, done: int, total: int) -> None:
        """Draw the bar, or move it; a stage without steps only has a name."""
        if self._bar is None:
            self._bar = self._new_bar()
            self._bar.add_task("")
            self._bar.start()
        task = self._bar.tasks[0]
        known = total if done else None
        if task.description != self._words:
            self._bar.reset(task.id, total=known, description=self._words)
        self._bar.update(task.id, completed=done, total=known)

    def _new_bar(self) -> Bar:
        """Build a bar with the time left."""
        from rich.console import Console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        return Bar(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn(i18n.text("cli.progress.left", self.lang)),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )

    def _line(self, done: int, total: int, now: float) -> str:
        """Write one line for a log; the time left only when a step was seen to take its time."""
        began, first = self._began
        if done <= first:
            return i18n.text("cli.progress.begun", self.lang, label=self._words)
        left = (now - began) / (done - first) * (total - done)
        return i18n.text(
            "cli.progress.line",
            self.lang,
            label=self._words,
            percent=f"{100 * done / total:.0f}",
            left=self._time(left),
        )

    def _time(self, seconds: float) -> str:
        """Write a time as roughly as it is known."""
        if seconds <= _SECONDS_SHOWN:
            return i18n.text("cli.progress.seconds", self.lang, count=f"{seconds:.0f}")
        return i18n.text("cli.progress.minutes", self.lang, count=f"{seconds / _MINUTE:.0f}")
