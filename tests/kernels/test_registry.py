"""Verification, selection, benefits and gains equal their slow twins; quotas are kept."""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos_sim.kernels import registry as kernel
from kesos_sim.kernels.components import component_count, pkh_amount
from kesos_sim.kernels.composition import field
from kesos_sim.kernels.gains import school_gains
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.rng import MONTH_BITS, Stream
from kesos_sim.testing import Village, make_village, villages
from tests.kernels import registry_twins as twin
from tests.kernels.household_twins import State, sizes
from tests.kernels.teams import shared

F = np.float32
FEW = settings(max_examples=30)
MONTH_WORD = np.uint32(24_290 | (int(Stream.REGISTRY) << MONTH_BITS))
SHARE = st.floats(0.0, 1.0, width=32)
CODES = st.integers(kernel.ANY, kernel.DISABLED)
REGULAR, PKH = np.uint16(3), np.uint16(1)


def shares(data: st.DataObject, n: int) -> np.ndarray:
    return np.array(data.draw(st.lists(SHARE, min_size=n, max_size=n)), np.float32)


def n_districts(village: Village) -> int:
    return village.layout.district_start.size - 1


def quotas(data: st.DataObject, village: Village) -> np.ndarray:
    """From no place to more places than there are people."""
    most = village.weight.max() * 16 * 70
    size = n_districts(village)
    return np.array(data.draw(st.lists(st.integers(0, most), min_size=size, max_size=size)))


def select(village: Village, state: State, programme: int, quota: np.ndarray, **how: Any) -> None:
    shared(
        kernel.select_by_rank, village.layout.n_districts,
        village.key, village.households.first_id, programme, how["code"], how["by_person"],
        how["elderly70"], F(how["discord"]), F(how.get("lead", 0.0)), REGULAR, PKH,
        village.layout.district_stratum, village.layout.stratum_start, village.area,
        village.weight, quota, state["word"],
        state["record_score"], state["record"], state["enrolled"],
    )  # fmt: skip


@FEW
@given(village=villages(), data=st.data(), truth=SHARE, load=SHARE)
def test_records_equal_the_slow_twin(village, data, truth, load):
    n, state = n_districts(village), village.arrays()
    low = np.linspace(-1.5, 0.5, n, dtype=np.float32)
    work = {
        "verified": shares(data, n), "proposed": shares(data, n), "objected": shares(data, n),
        "truth": truth, "persistent_load": load, "need_limit": np.stack([low, low + F(1)], axis=1),
    }  # fmt: skip
    shared(
        kernel.verify_records, village.layout.n_districts,
        village.key, MONTH_WORD, np.int16(17), village.households.first_id,
        village.layout.district_start, work["verified"], work["proposed"], work["objected"],
        F(truth), F(load), work["need_limit"], state["base"], state["persistent"], state["score"],
        state["record_score"], state["record_month"], state["record"],
    )  # fmt: skip
    slow = village.arrays()
    twin.verify_records(village, slow, int(MONTH_WORD), 17, work)
    for name, array in slow.items():
        np.testing.assert_array_equal(state[name], array, err_msg=name)


@FEW
@given(
    village=villages(),
    data=st.data(),
    programme=st.integers(0, 14),
    code=CODES,
    by_person=st.booleans(),
    elderly70=st.booleans(),
    discord=SHARE,
    lead=st.sampled_from([0.0, 1.5, 30.0]),
    coarse=st.booleans(),
)
def test_selection_equals_the_slow_twin(
    village, data, programme, code, by_person, elderly70, discord, lead, coarse
):
    """Also where many share a rank, as records of one score do."""
    state, slow = village.arrays(), village.arrays()
    for one in (state, slow):
        # Every third family has left PKH with support.
        told = np.arange(one["record"].size) % 3 == 0
        one["record"] = (one["record"] | np.where(told, 2, 0)).astype(np.uint8)
        if coarse:
            one["record_score"] = np.rint(one["record_score"]).astype(np.float32)
    quota = quotas(data, village)
    how = {
        "code": code, "by_person": by_person, "elderly70": elderly70,
        "discord": 0.0 if coarse else discord, "lead": lead,
    }  # fmt: skip
    select(village, state, programme, quota, **how)
    twin.select_by_rank(
        village, slow, programme, quota, regular_mask=int(REGULAR), pkh_mask=int(PKH), **how
    )
    np.testing.assert_array_equal(state["enrolled"], slow["enrolled"])


@FEW
@given(village=villages(), data=st.data(), code=CODES, by_person=st.booleans())
def test_quotas_are_kept_and_filled(village, data, code, by_person):
    """No more than one household over, and nobody eligible waits while places are free."""
    state, quota = village.arrays(), quotas(data, village)
    how = {"code": code, "by_person": by_person, "elderly70": False, "discord": 0.3}
    may = twin.eligible(
        village, state, code, elderly70=False, regular_mask=int(REGULAR), pkh_mask=int(PKH)
    )
    programme = 5
    select(village, state, programme, quota, **how)
    inside = (state["enrolled"] >> np.uint16(programme)) & np.uint16(1) == 1
    assert not np.any(inside & ~may)
    weight = village.weight[village.stratum] * (sizes(state) if by_person else 1)
    for district, places in enumerate(quota.tolist()):
        here = village.district == district
        given_out = int(weight[here & inside].sum())
        waiting = weight[here & may & ~inside]
        assert given_out <= places + int(weight[here].max())
        if waiting.size:
            assert given_out > places - int(weight[here].max())


@FEW
@given(village=villages(), data=st.data(), code=CODES, more=st.integers(0, 2**30))
def test_more_places_take_nobodys_place_away(village, data, code, more):
    few, many, quota = village.arrays(), village.arrays(), quotas(data, village)
    how = {"code": code, "by_person": False, "elderly70": False, "discord": 0.3}
    select(village, few, 5, quota, **how)
    select(village, many, 5, quota + more, **how)
    assert np.all(many["enrolled"] & few["enrolled"] == few["enrolled"])


def test_a_crowded_rank_is_served_to_the_household():
    """Ten thousand households of one score and place: the quota holds in each district."""
    village = make_village([[10_000], [9_000]])
    village.weight[:] = WEIGHT_UNIT
    state = village.arrays()
    state["record_score"][:] = 0.25
    state["record"][:] = 1
    quota = np.array([3_333, 4_500]) * WEIGHT_UNIT
    how = {"code": kernel.ANY, "by_person": False, "elderly70": False, "discord": 0.0}
    select(village, state, 2, quota, **how)
    inside = ((state["enrolled"] >> np.uint16(2)) & np.uint16(1)).astype(np.int64)
    got = np.add.reduceat(inside, village.layout.district_start[:-1])
    # About two of them share a ticket; only who shares the last one served can go over.
    assert np.abs(got - quota // WEIGHT_UNIT).max() <= 4


def test_selection_prefers_the_lower_rank():
    village = make_village([[500]])
    state = village.arrays()
    state["record"][:] = 1
    quota = np.array([village.weight[0] * 100])
    how = {"code": kernel.ANY, "by_person": False, "elderly70": False, "discord": 0.0}
    select(village, state, 0, quota, **how)
    inside = (state["enrolled"] & np.uint16(1)) == 1
    assert inside.sum() == 100
    width = 12.0 / 4096
    assert state["record_score"][inside].max() <= state["record_score"][~inside].min() + width


AMOUNTS = st.lists(st.integers(0, 4_000_000), min_size=7, max_size=7)


@nb.njit
def _pkh_amounts(words, amount, limit, order, most, elderly70):
    paid = np.empty(words.size, np.int64)
    for i in range(words.size):
        paid[i] = pkh_amount(words[i], amount, limit, order, most, elderly70)
    return paid


@nb.njit
def _component_counts(words, elderly70):
    counts = np.empty((words.size, 7), np.int64)
    for i in range(words.size):
        for kind in range(7):
            counts[i, kind] = component_count(words[i], kind, elderly70)
    return counts


@FEW
@given(
    village=villages(),
    amount=AMOUNTS,
    limit=st.lists(st.integers(0, 3), min_size=7, max_size=7),
    most=st.integers(0, 6),
    elderly70=st.booleans(),
)
def test_pkh_pays_the_dearest_components_within_the_caps(village, amount, limit, most, elderly70):
    words = village.households.word
    amounts, limits = np.array(amount), np.array(limit)
    order = np.argsort(-amounts, kind="stable")
    members = twin.component_counts(words, elderly70=elderly70)
    np.testing.assert_array_equal(_component_counts(words, elderly70), members)
    slow = [twin.pkh_amount(row, amount, limit, most) for row in members.tolist()]
    assert _pkh_amounts(words, amounts, limits, order, most, elderly70).tolist() == slow


def run_grant(village: Village, state: State, offer: dict[str, Any]) -> dict[str, np.ndarray]:
    shape = (offer["flat"].shape[0], village.cell.size)
    found = {name: np.full(shape, 7, np.int64) for name in ("households", "persons", "rupiah")}
    shared(
        kernel.grant_benefits, village.layout.n_districts,
        offer["in_kind"], offer["flat"], offer["pkh_part"], offer["received"], offer["amount"],
        offer["limit"], np.argsort(-offer["amount"], kind="stable"), offer["most"],
        offer["elderly70"], village.layout.district_stratum, village.layout.stratum_start,
        village.line, offer["extra"], state["word"], state["enrolled"], state["benefit"],
        *found.values(),
    )  # fmt: skip
    return found


@FEW
@given(village=villages(), k=st.integers(1, 15), seed=st.integers(0, 2**32 - 1))
def test_benefits_equal_the_slow_twin(village, k, seed):
    """Counts and rupiah exactly; benefits to the last bit but one of float32."""
    chance, n = np.random.default_rng(seed), n_districts(village)
    offer = {
        "in_kind": chance.random(k) < 1 / 4,
        "flat": np.rint(chance.uniform(0, 4e5, (k, n))),
        "pkh_part": np.where(chance.random(k) < 1 / 3, chance.random(k), 0.0),
        "received": chance.random((k, n)),
        "amount": chance.integers(0, 4_000_000, 7),
        "limit": chance.integers(0, 4, 7),
        "most": int(chance.integers(0, 6)),
        "elderly70": bool(chance.integers(2)),
        "extra": chance.normal(0, 0.01, village.cell.size).astype(np.float32),
    }
    state, slow = village.arrays(), village.arrays()
    found, truth = run_grant(village, state, offer), twin.grant_benefits(village, slow, offer)
    for name, array in truth.items():
        np.testing.assert_array_equal(found[name], array, err_msg=name)
    np.testing.assert_allclose(state["benefit"], slow["benefit"], rtol=2.5e-7, atol=1e-9)


@FEW
@given(village=villages(), step=SHARE)
def test_school_gains_equal_the_slow_twin(village, step):
    state, slow = village.arrays(), village.arrays()
    expected = np.linspace(0.0, 0.01, village.n_cells, dtype=np.float32)
    children, households = (np.full(village.cell.size, 7, np.int64) for _ in range(2))
    school_gains(
        village.layout.stratum_start, village.cell, village.weight, PKH, F(step), expected,
        state["word"], state["enrolled"], state["gain"], children, households,
    )  # fmt: skip
    np.testing.assert_array_equal(
        children, twin.school_gains(village, slow, int(PKH), step, expected)
    )
    np.testing.assert_array_equal(state["gain"], slow["gain"])
    np.testing.assert_array_equal(households, np.diff(village.layout.stratum_start))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
def test_without_the_compiler_selection_is_the_same():
    """The sources as plain Python give what the compiled selection gives."""
    village = make_village([[6, 5], [7]], first_id=3)
    how = {"code": kernel.NOT_REGULAR, "by_person": True, "elderly70": False, "discord": 0.4}
    quota = np.array([9, 4]) * village.weight[0]
    compiled, plain = village.arrays(), village.arrays()
    select(village, compiled, 4, quota, **how)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "select_by_rank", kernel.select_by_rank.py_func)
        select(village, plain, 4, quota, **how)
    np.testing.assert_array_equal(plain["enrolled"], compiled["enrolled"])


def test_packed_fields_are_those_of_the_composition():
    words = make_village([[300]]).households.word
    np.testing.assert_array_equal(sizes({"word": words}), field(words, "size"))
