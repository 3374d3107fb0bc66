"""Wheel and sdist: what is in them, and that a wheel works outside its source folder."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import sysconfig
import tarfile
import time
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from kesos_sim.workbench.start_page import START

ROOT = Path(__file__).parents[2]
SHIPPED = "kesos_sim/shipped/"
SMALL = ("--region", "34", "--households", "2000", "--months", "14")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/lab\S*token=\w+")

pytestmark = pytest.mark.slow


def tracked(*folders: str) -> set[str]:
    """Files of the source tree that are shipped, without what running them left behind."""
    return {
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not {".ipynb_checkpoints", "__pycache__", "out"} & set(path.parts)
    }


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A wheel, made of the sdist as an index would offer it, and that sdist."""
    folder = tmp_path_factory.mktemp("dist")
    build(ROOT, folder, "sdist")
    (sdist,) = folder.glob("*.tar.gz")
    with tarfile.open(sdist) as packed:
        packed.extractall(folder, filter="data")
    build(folder / sdist.name.removesuffix(".tar.gz"), folder, "wheel")
    (wheel,) = folder.glob("*.whl")
    return wheel, sdist


def build(source: Path, target: Path, kind: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", target],
        cwd=source, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def answered(address: str) -> bytes:
    """What a server on this machine answers; it says its address before it listens."""
    until = time.monotonic() + 60.0
    while True:
        try:
            with urlopen(address, timeout=30) as answer:  # noqa: S310 (loopback)
                found: bytes = answer.read()
                return found
        except URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.3)


@dataclass(frozen=True)
class Installed:
    """The wheel in an environment of its own, and an empty folder to work in."""

    bin: Path
    here: Path
    settings: dict[str, str]

    def kesos(self, *words: str) -> str:
        """Run one command, which must succeed, and return what it printed."""
        done = subprocess.run(
            [self.bin / "kesos", *words],
            cwd=self.here, env=self.settings, capture_output=True, text=True, check=False,
            timeout=500,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def installed(built: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Install without the network: the packages that the model needs are those of the tests."""
    root = tmp_path_factory.mktemp("elsewhere")
    venv.create(root / "venv", symlinks=True, with_pip=False)
    binaries = root / "venv" / "bin"
    own = Path(
        subprocess.run(
            [binaries / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            capture_output=True, text=True, check=True, timeout=60,
        ).stdout.strip()
    )  # fmt: skip
    (own / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    subprocess.run(
        [binaries / "python", "-m", "pip", "install", "-qq", "--disable-pip-version-check",
         "--no-index", "--no-deps", "--ignore-installed", built[0]],
        check=True, timeout=120,
    )  # fmt: skip
    here = root / "empty"
    here.mkdir()
    settings = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "KESOS_", "XDG_", "JUPYTER")) or name == "PYTHONHASHSEED"
    }
    shared = Path(sys.prefix) / "share" / "jupyter"
    settings |= {
        "HOME": str(root / "home"),
        "KESOS_LANG": "en",
        "JUPYTER_PATH": str(shared),
        "JUPYTERLAB_DIR": str(shared / "lab"),
    }
    Path(settings["HOME"]).mkdir()
    return Installed(binaries, here, settings)


def test_the_sdist_holds_what_the_tests_and_the_documents_need(built: tuple[Path, Path]) -> None:
    with tarfile.open(built[1]) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}
    folders = ("src", "tests", "scenarios", "notebooks", "docs", "benchmarks", "tools", "binder")
    assert tracked(*folders) <= names
    files = {"pyproject.toml", "Makefile", "environment.yml", "constraints.txt", "Dockerfile"}
    assert files | {".dockerignore"} <= names


def test_the_wheel_holds_code_data_notebooks_and_scenarios_and_nothing_else(
    built: tuple[Path, Path],
) -> None:
    with zipfile.ZipFile(built[0]) as packed:
        names = {name for name in packed.namelist() if ".dist-info/" not in name}
        licences = [name for name in packed.namelist() if name.endswith("/licenses/LICENSE")]
    code = {name.removeprefix("src/") for name in tracked("src")}
    shipped = {SHIPPED + name for name in tracked("notebooks", "scenarios")}
    assert names == code | shipped
    assert len(licences) == 1


def test_commands_that_only_read_work_in_an_empty_folder(installed: Installed) -> None:
    code = "import kesos_sim; print(kesos_sim.__file__)"
    where = subprocess.run(
        [installed.bin / "python", "-c", code],
        cwd=installed.here, env=installed.settings, capture_output=True, text=True, check=True,
        timeout=60,
    ).stdout.strip()  # fmt: skip
    assert Path(where).is_relative_to(installed.bin.parent), "it is the wheel that is tried"
    assert "poverty_province" in installed.kesos("data", "list")
    assert json.loads(installed.kesos("levers", "--format", "json"))["records"]
    assert installed.kesos("--version").startswith("kesos-sim ")
    installed.kesos("forum", "static", "--out", "copies")
    assert list((installed.here / "copies").glob("*.html"))


def test_init_brings_every_notebook_and_scenario(installed: Installed) -> None:
    installed.kesos("init", "mine")
    for name in tracked("notebooks", "scenarios"):
        assert (installed.here / "mine" / name).read_bytes() == (ROOT / name).read_bytes()


@pytest.mark.full
def test_a_run_and_a_comparison_leave_their_files(installed: Installed) -> None:
    installed.kesos("init")
    installed.kesos("run", "scenarios/baseline.yaml", *SMALL, "--out", "one")
    assert (installed.here / "one" / "index.html").is_file()
    both = ("scenarios/baseline.yaml", "scenarios/apbd-10.yaml")
    installed.kesos("compare", *both, *SMALL, "--draws", "1", "--out", "two")
    assert (installed.here / "two" / "indicators.parquet").is_file()


@pytest.mark.full
def test_a_meeting_is_rehearsed(installed: Installed) -> None:
    # On ports of its own: a forum may be running on the usual ones, which a rehearsal reports.
    with socket.socket() as one, socket.socket() as other:
        for probe in (one, other):
            probe.bind(("127.0.0.1", 0))
        port, room = (str(probe.getsockname()[1]) for probe in (one, other))
    ports = ("--port", port, "--facilitator-port", room)
    installed.kesos("forum", "--check", "--attendees", "3", *ports)


@pytest.mark.full
def test_jupyterlab_opens_on_the_start_page(installed: Installed, tmp_path: Path) -> None:
    installed.kesos("init", str(tmp_path / "mine"))
    # Machines that test often do so as root, which Jupyter refuses unless its owner allows it.
    allowed = tmp_path / "jupyter_server_config.json"
    allowed.write_text('{"ServerApp": {"allow_root": true}}', encoding="utf-8")
    with subprocess.Popen(
        [installed.bin / "kesos", "lab", "--no-browser"],
        cwd=tmp_path / "mine", env=installed.settings | {"JUPYTER_CONFIG_DIR": str(tmp_path)},
        stderr=subprocess.PIPE, text=True,
    ) as lab:  # fmt: skip
        try:
            assert lab.stderr is not None
            said = next(found for line in lab.stderr if (found := ADDRESS.search(line)))
            page = said[0].replace("/lab/tree/", "/api/contents/")
            assert json.loads(answered(page))["path"].endswith(START)
        finally:
            lab.terminate()
