"""Which peers there are."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["FILE", "WORLDS", "Peer", "peers"]

FILE: Final = Path(__file__).with_name("peers.toml")
WORLDS: Final = FILE.with_name("worlds")


@dataclass(frozen=True, slots=True)
class Peer:
    """A framework that the same month is written in.

    Parameters
    ----------
    name : str
        Its name; its figures' words are ``bench.figure_same_against_<name>``,
        ``bench.figure_month_<name>`` and ``bench.figure_gate_<name>`` of the catalogue, with
        ``_`` for ``-``.
    world : str
        File of `WORLDS`.
    requirements : tuple of str
        What is installed into its environment, each with one version.
    licence : str
        SPDX expression.
    why : str
        Why it is measured.
    python : str, optional
        Oldest Python that takes it.
    times : int
        How many times as many households it gets.
    least : float, optional
        How many times as long as ours its month has to take.
    """

    name: str
    world: str
    requirements: tuple[str, ...]
    licence: str
    why: str
    python: str | None = None
    times: int = 1
    least: float | None = None

    @property
    def key(self) -> str:
        """The name as a part of names of figures."""
        return self.name.replace("-", "_")

    @property
    def oldest(self) -> tuple[int, ...]:
        """Oldest Python that takes it, as numbers; empty if ours does."""
        return tuple(int(part) for part in self.python.split(".")) if self.python else ()

    @property
    def digest(self) -> str:
        """Short hash of what is installed: other versions are another environment."""
        words = "\n".join(sorted(self.requirements))
        return hashlib.sha256(words.encode()).hexdigest()[:8]


def peers(file: Path = FILE) -> dict[str, Peer]:
    """Read the peers.

    Parameters
    ----------
    file : pathlib.Path
        A file like ``peers.toml``.

    Returns
    -------
    dict of str to Peer
        By name, in the order of the file.

    Raises
    ------
    TypeError
        If a table has a key too many or lacks one.
    """
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        name: Peer(name, **{**table, "requirements": tuple(table["requirements"])})
        for name, table in tables.items()
    }
