"""Who serves whom as a widget: what is chosen is what is told, in numbers of the map."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest

from kesos_sim.data.regions import region_name
from kesos_sim.experiments.executors import Serial
from kesos_sim.experiments.who_serves import WhoServes, who_serves
from kesos_sim.i18n import numbers
from kesos_sim.population.needs import KINDS
from kesos_sim.reports.measures.who_serves import gap_table, need
from kesos_sim.scenario import load_scenario
from kesos_sim.workbench import CoordinationMap

pytestmark = pytest.mark.slow

WORLD = {"region": "34", "households": 2000, "months": 4}


@pytest.fixture(scope="module")
def found(scenario_folder: Path, anchors: Path) -> WhoServes:
    base = load_scenario(scenario_folder / "baseline.yaml", WORLD)
    package = load_scenario(scenario_folder / "sistem-kemitraan.yaml", WORLD)
    return who_serves(base, package, Serial())


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_world_district_and_need_can_be_chosen(found: WhoServes, lang: str) -> None:
    view = CoordinationMap(found, lang)
    assert [value for _, value in view.world.options] == [
        "without", "with", "without_idle", "with_idle",
    ]  # fmt: skip
    assert {value for _, value in view.kind.options} == {"", *KINDS}
    assert {value for _, value in view.district.options} == {"", *found.package.districts}
    for control in (view.world, view.district, view.kind):
        assert control.description, "every control has a label"


def test_the_sentence_is_of_what_is_chosen(found: WhoServes) -> None:
    view = CoordinationMap(found, "en")
    own = found.baseline
    row, col = np.unravel_index(int(own.in_need.argmax()), own.in_need.shape)
    view.world.value = "without"
    view.district.value = own.districts[row]
    view.kind.value = KINDS[col]
    said = unescape(view.said.value)
    assert region_name(own.districts[row], "en") in said and need(KINDS[col], "en") in said
    assert numbers.people(own.in_need[row, col], "en") in said
    assert numbers.people(own.served[row, col], "en") in said
    assert "(without the package)" in said and 'role="status"' in said


def test_the_matrix_is_that_of_the_world(found: WhoServes) -> None:
    # In so few months the package has hardly begun.
    package = replace(found.package, overlap=found.package.overlap / 2.0)
    view = CoordinationMap(replace(found, package=package), "en")
    shown = {}
    for name, own in (("without", found.baseline), ("with", package)):
        view.world.value = name
        cells = re.findall(r"--share: ([0-9.]+)", view.matrix.value)
        wanted = own.shares[np.isfinite(own.shares)] / 100.0
        np.testing.assert_allclose([float(one) for one in cells], wanted, atol=5e-4)
        shown[name] = view.matrix.value
    assert 'tabindex="0"' in view.matrix.value, "the keyboard can scroll a wide table"
    assert shown["with"] != shown["without"]


def test_gaps_follow_the_filters_and_have_the_case_without_effect(found: WhoServes) -> None:
    table = gap_table(found, "en", most=1000)
    assert table.fields[2:6] == (
        "unmet_without", "unmet_with", "unmet_without_idle", "unmet_with_idle",
    )  # fmt: skip
    assert len(table.rows) == int((found.package.unmet > 0).sum())
    assert list(table.data) == sorted(table.data, key=lambda row: -float(str(row[3])))
    district, kind = table.data[0][0], str(table.data[0][1])
    (row,) = gap_table(found, "en", int(str(district)), kind).data
    assert row == table.data[0]
    view = CoordinationMap(found, "id")
    view.kind.value = kind
    rows = gap_table(found, "id", kind=kind, most=15).rows
    assert rows and all(words in unescape(view.gaps.value) for line in rows for words in line)


def test_no_gap_is_said(found: WhoServes) -> None:
    served = replace(found.package, served=found.package.in_need)
    view = CoordinationMap(replace(found, package=served), "id")
    assert "Tidak ada yang belum terlayani" in view.gaps.value
