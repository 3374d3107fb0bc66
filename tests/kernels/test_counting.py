"""Counts of records and enrolments against plain numpy."""

from __future__ import annotations

import numpy as np

from kesos_sim.kernels.composition import FIELDS
from kesos_sim.kernels.counting import (
    count_missed,
    enrolled_households,
    record_ages,
    school_children,
)


def test_records_of_each_district() -> None:
    rng = np.random.default_rng(5)
    start = np.array([0, 40, 40, 41, 300])
    record = rng.integers(0, 2, 300).astype(np.uint8) | np.uint8(2)
    month = rng.integers(-300, 120, 300).astype(np.int16)
    listed, months = np.empty(4, np.int64), np.empty(4, np.int64)
    record_ages(start, record, month, listed, months)
    for district in range(4):
        inside = slice(start[district], start[district + 1])
        on_list = (record[inside] & 1) == 1
        assert listed[district] == on_list.sum()
        assert months[district] == month[inside][on_list].astype(np.int64).sum()


def test_enrolments_of_each_stratum() -> None:
    rng = np.random.default_rng(6)
    start = np.array([0, 3, 3, 500])
    enrolled = rng.integers(0, 1 << 16, 500).astype(np.uint16)
    counts = np.empty(3, np.int64)
    for programme in (0, 7, 15):
        enrolled_households(start, programme, enrolled, counts)
        inside = (enrolled >> programme) & 1
        assert counts.tolist() == [inside[:3].sum(), 0, inside[3:].sum()]


def test_children_of_each_stratum_are_those_of_three_schools() -> None:
    start = np.array([0, 3, 3, 500])
    word = np.random.default_rng(8).integers(0, 1 << 32, 500, dtype=np.uint32)
    counts = np.empty(3, np.int64)
    school_children(start, word, counts)
    own = np.zeros(500, np.int64)
    for name in ("primary", "junior", "senior"):
        shift, bits = FIELDS[name]
        own += (word >> np.uint32(shift)).astype(np.int64) & ((1 << bits) - 1)
    assert counts.tolist() == [own[:3].sum(), 0, own[3:].sum()]


def test_households_that_the_list_misses() -> None:
    rng = np.random.default_rng(7)
    district, stratum = np.array([0, 2, 3]), np.array([0, 90, 90, 400])
    weight = np.array([65_536, 7, 131_072])
    limit = np.array([[-1.0, 9.0], [0.5, 9.0]], np.float32)
    score = rng.normal(size=400).astype(np.float32)
    record = rng.integers(0, 4, 400).astype(np.uint8)
    counts = np.full((2, 2), 7, np.int64)
    count_missed(district, stratum, weight, limit, score, record, counts)
    for place, inside in enumerate((slice(0, 90), slice(90, 400))):
        listed = (record[inside] & 1) == 1
        missed = ~listed & (score[inside] < limit[place, 0])
        real = weight[2 * place]
        assert counts[place].tolist() == [real * missed.sum(), real * listed.sum()]
        assert 0 < missed.sum() < (~listed).sum()
