"""Pages of the API reference: one for every package, filled by Sphinx from the docstrings."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from tools.imports import LAYERS, SOURCE, modules

_GROUND: Final = "ground"


def pages(parts: Collection[str] | None = None) -> dict[str, str]:
    """Return the pages by file name.

    Parameters
    ----------
    parts : collection of str, optional
        Top packages to document; all when left out.

    Returns
    -------
    dict of str to str
        reStructuredText; ``index.rst`` leads to all of them, from the top layer down.
    """
    by_package = _by_package()
    order = [
        name
        for row in LAYERS
        for name in sorted(row)
        if name in by_package and (parts is None or name in parts)
    ]
    listed = [
        *(name for top in order for name in by_package if name.split(".")[0] == top),
        _GROUND,
    ]
    toc = "\n".join(f"   {name}" for name in listed)
    found = {
        "index.rst": (
            f"{_heading('API reference', '=')}\n\nMade from the docstrings. Public are the names "
            "of ``kesos_sim`` itself and what the notebooks import; the packages below stand in "
            "the order of their layers, from top to bottom. Examples run as they are written in "
            "a folder with scenarios and notebooks, such as ``kesos init`` makes.\n\n"
            f"{_module('kesos_sim')}\n"
            f".. toctree::\n   :maxdepth: 1\n\n{toc}\n"
        )
    }
    for name in listed:
        title = (
            f"kesos_sim.{name}"
            if name != _GROUND
            else "errors, units, rng, palette, shipping, testing"
        )
        body = "\n".join(_section(module) for module in by_package[name])
        found[f"{name}.rst"] = f"{_heading(title, '=')}\n\n{body}"
    return found


def _by_package() -> dict[str, list[str]]:
    """Return the modules of every package, the package itself first; single modules together."""
    found: dict[str, list[str]] = {}
    for name in sorted(name for name in modules() if not name.endswith("__main__")):
        package = next(parent for parent in _upwards(name) if _is_package(parent))
        found.setdefault(package, []).append(name)
    return {name: sorted(found[name], key=lambda one: (one != name, one)) for name in sorted(found)}


def _upwards(name: str) -> Iterator[str]:
    """Yield a dotted name, its parents, and what stands for the top."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        yield ".".join(parts[:end])
    yield _GROUND


def _is_package(name: str) -> bool:
    """Whether a dotted name is a package, or stands for the top."""
    return name == _GROUND or Path(SOURCE, *name.split(".")).is_dir()


def _section(module: str) -> str:
    """Return the part of a page about one module."""
    found = _module(f"kesos_sim.{module}")
    if _named_as_function(module):
        found += "   :no-index:\n"
    return f"{_heading(f'kesos_sim.{module}', '-')}\n\n{found}"


def _named_as_function(module: str) -> bool:
    """Whether its package has a function of the same dotted name, which the index then means."""
    package, _, own = module.rpartition(".")
    body = modules()[package].body if package in modules() else []
    return any(isinstance(node, ast.FunctionDef) and node.name == own for node in body)


def _module(name: str) -> str:
    """Return the directive that documents a module."""
    return f".. automodule:: {name}\n   :members:\n   :ignore-module-all:\n"


def _heading(title: str, mark: str) -> str:
    """Return an underlined heading."""
    return f"{title}\n{mark * len(title)}"
