"""Arrays in a file that appears whole or not at all."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from kesos_sim.whole_files import replacing

__all__ = ["UNREADABLE", "opened_arrays", "prune", "read_arrays", "write_arrays"]

UNREADABLE: Final = (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile, zlib.error)
"""What reading a missing, damaged or foreign file may end in."""


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Read the arrays of a file.

    Parameters
    ----------
    path : file of `write_arrays`

    Returns
    -------
    dict of str to ndarray
        Any shape and dtype but objects, as written.

    Raises
    ------
    UNREADABLE
        If it is missing, damaged or something else.
    """
    with opened_arrays(path) as kept:
        return dict(kept)


@contextmanager
def opened_arrays(path: Path) -> Iterator[NpzFile]:
    """Open a file whose arrays are read one by one, each when it is asked for.

    Parameters
    ----------
    path : file of `write_arrays`

    Yields
    ------
    NpzFile
        Mapping of names to arrays.

    Raises
    ------
    UNREADABLE
        If it is missing, damaged or something else; also when an array is asked for.
    """
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as kept:
        yield kept


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays; until the last byte is there the file is as it was before.

    Parameters
    ----------
    path : file to write, replaced if it is there; its folder is made if need be
    arrays : any shape and dtype but objects, by name

    Raises
    ------
    OSError
        If there is no room or no right to write.
    """
    with replacing(path) as stream:
        np.savez(stream, allow_pickle=False, **arrays)


def prune(folder: Path, most: int) -> None:
    """Delete the files of a folder that were written or touched longest ago.

    Another process may do the same at the same time; what cannot be deleted stays.

    Parameters
    ----------
    folder : folder whose files can all be made again
    most : bytes that may stay
    """
    used = []
    with suppress(OSError):
        for path in folder.iterdir():
            with suppress(OSError):
                used.append((path.stat().st_mtime_ns, path.stat().st_size, path))
    total = 0
    for _, size, path in sorted(used, reverse=True):
        total += size
        if total > most:
            with suppress(OSError):
                path.unlink()
