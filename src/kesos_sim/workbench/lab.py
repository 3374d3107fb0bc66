"""Opening JupyterLab on the start page, on this computer only and asking nothing of the network."""

from __future__ import annotations

import os
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from kesos_sim.errors import InputError
from kesos_sim.shipping import copied, source_tree
from kesos_sim.workbench.start_page import START

__all__ = ["lab_folder", "open_lab"]

FIRST_PORT: Final = 8888
_PORTS: Final = 50
_PAGE: Final = f"notebooks/mulai/{START}"


def lab_folder(folder: str | os.PathLike[str] | None) -> Path:
    """Return the folder to work in, with everything that is missing in it.

    Parameters
    ----------
    folder : path or None
        The user's folder; None for the current folder where it holds the notebooks, otherwise for
        the source tree that the package runs from.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        If no folder is named and neither has notebooks, or files cannot be written there.
    """
    if folder is None:
        here = Path.cwd()
        root = here if (here / _PAGE).is_file() else source_tree()
        if root is None:
            raise InputError("KS9041", "planner.folder_needed", field="--folder")
        return root
    root = Path(folder).expanduser().resolve()
    try:
        for _ in copied(root):
            pass
    except OSError as error:
        raise InputError("KS9042", "planner.unwritable", file=str(folder), reason=error) from error
    return root


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
