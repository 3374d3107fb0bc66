"""Opening a model: anchor and base month are kept, found to the bit, never trusted blindly."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from kesos_sim import whole_files
from kesos_sim.experiments.run import living
from kesos_sim.institutions.programmes import schedule
from kesos_sim.model import files, opening
from kesos_sim.model.files import read_arrays, write_arrays
from kesos_sim.model.model import WelfareModel
from kesos_sim.model.opening import anchor_key, open_model, parting, state_key
from kesos_sim.population.targets_fitting import FittedCurves, fitted_curves
from kesos_sim.scenario import Scenario, changed
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.scenario.parts import LeverSetting
from kesos_sim.units import Month
from tests.model.lives import fingerprint, live

Open = Callable[..., WelfareModel]


@pytest.fixture(scope="module")
def tiny(small: Scenario) -> Scenario:
    """The smallest world there is."""
    return changed(small, {"region": "3471", "households": 2000, "months": 3})


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of anchors in an empty cache."""
    monkeypatch.setattr(opening, "user_cache_path", lambda *_: tmp_path)
    return tmp_path / "anchors"


@pytest.fixture
def states(cache: Path) -> Path:
    """The folder of base months in an empty cache."""
    return cache.parent / "states"


def forget(states: Path) -> None:
    """Delete the base months, so that the next opening burns in."""
    for path in states.iterdir():
        path.unlink()


def opened(scenario: Scenario, **how: bool) -> tuple[list[str], WelfareModel]:
    """Open a model and note what was done for it, besides compiling on a new machine."""
    done: list[str] = []
    model = open_model(scenario, 1, note=done.append, **how)
    return [stage for stage in done if stage != "compiling"], model


@pytest.mark.slow
def test_what_is_stored_is_found_again_to_the_bit(
    tiny: Scenario, cache: Path, states: Path
) -> None:
    """First the base month; without it the anchor, and the same base month from it."""
    done, model = opened(tiny)
    assert done == ["targets", "anchor"]
    fresh = fingerprint(model)
    (kept,) = states.iterdir()
    assert [path.suffix for path in cache.iterdir()] == [kept.suffix] == [".npz"]
    first = read_arrays(kept)
    forget(states)
    for expected in (["targets", "burn_in"], ["targets"], ["targets"]):
        done, model = opened(tiny)
        assert done == expected
        assert fingerprint(model) == fresh
    again = read_arrays(kept)
    assert first.keys() == again.keys()
    for name, array in first.items():
        np.testing.assert_array_equal(array, again[name], err_msg=name)
    assert fingerprint(live(model)) == fingerprint(live(opened(tiny, fresh=True)[1]))


@pytest.mark.slow
def test_from_a_stored_base_month_the_years_are_those_after_a_burn_in(
    small: Scenario, cache: Path
) -> None:
    """Also under a reform that another scenario of the same world has left its base month to."""
    reform = changed(
        small,
        {
            "levers.apbd_poverty_share.value": 0.08,
            "levers.apbd_poverty_share.from": "2024-05",
            "levers.partnership_platform.value": 2,
            "levers.bkkks_standing.value": 3,
            "levers.topup_coverage.value": 0.4,
        },
    )
    burnt_in = live(opened(reform)[1])
    opened(small, fresh=True)
    done, model = opened(reform)
    assert done == ["targets"]
    assert fingerprint(live(model)) == fingerprint(burnt_in)
    assert model.treasury.plans == burnt_in.treasury.plans
    assert model.treasury.plans


def moved(base: Scenario, levers: Iterable[str], start: Month) -> Scenario:
    """Return a scenario with some levers as far as they go from a month on."""
    settings = {name: LeverSetting(LEVERS[name].high, start, 6) for name in levers}
    return replace(base, levers=settings | dict(base.levers), root=base)


BYLAWS = {"political_dialogue": 4, "welfare_bylaw": 2}
LATER_LEVERS = [name for name in LEVERS if name not in BYLAWS]


@pytest.mark.slow
@pytest.mark.parametrize("levers", [*([name] for name in LATER_LEVERS[::7]), LATER_LEVERS], ids=len)
def test_from_a_common_past_the_years_are_those_after_a_base_month(
    small: Scenario, cache: Path, levers: list[str]
) -> None:
    """Whatever moves later, nothing looks further ahead than budgets do within their year."""
    bylaws = {f"levers.{name}.value": value for name, value in BYLAWS.items()}
    own = {"months": 30, "start": "2023-03", "parameters.politics.bylaw_share": 0.02}
    world = changed(small, own | bylaws)
    first = moved(world, ["sembako_amount"], Month(2025, 5))
    for _ in living(opened(first)[1]):
        pass
    package = moved(world, levers, Month(2025, 7))
    done, model = opened(package, late=True)
    assert (done, model.month) == (["targets"], Month(2024, 12))
    whole = live(opened(package)[1])
    assert fingerprint(live(model)) == fingerprint(whole)
    assert model.treasury.plans == whole.treasury.plans


def test_there_is_no_common_past_where_ways_part_at_once(tiny: Scenario) -> None:
    later = moved(tiny, ["sembako_amount"], Month(2026, 3))
    assert parting(later) == Month(2026, 1)
    assert parting(tiny) is None
    assert parting(replace(later, root=later)) is None
    assert parting(moved(tiny, ["sembako_amount"], Month(2024, 9))) is None
    both = later.levers | {"pkh_amount": LeverSetting(2.0, Month(2025, 2))}
    assert parting(replace(later, levers=both)) == Month(2025, 1)
    at_once = later.levers | {"pkh_amount": LeverSetting(2.0)}
    assert parting(replace(later, levers=at_once)) is None


def test_a_fresh_anchor_replaces_the_stored_one(tiny: Scenario, cache: Path) -> None:
    opened(tiny)
    (path,) = cache.iterdir()
    path.write_bytes(b"old")
    done, _ = opened(tiny, fresh=True)
    assert done == ["targets", "anchor"]
    with np.load(path) as kept:
        assert "log_before" in kept


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["empty", "text", "cut short", "altered", "other fields"])
def test_a_damaged_anchor_is_solved_again(
    tiny: Scenario, cache: Path, states: Path, damage: str
) -> None:
    truth = fingerprint(opened(tiny)[1])
    (path,) = cache.iterdir()
    forget(states)
    if damage == "other fields":
        np.savez(path, shift=np.zeros(3))
    else:
        spoil(path, damage)
    done, model = opened(tiny)
    assert done == ["targets", "anchor"]
    assert fingerprint(model) == truth
    forget(states)
    assert opened(tiny)[0] == ["targets", "burn_in"]


def spoil(path: Path, damage: str) -> None:
    """Let a file be damaged in one of several ways."""
    content = path.read_bytes()
    middle = len(content) // 2
    other = bytes(255 - byte for byte in content[middle : middle + 64])
    path.write_bytes(
        {
            "empty": b"",
            "text": b"these are no arrays",
            "cut short": content[:middle],
            "altered": content[:middle] + other + content[middle + 64 :],
        }[damage]
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "damage",
    ["empty", "text", "cut short", "altered", "of another", "one is missing", "another shape"],
)
def test_a_damaged_base_month_is_lived_again(tiny: Scenario, states: Path, damage: str) -> None:
    truth = fingerprint(opened(tiny)[1])
    (path,) = states.iterdir()
    kept = read_arrays(path)
    if damage == "of another":
        write_arrays(path, kept | {"key": np.array("0" * 64)})
    elif damage == "one is missing":
        write_arrays(path, {k: v for k, v in kept.items() if k != "serving.usual"})
    elif damage == "another shape":
        write_arrays(path, kept | {"observer.people": kept["observer.people"][:, :, 1:]})
    else:
        spoil(path, damage)
    done, model = opened(tiny)
    assert done == ["targets", "burn_in"]
    assert fingerprint(model) == truth
    assert opened(tiny)[0] == ["targets"]


def test_large_samples_leave_no_base_month(tiny: Scenario, states: Path) -> None:
    large = replace(tiny, parameters={"model.kept_sample": tiny.households - 1.0})
    truth = fingerprint(opened(large)[1])
    assert not states.exists()
    done, model = opened(large)
    assert done == ["targets", "burn_in"]
    assert fingerprint(model) == truth


@pytest.mark.slow
def test_what_is_kept_stays_within_its_room(tiny: Scenario, cache: Path, states: Path) -> None:
    """The base month that was used longest ago goes first."""
    opened(tiny)
    (path,) = states.iterdir()
    room = 2.5 * path.stat().st_size / 1e6
    worlds = [
        replace(tiny, seed=seed, parameters={"model.kept_megabytes": room}) for seed in range(3)
    ]
    path.unlink()
    for age, world in zip((3, 2), worlds[:2], strict=True):
        opened(world)
        os.utime(states / f"{state_key(world)}.npz", (time.time() - age, time.time() - age))
    assert opened(worlds[0])[0] == ["targets"]
    opened(worlds[2])
    found = {kept.stem for kept in states.iterdir()}
    assert found == {state_key(worlds[0]), state_key(worlds[2])}
    assert len(list(cache.iterdir())) == 4
    opened(replace(tiny, parameters={"model.kept_megabytes": 0.0}))
    assert not [*states.iterdir(), *cache.iterdir()]


@pytest.mark.slow
def test_files_appear_whole_or_not_at_all(
    tiny: Scenario, cache: Path, states: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(files.np, "savez", stopped)
        with pytest.raises(KeyboardInterrupt):
            opened(tiny)
    assert not list(cache.iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(files.Path, "replace", stopped)
        with pytest.raises(KeyboardInterrupt):
            opened(tiny)
    assert not list(cache.iterdir())
    opened(tiny)
    forget(states)
    with monkeypatch.context() as patch:
        patch.setattr(files.Path, "replace", stopped)
        with pytest.raises(KeyboardInterrupt):
            opened(tiny)
    assert not list(states.iterdir())


@pytest.mark.parametrize("damage", ["none", "text", "other fields"])
def test_kept_curves_are_those_that_would_be_fitted(
    tiny: Scenario, cache: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    asked = (tiny.districts, tiny.start, (), None)
    fitted = opening._targets.__wrapped__(*asked)
    (path,) = (cache.parent / "curves").iterdir()
    if damage == "text":
        path.write_bytes(b"no curves")
    elif damage == "other fields":
        np.savez(path, gini=np.zeros(3))
    calls: list[object] = []

    def counted(*given: object) -> FittedCurves:
        calls.append(given)
        return fitted_curves(*given)

    monkeypatch.setattr(opening, "fitted_curves", counted)
    again = opening._targets.__wrapped__(*asked)
    assert len(calls) == (0 if damage == "none" else 1)
    for part in ("cells", "districts", "nested"):
        for name, value in vars_of(getattr(fitted, part)).items():
            np.testing.assert_array_equal(getattr(getattr(again, part), name), value)


def vars_of(record: object) -> dict[str, object]:
    """Return the fields of a dataclass with slots."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


@pytest.mark.slow
@pytest.mark.parametrize("step", ["mkstemp", "savez"])
def test_a_cache_that_cannot_be_written_does_not_stop_the_run(
    tiny: Scenario, cache: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """A read-only home or a full disk costs time, and changes no bit of the answer."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(whole_files.tempfile if step == "mkstemp" else files.np, step, full)
        done, model = opened(tiny)
    assert done == ["targets", "anchor"]
    assert not [path for path in cache.parent.rglob("*.npz") if path.parent.name != "curves"]
    truth = fingerprint(live(opened(tiny)[1]))
    assert fingerprint(live(model)) == truth


def test_a_cache_that_can_only_be_read_is_read(
    tiny: Scenario, states: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth = fingerprint(opened(tiny)[1])

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(opening.os, "utime", refused)
    monkeypatch.setattr(files.Path, "unlink", refused)
    done, model = opened(tiny)
    assert done == ["targets"]
    assert fingerprint(model) == truth
    poor = replace(tiny, parameters={"model.kept_megabytes": 0.0})
    assert opened(poor)[0] == ["targets", "anchor"]
    assert len(list(states.iterdir())) == 2


WORLD = {
    "seed": {"seed": 7},
    "households": {"households": 2100},
    "region": {"region": "3404"},
    "base month": {"start": "2023-03"},
    "parameter of households": {"parameters.household.propensity_to_consume": 0.5},
    "parameter of the registry": {"parameters.registry.truth": 0.5},
    "calibration": {"calibration": 0},
}
LATER = {
    "horizon": {"months": 9},
    "growth": {"growth": "none"},
    "a lever of a reform": {"levers.sembako_amount.value": 2.0},
}


@pytest.mark.parametrize("change", WORLD.values(), ids=WORLD)
def test_another_world_has_another_anchor(tiny: Scenario, change: dict[str, object]) -> None:
    assert anchor_key(changed(tiny, change)) != anchor_key(tiny)
    assert state_key(changed(tiny, change)) != state_key(tiny)


@pytest.mark.parametrize("change", LATER.values(), ids=LATER)
def test_what_comes_later_shares_the_anchor(tiny: Scenario, change: dict[str, object]) -> None:
    assert anchor_key(changed(tiny, change)) == anchor_key(tiny)
    assert state_key(changed(tiny, change)) == state_key(tiny)


def test_base_months_differ_by_what_has_a_place_in_them(tiny: Scenario, busy: Scenario) -> None:
    """A later programme has its bit from the start; sources of money are in the first plans."""
    for other in (
        replace(tiny, programmes=busy.programmes, root=tiny),
        replace(tiny, funding_sources={"belanja_barang": 1.0}),
    ):
        assert anchor_key(other) == anchor_key(tiny)
        assert state_key(other) != state_key(tiny)


def test_sources_and_data_are_part_of_the_key(
    tiny: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = anchor_key(tiny)
    for name in ("code_hash", "data_hash"):
        with monkeypatch.context() as patch:
            patch.setattr(opening, name, lambda: "other")
            assert anchor_key(tiny) != here


def test_a_reform_is_not_anchored_again(tiny: Scenario, cache: Path) -> None:
    """It starts in the base month of what it extends, and differs from it only afterwards."""
    base = opened(tiny)[1]
    reform = changed(tiny, {"levers.pkh_amount.value": 3.0, "levers.pkh_quota.value": 2.0})
    done, model = opened(reform)
    assert done == ["targets"]
    assert fingerprint(model) == fingerprint(base)
    assert fingerprint(live(model, 1)) != fingerprint(live(base, 1))


def test_above_the_limit_the_anchor_of_a_sample_is_used(tiny: Scenario, cache: Path) -> None:
    """Both share one solution; then strata of the larger world are moved, not households."""
    sample = replace(tiny, parameters={"model.anchor_sample": 2000.0})
    large = replace(sample, households=5000)
    assert opened(sample)[0] == ["targets", "anchor"]
    done, model = opened(large)
    assert done == ["targets", "burn_in"]
    assert model.world.layout.n_households == 5000
    assert model.observer is not None
    rate = 100 * model.observer.counts[0, 0, 1] / model.observer.counts[0, 0, 0]
    assert rate == pytest.approx(model.world.targets.districts.p0_fitted[0], abs=0.05)


@pytest.mark.parametrize("year", [2015, 2016, 2017, 2018, 2019, 2022, 2023, 2024])
def test_programmes_of_the_base_month_are_part_of_the_key(small: Scenario, year: int) -> None:
    """A backcast counts temporary aid; where some ran in the base month, its world differs."""
    base = changed(small, {"start": f"{year}-03"})
    running = [
        schedule(
            base.start,
            lambda name: base.lever(name, base.start),
            base=base.start,
            parameter=base.parameter,
            temporary=temporary,
            rules_until=year,
        ).active.sum()
        for temporary in (False, True)
    ]
    if running[0] != running[1]:
        assert anchor_key(replace(base, growth="backcast")) != anchor_key(base)


def test_a_budget_share_may_hold_from_the_base_month(tiny: Scenario, cache: Path) -> None:
    """In a file of its own it is a part of the world that is anchored, and the books balance."""
    shares = {"apbd_poverty_share": LeverSetting(0.15), "apbn_poverty_share": LeverSetting(0.15)}
    own = replace(tiny, name="own", root=None, levers=shares)
    model = live(open_model(own, 1), 2)
    assert model.ledger.snapshot()
    assert anchor_key(own) != anchor_key(tiny)
