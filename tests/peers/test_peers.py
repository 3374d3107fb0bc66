"""Peers live the same months as ours, in processes and environments of their own."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from benchmarks.peers.__main__ import main
from benchmarks.peers.definitions import WORLDS, Peer, peers
from benchmarks.peers.environments import UnavailableError, ready
from benchmarks.peers.gate import LIMIT, MONTHS, closed_forms
from benchmarks.peers.host import Host
from benchmarks.peers.measure import Size, beside, ours, passes
from benchmarks.peers.process import PeerError, Process
from benchmarks.peers.worlds import numpy_arrays
from benchmarks.simplified import SUMS
from kesos_sim import i18n
from tools.licences import COMPATIBLE

ROOT = Path(__file__).parents[2]
PEERS = peers()
INSTALLED = ("mesa", "numpy")
FEW, MORE = 3_000, 40_000
OTHER = {
    "keep": 0.9,
    "spread": 0.11,
    "chance": 0.1,
    "loss": 0.8,
    "benefit": 0.3,
    "saved": 0.02,
    "level": 0.63,
    "level_spread": 0.5,
    "covered": 1.0,
}


def pins(peer: Peer) -> dict[str, Version]:
    """Return the version of everything that a peer pins."""
    found = {}
    for line in peer.requirements:
        requirement = Requirement(line)
        (one,) = requirement.specifier
        assert one.operator == "==" and not one.version.endswith(".*"), line
        assert requirement.url is None and requirement.marker is None, line
        found[canonicalize_name(requirement.name)] = Version(one.version)
    return found


def constraints() -> dict[str, Version]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if "==" in line and not line.startswith("#")]
    return {canonicalize_name(name): Version(version) for name, version in pairs}


@pytest.fixture(scope="module")
def own_life() -> dict[str, Any]:
    return ours(1).check(SUMS, MORE, MONTHS)


@pytest.mark.parametrize("peer", PEERS.values(), ids=PEERS.keys())
def test_definition_is_well_formed(peer: Peer) -> None:
    own = pins(peer)
    framework = peer.name.split("-")[0]
    assert framework in own, "the framework itself is pinned"
    assert peer.licence in COMPATIBLE
    assert peer.why.endswith(".") and peer.times >= 1
    assert peer.python is None or str(Version(peer.python)) == peer.python
    for lang in i18n.LANGUAGES:
        for figure in ("same_against", "month", "gate"):
            assert i18n.text(f"bench.figure_{figure}_{peer.key}", lang)


def test_mesa_and_numpy_are_those_of_our_environment() -> None:
    ours_pinned = constraints()
    for name in INSTALLED:
        for package, version in pins(PEERS[name]).items():
            assert version == ours_pinned[package], f"{name} pins another {package} than ours"
    assert pins(PEERS["mesa-newest"])["mesa"] > ours_pinned["mesa"]


def test_worlds_belong_to_peers_and_know_nothing_of_ours() -> None:
    files = {path.name for path in WORLDS.glob("*.py")} - {"__init__.py"}
    assert files == {peer.world for peer in PEERS.values()}
    for path in (*WORLDS.glob("*.py"), WORLDS.with_name("host.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            roots = {name.split(".")[0] for name in names}
            assert not roots & {"kesos_sim", "benchmarks", ""}, path.name


@pytest.mark.parametrize("name", INSTALLED)
def test_peer_in_its_process_passes_the_gate_and_is_timed(name: str, tmp_path: Path) -> None:
    told: list[str] = []
    host = ours(2)
    own = host.check(SUMS, FEW, MONTHS)
    with Process(Path(sys.executable), WORLDS / PEERS[name].world, tmp_path / "log") as process:
        life = process.check(SUMS, FEW, MONTHS)
        figure, right = passes(name, life, own, told.append)
        figures = beside(name, process, host, FEW, None, Size(months=1, repetitions=2))
    assert right and figure.ok and not told
    assert len(life["rates"]) == MONTHS and life["households"] == FEW
    assert [one.name for one in figures] == [f"same_against_{name}", f"month_{name}"]
    assert all(one.value > 0.0 and one.best for one in figures)


def test_ours_agrees_with_the_closed_forms_whatever_its_threads(own_life: dict[str, Any]) -> None:
    assert own_life == ours(2).check(SUMS, MORE, MONTHS)
    figure, right = passes("ours", own_life, None, pytest.fail)
    assert right and 0.0 < figure.value < LIMIT


@pytest.mark.parametrize("name", SUMS)
def test_gate_refuses_a_world_that_does_other_work(name: str, own_life: dict[str, Any]) -> None:
    told: list[str] = []
    host = Host(numpy_arrays.World)
    other = host.check({**SUMS, name: OTHER[name]}, MORE, MONTHS)
    _, right = passes("other", other, own_life, told.append)
    assert not right
    assert all(line.startswith("other does other work: ") for line in told)


def test_gate_sees_savings_that_are_never_used(own_life: dict[str, Any]) -> None:
    class Miser(numpy_arrays.World):
        def step(self) -> None:
            kept = self.savings
            self.savings = kept * 0
            super().step()
            self.savings = self.savings + kept

    told: list[str] = []
    life = Host(Miser).check(SUMS, MORE, MONTHS)
    assert all(one.size < LIMIT for one in closed_forms(life, SUMS))
    _, right = passes("miser", life, own_life, told.append)
    assert not right and any("savings, beside ours" in line for line in told)


def test_gate_refuses_what_is_no_number() -> None:
    life = Host(numpy_arrays.World).check(SUMS, FEW, MONTHS)
    told: list[str] = []
    figure, right = passes("lost", {**life, "memory": float("nan")}, None, told.append)
    assert not right and figure.ok is False and len(told) == 1


BROKEN = {
    "import no_such_framework": "ModuleNotFoundError: No module named 'no_such_framework'",
    "class World:\n    def __init__(self, sums, households):\n        raise ValueError('full')": (
        "ValueError: full"
    ),
    "import os\nprint('loading', flush=True)\nclass World:\n"
    "    def __init__(self, sums, households):\n        os._exit(7)": "exit code 7",
}


@pytest.mark.parametrize(("source", "said"), BROKEN.items(), ids=["import", "world", "process"])
def test_peer_that_fails_says_why(source: str, said: str, tmp_path: Path) -> None:
    world = tmp_path / "broken.py"
    world.write_text(source, encoding="utf-8")
    with (
        pytest.raises(PeerError) as caught,
        Process(Path(sys.executable), world, tmp_path / "log") as process,
    ):
        process.check(SUMS, FEW, 1)
    assert said in str(caught.value) and str(tmp_path / "log") in str(caught.value)


def test_peer_for_a_later_python_is_named_and_not_made(tmp_path: Path) -> None:
    peer = Peer("later", "numpy_arrays.py", ("numpy==2.4.6",), "MIT", "Test.", python="9.1")
    with pytest.raises(UnavailableError, match=r"Python 9\.1 or newer"):
        ready(peer, tmp_path / "new", [Path(sys.executable), tmp_path / "none"])
    assert not (tmp_path / "new").exists()


@pytest.mark.slow
def test_environment_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    peer = Peer("absent", "numpy_arrays.py", (str(tmp_path / "no-such-package"),), "MIT", "Test.")
    with pytest.raises(UnavailableError, match="could not be made"):
        ready(peer, tmp_path / "new")
    assert not list((tmp_path / "new").iterdir())


@pytest.mark.parametrize("words", [("--households", "999"), ("--months", "0"), ("--months", "x")])
def test_too_little_is_refused(words: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(words)
    assert "a whole number from" in capsys.readouterr().err


@pytest.mark.full
def test_every_peer_in_an_environment_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--households", "2000", "--months", "1", "--repetitions", "1", "--format", "json"]
    code = main([*words, "--environments", str(tmp_path)])
    shown = capsys.readouterr()
    document = json.loads(shown.out)
    found = {record["name"]: record for record in document["records"]}
    measured, absent = document["provenance"]["peers"], document["provenance"]["not measured"]
    assert len(measured) + len(absent) == len(PEERS) and code == (1 if absent else 0)
    assert all("could not be made" in line or "or newer" in line for line in absent), absent
    if not measured:
        pytest.skip(f"no packages can be had: {absent}")
    for name, packages in measured.items():
        assert found[f"gate_{PEERS[name].key}"]["ok"]
        assert found[f"same_against_{PEERS[name].key}"]["value"] > 0.0
        installed = dict(line.lower().split("==") for line in packages)
        for package, version in pins(PEERS[name]).items():
            assert Version(installed[package]) == version
    notes = {note: note.stat().st_mtime_ns for note in tmp_path.rglob("peers.json")}
    assert len(notes) == len(measured)
    main([*words, "--environments", str(tmp_path), "--only", next(iter(measured))])
    assert notes == {note: note.stat().st_mtime_ns for note in tmp_path.rglob("peers.json")}
