"""What holds for every scenario: round trips, identity, differences."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kesos_sim import i18n
from kesos_sim.data.parameters import parameter_table
from kesos_sim.data.regions import districts, provinces
from kesos_sim.scenario import (
    LEVERS,
    LeverSetting,
    changed,
    difference,
    dump_scenario,
    from_document,
    load_scenario,
)
from kesos_sim.scenario.format import FUNDING_SOURCES, HAZARDS
from kesos_sim.scenario.levers import PORTFOLIO, TODAY
from kesos_sim.scenario.parts import DISASTERS
from kesos_sim.testing import lever_values

RELAXED = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
FREE_LEVERS = sorted(set(LEVERS) - set(PORTFOLIO))
PARAMETERS = sorted(name for name in parameter_table() if not name.startswith("lever."))
TEXT = st.text(
    st.characters(blacklist_categories=("C", "Z")), min_size=1, max_size=30
) | st.sampled_from(["true", "null", "1e5", "0x1", "2024-03", "- a", "a: b", "#", "{", "'", '"'])
SLUG = st.from_regex(r"\A[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}\Z")
REGION = (
    st.sampled_from(["mpu", "indonesia"])
    | st.lists(st.sampled_from(sorted(provinces())), min_size=1, max_size=4, unique=True)
    | st.lists(st.sampled_from(sorted(districts())), min_size=1, max_size=4, unique=True)
)


def month(low: int = 0, high: int = 30) -> st.SearchStrategy[str]:
    """A month from the base month on."""
    return st.integers(low, high).map(lambda n: f"{2024 + (2 + n) // 12}-{(2 + n) % 12 + 1:02d}")


@st.composite
def settings_of_levers(draw: st.DrawFn) -> dict[str, Any]:
    levers: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(FREE_LEVERS), max_size=4, unique=True)):
        lever = LEVERS[name]
        setting: dict[str, Any] = {"value": draw(lever_values(lever))}
        if lever.default is None and draw(st.booleans()):
            setting["value"] = TODAY
        if draw(st.booleans()):
            setting["from"] = draw(month())
        if lever.kind != "switch" and draw(st.booleans()):
            setting["ramp_months"] = draw(st.integers(0, 60))
        levers[name] = setting
    return levers


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    event: dict[str, Any] = {
        "hazard": draw(st.sampled_from(HAZARDS)),
        "month": draw(month()),
        "severity": draw(st.floats(0, 0.5)),
    }
    if event["hazard"] not in DISASTERS:
        event["months"] = draw(st.integers(1, 24))
    if event["hazard"] != "price_rise":
        event["share"] = draw(st.floats(0, 1))
    return event


@st.composite
def programmes(draw: st.DrawFn, region: Any) -> dict[str, Any]:
    kind = draw(st.sampled_from(["flat", "pkh_topup"]))
    programme: dict[str, Any] = {
        "name": "daerah-" + draw(SLUG),
        "stream": draw(st.sampled_from(["apbd_province", "apbd_district"])),
        "kind": kind,
        "amount": draw(st.floats(1000, 5e6) if kind == "flat" else st.floats(0.01, 3)),
        "quota": draw(st.integers(1, 10**6)),
        "region": region,
    }
    if draw(st.booleans()):
        programme["title"] = {"id": draw(TEXT), "en": draw(TEXT)}
    if draw(st.booleans()):
        programme |= {"from": draw(month(0, 10)), "to": draw(month(10, 30))}
    return programme


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A small valid scenario document."""
    region = draw(REGION)
    parts = draw(st.lists(st.sampled_from(FUNDING_SOURCES), min_size=2, max_size=2, unique=True))
    document: dict[str, Any] = {
        "schema": 1,
        "name": draw(SLUG),
        "title": {"id": draw(TEXT), "en": draw(TEXT)},
        "region": region,
        "start": "2024-03",
        "months": draw(st.integers(1, 60)),
        "households": draw(st.integers(2000, 10**6)),
        "seed": draw(st.integers(0, 2**31 - 1)),
        "growth": draw(st.sampled_from(["forward", "none"])),
        "levers": draw(settings_of_levers()),
        "funding_sources": {parts[0]: 0.25, parts[1]: 0.75},
        "events": draw(st.lists(events(), max_size=3)),
        "programmes": draw(
            st.lists(programmes(region), max_size=2, unique_by=lambda entry: entry["name"])
        ),
    }
    for name in draw(st.lists(st.sampled_from(PARAMETERS), max_size=2, unique=True)):
        row = parameter_table()[name]
        document.setdefault("parameters", {})[name] = draw(st.floats(row.low, row.high))
    if draw(st.booleans()):
        document["anchor"] = {"levers": draw(settings_of_levers())}
    return document


@pytest.mark.slow
@RELAXED
@given(documents())
def test_written_and_read_again(tmp_path: Path, document: dict[str, Any]) -> None:
    scenario = from_document(document)
    assert from_document(scenario.document()) == scenario
    path = tmp_path / "bolak-balik.yaml"
    path.write_text(dump_scenario(scenario), encoding="utf-8")
    again = load_scenario(path)
    assert again.document() == scenario.document()
    assert again.hash == scenario.hash
    assert again.anchor.document() == scenario.anchor.document()
    through_json = json.loads(json.dumps(scenario.document(), allow_nan=False))
    assert from_document(through_json) == scenario


@pytest.mark.slow
@RELAXED
@given(documents())
def test_overriding_with_the_same_value_changes_nothing(document: dict[str, Any]) -> None:
    scenario = from_document(document)
    same: dict[str, object] = {
        "start": str(scenario.start),
        "months": scenario.months,
        "households": str(scenario.households),
        "seed": scenario.seed,
        "growth": scenario.growth,
        "region": scenario.region,
    }
    for name, setting in scenario.levers.items():
        same[f"levers.{name}.value"] = repr(setting.value)
        same[f"levers.{name}.ramp_months"] = setting.ramp_months
    same |= {f"parameters.{name}": value for name, value in scenario.parameters.items()}
    same |= {f"funding_sources.{k}": repr(v) for k, v in scenario.funding_sources.items()}
    assert changed(scenario, same) == scenario
    for name, value in same.items():
        assert changed(scenario, {name: value}).hash == scenario.hash


class Plain(yaml.SafeDumper):
    """Another writer of YAML than the one of the package: quotes every text, no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


Plain.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="'"),
)


@pytest.mark.slow
@RELAXED
@given(documents(), st.randoms())
def test_identity_ignores_order_and_comments(
    tmp_path: Path, document: dict[str, Any], order: Any
) -> None:
    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            names = list(value)
            order.shuffle(names)
            return {name: shuffled(value[name]) for name in names}
        return value

    scenario = from_document(document)
    mixed = shuffled(document)
    for name in ("events", "programmes"):
        order.shuffle(mixed[name])
    path = tmp_path / "acak.yaml"
    text = yaml.dump(mixed, Dumper=Plain, sort_keys=False, allow_unicode=True, width=1000)
    path.write_text("# catatan\n\n" + text.replace("\nmonths:", "\n# lain\nmonths:"), "utf-8")
    assert load_scenario(path).hash == scenario.hash
    assert from_document(mixed).hash == scenario.hash


@pytest.mark.slow
@RELAXED
@given(documents(), documents())
def test_difference_is_empty_exactly_when_nothing_differs(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    a, b = from_document(first), from_document(second)
    for lang in i18n.LANGUAGES:
        assert (difference(a, b, lang) == []) == (a.hash == b.hash)
        renamed = from_document(first | {"name": "lain", "title": {"id": "x", "en": "y"}})
        assert difference(a, renamed, lang) == []


@RELAXED
@given(documents(), st.sampled_from(FREE_LEVERS), st.data())
def test_moving_one_lever_is_seen(document: dict[str, Any], name: str, data: st.DataObject) -> None:
    value = data.draw(lever_values(LEVERS[name]))
    scenario = from_document(document)
    moved = changed(scenario, {f"levers.{name}.value": value})
    same = moved.levers.get(name) == scenario.levers.get(name)
    lines = difference(scenario, moved, "id")
    assert (lines == []) == same == (moved.hash == scenario.hash)
    assert len(lines) <= 1
    assert moved.anchor.levers == scenario.anchor.levers


@given(st.sampled_from(FREE_LEVERS), st.data())
@RELAXED
def test_a_setting_that_a_program_computed_survives_the_file(
    name: str, data: st.DataObject
) -> None:
    """Programs compute with floats; a file has whole numbers for steps and counts."""
    value = data.draw(lever_values(LEVERS[name]))
    plain = load_scenario(Path(__file__).parents[2] / "scenarios" / "baseline.yaml")
    moved = replace(plain, levers={name: LeverSetting(float(value))})
    again = from_document(yaml.safe_load(dump_scenario(moved)))
    assert again.lever(name, moved.start) == moved.lever(name, moved.start)
