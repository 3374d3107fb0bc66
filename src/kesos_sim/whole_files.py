"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

__all__ = ["PART", "replacing"]

PART: Final = ".part"
"""End of the name of a file that is being written."""

_READABLE: Final = 0o644


@contextmanager
def replacing(path: Path, *, private: bool = False, lasting: bool = False) -> Iterator[BinaryIO]:
    """Open a file that takes the place of another one once the block has ended without an error.

    Parameters
    ----------
    path : pathlib.Path
        The file; its folder is made if need be. Until the end of the block it is as it was.
    private : bool
        Whether only its owner may read it.
    lasting : bool
        Whether to wait until it is on the disk.

    Yields
    ------
    binary file
        Where to write.

    Raises
    ------
    OSError
        If there is no room or no right to write.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     note = Path(folder, "note.txt")
    ...     with replacing(note) as stream:
    ...         _ = stream.write(b"semua atau tidak sama sekali")
    ...     print(note.read_text())
    semua atau tidak sama sekali
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=PART, dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            if lasting:
                stream.flush()
                os.fsync(stream.fileno())
        if not private:
            part.chmod(_READABLE)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
