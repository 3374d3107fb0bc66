"""Licences of everything that kesos-sim installs: ``python -m tools.licences`` lists them.

Exit code 1 if one of them is unknown or does not go with the licence of kesos-sim.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from license_expression import ExpressionError, Licensing
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT_PACKAGE: Final = "kesos-sim"
UNKNOWN: Final = "unknown"
COMPATIBLE: Final = frozenset(
    {
        "0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "HPND", "ISC",
        "MIT", "MIT-0", "MIT-CMU", "PSF-2.0", "Python-2.0", "Unlicense", "Zlib", "ZPL-2.1",
    }
)  # fmt: skip
"""Permissive licences: an Apache-2.0 program may need and even contain what bears them."""
AS_LIBRARY: Final = frozenset(
    {"LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later", "MPL-2.0"}
)
"""Licences that an Apache-2.0 program may need: the library stays a separate, unchanged package."""
_BY_CLASSIFIER: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Apache Software License": "Apache-2.0",
        "BSD License": "BSD",
        "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
        "ISC License (ISCL)": "ISC",
        "MIT License": "MIT",
        "MIT No Attribution License (MIT-0)": "MIT-0",
        "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
        "Python Software Foundation License": "PSF-2.0",
        "The Unlicense (Unlicense)": "Unlicense",
    }
)
_BY_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Apache 2.0": "Apache-2.0",
        "Apache License 2.0": "Apache-2.0",
        "Apache License, Version 2.0": "Apache-2.0",
        "Apache Software License": "Apache-2.0",
        "BSD License": "BSD",
        "BSD-3": "BSD-3-Clause",
    }
)
_READ: Final[Mapping[str, str]] = MappingProxyType(
    {
        # Mostly in the public domain; the GPL is for a mode of an editor that is not installed.
        "docutils": "BSD-2-Clause AND 0BSD AND PSF-2.0",
        "graphemeu": "MIT",
        "platypus-opt": "GPL-3.0-or-later",
        "pypdfium2": "BSD-3-Clause AND Apache-2.0",
    }
)
"""Read in the licence files of packages whose metadata do not say it in a form that can be read."""
COPYLEFT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "platypus-opt": "ema-workbench, and with it the extra `research`, needs it; kesos-sim "
        "neither imports nor contains it. Who passes on an environment or image with this extra "
        "passes on a GPL package and has to follow the GPL for it."
    }
)
"""What is installed although an Apache-2.0 program may not contain it, and why that is so."""
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Package:
    """One installed package.

    Attributes
    ----------
    name, version : str
        As it calls itself.
    licence : str
        SPDX expression; ``BSD`` where a package does not say which one; `UNKNOWN`.
    wanted_by : str
        ``kesos-sim``, its extras that ask for the package, or the packages that need it.
    direct : bool
        Whether kesos-sim asks for it itself.
    """

    name: str
    version: str
    licence: str
    wanted_by: str
    direct: bool

    @property
    def key(self) -> str:
        """Its name as an index writes it."""
        return canonicalize_name(self.name)

    @property
    def compatible(self) -> bool:
        """Whether kesos-sim may need it."""
        return may_be_needed(self.licence)


def may_be_needed(licence: str) -> bool:
    """Say whether an Apache-2.0 program may need a library of some licence.

    Parameters
    ----------
    licence : str
        SPDX expression.

    Returns
    -------
    bool
        False for what cannot be read as one.

    Examples
    --------
    >>> may_be_needed("GPL-2.0-only OR MIT"), may_be_needed("MIT AND GPL-3.0-only")
    (True, False)
    """
    try:
        parsed = Licensing().parse(licence)
    except ExpressionError:
        return False
    return parsed is not None and _allowed(parsed)


@cache
def packages() -> tuple[Package, ...]:
    """Return everything that ``kesos-sim[all]`` installs here, by name.

    Raises
    ------
    importlib.metadata.PackageNotFoundError
        If something that is asked for is not installed.
    """
    direct = _wanted_by_kesos()
    by: dict[str, set[str]] = {name: set(extras) for name, extras in direct.items()}
    open_names = list(direct)
    while open_names:
        name = open_names.pop()
        for needed in _needs(name):
            if needed in direct:
                continue
            if needed not in by:
                open_names.append(needed)
            by.setdefault(needed, set()).add(name)
    found = []
    for name in sorted(by):
        about = metadata.metadata(name)
        words = ", ".join(sorted(by[name]))
        found.append(
            Package(about["Name"], about["Version"], licence_of(about), words, name in direct)
        )
    return tuple(found)


def licence_of(about: Any) -> str:
    """Read the licence from the metadata of a package.

    Parameters
    ----------
    about : importlib.metadata.PackageMetadata
        The metadata.

    Returns
    -------
    str
        What it says as an expression, else by classifiers, else in few words.
    """
    read = _READ.get(canonicalize_name(str(about["Name"])))
    expression = read or about.get("License-Expression")
    if expression:
        return str(expression)
    lines = [line.split(" :: ") for line in about.get_all("Classifier", [])]
    said = sorted({line[-1] for line in lines if line[0] == "License"} - {"OSI Approved"})
    words = " ".join(str(about.get("License") or "").split())
    words = _BY_WORDS.get(words, words)
    if said and not (said == ["BSD License"] and words in COMPATIBLE):  # which says which BSD
        return " AND ".join(sorted({_BY_CLASSIFIER.get(name, name) for name in said}))
    return words if 0 < len(words) < _LONGEST else UNKNOWN


def page() -> str:
    """Return the list as a page of the documentation."""
    rows = [
        f"| {one.name} | {one.version} | {one.licence} | {one.wanted_by} |" for one in packages()
    ]
    head = [
        "# Licences of the packages that kesos-sim needs",
        "kesos-sim itself is under the Apache License 2.0. It contains no code of these packages; "
        "they are installed beside it. The list is made from what is installed when the page is "
        "built, with the extra `all`; in the last column are the extras that ask for a package "
        "(`kesos-sim` for the model itself), or the packages that need it. `BSD` means that a "
        "package does not say which BSD licence. The typeface on pages and in documents, Inter, "
        "is under the SIL Open Font License 1.1, outlines of provinces as "
        "`src/kesos_sim/reports/analyses/outlines.LICENSE.txt` says.",
    ]
    head += [f"**{name}**: {why}" for name, why in COPYLEFT.items()]
    table = ["| package | version | licence | for |", "| --- | --- | --- | --- |", *rows]
    return "\n\n".join(head) + "\n\n" + "\n".join(table) + "\n"


def main() -> int:
    """Print the list and return the exit code."""
    found = packages()
    wide = max(len(one.name) for one in found)
    for one in found:
        mark = "" if one.compatible else f"  <- {COPYLEFT.get(one.key, 'not known to go along')}"
        print(f"{one.name:<{wide}}  {one.licence}{mark}")
    bad = [one.name for one in found if not one.compatible and one.key not in COPYLEFT]
    print(f"{len(found)} packages; to look at: {', '.join(bad) or 'none'}")
    return 1 if bad else 0


def _wanted_by_kesos() -> dict[str, set[str]]:
    """Return what kesos-sim asks for, and by which extras."""
    found: dict[str, set[str]] = {}
    extras = metadata.metadata(ROOT_PACKAGE).get_all("Provides-Extra") or []
    for line in metadata.requires(ROOT_PACKAGE) or []:
        requirement = Requirement(line)
        name = canonicalize_name(requirement.name)
        marker = requirement.marker
        if marker is None:
            found.setdefault(name, set()).add(ROOT_PACKAGE)
            continue
        asking = {extra for extra in extras if marker.evaluate({"extra": extra})} - {"all"}
        if name != ROOT_PACKAGE and asking:
            found.setdefault(name, set()).update(asking)
    return found


def _needs(name: str) -> Iterator[str]:
    """Yield what an installed package needs here, without its extras."""
    for line in metadata.requires(name) or []:
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield canonicalize_name(requirement.name)


def _allowed(parsed: Any) -> bool:
    """Whether a parsed expression leaves a way: all of AND, one of OR."""
    if hasattr(parsed, "args") and parsed.args:
        parts = [_allowed(part) for part in parsed.args]
        return any(parts) if parsed.operator.strip() == "OR" else all(parts)
    key = str(getattr(parsed, "license_symbol", parsed).key)
    return key in COMPATIBLE | AS_LIBRARY


if __name__ == "__main__":
    sys.exit(main())
