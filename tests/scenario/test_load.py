"""Chains of files, options laid over them, and what a scenario answers."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from kesos_sim import i18n
from kesos_sim.errors import InputError
from kesos_sim.scenario import Scenario, changed, dump_scenario, from_document, load_scenario
from kesos_sim.scenario.nodes import Place, from_python
from kesos_sim.scenario.options import Typed
from kesos_sim.scenario.places import RegionKind
from kesos_sim.units import Month

SCENARIOS = Path(__file__).parents[2] / "scenarios"
HEAD = 'schema: 1\nname: anak\ntitle: {id: "Anak", en: "Child"}\nextends: dasar.yaml\n'
ROOT = """\
schema: 1
name: dasar
title: {id: "Dasar", en: "Base"}
region: [33, 34]
start: 2024-03
months: 24
households: 5000
seed: 1
levers:
  pkh_amount: {value: 1.2, from: 2025-01, ramp_months: 6}
funding_sources: {perjalanan_dinas: 1.0}
parameters: {household.propensity_to_consume: 0.5}
events:
  - {hazard: price_rise, month: 2025-06, months: 3, severity: 0.05, region: [33]}
programmes:
  - {name: lama, stream: apbd_district, kind: flat, amount: 100000, quota: 50, district: 3316}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "dasar.yaml").write_text(ROOT, encoding="utf-8")
    return tmp_path


def child(folder: Path, text: str, overrides: dict[str, object] | None = None) -> Scenario:
    (folder / "anak.yaml").write_text(HEAD + text, encoding="utf-8")
    return load_scenario(folder / "anak.yaml", overrides)


def test_child_lays_its_values_over_the_base(folder: Path) -> None:
    scenario = child(
        folder,
        """\
months: 36
levers:
  pkh_amount: {value: 1.5}
  sembako_amount: {value: 2}
funding_sources: {perjalanan_dinas: 0.4, belanja_modal: 0.6}
parameters: {household.propensity_to_consume: 0.7}
events:
  - {hazard: income_shock, month: 2024-06, months: 2, severity: 0.3, share: 0.1}
programmes:
  - {name: baru, stream: apbd_province, kind: pkh_topup, amount: 0.5, quota: 10, region: [34]}
""",
    )
    assert scenario.months == 36
    pkh = scenario.levers["pkh_amount"]
    assert (pkh.value, pkh.start, pkh.ramp_months) == (1.5, Month(2025, 1), 6)
    assert scenario.levers["sembako_amount"].value == 2.0
    assert scenario.funding_sources == {"belanja_modal": 0.6, "perjalanan_dinas": 0.4}
    assert scenario.parameter("household.propensity_to_consume") == 0.7
    assert [event.hazard for event in scenario.events] == ["income_shock", "price_rise"]
    assert scenario.events[0].districts == scenario.districts
    assert {3300 < code < 3400 for code in scenario.events[1].districts} == {True}
    assert [programme.name for programme in scenario.programmes] == ["baru", "lama"]
    new, old = scenario.programmes
    assert (new.eligibility, old.eligibility) == ("pkh", "any")
    assert old.districts == (3316,)


def test_root_is_the_last_of_the_chain(folder: Path) -> None:
    (folder / "tengah.yaml").write_text(HEAD.replace("anak", "tengah"), encoding="utf-8")
    (folder / "anak.yaml").write_text(
        HEAD.replace("dasar", "tengah") + "levers: {pkh_amount: {value: 3}}\n", encoding="utf-8"
    )
    scenario = load_scenario(folder / "anak.yaml")
    assert scenario.root is not None
    assert scenario.root.name == "dasar"
    assert scenario.root.root is None
    assert scenario.anchor.levers["pkh_amount"].value == 1.2
    assert scenario.anchor.events == ()


def test_anchor_takes_region_and_world_from_the_scenario(folder: Path) -> None:
    scenario = child(folder, "region: [33]\nseed: 9\nparameters: {fiscal.crowding_out: 0.2}\n")
    assert scenario.anchor.districts == scenario.districts
    assert scenario.anchor.seed == 9
    assert scenario.anchor.parameter("fiscal.crowding_out") == 0.2
    assert scenario.anchor.anchor == scenario.anchor


def test_same_values_with_another_anchor_are_another_question(folder: Path) -> None:
    inherited = child(folder, "")
    document = inherited.document()
    assert inherited.root is not None
    assert "anchor" not in document, "the anchor has the same levers"
    alone = from_document({**document, "anchor": {}})
    assert alone.hash != inherited.hash
    assert alone.anchor.levers == {}
    assert from_document(alone.document()) == alone


def test_ancestor_with_an_anchor_passes_it_on(folder: Path) -> None:
    (folder / "dasar.yaml").write_text(ROOT + "anchor: {}\n", encoding="utf-8")
    scenario = child(folder, "levers: {sembako_amount: {value: 2}}\n")
    assert set(scenario.levers) == {"pkh_amount", "sembako_amount"}
    assert scenario.anchor.levers == {}


def test_setting_the_default_is_no_decision(folder: Path) -> None:
    plain = child(folder, "levers: {pkh_amount: {value: 1}, apbd_poverty_share: {value: today}}\n")
    assert plain.levers == {}
    fraction = child(folder, "parameters: {household.propensity_to_consume: 0.6}\n")
    assert fraction.parameters == {}


def test_levers_move_on_the_way(folder: Path) -> None:
    scenario = child(
        folder, "levers:\n  apbd_poverty_share: {value: 0.10, from: 2025-01, ramp_months: 4}\n"
    )
    months = [Month(2024, 12), Month(2025, 1), Month(2025, 2), Month(2025, 4), Month(2026, 1)]
    shares = [scenario.lever("apbd_poverty_share", month, today=0.02) for month in months]
    assert shares == pytest.approx([0.02, 0.04, 0.06, 0.10, 0.10])
    with pytest.raises(ValueError, match="today"):
        scenario.lever("apbd_poverty_share", Month(2025, 1))
    assert scenario.lever("apbd_poverty_share", Month(2025, 6)) == 0.10
    assert scenario.lever("sembako_amount", Month(2025, 6)) == 1.0
    assert scenario.lever("sembako_amount", Month(2025, 6), today=7.0) == 1.0
    assert scenario.lever_weight("apbd_poverty_share", Month(2025, 1)) == 0.25
    assert scenario.lever_weight("pbi_quota", Month(2025, 1)) == 0.0


def test_default_of_a_lever_follows_its_parameter(folder: Path) -> None:
    scenario = child(folder, "parameters: {lever.topup_coverage.default: 0.35}\n")
    assert scenario.lever("topup_coverage", scenario.start) == 0.35
    assert scenario.lever_default("apbn_poverty_share") is None


def test_events_and_programmes_have_their_time(folder: Path) -> None:
    scenario = load_scenario(folder / "dasar.yaml")
    event, programme = scenario.events[0], scenario.programmes[0]
    assert [event.active(Month(2025, month)) for month in (5, 6, 8, 9)] == [
        False,
        True,
        True,
        False,
    ]
    assert programme.active(scenario.start)
    assert programme.active(scenario.end)
    dated = from_document(
        scenario.document()
        | {"programmes": [programme.document() | {"from": "2024-06", "to": "2024-07"}]}
    ).programmes[0]
    assert [dated.active(Month(2024, month)) for month in (5, 6, 7, 8)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_options(folder: Path) -> None:
    scenario = load_scenario(
        folder / "dasar.yaml",
        {
            "region": "33",
            "months": "12",
            "households": 4000,
            "seed": 5,
            "growth": "none",
            "levers.pkh_amount.value": "1.4",
            "levers.sembako_quota.value": 1.1,
            "levers.sembako_quota.from": Month(2024, 6),
            "funding_sources.perjalanan_dinas": "0.2",
            "funding_sources.subsidi": 0.8,
            "parameters.household.propensity_to_consume": "0.9",
        },
    )
    assert (scenario.region, scenario.months, scenario.households) == ((33,), 12, 4000)
    assert (scenario.seed, scenario.growth) == (5, "none")
    assert scenario.levers["pkh_amount"].ramp_months == 6
    assert scenario.levers["sembako_quota"].start == Month(2024, 6)
    assert scenario.funding_sources["subsidi"] == 0.8
    assert scenario.parameters == {"household.propensity_to_consume": 0.9}


def test_moving_a_lever_by_option_leaves_the_anchor(folder: Path) -> None:
    plain = load_scenario(folder / "dasar.yaml")
    moved = load_scenario(folder / "dasar.yaml", {"levers.pkh_amount.value": 1.4, "seed": 5})
    assert moved.root is not None
    assert moved.anchor.levers == plain.levers
    assert moved.anchor.seed == 5
    only_world = load_scenario(folder / "dasar.yaml", {"seed": 5})
    assert only_world.root is None
    assert moved.anchor == only_world.anchor


def test_smaller_region_keeps_what_lies_inside(folder: Path) -> None:
    inside = load_scenario(folder / "dasar.yaml", {"region": "3316,3402"})
    assert inside.events[0].districts == (3316,)
    assert [programme.name for programme in inside.programmes] == ["lama"]
    outside = load_scenario(folder / "dasar.yaml", {"region": [34]})
    assert (outside.events, outside.programmes) == ((), ())
    assert child(folder, "", {"region": "34"}).anchor.programmes == ()


def test_programme_is_not_cut_in_two(folder: Path) -> None:
    text = "programmes:\n  - {name: baru, stream: apbd_province, kind: flat, amount: 100000, "
    text += "quota: 10, region: [33]}\n"
    with pytest.raises(InputError) as caught:
        child(folder, text, {"region": "3316"})
    assert caught.value.code == "KS1247"
    assert "--region" in caught.value.text("en")


REFUSED: list[tuple[dict[str, object], str, str]] = [
    ({"months": "999"}, "KS1217", "--months"),
    ({"months": "dua"}, "KS1275", "--months"),
    ({"months": True}, "KS1275", "--months"),
    ({"households": "100.000"}, "KS1216", "--households"),
    ({"seed": -1}, "KS1217", "--seed"),
    ({"seed": 1.5}, "KS1219", "--seed"),
    ({"start": "2020-03"}, "KS1225", "--start"),
    ({"start": "maret"}, "KS1224", "--start"),
    ({"region": "Blorra"}, "KS1230", "--region"),
    ({"region": "semarang"}, "KS1235", "--region"),
    ({"region": "3399"}, "KS1234", "--region"),
    ({"region": "9999"}, "KS1230", "--region"),
    ({"months": "012"}, "KS1216", "--months"),
    ({"months": Typed("abc")}, "KS1275", "--set: months"),
    ({"region": "33,33"}, "KS1232", "--region"),
    ({"region": ""}, "KS1215", "--region"),
    ({"levers.pkh_amount.value": "10%"}, "KS1216", "--set: levers.pkh_amount.value"),
    ({"levers.pkh_amount.value": float("nan")}, "KS1218", "--set: levers.pkh_amount.value"),
    ({"levers.pkh_amount": "1"}, "KS1261", "--set: levers.pkh_amount"),
    ({"levers.pkh_amount.values": 1}, "KS1213", "--set: levers.pkh_amount.values"),
    ({"levers.pkh_amounts.value": 1}, "KS1269", "--set: levers.pkh_amounts"),
    ({"levers.pkh_amount.value.x": 1}, "KS1220", "--set: levers.pkh_amount.value"),
    ({"levers": 1}, "KS1261", "--set: levers"),
    ({"levers.": 1}, "KS1261", "--set: levers."),
    ({"lever.pkh_amount.value": 1}, "KS1260", "--set: lever.pkh_amount.value"),
    ({"parameters.household.x": 1}, "KS1270", "--set: parameters.household.x"),
    ({"name": "lain"}, "KS1260", "--set: name"),
    ({"extends": "lain.yaml"}, "KS1260", "--set: extends"),
    ({"events.0.month": "2026-01"}, "KS1260", "--set: events.0.month"),
    ({"region.x": "33"}, "KS1260", "--set: region.x"),
    ({"funding_sources.perjalanan_dinas": 0.5}, "KS1244", "--set: funding_sources"),
    ({"levers.portfolio_cash.value": 0.9}, "KS1245", "--set: levers.portfolio_cash"),
    ({"levers.pkh_amount.from": "2024-01"}, "KS1242", "--set: levers.pkh_amount.from"),
    ({"growth": "naik"}, "KS1222", "--set: growth"),
]


@pytest.mark.parametrize(
    ("overrides", "code", "place"),
    REFUSED,
    ids=[str(next(iter(row[0].items()))) for row in REFUSED],
)
def test_wrong_option_is_named(
    overrides: dict[str, object], code: str, place: str, folder: Path
) -> None:
    with pytest.raises(InputError) as caught:
        load_scenario(folder / "dasar.yaml", overrides)
    assert caught.value.code == code
    assert caught.value.line is None
    for lang in i18n.LANGUAGES:
        assert caught.value.text(lang).startswith(place + ":")


def test_conflict_with_the_file_names_the_option(folder: Path) -> None:
    (folder / "dasar.yaml").write_text(ROOT.replace("2024-03", "2022-03"), encoding="utf-8")
    assert load_scenario(folder / "dasar.yaml", {"start": "2023-03"}).start == Month(2023, 3)
    text = ROOT.replace("2024-03", "2022-03").replace("2025-01", "2022-06")
    (folder / "dasar.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(folder / "dasar.yaml", {"start": "2024-03"})
    assert (caught.value.code, caught.value.file) == ("KS1242", "--start")


def test_file_is_checked_before_options_apply(folder: Path) -> None:
    (folder / "dasar.yaml").write_text(ROOT.replace("months: 24", "months: 999"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(folder / "dasar.yaml", {"months": 12})
    assert caught.value.line == 6


def test_scenarios_cannot_be_changed(folder: Path) -> None:
    scenario: Any = load_scenario(folder / "dasar.yaml")
    with pytest.raises(AttributeError):
        scenario.seed = 2
    with pytest.raises(TypeError):
        scenario.levers["pkh_amount"] = None
    assert changed(scenario, {}) is scenario


def test_scenarios_travel(folder: Path) -> None:
    scenario = child(folder, "levers: {sembako_amount: {value: 2}}\n")
    copy = pickle.loads(pickle.dumps(scenario))  # noqa: S301  # our own bytes
    assert copy == scenario
    assert copy.hash == scenario.hash
    assert hash(copy) == hash(scenario)
    assert copy.anchor == scenario.anchor


def test_title_and_name_are_not_part_of_the_question(folder: Path) -> None:
    scenario = load_scenario(folder / "dasar.yaml")
    renamed = from_document(
        scenario.document() | {"name": "lain", "title": {"id": "Lain", "en": "Other"}}
    )
    assert renamed.hash == scenario.hash
    assert renamed != scenario


@pytest.mark.parametrize(
    ("written", "region"),
    [
        ("blora", (3316,)),
        ("BLORA", (3316,)),
        ("kab. blora, kota semarang", (3316, 3374)),
        ("jawa tengah", (33,)),
        ("Central Java", (33,)),
        ("MPU", "mpu"),
        ("Mitra Praja Utama", "mpu"),
        ("INDONESIA", "indonesia"),
        (["Jawa tengah", 34], (33, 34)),
    ],
    ids=str,
)
def test_names_of_regions_count_in_any_case(written: object, region: object, folder: Path) -> None:
    assert load_scenario(folder / "dasar.yaml", {"region": written}).region == region


def test_names_of_regions_stand_in_files_too(folder: Path) -> None:
    text = ROOT.replace("[33, 34]", '[jawa tengah, "DI YOGYAKARTA"]').replace("3316", "blora")
    (folder / "dasar.yaml").write_text(text, encoding="utf-8")
    scenario = load_scenario(folder / "dasar.yaml")
    assert (scenario.region, scenario.programmes[0].districts) == ((33, 34), (3316,))


def test_district_takes_the_name_of_a_district_only() -> None:
    kind = RegionKind(only_districts=True)
    assert kind.check(from_python("blora", Place("x.yaml")), {}) == (3316,)
    for wrong in ("jawa tengah", "mpu", "indonesia", "Jawa Tenga"):
        with pytest.raises(InputError) as caught:
            kind.check(from_python(wrong, Place("x.yaml")), {})
        assert (caught.value.code, caught.value.suggestion) == ("KS1279", None)


def test_message_about_a_code_knows_its_province(folder: Path) -> None:
    for lang in i18n.LANGUAGES:
        with pytest.raises(InputError) as caught:
            load_scenario(folder / "dasar.yaml", {"region": "3399"})
        text = caught.value.text(lang)
        assert "3301–3329, 3371–3376" in text and "province_code=33" in text
        assert i18n.text("errors.suggestion", lang, suggestion="3376") not in text


def test_percentage_is_offered_as_one_reading_with_the_range(folder: Path) -> None:
    text = "events:\n  - {hazard: income_shock, month: 2025-01, months: 2, "
    text += "severity: 0.1, share: 1.5}\n"
    with pytest.raises(InputError) as caught:
        child(folder, text)
    shown = caught.value.text("en")
    assert "if 1.5% is meant, write 0.015" in shown and "Expected: 0 – 1" in shown


def test_regions_are_one_however_they_are_written(folder: Path) -> None:
    scenario = load_scenario(folder / "dasar.yaml", {"region": "34,33"})
    assert scenario.region == (33, 34)
    assert load_scenario(folder / "dasar.yaml", {"region": "00"}).region == "indonesia"
    assert len(load_scenario(folder / "dasar.yaml", {"region": "indonesia"}).districts) == 514
    assert load_scenario(folder / "dasar.yaml", {"region": 3316}).districts == (3316,)


def test_written_scenario_is_the_same(folder: Path) -> None:
    scenario = child(folder, "levers: {sembako_amount: {value: 2}}\n")
    (folder / "tulis.yaml").write_text(dump_scenario(scenario), encoding="utf-8")
    assert load_scenario(folder / "tulis.yaml") == scenario


def test_document_must_be_complete() -> None:
    with pytest.raises(InputError) as caught:
        from_document({"schema": 1, "name": "a", "title": {"id": "A", "en": "A"}}, "run.json")
    assert (caught.value.code, caught.value.file) == ("KS1214", "run.json")
    with pytest.raises(InputError, match="KS1251"):
        from_document(
            {"schema": 1, "name": "a", "title": {"id": "A", "en": "A"}, "extends": "b.yaml"}
        )
