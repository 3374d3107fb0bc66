"""Opening JupyterLab on the start page, on this computer only and asking nothing of the network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from kesos_sim.errors import InputError
from kesos_sim.workbench.start_page import START

__all__ = ["clone_folder", "copied", "lab_folder", "open_lab", "shipped_folder"]

FIRST_PORT: Final = 8888
_PORTS: Final = 50
_SHIPPED: Final = ("notebooks", "scenarios")
_PAGE: Final = f"notebooks/mulai/{START}"
_IGNORED: Final = {".ipynb_checkpoints", "__pycache__", "out"}


def clone_folder() -> Path | None:
    """Return the source tree that this package runs from, if it does."""
    root = Path(__file__).resolve().parents[3]
    return root if (root / _PAGE).is_file() and (root / "pyproject.toml").is_file() else None


def shipped_folder() -> Path:
    """Return where notebooks and scenarios lie that came with the package.

    Returns
    -------
    Path
        The source tree, or the copies inside an installed package.

    Raises
    ------
    InputError
        If the package came without them.
    """
    packed = Path(str(files("kesos_sim"))) / "shipped"
    for root in (clone_folder(), packed):
        if root is not None and (root / _PAGE).is_file():
            return root
    raise InputError("KS9040", "planner.nothing_shipped")


def lab_folder(folder: str | os.PathLike[str] | None) -> Path:
    """Return the folder to work in, with everything that is missing in it.

    Parameters
    ----------
    folder : path or None
        The user's folder; None for the source tree that the package runs from.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        If no folder is named and there is no source tree, or files cannot be written there.
    """
    if folder is None:
        clone = clone_folder()
        if clone is None:
            raise InputError("KS9041", "planner.folder_needed", field="--folder")
        return clone
    root = Path(folder).expanduser().resolve()
    try:
        for _ in copied(shipped_folder(), root):
            pass
    except OSError as error:
        raise InputError("KS9042", "planner.unwritable", file=str(folder), reason=error) from error
    return root


def copied(source: Path, target: Path) -> Iterator[Path]:
    """Copy notebooks and scenarios that a folder does not have; replace nothing.

    Parameters
    ----------
    source : Path
        The folder with ``notebooks`` and ``scenarios``.
    target : Path
        The folder that gets them; made if need be.

    Yields
    ------
    Path
        Each file that was copied, seen from the target.

    Raises
    ------
    OSError
        If something cannot be read or written.
    """
    for name in _SHIPPED:
        for path in sorted((source / name).rglob("*")):
            inside = path.relative_to(source)
            if not path.is_file() or _IGNORED & set(inside.parts):
                continue
            place = target / inside
            if place.exists():
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            part = place.with_name(place.name + ".part")
            shutil.copyfile(path, part)
            part.replace(place)
            yield inside


def open_lab(root: Path, port: int = FIRST_PORT, *, browser: bool = True) -> None:
    """Serve JupyterLab until it is told to stop.

    Parameters
    ----------
    root : Path
        The folder with notebooks and scenarios.
    port : int
        First port to try on the loopback address; the next free one is taken.
    browser : bool
        Whether to open a browser.

    Raises
    ------
    InputError
        If JupyterLab is not installed.
    """
    try:
        from jupyterlab.labapp import LabApp  # type: ignore[import-untyped]
    except ImportError as error:
        raise InputError("KS9043", "planner.no_lab") from error
    # Said on the command line, where they go before what a user's own files say.
    settings: dict[str, object] = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": _PORTS,
        "ServerApp.open_browser": browser,
        "ServerApp.root_dir": root,
        "ServerApp.allow_remote_access": False,
        "LabApp.default_url": f"/lab/tree/{_PAGE}",
        # Neither news nor updates are asked for, and nobody is asked whether they should be.
        "LabApp.news_url": None,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.extension_manager": "readonly",
    }
    with as_file(files("kesos_sim.workbench") / "jupyter" / "config") as config:
        known = os.environ.get("JUPYTER_CONFIG_PATH")
        os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, (str(config), known)))
        LabApp.launch_instance([f"--{name}={value}" for name, value in settings.items()])
