"""A peer's process, spoken to in lines of JSON."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from threading import Timer
from typing import IO, Any, Final, Self

from benchmarks.peers import host

__all__ = ["PeerError", "Process"]

_LONGEST: Final = 1800.0


class PeerError(Exception):
    """A peer that did not do what it was asked to; the message says what happened."""


class Process:
    """A host in another environment; does what `host.Host` does.

    Parameters
    ----------
    python : pathlib.Path
        Interpreter of the environment.
    world : pathlib.Path
        File of the world.
    log : pathlib.Path
        File for whatever the framework prints.

    Raises
    ------
    PeerError
        If it does not get ready.
    """

    def __init__(self, python: Path, world: Path, log: Path) -> None:
        self._log = log
        with log.open("w", encoding="utf-8") as printed:
            # Isolated: it sees neither our packages nor those of the user.
            self._process = subprocess.Popen(
                [python, "-I", host.__file__, world],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=printed,
                text=True,
                encoding="utf-8",
            )
        try:
            self.python = str(self._answer()["ready"])
        except PeerError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def check(self, sums: Mapping[str, float], households: int, months: int) -> dict[str, Any]:
        """Let a new world live and say what it looks like, as `host.Host.check` does."""
        return self._ask("check", sums=dict(sums), households=households, months=months)

    def open(self, sums: Mapping[str, float], households: int) -> dict[str, Any]:
        """Make the world to be timed, as `host.Host.open` does."""
        return self._ask("open", sums=dict(sums), households=households)

    def time(self, months: int) -> dict[str, Any]:
        """Return how long some months take, as `host.Host.time` does: its clock, not ours."""
        return self._ask("time", months=months)

    def _ask(self, what: str, **content: Any) -> dict[str, Any]:
        stream: IO[str] = self._process.stdin  # type: ignore[assignment]
        try:
            stream.write(json.dumps({"do": what, **content}) + "\n")
            stream.flush()
        except OSError:
            raise self._ended() from None
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        """Wait for a line; who takes too long is ended."""
        stream: IO[str] = self._process.stdout  # type: ignore[assignment]
        patience = Timer(_LONGEST, self._process.kill)
        patience.start()
        try:
            line = stream.readline()
        finally:
            patience.cancel()
        if not line:
            raise self._ended()
        answer: dict[str, Any] = json.loads(line)
        if "failed" in answer:
            raise PeerError(f"{answer['failed']} (see {self._log})")
        return answer

    def _ended(self) -> PeerError:
        try:
            code: int | str = self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            code = "unknown"
        return PeerError(f"its process ended, exit code {code} (see {self._log})")
