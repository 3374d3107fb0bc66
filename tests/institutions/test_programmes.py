"""The programmes of a month follow the rule table, the levers and the price year."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.data import read_table
from kesos_sim.institutions.programmes import TOPUPS, ProgrammeSchedule, names, schedule
from kesos_sim.institutions.rules import (
    COMPONENTS,
    NATIONAL,
    Channel,
    Eligibility,
    Kind,
    price_index,
    rule_at,
    rule_years,
)
from kesos_sim.kernels import registry as kernel
from kesos_sim.scenario import from_document
from kesos_sim.units import Month

BASE = Month(2024, 3)


def unchanged(name: str) -> float:
    return 1.0


def at(month: str, **options: object) -> ProgrammeSchedule:
    return schedule(Month.parse(month), unchanged, **options)  # type: ignore[arg-type]


def test_the_numbers_of_eligibility_are_those_of_the_kernels() -> None:
    assert (
        Eligibility.ANY,
        Eligibility.HAS_PKH_COMPONENT,
        Eligibility.NOT_IN_REGULAR,
        Eligibility.RURAL_NOT_IN_REGULAR,
        Eligibility.PKH_MEMBER,
        Eligibility.ELDERLY,
        Eligibility.DISABLED,
    ) == (
        kernel.ANY,
        kernel.COMPONENT,
        kernel.NOT_REGULAR,
        kernel.RURAL_NOT_REGULAR,
        kernel.PKH_MEMBER,
        kernel.ELDERLY,
        kernel.DISABLED,
    )


def test_the_base_month_has_the_published_amounts() -> None:
    plan = at("2024-03")
    assert plan.components.tolist() == [
        3_000_000, 3_000_000, 900_000, 1_500_000, 2_000_000, 2_400_000, 2_400_000,
    ]  # fmt: skip
    assert plan.component_most == 4
    assert dict(zip(COMPONENTS, plan.component_limits.tolist(), strict=True)) == {
        "pregnant": 2, "age_0_6": 2, "primary": 4, "junior": 4, "senior": 4,
        "disability": 1, "elderly": 1,
    }  # fmt: skip
    assert plan.elderly_age == 70
    flat = dict(zip(plan.names, plan.flat.tolist(), strict=True))
    assert flat["SEMBAKO"] == 200_000
    assert flat["BLT_DESA"] == 300_000
    assert flat["PKH"] == 0
    quota = dict(zip(plan.names, plan.national_quota.tolist(), strict=True))
    assert quota["PKH"] == 10_000_000
    assert quota["BLT_DESA"] == 2_960_000
    assert quota["PBI"] == 96_800_000
    assert plan.by_person.tolist() == [name == "PBI" for name in plan.names]


@pytest.mark.parametrize(
    ("month", "programme", "flat"),
    [
        ("2016-05", "PKH", 150_000),
        ("2018-05", "PKH", 157_500),
        ("2019-05", "PKH", 550_000 / 12),
        ("2018-05", "SEMBAKO", 110_000),
        ("2020-02", "SEMBAKO", 150_000),
        ("2020-03", "SEMBAKO", 200_000),
        ("2020-06", "BLT_DESA", 600_000),
        ("2020-07", "BLT_DESA", 300_000),
        ("2020-05", "BST", 600_000),
        ("2021-03", "BST", 300_000),
    ],
)
def test_rules_of_earlier_years(month: str, programme: str, flat: float) -> None:
    plan = at(month)
    assert plan.flat[plan.index(programme)] == pytest.approx(flat)
    assert plan.active[plan.index(programme)]


@pytest.mark.parametrize(
    ("month", "programme"),
    [("2020-03", "BLT_DESA"), ("2020-03", "BST"), ("2021-08", "BST"), ("2019-12", "BLT_DESA")],
)
def test_programmes_that_do_not_run(month: str, programme: str) -> None:
    plan = at(month)
    k = plan.index(programme)
    assert not plan.active[k]
    assert plan.national_quota[k] == 0
    assert plan.flat[k] == 0


def test_kind_of_pkh_changes_with_the_component_table() -> None:
    assert at("2018-05").kind[0] == Kind.FLAT
    assert at("2019-05").kind[0] == Kind.PKH_COMPONENTS
    assert at("2018-05").pkh_part[0] == 0.0


def test_every_year_pays_out_every_month_of_help() -> None:
    first, last = rule_years()
    for year in range(first, last + 1):
        for definition in NATIONAL:
            rules = [rule_at(definition.name, year, month) for month in range(1, 13)]
            entitled = sum(rule is not None for rule in rules)
            assert sum(rule.months_paid for rule in rules if rule) == entitled


def test_pkh_pays_each_quarter() -> None:
    paid = [month for month in range(1, 13) if at(f"2024-{month:02d}").due_share[0] > 0]
    assert paid == [1, 4, 7, 10]
    assert at("2024-01").due_share[0] == pytest.approx(0.25)


def test_late_payment_of_2021_came_in_july() -> None:
    k = at("2021-07").index("BST")
    due = {m: at(f"2021-{m:02d}").due_share[k] * 12 for m in range(1, 8)}
    assert due == pytest.approx({1: 1, 2: 1, 3: 1, 4: 1, 5: 0, 6: 0, 7: 3})


def test_amounts_are_rupiah_of_the_price_year() -> None:
    nominal, real = at("2020-05"), at("2020-05", base=Month(2015, 3))
    index = price_index(2020, 2015)
    assert real.price_index == pytest.approx(index)
    assert index > 1.2
    assert (real.flat * index == pytest.approx(nominal.flat)) is True
    assert real.components * index == pytest.approx(nominal.components, abs=index)


def test_price_index_runs_through_the_published_lines() -> None:
    lines = read_table("poverty_province").where(bps_code=0, month=3, area="total")
    line = {row["year"]: row["poverty_line_idr"] for row in lines.rows()}
    assert price_index(2024, 2015) == pytest.approx(line[2024] / line[2015])
    assert price_index(2024, 2024) == 1.0
    assert price_index(2030, 2024) == pytest.approx(1.06**6)
    assert price_index(2030, 2024, lambda _: 0.03) == pytest.approx(1.03**6)


def test_amounts_after_the_last_year_keep_their_worth_or_not(
    parameters: Callable[..., Callable[[str], float]],
) -> None:
    kept = {i: parameters({"programme.indexation": i}) for i in (0.0, 1.0)}
    last, later = Month(2025, 6), Month(2034, 6)
    flat = {
        (i, month): schedule(month, unchanged, base=BASE, parameter=one).flat[1]
        for i, one in kept.items()
        for month in (last, later)
    }
    assert flat[1.0, later] == pytest.approx(flat[1.0, last])
    assert flat[0.0, later] == pytest.approx(flat[0.0, last] / 1.06**9)


def test_the_burn_in_keeps_the_base_year() -> None:
    base = Month(2019, 3)
    now, then = at("2019-03", base=base), at("2016-03", base=base)
    assert then.flat.tolist() == now.flat.tolist()
    assert then.components.tolist() == now.components.tolist()
    assert then.national_quota.tolist() == now.national_quota.tolist()


def test_rules_can_be_held() -> None:
    held = at("2025-06", base=BASE, rules_until=2024)
    assert held.national_quota[1] == 18_800_000
    assert held.flat[1] == pytest.approx(200_000)


def test_levers_multiply_and_switch_off() -> None:
    def lever(name: str) -> float:
        return {"sembako_amount": 1.5, "pkh_amount": 2.0, "pkh_quota": 0.5}.get(name, 1.0)

    plan, today = schedule(BASE, lever), at("2024-03")
    assert plan.flat[1] == pytest.approx(300_000)
    assert plan.components.tolist() == (2 * today.components).tolist()
    assert plan.national_quota[0] == 5_000_000
    off = schedule(BASE, lambda name: 0.0 if name == "social_assistance" else 1.0)
    assert not off.national_quota.any()
    assert not off.active.any()


def test_rice_is_shared_out_beyond_the_list(
    parameters: Callable[..., Callable[[str], float]],
) -> None:
    month = Month(2015, 5)
    plain = schedule(month, unchanged, parameter=parameters({"programme.rice_sharing": 1.0}))
    shared = schedule(month, unchanged, parameter=parameters({"programme.rice_sharing": 2.5}))
    assert plain.national_quota[1] == 15_500_000
    assert plain.flat[1] == pytest.approx(15 * (9_500 - 1_600))
    money = [plan.flat[1] * plan.national_quota[1] for plan in (plain, shared)]
    assert money[0] == pytest.approx(money[1])
    assert shared.channel[1] == Channel.IN_KIND


def test_temporary_aid_takes_part_only_when_asked() -> None:
    assert "TEMPORARY" not in at("2022-09").names
    plan = at("2022-09", temporary=True)
    k = plan.index("TEMPORARY")
    assert plan.flat[k] == 150_000
    assert plan.due_share[k] == pytest.approx(2 / 12)
    rice = at("2020-08", temporary=True)
    assert rice.eligibility[rice.index("TEMPORARY")] == Eligibility.PKH_MEMBER


def test_local_programmes_come_last() -> None:
    scenario = from_document(
        {
            "schema": 1,
            "name": "local",
            "title": {"id": "lokal", "en": "local"},
            "region": [33],
            "start": "2024-03",
            "months": 24,
            "households": 20_000,
            "seed": 1,
            "growth": "none",
            "programmes": [
                {
                    "name": "lansia",
                    "region": [33],
                    "stream": "apbd_province",
                    "kind": "flat",
                    "amount": 250_000,
                    "quota": 12_000,
                    "eligibility": "elderly",
                    "from": "2025-01",
                },
                {
                    "name": "tambahan-pkh",
                    "region": [3316],
                    "stream": "apbd_district",
                    "kind": "pkh_topup",
                    "amount": 0.25,
                    "quota": 50_000,
                    "eligibility": "pkh",
                },
            ],
        }
    )
    plan = schedule(Month(2024, 6), unchanged, scenario.programmes, base=BASE)
    assert plan.names == names(scenario.programmes)
    assert plan.names[-2:] == ("lansia", "tambahan-pkh")
    assert plan.names[5:7] == TOPUPS
    assert plan.active[-2:].tolist() == [False, True]
    assert plan.pkh_part[-1] == 0.25
    later = schedule(Month(2025, 6), unchanged, scenario.programmes, base=BASE)
    assert later.flat[-2] == 250_000
    assert later.eligibility[-2] == Eligibility.ELDERLY
    assert later.national_quota[-2] == 12_000
    assert later.districts[-1] == scenario.programmes[-1].districts


def test_every_value_has_a_source_and_imputations_say_how() -> None:
    for row in read_table("programme_schedule").rows():
        if row["source"] == "own_imputation":
            assert row["quality"] == "estimate"
            assert row["note"].startswith("grade D: ")
        assert row["unit"]
        assert row["first_month"] <= row["last_month"]


@given(st.integers(2012, 2040), st.integers(1, 12), st.integers(2015, 2024), st.floats(0, 1))
def test_no_month_has_negative_help(year: int, month: int, base: int, lever: float) -> None:
    plan = schedule(Month(year, month), lambda _: lever, base=Month(base, 3), temporary=True)
    for array in (plan.flat, plan.components, plan.national_quota, plan.due_share):
        assert (array >= 0).all()
        assert np.isfinite(array).all()
    assert (plan.due_share <= 1).all()
    assert len(plan.names) == len(set(plan.names))
