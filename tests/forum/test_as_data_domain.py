"""Packages of a meeting in the sampled ranges: who is near an edge, who is far from all samples."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from kesos_sim import i18n
from kesos_sim.emulator import Surface, load_surface
from kesos_sim.emulator.checking import check
from kesos_sim.emulator.question import Life
from kesos_sim.emulator.sample import Sample
from kesos_sim.experiments.executors import Serial
from kesos_sim.forum.as_data import Meeting as Read
from kesos_sim.forum.as_data import meeting_of
from kesos_sim.forum.as_data_domain import placed, settings_of, usual_distance
from kesos_sim.forum.as_data_domain_chart import domain_chart, domain_sentences, packages_table
from kesos_sim.forum.session import Session
from tests.forum.meeting import BALI, JATENG, LAMPUNG, Meeting


@pytest.fixture(scope="module")
def surface() -> Surface:
    return load_surface()


def handed_in(session: Session, **packages: dict[str, float]) -> Read:
    """A meeting in which tables hand in packages."""
    meeting = Meeting(session)
    tables = dict(zip(packages, (BALI, LAMPUNG, JATENG), strict=False))
    for name, table in tables.items():
        meeting.join(name, table)
    meeting.do("phase", name="package")
    for name, levers in packages.items():
        meeting.enter(name, "package", name=name, levers=levers, table=True, balanced=True,
                      sources={"belanja_barang": 1.0})  # fmt: skip
    return Read(meeting.session, meeting.room, simulated=False)


def test_a_package_that_was_sampled_is_at_no_distance(session: Session, surface: Surface) -> None:
    lives = Sample(**surface.made["sample"]).lives()
    own = dict(next(life.levers for life in lives if len(life.levers) > 3))
    (found,) = placed(handed_in(session, a=own), surface)
    assert found.levers == own
    assert found.distance == pytest.approx(0.0, abs=1e-12)
    assert not found.far and found.inside


def test_distances_by_hand(session: Session, surface: Surface) -> None:
    lever = {one["name"]: one for one in surface.levers}
    ranges = [one["high"] - one["low"] for one in surface.levers]

    def far_apart(one: dict[str, float], other: dict[str, float]) -> float:
        shares = [
            (one.get(name, own["low"]) - other.get(name, own["low"])) / width
            for (name, own), width in zip(lever.items(), ranges, strict=True)
        ]
        return math.sqrt(sum(share**2 for share in shares) / len(shares))

    sampled = [
        dict(one)
        for one in dict.fromkeys(life.levers for life in Sample(**surface.made["sample"]).lives())
    ]
    asked = {"apbd_poverty_share": 0.1, "social_obligation": 1.0, "partnership_platform": 1.0}
    (found,) = placed(handed_in(session, a=asked), surface)
    assert found.distance == pytest.approx(min(far_apart(asked, one) for one in sampled))
    own = [
        min(far_apart(one, other) for other in sampled if other is not one) for one in sampled[::40]
    ]
    assert min(own) <= usual_distance(surface) <= max(own)
    assert usual_distance(surface, 0.0) > 0.0


def test_the_end_of_a_range_counts_and_the_last_step_does_not(
    session: Session, surface: Surface
) -> None:
    read = handed_in(
        session,
        a={"apbd_poverty_share": 0.15, "political_dialogue": 12.0, "bkkks_standing": 3.0},
        b={"apbd_poverty_share": 0.14, "welfare_bylaw": 2.0},
        c={},
    )
    by_table = {one.table: one for one in placed(read, surface)}
    assert [one.code for one in read.session.tables if one.code in by_table] == list(by_table)
    assert by_table[BALI].edge == ("apbd_poverty_share", "political_dialogue")
    assert by_table[LAMPUNG].edge == by_table[JATENG].edge == ()
    assert all(one.inside for one in by_table.values())
    asked = settings_of(tuple(by_table.values()))
    assert (("apbd_poverty_share", 0.14), ("welfare_bylaw", 2.0)) in asked
    assert len(asked) == 2, "a package without settings is the world as usual"


def test_chosen_packages_are_lived_and_no_others(
    session: Session, surface: Surface, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The model is asked for what the meeting chose, in worlds that the surface has not seen."""
    asked: list[Life] = []

    class Asked(Exception):  # noqa: N818 (it is no error)
        pass

    def lived(lives: list[Life], *_: Any) -> None:
        asked.extend(lives)
        raise Asked

    monkeypatch.setattr("kesos_sim.emulator.checking.lived", lived)
    read = handed_in(session, a={"apbd_poverty_share": 0.15}, b={"welfare_bylaw": 2.0})
    chosen = settings_of(placed(read, surface))
    for most in (2, 1):
        asked.clear()
        with pytest.raises(Asked):
            check(surface, most, 3, 2000, Serial(), chosen=chosen)
        assert {life.levers for life in asked} == {(), *chosen[:most]}
        assert len(asked) == 3 * (1 + most)
        assert min(life.world for life in asked) > surface.made["sample"]["worlds"]


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_words_table_and_chart_say_the_same(surface: Surface, lang: str) -> None:
    read = meeting_of(surface=surface)
    found = placed(read, surface)
    near = sum(bool(one.edge) for one in found)
    lines = domain_sentences(found, surface, lang)
    assert [line.split(" ")[0] for line in lines[:2]] == [str(len(found)), str(near)]
    table = packages_table(found, read, lang)
    assert [row[0] for row in table.data] == [one.table for one in found]
    assert sum(row[3] != "" for row in table.data) == near
    chart = domain_chart(found, read, surface, lang)
    assert {"id": "SIMULASI", "en": "SIMULATION"}[lang] in chart.svg()
    for one in (table, chart.table):
        assert all(len(row) == len(one.columns) for row in one.rows)
        json.dumps(one.data, allow_nan=False)
    drawn = sum(
        int(part.rpartition("x")[2])
        for row in chart.table.data
        for part in row[3].split(";")
        if part
    )
    assert drawn == sum(len(one.levers) for one in found)
    assert np.isfinite([one.distance for one in found]).all()
    assert domain_sentences((), surface, lang) == [i18n.text("forum_domain.no_packages", lang)]
