"""Joins the modules of a page into one text, as a widget or a file without a server needs it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.resources import files
from importlib.resources.abc import Traversable
from posixpath import dirname, join, normpath
from typing import Final

from kesos_sim.palette import variables

__all__ = ["BundleError", "bundle", "page_file", "stylesheet"]

_IMPORT: Final = re.compile(r"^import \{([^{}]*)\} from \"(\.[\w./-]+)\";\n", re.M)
_DECLARED: Final = re.compile(
    r"^(export )?(?:async )?(?:function\*?|const|let|class) ([A-Za-z_$][\w$]*)", re.M
)
# What the joining would not understand: other imports and exports, several names at once.
_REFUSED: Final = re.compile(
    r"^(?:import\b|export (?:\{|\*)|(?:export )?(?:var\b|(?:const|let) [\[{])).*", re.M
)
_DEFAULT: Final = re.compile(r"^export default ", re.M)
_COMMENT: Final = re.compile(r"^[ \t]*(?:/\*\*?(?:[^*]|\*(?!/))*\*/|//[^\n]*)\n", re.M)
_STYLES: Final = ("base.css", "attendee.css")
_COLOURS: Final = {
    "ground": "ground",
    "soft": "soft",
    "ink": "ink",
    "quiet": "quiet",
    "line": "line",
    "edge": "baseline",
    "base": "baseline",
    "a": "package_a",
    "b": "package_b",
    "target": "target",
    "action": "package_a",
    "on-action": "ground",
    "alarm": "alarm",
    "gain": "gain",
    "gain-pale": "gain_pale",
    "loss": "package_b",
    "loss-pale": "loss_pale",
    "even": "even",
}
"""Custom properties of the style sheets and what they stand for."""


class BundleError(ValueError):
    """Modules that cannot be joined; the message says which and why."""


@dataclass(frozen=True, slots=True)
class _Module:
    """A module: its text without imports, what it needs, what it declares and gives away."""

    name: str
    body: str
    needs: dict[str, tuple[str, ...]]
    declares: tuple[str, ...]
    gives: frozenset[str]


def page_file(name: str) -> str:
    """Return a file of the page.

    Parameters
    ----------
    name : str
        Path below the folder of the page, for instance ``surface.js``.

    Returns
    -------
    str
        Its text.

    Raises
    ------
    BundleError
        If there is no such file.
    """
    return _read(files("kesos_sim.forum") / "page", name)


@cache
def stylesheet(*names: str) -> str:
    """Return the look of a page: style sheets one after another.

    Parameters
    ----------
    *names : str
        Files of the page; those of the attendees if left out.

    Returns
    -------
    str
        CSS.
    """
    colours = (
        f".kf {{ {variables(_COLOURS, dark=False)} }}",
        f'.kf[data-theme="dark"] {{ {variables(_COLOURS, dark=True)} }}',
    )
    return "\n".join([*colours, *(page_file(name) for name in names or _STYLES)])


@cache
def bundle(entry: str = "attendee.js", folder: Traversable | None = None) -> str:
    """Join a module and all that it imports into one module.

    A module comes after those that it imports. Names of the top level share one scope afterwards,
    so that no two modules may declare the same one, not even for themselves.

    Parameters
    ----------
    entry : str
        The module that starts the page; the only one that may have a default export.
    folder : Traversable, optional
        Where the modules are; the folder of the page if left out.

    Returns
    -------
    str
        An ES module without imports; of exports only the default one is left.

    Raises
    ------
    BundleError
        If a module is missing, imports what is not exported, declares a name twice, uses a form
        of import or export that is not understood, or if modules import each other in a circle.
    """
    root = folder or files("kesos_sim.forum") / "page"
    modules = _collected(root, entry)
    order = _ordered(modules)
    _check_imports(modules)
    owners: dict[str, str] = {}
    for name in order:
        for declared in modules[name].declares:
            if declared in owners:
                raise BundleError(f"{declared} is declared in {owners[declared]} and in {name}")
            owners[declared] = name
        if name != entry and _DEFAULT.search(modules[name].body):
            raise BundleError(f"{name} has a default export, but {entry} starts the page")
    return "\n".join(modules[name].body for name in order)


def _read(root: Traversable, name: str) -> str:
    found = root.joinpath(*name.split("/"))
    if ".." in name or not found.is_file():
        raise BundleError(f"there is no {name}")
    return found.read_text(encoding="utf-8")


def _collected(root: Traversable, entry: str) -> dict[str, _Module]:
    """Read a module and all that it needs."""
    modules: dict[str, _Module] = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        if name not in modules:
            modules[name] = _parsed(name, _read(root, name))
            waiting += modules[name].needs
    return modules


def _parsed(name: str, text: str) -> _Module:
    """Take a module apart."""
    text = _COMMENT.sub("", text if text.endswith("\n") else text + "\n")
    needs: dict[str, tuple[str, ...]] = {}
    for match in _IMPORT.finditer(text):
        wanted = tuple(part.strip() for part in match[1].split(",") if part.strip())
        if any(not part.isidentifier() for part in wanted):
            raise BundleError(f"{name} renames what it imports: {match[1].strip()}")
        needs[normpath(join(dirname(name), match[2]))] = wanted
    body = _IMPORT.sub("", text)
    odd = _REFUSED.search(body)
    if odd:
        raise BundleError(f"{name} has a line that cannot be joined: {odd[0]}")
    found = _DECLARED.findall(body)
    return _Module(
        name=name,
        body=re.sub(r"^export (?!default )", "", body, flags=re.M).strip() + "\n",
        needs=needs,
        declares=tuple(declared for _, declared in found),
        gives=frozenset(declared for given, declared in found if given),
    )


def _ordered(modules: dict[str, _Module]) -> tuple[str, ...]:
    """Return the modules, each after those that it needs."""
    sorter = TopologicalSorter({name: tuple(one.needs) for name, one in modules.items()})
    try:
        return tuple(sorter.static_order())
    except CycleError as error:
        raise BundleError(f"modules in a circle: {' <- '.join(error.args[1])}") from None


def _check_imports(modules: dict[str, _Module]) -> None:
    """Refuse an import of what a module does not give away."""
    for one in modules.values():
        for source, wanted in one.needs.items():
            missing = sorted(set(wanted) - modules[source].gives)
            if missing:
                raise BundleError(f"{one.name} imports {', '.join(missing)}, not given by {source}")
