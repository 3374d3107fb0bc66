"""Writing a document: whole files or none, and never over somebody's work."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from kesos_sim.errors import InputError, nearest
from kesos_sim.reports.office.document import Document
from kesos_sim.whole_files import replacing

__all__ = ["FORMATS", "Format", "free_name", "render", "save", "whole_file"]

Format = Literal["docx", "pdf", "xlsx"]

FORMATS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "docx": ("docx", "kesos_sim.reports.office.word"),
        "pdf": ("typst", "kesos_sim.reports.office.pdf"),
        "xlsx": ("openpyxl", "kesos_sim.reports.office.sheets"),
    }
)

"""Ending, the package that it needs, and the module that writes it."""


def render(document: Document, form: str) -> bytes:
    """Return a document in one format.

    Parameters
    ----------
    document : Document
        What to write.
    form : str
        One of `FORMATS`.

    Returns
    -------
    bytes
        The file's content; the same bytes for the same document every time.

    Raises
    ------
    InputError
        If there is no such format, or its package is not installed.
    """
    if form not in FORMATS:
        raise InputError(
            "KS5013",
            "office.format",
            got=form,
            expected=", ".join(FORMATS),
            suggestion=nearest(form, FORMATS),
        )
    package, module = FORMATS[form]
    if find_spec(package) is None:
        raise InputError("KS5014", "office.package", package=package, form=form.upper())
    write: Callable[[Document], bytes] = import_module(module).write
    return write(document)


def save(document: Document, path: str | os.PathLike[str]) -> Path:
    """Write a document; its format is the ending of the path.

    Parameters
    ----------
    document : Document
        What to write.
    path : path
        File to write. A file that is there and holds anything else is left alone: a planner may
        have worked on it.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    InputError
        If the ending is no format, the file is there with other content, or it cannot be written.
    """
    target = Path(path)
    return whole_file(target, render(document, target.suffix.lower().removeprefix(".")))


def whole_file(path: str | os.PathLike[str], content: bytes) -> Path:
    """Write a file at once or not at all, and never over something else.

    Parameters
    ----------
    path : path
        File to write; its folder is made if need be.
    content : bytes
        All of it.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    InputError
        If the file is there with other content, or it cannot be written.
    """
    target = Path(path)
    try:
        if os.path.lexists(target):
            if target.is_file() and target.read_bytes() == content:
                return target
            raise InputError("KS5015", "office.there", path=str(target))
        with replacing(target, lasting=True) as stream:
            stream.write(content)
    except OSError as error:
        raise InputError("KS5016", "office.unwritable", path=str(target), reason=error) from error
    return target


def free_name(path: str | os.PathLike[str], content: bytes) -> Path:
    """Return the path, or one with a number if another file has it.

    Parameters
    ----------
    path : path
        The wanted file.
    content : bytes
        What will be written; a file that holds it already is the one.

    Returns
    -------
    pathlib.Path
        For instance ``rpkd-2.docx``.
    """
    wanted = Path(path)
    candidates = (
        wanted if number == 1 else wanted.with_stem(f"{wanted.stem}-{number}")
        for number in count(1)
    )
    return next(
        found
        for found in candidates
        if not os.path.lexists(found) or (found.is_file() and found.read_bytes() == content)
    )
