"""An environment of its own for every peer, made when it is first needed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path

from benchmarks.peers.definitions import Peer

__all__ = ["Environment", "UnavailableError", "default_folder", "ready"]

_COMPLETE: Final = "peers.json"
_NEWER: Final = tuple(f"python3.{minor}" for minor in range(11, 20))
_ASK: Final = "import sys; print(*sys.version_info[:2])"


class UnavailableError(Exception):
    """A peer that cannot be measured on this machine; the message says why."""


@dataclass(frozen=True, slots=True)
class Environment:
    """A Python with one peer in it.

    Parameters
    ----------
    python : pathlib.Path
        The interpreter.
    packages : tuple of str
        Everything that is installed, as ``name==version``.
    """

    python: Path
    packages: tuple[str, ...]


def default_folder() -> Path:
    """Return where environments are kept: the cache of the user.

    Returns
    -------
    pathlib.Path
        Folder, perhaps not there yet.
    """
    return user_cache_path("kesos-sim") / "peers"


def ready(peer: Peer, folder: Path, others: Sequence[Path] = ()) -> Environment:
    """Return the environment of a peer; make it if it is not there or not complete.

    Parameters
    ----------
    peer : Peer
        The peer.
    folder : pathlib.Path
        Where environments are kept.
    others : sequence of pathlib.Path
        Interpreters for peers that our own is too old for, tried before those on the path.

    Returns
    -------
    Environment
        With exactly the pinned versions, from whatever index pip is set up for.

    Raises
    ------
    UnavailableError
        If no interpreter takes the peer, or its packages cannot be had.
    """
    base, version = _interpreter(peer, others)
    own = folder / f"{peer.name}-{peer.digest}-py{version}"
    python = own / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    note = own / _COMPLETE
    if not note.is_file():
        shutil.rmtree(own, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            _run(base, "-m", "venv", str(own))
            pip = (str(python), "-I", "-m", "pip", "--disable-pip-version-check")
            _run(*pip, "install", "--quiet", *peer.requirements)
            listed = _run(*pip, "list", "--format", "freeze")
        except UnavailableError:
            shutil.rmtree(own, ignore_errors=True)
            raise
        packages = sorted(line for line in listed.splitlines() if "==" in line)
        note.write_text(json.dumps(packages, indent=1) + "\n", encoding="utf-8")
    return Environment(python, tuple(json.loads(note.read_text(encoding="utf-8"))))


def _interpreter(peer: Peer, others: Sequence[Path]) -> tuple[str, str]:
    """Return an interpreter that takes the peer, ours if it does, and its version."""
    ours = sys.version_info[:2]
    if ours >= peer.oldest:
        return sys.executable, ".".join(map(str, ours))
    for candidate in (*map(str, others), *filter(None, map(shutil.which, _NEWER))):
        try:
            said = subprocess.run(
                [candidate, "-I", "-c", _ASK], capture_output=True, text=True, check=False
            )
        except OSError:
            continue
        version = tuple(int(part) for part in said.stdout.split()) if said.returncode == 0 else ()
        if version >= peer.oldest:
            return candidate, ".".join(map(str, version))
    wanted = f"needs Python {peer.python} or newer, which is not on the path; name one by --python"
    raise UnavailableError(wanted)


def _run(*words: str) -> str:
    """Run a step of making an environment; what it prints is returned."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        raise UnavailableError(f"its environment could not be made: {said[-1]}")
    return done.stdout
