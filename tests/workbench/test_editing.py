"""A scenario that is being edited: undo, the loader's messages, files that stay what they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos_sim.errors import InputError
from kesos_sim.scenario import LEVERS, from_document, load_scenario
from kesos_sim.scenario.coordination import STRENGTHS
from kesos_sim.scenario.format import FUNDING_SOURCES
from kesos_sim.workbench.editing import Editing, check
from kesos_sim.workbench.values import as_typed, from_typed, in_percent, is_whole

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FILES = sorted(SCENARIOS.glob("*.yaml"))
START = load_scenario(SCENARIOS / "apbd-10.yaml", {"months": 24})
FIELDS = [
    "name",
    "title.id",
    "region",
    "start",
    "months",
    "households",
    "seed",
    *(f"funding_sources.{name}" for name in FUNDING_SOURCES),
    *(f"parameters.{name}" for name in STRENGTHS[:4]),
    *(f"levers.{name}.{part}" for name in LEVERS for part in ("value", "from", "ramp_months")),
]
VALUES: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.integers(-5, 10**7),
    st.floats(-1, 3),
    st.booleans(),
    st.sampled_from(["mpu", "34", "today", "", "abc", "2026-01", "2019-03", "1e9", "banjir-1"]),
    st.sampled_from([[34], [3471, 3402], [], [99], [34, 3471]]),
    st.text(max_size=6),
)
EDITS = st.lists(st.tuples(st.sampled_from(FIELDS), VALUES), max_size=8)


@given(EDITS)
@settings(max_examples=25, deadline=None)
def test_undo_returns_to_the_start_and_redo_to_the_end(edits: list[tuple[str, Any]]) -> None:
    editing = Editing(START)
    first = editing.document
    for field, value in edits:
        editing.set(field, value)
    last = editing.document
    while editing.can_undo:
        editing.undo()
    assert editing.document == first
    assert editing.scenario == START and not editing.problems
    while editing.can_redo:
        editing.redo()
    assert editing.document == last
    editing.reset()
    assert editing.document == first
    if last != first:
        editing.undo()
    assert editing.document == last


@given(EDITS)
@settings(max_examples=30, deadline=None)
def test_every_sequence_of_edits_is_accepted_or_says_where_it_is_wrong(
    edits: list[tuple[str, Any]],
) -> None:
    editing = Editing(START)
    for field, value in edits:
        editing.set(field, value)
        if editing.scenario is None:
            assert editing.problems
            with pytest.raises(InputError):
                from_document(editing.document)
            touched = {one.split(".")[0] for one, _ in edits}
            for place, error in editing.problems.items():
                assert place and place.split(".")[0].split("[")[0] in {*touched, "levers", "region"}
                for lang in ("id", "en"):
                    assert error.text(lang)
        else:
            assert not editing.problems
            assert from_document(editing.document) == editing.scenario


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_that_is_opened_and_saved_asks_the_same(path: Path, tmp_path: Path) -> None:
    editing = Editing.opened(path)
    again = load_scenario(editing.save(tmp_path / path.name))
    assert again == load_scenario(path)
    assert again.hash == load_scenario(path).hash
    assert again.anchor.hash == load_scenario(path).anchor.hash
    assert [one.name for one in tmp_path.iterdir()] == [path.name], "nothing else is left"


def test_an_edit_does_not_move_the_base_month_and_is_what_the_command_line_would_do() -> None:
    editing = Editing.opened(SCENARIOS / "baseline.yaml")
    editing.set("levers.pkh_amount.value", 1.5)
    by_option = load_scenario(SCENARIOS / "baseline.yaml", {"levers.pkh_amount.value": 1.5})
    assert editing.scenario is not None
    assert editing.scenario.hash == by_option.hash
    assert editing.scenario.anchor.levers == {}


def test_sections_without_a_control_are_listed_and_kept_through_edits(tmp_path: Path) -> None:
    flood = Editing.opened(SCENARIOS / "banjir-ntt.yaml")
    local = Editing.opened(SCENARIOS / "tambahan-pkh-jateng.yaml")
    assert set(flood.kept()) == {"events"} and set(local.kept()) == {"programmes"}
    for editing in (flood, local):
        before = load_scenario(editing.path or "")
        editing.set("levers.pkh_amount.value", 1.2)
        after = load_scenario(editing.save(tmp_path / "x.yaml", replace=True))
        assert (after.events, after.programmes) == (before.events, before.programmes)
    assert not Editing.opened(SCENARIOS / "baseline.yaml").kept()
    assert set(Editing.opened(SCENARIOS / "backcast-2019.yaml").kept()) == {"growth"}


def test_several_mistakes_are_told_at_once_each_at_its_field() -> None:
    editing = Editing(START)
    wrong = {
        "levers.apbd_poverty_share.value": 0.9,
        "levers.pkh_amount.from": "2020-01",
        "levers.pkh_amount.value": 1.1,
        "levers.sembako_quota.value": "banyak",
        "months": 0,
        "funding_sources.subsidi": 0.4,
    }
    editing.set_all(wrong)
    assert set(editing.problems) == {
        "levers.apbd_poverty_share.value",
        "levers.pkh_amount.from",
        "levers.sembako_quota.value",
        "months",
        "funding_sources",
    }
    editing.undo()
    assert editing.scenario == START, "one undo takes all of it back"


def test_a_lever_without_a_value_is_gone_and_no_change_is_no_step() -> None:
    editing = Editing(START)
    editing.set("levers.apbd_poverty_share.value", 0.1)
    assert not editing.can_undo
    editing.set("levers.apbd_poverty_share.value", None)
    assert editing.value("levers") is None
    assert editing.scenario is not None and not editing.scenario.levers


def test_a_file_is_replaced_only_when_asked_and_never_half(tmp_path: Path) -> None:
    target = tmp_path / "paket.yaml"
    editing = Editing(START)
    editing.save(target)
    kept = "# catatan sendiri\n" + target.read_text("utf-8")
    target.write_text(kept, "utf-8")
    editing.save(target)
    assert target.read_text("utf-8") == kept, "what asks the same keeps its comments"
    editing.set("seed", 7)
    with pytest.raises(InputError, match="KS9003"):
        editing.save(target)
    editing.save(target, replace=True)
    assert load_scenario(target).seed == 7 and editing.saved
    editing.set("seed", -1)
    with pytest.raises(InputError, match="KS9001"):
        editing.save(target, replace=True)
    editing.undo()
    for wrong, code in (("paket.txt", "KS9002"), ("no/such/folder.yaml", "KS9004")):
        with pytest.raises(InputError, match=code):
            editing.save(tmp_path / wrong)
    assert [one.name for one in tmp_path.iterdir()] == ["paket.yaml"]


def test_a_file_that_cannot_be_opened_changes_nothing(tmp_path: Path) -> None:
    editing = Editing(START)
    (tmp_path / "bad.yaml").write_text("schema: 1\nname: X Y\n", "utf-8")
    with pytest.raises(InputError):
        editing.open(tmp_path / "bad.yaml")
    assert editing.scenario == START


def test_looking_further_ends_where_setting_aside_is_no_use() -> None:
    document = Editing(START).document
    found = check({**document, "schema": 9}, {**document, "schema": 9})
    assert found.scenario is None and len(found.problems) == 1


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("levers.apbd_poverty_share.value", "10", 0.1),
        ("levers.apbd_poverty_share.value", "7,5 %", 0.075),
        ("levers.apbd_poverty_share.value", "7.5 persen", 0.075),
        ("levers.pkh_amount.value", "1,25", 1.25),
        ("levers.social_marketing.value", "Rp2.000", 2000),
        ("levers.apbd_poverty_share.ramp_months", "3 tahun", 36),
        ("households", "20.000", 20_000),
        ("households", "20,000", 20_000),
        ("months", "12,5", 12.5),
        ("months", "\N{MINUS SIGN}3", -3),
        ("seed", "  ", None),
        ("seed", "abc", "abc"),
    ],
)
def test_numbers_are_read_as_planners_write_them(field: str, text: str, value: Any) -> None:
    assert from_typed(field, text) == value
    assert type(from_typed(field, text)) is type(value)


@given(
    st.sampled_from([name for name in FIELDS if is_whole(name) or in_percent(name)]),
    st.integers(0, 10**6),
    st.sampled_from(["id", "en"]),
)
def test_what_is_written_reads_back_as_the_same(field: str, count: int, lang: str) -> None:
    value: float = count if is_whole(field) else count / 10**6
    assert from_typed(field, as_typed(field, value, lang)) == value
