"""A result says where it comes from, or it does not leave."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from kesos_sim.errors import KesosError
from kesos_sim.reports import Provenance, required


def test_one_line_in_both_languages(record: Provenance) -> None:
    assert record.line("id") == (
        "kesos-sim 0.1.0 · kode 3f9a1c0e · data b81d22f0 · skenario 90ce4471 · benih 2008 · "
        "100.000 keluarga simulasi · basis Maret 2024 · 9 percobaan · "
        "dihitung 21 November 2026 03.12 UTC dalam 41,3 detik"
    )
    assert record.line("en", timing=False) == (
        "kesos-sim 0.1.0 · code 3f9a1c0e · data b81d22f0 · scenario 90ce4471 · seed 2008 · "
        "100,000 simulated households · base March 2024 · 9 draws"
    )


def test_time_is_told_in_utc(record: Provenance) -> None:
    jakarta = dt.timezone(dt.timedelta(hours=7))
    local = replace(record, created=dt.datetime(2026, 11, 21, 10, 12, tzinfo=jakarta))
    assert local.line("id") == record.line("id")
    assert local.document()["created"] == "2026-11-21T03:12:00+00:00"


@pytest.mark.parametrize(
    "changes",
    [
        {"code_hash": ""},
        {"data_hash": " "},
        {"scenario_hash": ""},
        {"model_version": ""},
        {"base_month": ""},
        {"households": 0},
        {"created": dt.datetime(2026, 11, 21)},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_an_incomplete_record_is_refused(record: Provenance, changes: dict[str, object]) -> None:
    with pytest.raises(KesosError) as refused:
        required(replace(record, **changes))  # type: ignore[arg-type]
    assert refused.value.code == "KS4002"
    assert next(iter(changes)) in refused.value.text("id")


def test_no_record_is_refused(record: Provenance) -> None:
    assert required(record) is record
    with pytest.raises(KesosError):
        required(None)
