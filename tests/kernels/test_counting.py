"""Counts of records and enrolments against plain numpy."""

from __future__ import annotations

import numpy as np

from kesos_sim.kernels.counting import enrolled_households, record_ages


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
