"""Analyses as somebody types them: sentences, a table, and where it all comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from kesos_sim.cli import main

pytestmark = pytest.mark.slow

SMALL = ["--region", "3471", "--households", "2000", "--workers", "1", "--lang", "en"]
ASKED = {
    "attribute": (["apbd-10"], ["--months", "2"], ("point 4: Share of APBD", "In all")),
    "sensitivity": (
        ["slrt-puskesos"],
        ["--months", "2", "--samples", "2", "--parameter", "slrt.referral.strength"],
        ("no effect at all", "chance"),
    ),
    "search": (
        [],
        ["--months", "2", "--lever", "slrt_capacity", "--size", "4", "--generations", "1",
         "--worlds", "0"],
        ("if coordination does nothing", "Package"),
    ),
    "discover": (
        ["tanpa-bansos"],
        ["--months", "2", "--replicates", "20", "--at-least", "0.4"],
        ("20 worlds",),
    ),
    "effects": (
        [],
        ["--months", "2", "--seeds", "2", "--lever", "social_assistance"],
        ("Social assistance", "as expected"),
    ),
    "calibrate": (
        [],
        ["--lives", "5", "--parameter", "registry.truth"],
        ("sealed figures", "Grade"),
    ),
}  # fmt: skip


UNASKABLE = {
    "attribute": (["--indicator", "poverty_rat"], "poverty_rate"),
    "sensitivity": (["--indicator", "poverty_rat"], "poverty_rate"),
    "discover": (["--indicator", "poverty_rat"], "poverty_rate"),
    "discover_few": (["--replicates", "3"], "20"),
    "calibrate": (["--parameter", "registry.trut"], "registry.truth"),
}


@pytest.mark.parametrize("case", UNASKABLE)
def test_what_cannot_be_answered_is_refused_before_anything_runs(
    case: str, scenario_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = case.partition("_")[0]
    others = [] if command == "calibrate" else ["apbd-10"]
    files = [str(scenario_folder / f"{name}.yaml") for name in ("baseline", *others)]
    options, said = UNASKABLE[case]
    # A million households would take minutes.
    assert main([command, *files, "--households", "1000000", *options]) == 2
    told = capsys.readouterr().err
    assert said in told and "\n" not in told.strip(), told


@pytest.mark.parametrize(
    "command",
    [
        "attribute",
        "search",
        "effects",
        pytest.param("discover", marks=pytest.mark.full),
        pytest.param("calibrate", marks=pytest.mark.full),
        pytest.param("sensitivity", marks=pytest.mark.full),
    ],
)
def test_an_analysis_is_told_with_its_origin_and_written(
    command: str,
    scenario_folder: Path,
    anchors: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    others, options, words = ASKED[command]
    files = [str(scenario_folder / f"{name}.yaml") for name in ("baseline", *others)]
    small = SMALL[:-4] + SMALL[-2:] if command == "effects" else SMALL  # no workers to choose
    out = tmp_path / "out"
    assert main([command, *files, *small, *options, "--out", str(out)]) == 0
    assert (out / "index.html").exists() and any((out / "charts").glob("*.svg"))
    said = capsys.readouterr().out
    flat = " ".join(said.split())
    for word in words:
        assert word in flat, said
    origin = said.strip().splitlines()[-1]
    assert "kesos-sim 0.1.0" in origin and "seed 2008" in origin
