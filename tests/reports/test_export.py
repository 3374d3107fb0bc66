"""A result is written whole or not at all, and nothing in it is taken for a formula."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from kesos_sim.errors import InputError, KesosError
from kesos_sim.reports import MoneyLine, ReportContext
from kesos_sim.reports.charts.chart import Chart
from kesos_sim.reports.export import export
from kesos_sim.reports.result_folder import check_target, whole_folder

Frames = Callable[..., pd.DataFrame]
Contexts = Callable[..., ReportContext]
LEDGER = pd.DataFrame(
    {
        "month": ["2024-03"],
        "region": ["33"],
        "stream": ["apbn"],
        "programme": ["pkh"],
        "stage": ["delivered"],
        "rupiah": [750_000],
    }
)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts that are not drawn: these tests are about files."""
    monkeypatch.setattr(Chart, "svg", lambda self, *_: f"<svg>{self.name}</svg>")
    monkeypatch.setattr(Chart, "png", lambda self: b"png")


@pytest.mark.slow
def test_everything_is_there(compared: Frames, context: Contexts, tmp_path: Path) -> None:
    document = {"apbd-10": {"schema": 1, "name": "apbd-10"}}
    target = export(
        compared(), context(), tmp_path / "a" / "out", ledger=LEDGER, scenarios=document
    )
    names = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    charts = ("poverty_path", "yearly_difference", "province_effect")
    charts += ("decile_incidence", "money_in_out", "money_streams", "rupiah_per_poor")
    assert names == {
        "run.json",
        "index.html",
        "indicators.parquet",
        "ledger.parquet",
        "tables/outcomes.csv",
        "tables/provinces.csv",
        "tables/evidence.csv",
        "tables/data.csv",
        *(f"tables/{name}.csv" for name in charts),
        *(f"charts/{name}.{kind}" for name in charts for kind in ("svg", "png")),
    }
    record = json.loads((target / "run.json").read_text(encoding="utf-8"))
    assert record["kind"] == "comparison" and record["scenarios"] == document
    assert record["provenance"]["seed"] == 2008
    for name, digest in record["files"].items():
        assert hashlib.sha256((target / name).read_bytes()).hexdigest() == digest
    assert set(record["files"]) == names - {"run.json"}
    table = pq.read_table(target / "indicators.parquet")
    assert table.num_rows == len(compared())
    assert json.loads(table.schema.metadata[b"kesos_sim"])["code_hash"] == "3f9a1c0e77aa"
    page = (target / "index.html").read_text(encoding="utf-8")
    assert page.count("<figure") == len(charts) and 'lang="id"' in page
    assert "kesos-sim 0.1.0" in page
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["out"]


@pytest.mark.usefixtures("quick")
def test_a_result_without_provenance_is_refused(
    compared: Frames, context: Contexts, tmp_path: Path
) -> None:
    with pytest.raises(KesosError) as refused:
        export(compared(), replace(context(), provenance=None), tmp_path / "deep" / "out")
    assert refused.value.code == "KS4002"
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("quick")
def test_an_earlier_result_is_replaced_whole(
    compared: Frames, ran: Frames, context: Contexts, tmp_path: Path
) -> None:
    target = tmp_path / "out"
    export(compared(), context(), target, ledger=LEDGER)
    export(ran(), context(), target, "en")
    assert not (target / "ledger.parquet").exists()
    assert not (target / "charts" / "money_in_out.svg").exists()
    assert json.loads((target / "run.json").read_text())["kind"] == "run"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.usefixtures("quick")
def test_what_others_put_into_a_result_stays(
    compared: Frames, ran: Frames, context: Contexts, tmp_path: Path
) -> None:
    target = tmp_path / "out"
    export(compared(), context(), target, ledger=LEDGER)
    export(ran(), context(), target / "sembako")
    (target / "notes.txt").write_text("mine", encoding="utf-8")
    (target / "charts" / "own.svg").write_text("mine", encoding="utf-8")
    (target / "link").symlink_to(target / "charts", target_is_directory=True)
    inner = (target / "sembako" / "run.json").read_bytes()
    for _ in range(2):
        export(ran(), context(), target, "en")
        assert (target / "notes.txt").read_text(encoding="utf-8") == "mine"
        assert (target / "charts" / "own.svg").read_text(encoding="utf-8") == "mine"
        assert (target / "link").is_symlink()
        assert (target / "sembako" / "run.json").read_bytes() == inner
        assert not (target / "ledger.parquet").exists()
        assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("kind", ["file", "other folder", "foreign run.json", "broken run.json"])
def test_what_is_not_ours_is_not_touched(
    ran: Frames, context: Contexts, tmp_path: Path, kind: str
) -> None:
    target = tmp_path / "out"
    if kind == "file":
        target.write_text("mine")
    else:
        target.mkdir()
        name, content = {
            "other folder": ("letter.txt", "mine"),
            "foreign run.json": ("run.json", '{"written_by": "someone"}'),
            "broken run.json": ("run.json", "[" * 10_000),
        }[kind]
        (target / name).write_text(content)
    before = snapshot(tmp_path)
    for attempt in (lambda: check_target(target), lambda: export(ran(), context(), target)):
        with pytest.raises(InputError) as refused:
            attempt()
        assert refused.value.code == "KS4005" and refused.value.exit_code == 2
    assert snapshot(tmp_path) == before


@pytest.mark.usefixtures("quick")
def test_a_folder_that_cannot_be_made_is_one_message(
    ran: Frames, context: Contexts, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError) as refused:
        export(ran(), context(), tmp_path / "file" / "sub" / "out")
    assert refused.value.code == "KS4006"
    assert "file" in refused.value.text("id")
    assert snapshot(tmp_path) == {"file": b"mine"}


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("failure", [KeyboardInterrupt, ValueError, OSError])
@pytest.mark.parametrize("earlier", [False, True])
def test_a_failure_halfway_leaves_what_was_there(
    ran: Frames,
    context: Contexts,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: type[BaseException],
    *,
    earlier: bool,
) -> None:
    target = tmp_path / "new" / "out"
    with monkeypatch.context() as patch:
        patch.setattr(Chart, "svg", lambda self, *_: "<svg/>")
        patch.setattr(Chart, "png", lambda self: b"png")
        if earlier:
            export(ran(), context(), target)
    before = snapshot(tmp_path)

    def broken(self: Chart) -> bytes:
        raise failure

    monkeypatch.setattr(Chart, "svg", lambda self, *_: "<svg/>")
    monkeypatch.setattr(Chart, "png", broken)
    with pytest.raises((failure, InputError)):
        export(ran(), context(), target)
    assert snapshot(tmp_path) == before
    assert bool(list(tmp_path.iterdir())) == earlier


def test_an_interruption_of_the_move_brings_the_old_result_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out"
    record = json.dumps({"written_by": "kesos-sim result"})
    with whole_folder(target) as folder:
        (folder / "run.json").write_text(record)
    moves = []
    original = Path.rename

    def rename(self: Path, to: Path) -> Path:
        moves.append(to)
        if len(moves) == 2:
            raise KeyboardInterrupt
        return original(self, to)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(KeyboardInterrupt), whole_folder(target) as folder:
        (folder / "run.json").write_text("{}")
    assert snapshot(tmp_path) == {"out/run.json": record.encode()}


@pytest.mark.usefixtures("quick")
def test_the_folder_itself_stays_for_a_shell_that_stands_in_it(
    compared: Frames,
    ran: Frames,
    context: Contexts,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = tmp_path / "out"
    target.mkdir()
    monkeypatch.chdir(target)
    inode = target.stat().st_ino
    for frame in (compared(), ran(), compared()):
        export(frame, context(), ".")
        assert (target.stat().st_ino, Path.cwd()) == (inode, target)
        names = {p.relative_to(target).as_posix() for p in target.rglob("*") if p.is_file()}
        assert set(json.loads(Path("run.json").read_text())["files"]) == names - {"run.json"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("kept", [False, True], ids=["undone", "killed"])
def test_an_exchange_that_stops_at_any_step_is_undone_or_marked(
    compared: Frames,
    ran: Frames,
    context: Contexts,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    kept: bool,
) -> None:
    target = tmp_path / "out"
    export(compared(), context(), target, ledger=LEDGER)
    (target / "charts" / "own.svg").write_text("mine", encoding="utf-8")
    before, original, stopped = snapshot(tmp_path), Path.rename, True
    step = 0
    while stopped:
        step += 1
        stopped, count = False, 0

        def rename(self: Path, to: Path, last: int = step) -> Path:
            nonlocal stopped, count
            count += 1
            if count == last or (kept and stopped):
                stopped = True
                raise KeyboardInterrupt
            return original(self, to)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", rename)
            if kept:  # a killed process undoes nothing
                patch.setattr("shutil.rmtree", lambda *_, **__: None)
                patch.setattr(Path, "unlink", lambda *_, **__: None)
            try:
                export(ran(), context(), target)
            except KeyboardInterrupt:
                assert stopped
        if not stopped:
            break
        if not kept:
            assert snapshot(tmp_path) == before
        else:
            record = json.loads((target / "run.json").read_text(encoding="utf-8"))
            assert step == 1 or record["incomplete"] is True
    assert step > 20
    export(ran(), context(), target)
    record = json.loads((target / "run.json").read_text(encoding="utf-8"))
    names = {p.relative_to(target).as_posix() for p in target.rglob("*") if p.is_file()}
    assert names == {*record["files"], "run.json", "charts/own.svg"}


@pytest.mark.usefixtures("quick")
def test_a_record_cannot_reach_out_of_its_folder(
    ran: Frames, context: Contexts, tmp_path: Path
) -> None:
    target = tmp_path / "out"
    target.mkdir()
    for name in ("letter.txt", "charts/a.svg"):
        (tmp_path / "mine" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "mine" / name).write_text("mine")
    (target / "charts").symlink_to(tmp_path / "mine" / "charts", target_is_directory=True)
    names = ("../mine/letter.txt", str(tmp_path / "mine" / "letter.txt"), "charts/a.svg", "", ".")
    record = {"written_by": "kesos-sim result", "files": dict.fromkeys(names, "")}
    (target / "run.json").write_text(json.dumps(record))
    export(ran(), context(), target)
    assert snapshot(tmp_path / "mine") == {"letter.txt": b"mine", "charts/a.svg": b"mine"}
    assert (target / "charts" / "poverty_path.svg").is_file()


KILLED = """
import sys, time
sys.path.insert(0, {tests!r})
import importlib.util
spec = importlib.util.spec_from_file_location("samples", {samples!r})
samples = importlib.util.module_from_spec(spec)
spec.loader.exec_module(samples)
from kesos_sim.reports.charts.chart import Chart
from kesos_sim.reports.export import export
Chart.svg = lambda self, *_: "<svg/>"
def wait(self):
    print("writing", flush=True)
    time.sleep(60)
Chart.png = wait
export(samples.run_frame(3), samples.report_context(), sys.argv[1])
"""


@pytest.mark.slow
def test_a_killed_export_leaves_no_result(tmp_path: Path) -> None:
    target = tmp_path / "out"
    here = Path(__file__).parent
    code = KILLED.format(tests=str(here), samples=str(here / "conftest.py"))
    with subprocess.Popen(
        [sys.executable, "-c", code, str(target)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "writing\n"
        time.sleep(0.05)
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
    assert not target.exists()
    assert all(path.name.endswith(".part") for path in tmp_path.iterdir())


FORMULA = re.compile(r"^\s*[=+@\t\r]|^\s*-(?![\d.])")


@pytest.mark.usefixtures("quick")
def test_no_cell_is_a_formula(compared: Frames, context: Contexts, tmp_path: Path) -> None:
    evil = '=HYPERLINK("x")'
    plain = context()
    bad = {"id": evil, "en": evil}
    money = replace(plain.money["apbd-10"], sources=(MoneyLine(bad, 1e12),))
    around = replace(plain, titles={"apbd-10": bad}, money={"apbd-10": money})
    frame = compared().assign(scenario="@cmd")
    around = replace(around, titles={"@cmd": bad}, money={"@cmd": money})
    target = export(frame, around, tmp_path / "out")
    seen = 0
    for path in (target / "tables").glob("*.csv"):
        for row in list(csv.reader(io.StringIO(path.read_text(encoding="utf-8")))):
            for cell in row:
                assert not FORMULA.match(cell), (path.name, cell)
                seen += evil in cell or "@cmd" in cell
    assert seen
