"""A server with the page of two levers, a browser, and a record of what the page asked for."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import nbformat
import pytest
from playwright.sync_api import Browser, sync_playwright

from kesos_sim.kernels.ahead import missing
from tests.required import lacking

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "notebooks" / "mulai" / "dua_tuas.ipynb"
SMALL = "households = 2000\nmonths = 36\ndraws = 1"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 60.0
WARM_UP = "from kesos_sim.cli import main; main(['warmup'])"
WARM_UP_SECONDS = 600.0


def chromium() -> str:
    """Return the browser, or skip; where everything is required its absence is a failure."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        lacking("chromium is not installed (on Debian: apt-get install chromium)")
    return found


def compiled() -> None:
    """Compile what is not compiled yet, which takes longer than a visitor waits."""
    if missing():
        subprocess.run([sys.executable, "-c", WARM_UP], check=True, timeout=WARM_UP_SECONDS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Open a browser; only while a file of tests needs it, for its loop runs in this thread."""
    path = chromium()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield opened
        opened.close()


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes
    ----------
    address : where the page is
    log : what the server says
    """

    address: str
    log: Path

    def has_ended(self, kernel: str) -> bool:
        """Whether the server has ended a kernel."""
        return f"Kernel shutdown: {kernel}" in self.log.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the page with a small world on a free port of the loopback address."""
    chromium()
    compiled()
    folder = tmp_path_factory.mktemp("page") / "notebooks" / "mulai"
    folder.mkdir(parents=True)
    shutil.copytree(ROOT / "scenarios", folder.parents[1] / "scenarios")
    shutil.copy(PAGE.parent / "voila.json", folder)
    notebook = nbformat.read(PAGE, as_version=4)
    notebook.cells.insert(1, nbformat.v4.new_code_cell(SMALL))
    nbformat.write(notebook, folder / PAGE.name)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "kesos_sim.workbench", str(folder / PAGE.name)]
    log = folder / "voila.log"
    with log.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(
            [*command, "--port", str(port), "--no-browser"], stdout=stream, stderr=stream
        )
    place = f"http://127.0.0.1:{port}/"
    try:
        _wait(place, process, log)
        yield Server(place, log)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(place: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers; its static files cost no kernel."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.fail(f"the server ended: {log.read_text(encoding='utf-8')[-2000:]}")
        try:
            with urlopen(f"{place}voila/static/voila.js", timeout=2):  # noqa: S310 (loopback)
                return
        except (URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"no answer in {START_SECONDS} seconds: {log.read_text(encoding='utf-8')[-2000:]}")
