"""Predictions and objections as data: proper scores, priors, and a play that says it is one."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from kesos_sim import i18n
from kesos_sim.emulator import Surface, load_surface
from kesos_sim.forum.as_data import meeting_of, published_rate, scores, support
from kesos_sim.forum.as_data_chart import score_chart
from kesos_sim.forum.as_data_words import (
    meeting_sentences,
    score_sentences,
    score_table,
    support_table,
)
from kesos_sim.forum.backup import as_lines
from kesos_sim.forum.demo import simulated_meeting
from kesos_sim.forum.scoring import band_sample, crps, distance, pooled
from kesos_sim.forum.session import Session
from kesos_sim.i18n import numbers
from tests.forum.conftest import SETTINGS
from tests.forum.meeting import BALI, JATENG, LAMPUNG, Meeting

SAMPLES = st.lists(st.floats(0, 30), min_size=1, max_size=25).map(np.array)


@pytest.fixture(scope="module")
def surface() -> Surface:
    return load_surface()


@given(SAMPLES, st.floats(-5, 40))
def test_crps_is_the_area_between_the_steps(sample: Any, observed: float) -> None:
    """The definition: the squared distance of two step functions, integrated."""
    ends = np.sort(np.append(sample, observed))
    area = sum(
        (right - left) * (np.mean(sample <= left) - (observed <= left)) ** 2
        for left, right in pairwise(ends)
    )
    assert crps(sample, observed) == pytest.approx(area, abs=1e-9)
    assert crps(np.full(4, observed), observed) == 0
    assert crps(sample[:1], observed) == pytest.approx(abs(sample[0] - observed))


def test_crps_of_a_normal_distribution_is_its_closed_form() -> None:
    for observed in (6.0, 7.5, 9.0):
        z = (observed - 7.0) / 0.8
        closed = 0.8 * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / math.sqrt(math.pi))
        band = [7.0 + 0.8 * norm.ppf(part) for part in (0.1, 0.5, 0.9)]
        assert crps(band_sample(band), observed) == pytest.approx(closed, abs=2e-3)


@given(SAMPLES, SAMPLES)
def test_distance_is_one(first: Any, second: Any) -> None:
    assert distance(first, first) == pytest.approx(0, abs=1e-9)
    assert distance(first, second) == pytest.approx(distance(second, first))
    assert distance(np.tile(first, 3), second) == pytest.approx(distance(first, second), abs=1e-9)
    assert distance(first + 100, second) > distance(first, second)


def test_a_proper_score_is_best_for_the_truth() -> None:
    truth = band_sample([6.0, 7.0, 8.5])
    right = np.mean([crps(truth, one) for one in truth[::8]])
    for wrong in (truth + 0.4, 7 + (truth - 7) * 0.4, 7 + (truth - 7) * 2.0):
        assert np.mean([crps(wrong, one) for one in truth[::8]]) > right


def test_a_band_comes_back_as_its_quantiles() -> None:
    sample = band_sample([6.4, 7.3, 8.9])
    assert np.quantile(sample, [0.1, 0.5, 0.9]) == pytest.approx([6.4, 7.3, 8.9], abs=0.01)
    assert (np.diff(sample) > 0).all()
    assert (band_sample([7.0, 7.0, 7.0]) == 7.0).all()


def test_each_table_counts_once() -> None:
    values = np.array([5.0] * 30 + [9.0])
    mean, sd = pooled(values, ["a"] * 30 + ["b"])
    assert (mean, sd) == (7.0, 2.0)
    assert all(math.isnan(one) for one in pooled(np.array([]), []))


def test_scores_of_a_small_meeting_by_hand(session: Session, surface: Surface) -> None:
    meeting = Meeting(session)
    for name, table in (("a", BALI), ("b", BALI), ("c", LAMPUNG), ("late", JATENG)):
        meeting.join(name, table)
    meeting.do("phase", name="guess")
    for name, value in (("a", 6.0), ("b", 8.0), ("c", 9.0)):
        meeting.enter(name, "guess", question="apbd", value=value)
    meeting.do("reveal", what="guess:apbd")
    meeting.enter("late", "guess", question="apbd", value=99)
    read = _as_read(meeting)
    (found,) = scores(read, surface, {"apbd": 8.0})
    band = surface.answer({"apbd_poverty_share": 0.1})["outcomes"]["poverty_rate"]["package"][-1]
    assert (found.guesses, found.median, found.mean) == (3, 8.0, 8.0)
    assert found.sd == pytest.approx(math.sqrt((1 + 0) / 2 + 1))
    assert found.model == tuple(band)
    assert found.bias == pytest.approx(8.0 - band[1])
    assert found.crps_room == pytest.approx((2 + 0 + 1) / 3 - (2 + 3 + 1) / 9)
    assert found.crps_model == pytest.approx(crps(band_sample(band), 8.0))
    assert found.prior is not None
    mean, sd = found.prior
    assert min(8.0, band[1]) - 0.2 < mean < max(8.0, band[1]) + 0.2
    assert sd < found.sd


@pytest.mark.parametrize("people", ["a", "ab"])
def test_a_room_that_does_not_differ_is_not_certain(
    session: Session, surface: Surface, people: str
) -> None:
    meeting = Meeting(session)
    for name in people:
        meeting.join(name, BALI)
    meeting.do("phase", name="guess")
    for name in people:
        meeting.enter(name, "guess", question="apbd", value=9.0)
    (found,) = scores(_as_read(meeting), surface)
    assert found.sd == 0.0
    assert found.prior is None
    for lang in i18n.LANGUAGES:
        made = score_table([found], lang)
        shown = dict(zip([one.label for one in made.columns], made.rows[0], strict=True))
        label = i18n.text("forum_data.column_prior", lang)
        assert shown[label] == numbers.percent(None, lang)
        kept = dict(zip(made.fields, made.data[0], strict=True))
        assert kept["prior_mean"] is None and kept["prior_sd"] is None


def _as_read(meeting: Meeting) -> Any:
    from kesos_sim.forum.as_data import Meeting as Read

    return Read(meeting.session, meeting.room, simulated=False)


def test_support_is_a_beta_of_tables(meeting: Meeting) -> None:
    names = meeting.seated(2)
    meeting.do("phase", name="deliberate")
    for name in names[:16]:
        meeting.answer(name, 4, 3)
    meeting.answer(names[16], 4, 0)
    meeting.answer(names[18], 4, 1)
    (found,) = support(_as_read(meeting))
    assert (found.point, found.agree, found.other, found.object) == (4, 8, 1, 1)
    assert found.mean == pytest.approx(8.5 / 11)

    def density(x: float) -> float:
        return x**7.5 * (1 - x) ** 1.5

    whole = quad(density, 0, 1)[0]
    assert quad(density, 0, found.low)[0] / whole == pytest.approx(0.05, abs=1e-4)
    assert quad(density, found.high, 1)[0] / whole == pytest.approx(0.05, abs=1e-4)


def test_the_play_is_seeded_checked_and_says_what_it_is(session: Session, surface: Surface) -> None:
    first, again = (simulated_meeting(session, surface, seed=1) for _ in range(2))
    assert first == again
    assert simulated_meeting(session, surface, seed=2) != first
    assert all(event.id.startswith("simulated-") for event in first)
    read = meeting_of(surface=surface)
    assert read.simulated
    assert len(read.room.members) == 70
    assert read.room.frozen
    assert "bukan pertemuan" in meeting_sentences(read, "id")[0]
    assert "no meeting" in meeting_sentences(read, "en")[0]


def test_a_backup_is_read_as_a_real_meeting(
    session: Session, surface: Surface, tmp_path: Path
) -> None:
    path = tmp_path / "b.jsonl.gz"
    path.write_bytes(as_lines(session.code, simulated_meeting(session, surface, 20)))
    read = meeting_of(path, SETTINGS)
    assert not read.simulated
    assert len(read.room.members) == 20
    assert session.code in meeting_sentences(read, "id")[0]


def test_published_rate_adds_provinces_up() -> None:
    rate = published_rate(2024)
    assert rate == pytest.approx(9.0, abs=0.1)
    assert published_rate(2031) is None


def test_words_and_tables(session: Session, surface: Surface) -> None:
    read = meeting_of(surface=surface)
    found = scores(read, surface, {"apbd": 7.0})
    assert {one.question for one in found} == {"apbd", "coordination", "both"}
    for lang in i18n.LANGUAGES:
        lines = score_sentences(found, surface.headline, lang)
        assert len(lines) == 6
        chart = score_chart(read, found, lang)
        assert {"id": "SIMULASI", "en": "SIMULATION"}[lang] in chart.svg()
        assert any(str(surface.headline) in line for line in lines)
        for table in (score_table(found, lang), support_table(support(read), lang)):
            assert len(table.rows) == len(table.data) > 0
            assert all(len(row) == len(table.columns) for row in table.rows)
            json.dumps(table.data, allow_nan=False)
