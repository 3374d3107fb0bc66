"""``kesos ensemble`` and ``kesos store`` as somebody types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kesos_sim.cli import main

SMALL = ["--region", "3471", "--households", "2000", "--months", "13"]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str], anchors: Path) -> Callable[..., tuple[int, str, str]]:
    """Type a command; return its exit code, and what it writes."""

    def type_in(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(list(words))
        found = capsys.readouterr()
        return code, found.out, found.err

    return type_in


@pytest.fixture
def files(scenario_folder: Path) -> list[str]:
    return [str(scenario_folder / f"{name}.yaml") for name in ("baseline", "apbd-10")]


def entries(said: Callable[..., Any]) -> list[dict[str, Any]]:
    code, out, _ = said("store", "list", "--format", "json")
    assert code == 0
    return list(json.loads(out)["records"])


@pytest.mark.slow
def test_an_ensemble_is_told_kept_and_not_computed_again(
    said: Callable[..., Any], files: list[str], tmp_path: Path
) -> None:
    words = ["ensemble", *files, *SMALL, "--replicates", "2", "--workers", "1", "--lang", "en"]
    code, out, _ = said(*words, "--rule", "take_up")
    assert code == 0
    assert "Run in 2 worlds" in out and "help that arrives" in out and "How sure" in out
    kept = entries(said)
    assert sorted((one["kind"], one["scenario"]) for one in kept) == sorted(
        [("run", "baseline"), ("run", "apbd-10")]
        + 2 * [("outcome", n) for n in ("baseline", "apbd-10")]
    )
    code, again, _ = said(*words, "--rule", "take_up", "--format", "json")
    assert code == 0 and entries(said) == kept
    document = json.loads(again)
    row = next(one for one in document["records"] if one["scenario"] == "apbd-10")
    assert {"mean", "low", "high", "difference", "error", "needed", "replicates"} <= row.keys()
    assert document["provenance"]["replicates"] == 3
    code, _, err = said(*words, "--rule", "take_up", "--out", str(tmp_path / "out"))
    assert code == 0 and (tmp_path / "out" / "worlds.parquet").exists() and "index.html" in err


def test_a_run_is_remembered_unless_it_shall_be_fresh(
    said: Callable[..., Any], files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = said("run", files[0], *SMALL, "--format", "json")

    def lived(*_: Any, **__: Any) -> None:
        raise RuntimeError("lived again")

    monkeypatch.setattr("kesos_sim.experiments.run.lived", lived)
    assert said("run", files[0], *SMALL, "--format", "json")[:2] == first[:2]
    assert said("run", files[0], *SMALL, "--fresh")[0] == 1


def test_runs_are_listed_shown_and_pruned(said: Callable[..., Any], files: list[str]) -> None:
    assert said("store", "list")[1].startswith("0 ")
    said("run", files[0], *SMALL)
    said("run", files[1], *SMALL)
    first, _ = entries(said)
    code, out, _ = said("store", "show", first["key"][:10], "--lang", "en")
    assert code == 0 and first["scenario_hash"] in out and "folder: " in out
    for words, code in (
        (["store", "show", "zz"], 2),
        (["store", "show", ""], 2),
        (["store", "prune"], 2),
        (["store", "prune", "--older", "soon"], 2),
        (["store", "prune", "--keep", "-1"], 2),
        (["store", "prune", "--stale", "--failed", "--older", "1d"], 0),
    ):
        assert said(*words)[0] == code, words
    assert len(entries(said)) == 2
    # The first was looked at last.
    code, out, _ = said("store", "prune", "--keep", f"{first['size'] / 1e6 + 0.01:.3f}MB")
    assert code == 0
    assert [one["key"] for one in entries(said)] == [first["key"]]
    assert said("store", "prune", "--everything")[0] == 0
    assert entries(said) == []


def test_a_store_that_cannot_be_written_is_named(
    said: Callable[..., Any],
    files: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("KESOS_STORE", str(tmp_path / "file" / "store"))
    for words in (["store", "list"], ["run", files[0], *SMALL]):
        code, _, err = said(*words)
        assert code == 2 and "KESOS_STORE" in err and "KS3020" in err
    assert said("run", files[0], *SMALL, "--fresh")[0] == 0
