"""A small build from end to end: resumed, kept where nothing changed, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kesos_sim.emulator import load_surface
from kesos_sim.emulator.build import FAMILIES, SURFACE, build, lived
from kesos_sim.emulator.question import Life
from kesos_sim.emulator.sample import Sample
from kesos_sim.errors import InputError
from kesos_sim.experiments.executors import Serial
from kesos_sim.experiments.store import Store

SMALL = Sample(worlds=8, packages=6, idle=2, shocks=1, shocked=1, households=2000)


def test_lives_that_fail_are_no_surface(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(scenario: object) -> None:
        raise ValueError("no")

    monkeypatch.setattr("kesos_sim.emulator.lives.live", broken)
    with pytest.raises(InputError, match="KS9204"):
        lived([Life(1), Life(2)], 2000, Serial())


@pytest.mark.full
def test_small_build_is_resumed_and_renewed(tmp_path: Path, anchors: Path) -> None:
    store, asked = Store(tmp_path / "store"), SMALL.lives()
    lived(asked[:9], SMALL.households, Serial(), store)  # a build that was stopped
    began: list[str] = []
    document = build(SMALL, tmp_path, Serial(), store, lambda stage, *_: began.append(stage))
    assert set(began) >= {"lives", "fitting", "families"}
    assert document["made"]["runs"] == len(asked)
    surface = load_surface(tmp_path / SURFACE)
    assert surface.stale() == ()
    answer = surface.answer({"apbd_poverty_share": 0.1})
    assert answer["outcomes"]["poverty_rate"]["change"][-1][1] < 0.0
    assert json.loads((tmp_path / FAMILIES).read_text())["families"]
    # Code that changes no figure renews the note of versions only.
    kept = json.loads((tmp_path / SURFACE).read_text())
    kept["made"]["code"] = "another"
    (tmp_path / SURFACE).write_text(json.dumps(kept))
    families = (tmp_path / FAMILIES).read_text()
    (tmp_path / FAMILIES).write_text("{}")
    again = build(SMALL, tmp_path, Serial(), store)
    assert (tmp_path / FAMILIES).read_text() == families
    assert again["made"]["code"] == document["made"]["code"]
    assert again["tables"] == kept["tables"]
