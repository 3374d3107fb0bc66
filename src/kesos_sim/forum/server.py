"""One server of the forum: Voila with one page, kernels from a zygote, and strict limits.

``python -m kesos_sim.forum.server`` reads what to do from its environment (`Served`); the
supervisor writes it there.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from importlib.resources import as_file
from typing import Any, Final

from kesos_sim.errors import KesosError
from kesos_sim.forum.limits import Limits, raise_descriptors
from kesos_sim.forum.zygote import die_with_parent

__all__ = ["SERVED_VARIABLE", "Served", "main", "serve"]

SERVED_VARIABLE: Final = "KESOS_FORUM_SERVED"
"""Environment variable with what one server serves, as JSON."""
SECRET_VARIABLE: Final = "KESOS_FORUM_SECRET"  # noqa: S105 (its name, not the secret)
_LONGEST_SOCKET: Final = 60


@dataclass(frozen=True, slots=True)
class Served:
    """What one server serves.

    Parameters
    ----------
    notebook : str
        Path of the notebook.
    title : str
        Title of the page.
    modules : tuple of str
        What the zygote imports.
    port : int
        Port; unused where a socket is inherited.
    ip : str
        Address to listen on.
    inherited : int
        Number of a listening socket that the process was given; negative without one.
    guarded : bool
        Whether the secret of the environment is asked for.
    proxy : str
        IP address whose word about visitors is believed (``X-Forwarded-For``); empty for none.
    https : bool
        Whether visitors come by https, through a proxy; their cookie is then never sent without.
    limits : Limits
        What visitors may do.
    """

    notebook: str
    title: str
    modules: tuple[str, ...] = ()
    port: int = 0
    ip: str = "127.0.0.1"
    inherited: int = -1
    guarded: bool = False
    proxy: str = ""
    https: bool = False
    limits: Limits = field(default_factory=Limits)

    def dumped(self) -> str:
        """Return the text of `SERVED_VARIABLE`.

        Returns
        -------
        str
            JSON.
        """
        return json.dumps(asdict(self))

    @classmethod
    def loaded(cls, text: str) -> Served:
        """Read the text of `SERVED_VARIABLE`.

        Parameters
        ----------
        text : str
            JSON.

        Returns
        -------
        Served
        """
        record: dict[str, Any] = json.loads(text)
        limits = Limits(**record.pop("limits"))
        return cls(**{**record, "modules": tuple(record["modules"]), "limits": limits})


def serve(served: Served, secret: str = "") -> None:
    """Serve one page until the process is told to stop.

    Parameters
    ----------
    served : Served
        What to serve.
    secret : str
        What a guarded page asks for.

    Raises
    ------
    KesosError
        If kernels cannot be made, or a guarded page has no secret.
    """
    if served.guarded and not secret:
        raise KesosError("KS9412", "forum_server.no_secret")
    raise_descriptors(served.limits.descriptors)
    # Names of sockets are short; a deep temporary folder would not do.
    root = tempfile.gettempdir()
    folder = tempfile.mkdtemp(prefix="kesos-", dir=root if len(root) < _LONGEST_SOCKET else "/tmp")  # noqa: S108
    try:
        from kesos_sim.forum.pages import jupyter_folder

        with as_file(jupyter_folder()) as templates:
            # Nothing of what a user has set for Jupyter applies here.
            os.environ.update(
                JUPYTER_PATH=str(templates),
                JUPYTER_CONFIG_DIR=f"{folder}/config",
                JUPYTER_DATA_DIR=f"{folder}/data",
                JUPYTER_NO_CONFIG="1",
                IPYTHONDIR=f"{folder}/ipython",
            )
            _launch(served, secret, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _launch(served: Served, secret: str, folder: str) -> None:
    """Set Voila up; it looks for its template folders when it is imported."""
    from kesos_sim.forum.application import ForumServer, settings_of
    from kesos_sim.forum.provisioner import Zygote, register

    zygote = Zygote(served.modules, os.environ)
    if Zygote.usable():
        register()
        zygote.start()
    try:
        ForumServer.launch_instance(
            argv=[served.notebook],
            config=settings_of(served, secret, folder),
            served=served,
            zygote=zygote,
        )
    finally:
        zygote.stop()


def main() -> int:
    """Serve what the environment says.

    Returns
    -------
    int
        Exit code.
    """
    die_with_parent(signal.SIGTERM)
    # Whatever is started from here does not inherit the secret.
    secret = os.environ.pop(SECRET_VARIABLE, "")
    served = Served.loaded(os.environ.pop(SERVED_VARIABLE))
    try:
        serve(served, secret)
    except KesosError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
