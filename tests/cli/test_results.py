"""``kesos run`` and ``kesos compare`` from a scenario file to records, reports and folders."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kesos_sim.cli import main

ROOT = Path(__file__).parents[2]
SMALL = ["--region", "3316", "--households", "2000", "--months", "12"]
BASELINE = str(ROOT / "scenarios" / "baseline.yaml")
REFORM = str(ROOT / "scenarios" / "apbd-10.yaml")

Capture = pytest.CaptureFixture[str]


def test_run_as_json(capsys: Capture) -> None:
    assert main(["run", BASELINE, *SMALL, "--format", "json"]) == 0
    shown = capsys.readouterr()
    document = json.loads(shown.out)
    first = document["records"][0]
    assert list(first) == [
        "scenario", "replicate", "month", "region", "indicator", "value", "unit",
    ]  # fmt: skip
    rates = [r for r in document["records"] if r["indicator"] == "poverty_rate"]
    assert {r["month"] for r in rates} >= {"2024-03", "2025-03"}
    assert all(0 < r["value"] < 100 for r in rates)
    assert document["provenance"]["seed"] == 2008
    assert document["provenance"]["households"] == 2000


@pytest.mark.slow
def test_too_few_households_are_warned_of(capsys: Capture) -> None:
    enough = ["--region", "33", "--households", "2000", "--months", "1", "--seed", "2009"]
    small = ["--households", "2000", "--months", "1"]
    assert main(["run", BASELINE, *small, "--format", "json"]) == 0
    shown = capsys.readouterr()
    misses = json.loads(shown.out)["provenance"]["base_misses"]
    assert misses and {"region", "published", "modelled", "tolerance"} == set(misses[0])
    assert "PERHATIAN: bulan dasar meleset" in shown.err
    assert main(["compare", BASELINE, REFORM, *small, "--draws", "0", "--lang", "en"]) == 0
    assert "NOTE: the base month misses" in capsys.readouterr().err
    assert main(["run", BASELINE, *enough, "--format", "json"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["provenance"]["base_misses"] == []
    assert "PERHATIAN" not in shown.err


@pytest.mark.slow
def test_run_in_words_and_into_a_folder(tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "out"
    assert main(["run", BASELINE, *SMALL, "--out", str(out), "--lang", "en"]) == 0
    shown = capsys.readouterr()
    assert "March 2025" in shown.out
    assert str(out) in shown.err
    names = {path.name for path in out.iterdir()}
    assert {"indicators.parquet", "ledger.parquet", "run.json"} <= names
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert "3316" in json.dumps(record)


@pytest.mark.slow
def test_compare_in_three_forms(capsys: Capture) -> None:
    words = ["compare", BASELINE, REFORM, *SMALL, "--months", "48", "--draws", "0"]
    assert main([*words, "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {"baseline", "difference"} <= rows[0].keys()
    assert {row["scenario"] for row in rows} == {"apbd-10"}
    last = [r for r in rows if r["month"] == "2028-03" and r["indicator"] == "poverty_rate"]
    assert last
    for row in last:
        expected = float(row["value"]) - float(row["baseline"])
        assert float(row["difference"]) == pytest.approx(expected, abs=1e-9)
    assert main([*words, "--lang", "en"]) == 0
    assert "10% of APBD for poverty" in capsys.readouterr().out


@pytest.mark.slow
def test_results_into_the_folder_one_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    inode = tmp_path.stat().st_ino
    for _ in range(2):
        assert main(["run", BASELINE, *SMALL, "--out", ".", "--lang", "en"]) == 0
        assert tmp_path.stat().st_ino == inode and (tmp_path / "run.json").exists()
        said = capsys.readouterr().err.strip().splitlines()[-1]
        assert f"results are in {tmp_path}. Open {tmp_path}/index.html" in said


@pytest.mark.slow
def test_a_lever_that_comes_too_late_is_a_warning_and_part_of_the_record(
    tmp_path: Path, capsys: Capture
) -> None:
    out = tmp_path / "out"
    words = ["--set", "levers.pkh_amount.value=1.5", "--set", "levers.pkh_amount.from=2030-01"]
    assert main(["run", BASELINE, *SMALL, *words, "--out", str(out), "--lang", "en"]) == 0
    assert "Warning: " in (shown := capsys.readouterr()).err and "January 2030" in shown.err
    assert "January 2030" not in shown.out
    (notice,) = json.loads((out / "run.json").read_text(encoding="utf-8"))["notices"]
    assert notice["en"] in shown.err
    assert "January 2030" in (out / "index.html").read_text(encoding="utf-8")


def test_a_scenario_equal_to_its_baseline_differs_by_exactly_nothing(
    tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "baseline.yaml").write_bytes(Path(BASELINE).read_bytes())
    copy = tmp_path / "same.yaml"
    title = '{id: "Sama", en: "Same"}'
    copy.write_text(
        f"schema: 1\nname: same\ntitle: {title}\nextends: baseline.yaml\n", encoding="utf-8"
    )
    words = [str(tmp_path / "baseline.yaml"), str(copy), *SMALL, "--draws", "0"]
    assert main(["compare", *words, "--format", "json"]) == 0
    records = json.loads(capsys.readouterr().out)["records"]
    assert records
    assert {record["difference"] for record in records} <= {0.0, None}


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--months", "9999"], "--months"),
        (["--region", "9"], "--region"),
        (["--start", "2024-13"], "--start"),
        (["--set", "levers.apbd_povrty_share.value=0.1"], "apbd_poverty_share"),
        (["--households", "many"], "--households"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_options_that_no_scenario_can_have(
    options: list[str], word: str, tmp_path: Path, capsys: Capture
) -> None:
    out = tmp_path / "out"
    assert main(["run", BASELINE, *options, "--out", str(out)]) == 2
    shown = capsys.readouterr()
    assert word in shown.err
    assert shown.out == ""
    assert not out.exists()


def test_scenarios_of_two_worlds_are_not_compared(capsys: Capture) -> None:
    other = str(ROOT / "scenarios" / "blora.yaml")
    assert main(["compare", BASELINE, other, "--lang", "en"]) == 2
    assert "region" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["run", BASELINE], ["compare", BASELINE, REFORM]], ids=" ".join)
def test_folder_with_other_things_stays_as_it_is_and_nothing_is_computed(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def computed(*_: object, **__: object) -> None:
        raise AssertionError("computed for a folder that cannot be written")

    monkeypatch.setattr("kesos_sim.experiments.run.run", computed)
    monkeypatch.setattr("kesos_sim.experiments.compare.run", computed)
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    assert main([*words, *SMALL, "--out", str(tmp_path)]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert mine.read_text() == "mine"
    assert capsys.readouterr().out == ""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_control_c_in_a_run_leaves_nothing_half_written(
    tmp_path: Path, heeds_control_c: str
) -> None:
    code = f"{heeds_control_c}import sys; from kesos_sim.cli import main; sys.exit(main())"
    out = tmp_path / "out"
    words = ["run", BASELINE, "--months", "240", "--out", str(out), "--lang", "en"]
    with subprocess.Popen(
        [sys.executable, "-c", code, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        time.sleep(3.0)
        process.send_signal(signal.SIGINT)
        shown, errors = process.communicate(timeout=120)
    assert process.returncode == 130
    assert errors.endswith("Stopped.\n")
    assert shown == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_a_polite_end_in_the_middle_of_many_worlds_is_told_in_one_line(tmp_path: Path) -> None:
    code = "import sys; from kesos_sim.cli import main; sys.exit(main())"
    out = tmp_path / "out"
    words = ["ensemble", BASELINE, "--region", "34", "--replicates", "500", "--workers", "2"]
    with subprocess.Popen(
        [sys.executable, "-c", code, *words, "--fresh", "--lang", "en", "--out", str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        time.sleep(20.0)
        process.send_signal(signal.SIGTERM)
        shown, errors = process.communicate(timeout=120)
    assert process.returncode == 130
    assert errors.endswith("Stopped.\n") and "resource_tracker" not in errors
    assert shown == ""
    assert list(tmp_path.iterdir()) == []
