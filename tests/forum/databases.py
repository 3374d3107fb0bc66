"""A PostgreSQL server of a test's own: on a socket in a temporary folder, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ACCOUNT = "postgres"
PLACES = "/usr/lib/postgresql"


def program(name: str) -> str | None:
    """Path of a program of PostgreSQL; Debian keeps them by version, the newest last."""
    versions = sorted(Path(PLACES).glob(f"*/bin/{name}"), key=lambda path: path.parts[-3].zfill(4))
    return str(versions[-1]) if versions else shutil.which(name)


def as_account(command: list[str]) -> list[str]:
    """Run as an account without rights, since the server refuses to be root."""
    if os.geteuid() != 0:
        return command
    return ["setpriv", f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--init-groups", *command]


def available() -> bool:
    """Whether a server can be started here."""
    if program("initdb") is None or program("pg_ctl") is None:
        return False
    if os.geteuid() != 0:
        return True
    try:
        pwd.getpwnam(ACCOUNT)
    except KeyError:
        return False
    return shutil.which("setpriv") is not None


@contextmanager
def postgres() -> Iterator[str]:
    """Start a server and yield the address of an empty database."""
    # Below /tmp, because the path of a socket may have only about a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="kesos-pg-"))
    if os.geteuid() == 0:
        account = pwd.getpwnam(ACCOUNT)
        os.chown(folder, account.pw_uid, account.pw_gid)
    data, user = folder / "data", "forum"
    control = [str(program("pg_ctl")), "-D", str(data)]
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(folder)}

    def run(command: list[str]) -> None:
        subprocess.run(
            as_account(command), check=True, capture_output=True, cwd=folder, env=environment,
            timeout=60,
        )  # fmt: skip

    try:
        run(
            [str(program("initdb")), "-D", str(data), "-U", user, "-A", "trust", "-E", "UTF8", "-N"]
        )
        run([*control, "-w", "-t", "30", "-o", options, "-l", str(folder / "log"), "start"])
        try:
            yield f"postgresql://{user}@/postgres?host={folder}"
        finally:
            run([*control, "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
