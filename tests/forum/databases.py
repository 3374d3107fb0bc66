"""A PostgreSQL server of a test's own: on a socket in a temporary folder, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.required import lacking

ACCOUNT = "postgres"
USER = "forum"
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


@dataclass
class Server:
    """A server that can be stopped and started again at the same address."""

    folder: Path

    @property
    def url(self) -> str:
        return f"postgresql://{USER}@/postgres?host={self.folder}"

    def make(self) -> None:
        self._run("initdb", "-U", USER, "-A", "trust", "-E", "UTF8", "-N")

    def start(self) -> None:
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c fsync=off"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-w", "-t", "30", "-o", options, "-l", log, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-m", "immediate", "-w", "stop")

    def _run(self, name: str, *words: str) -> None:
        subprocess.run(
            as_account([str(program(name)), "-D", str(self.folder / "data"), *words]),
            check=True, capture_output=True, cwd=self.folder, timeout=60,
            env={**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(self.folder)},
        )  # fmt: skip


@contextmanager
def running_postgres() -> Iterator[Server]:
    """Start a server with an empty database; without the programs the test ends."""
    if not available():
        lacking("PostgreSQL is not installed (on Debian: apt-get install postgresql)")
    # Below /tmp, because the path of a socket may have only about a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="kesos-pg-"))
    if os.geteuid() == 0:
        account = pwd.getpwnam(ACCOUNT)
        os.chown(folder, account.pw_uid, account.pw_gid)
    server = Server(folder)
    try:
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres() -> Iterator[str]:
    """Start a server and yield the address of its database."""
    with running_postgres() as server:
        yield server.url
