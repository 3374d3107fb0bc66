"""Serve one notebook as a page with Voila, with nothing from outside this computer.

The settings beside the notebook (``voila.json``) apply whatever the current folder is, and the
page template of this package is found without installing it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Final

from kesos_sim import i18n
from kesos_sim.errors import InputError, KesosError

__all__ = ["main", "serve"]

_FIRST_PORT: Final = 8866
_SUFFIX: Final = ".ipynb"


def serve(notebook: str | os.PathLike[str], port: int = _FIRST_PORT, *, browser: bool) -> None:
    """Serve a notebook until the process is told to stop.

    Parameters
    ----------
    notebook : path
        The notebook.
    port : int
        First port to try on the loopback address.
    browser : bool
        Whether to open the page in a browser.

    Raises
    ------
    InputError
        If there is no such notebook.
    """
    path = Path(notebook).resolve()
    if path.suffix != _SUFFIX or not path.is_file():
        raise InputError("KS5001", "workbench.notebook_missing", got=str(notebook))
    with as_file(files("kesos_sim.workbench") / "jupyter") as templates:
        known = os.environ.get("JUPYTER_PATH")
        os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, (str(templates), known)))
        _launch(path, port, browser=browser)


def _launch(path: Path, port: int, *, browser: bool) -> None:
    """Start Voila; it looks for its template folders when it is imported."""
    from traitlets.config import Config
    from voila.app import Voila

    settings = Config()
    settings.Voila.config_file_paths = [str(path.parent)]
    settings.Voila.ip = "127.0.0.1"
    settings.Voila.port = port
    settings.Voila.open_browser = browser
    settings.VoilaConfiguration.prelaunch_hook = _with_cookie
    Voila.launch_instance(argv=[str(path)], config=settings)


def _with_cookie(request: Any, notebook: object, cwd: str) -> None:
    """Give the page the cookie without which closing it could not end its kernel."""
    del notebook, cwd
    _ = request.xsrf_token


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the notebook that the command line names.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without it those of the process.

    Returns
    -------
    int
        Exit code.
    """
    lang = i18n.default_language()
    parser = argparse.ArgumentParser(
        prog="python -m kesos_sim.workbench",
        description=i18n.text("workbench.serve_help", lang),
    )
    parser.add_argument("notebook", help=i18n.text("workbench.serve_notebook", lang))
    parser.add_argument(
        "--port", type=int, default=_FIRST_PORT, help=i18n.text("workbench.serve_port", lang)
    )
    parser.add_argument(
        "--no-browser", action="store_true", help=i18n.text("workbench.serve_no_browser", lang)
    )
    asked = parser.parse_args(arguments)
    try:
        serve(asked.notebook, asked.port, browser=not asked.no_browser)
    except KesosError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0
