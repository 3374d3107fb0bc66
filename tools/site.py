"""The documentation site: ``python -m tools.site FOLDER`` builds it without any network.

Pages keep the places that they have in the repository, so that their links work in both.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tools import gallery, licences, reference
from tools.imports import ROOT

HOME: Final = "docs/index.html"
_COPIED: Final = (
    "README.md",
    "README.id.md",
    "CHANGELOG.md",
    "LICENSE",
    "docs",
    "benchmarks/README.md",
)
_FEW: Final = ("i18n", "model")
_FORWARD: Final = (
    '<!doctype html><html lang="id"><meta charset="utf-8"><title>kesos-sim</title>'
    f'<meta http-equiv="refresh" content="0; url={HOME}"><a href="{HOME}">kesos-sim</a></html>\n'
)


def assemble(folder: Path, *, whole: bool = True) -> None:
    """Put everything that Sphinx reads into a folder: pages, pictures, and what code makes.

    Parameters
    ----------
    folder : Path
        An empty folder.
    whole : bool
        Whether the reference has all packages and the gallery what has to be run.
    """
    for name in _COPIED:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target)
    (folder / "docs" / "conf.py").rename(folder / "conf.py")
    _write(folder / "docs" / "api", reference.pages(None if whole else _FEW))
    _write(folder / "docs" / "gallery", gallery.pages(run=whole))
    _write(folder / "docs", {"LICENCES.md": licences.page()})
    _write(folder / "extra", {"index.html": _FORWARD})


def build(target: Path, *, whole: bool = True) -> int:
    """Build the site; every warning is an error.

    Parameters
    ----------
    target : Path
        Folder of the finished pages.
    whole : bool
        As for `assemble`.

    Returns
    -------
    int
        Exit code of Sphinx.
    """
    from sphinx.cmd.build import build_main

    with tempfile.TemporaryDirectory(prefix="kesos-docs-") as scratch:
        source = Path(scratch, "source")
        assemble(source, whole=whole)
        words = ["-q", "-W", "--keep-going", "-d", str(Path(scratch, "doctrees"))]
        return build_main([*words, str(source), str(target)])


def _write(folder: Path, pages: Mapping[str, str]) -> None:
    """Write pages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    place = Path(sys.argv[1] if len(sys.argv) > 1 else "build/docs")
    code = build(place)
    if code == 0:
        print(place / "index.html")
    sys.exit(code)
