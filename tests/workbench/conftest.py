"""A made-up answer: nothing here comes from a run of the model."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable

import pandas as pd
import pytest

from kesos_sim.reports.context import PublishedPoint, ReportContext
from kesos_sim.reports.frames import Results
from kesos_sim.reports.provenance import Provenance
from kesos_sim.units import Month
from kesos_sim.workbench.answers import Answer, Setting

BASE = Month(2024, 3)
PROVENANCE = Provenance(
    model_version="0.1.0",
    code_hash="3f9a1c0e77aa",
    data_hash="b81d22f04c19",
    scenario_hash="90ce4471d3e2",
    seed=2008,
    households=20_000,
    base_month=str(BASE),
    created=dt.datetime(2026, 11, 21, 3, 12, tzinfo=dt.UTC),
    seconds=7.5,
    replicates=5,
)


def made_up_frame(months: int, effect: float, *, band: bool) -> pd.DataFrame:
    """Poverty falls from 9% to 7% without the change and further with it."""
    rows = []
    for month in range(months + 1):
        share = month / months
        baseline = 9.0 - 2.0 * share
        difference = -effect * share
        for name, usual, moved, unit in (
            ("poverty_rate", baseline, baseline + difference, "percent"),
            ("poor_people", baseline * 1e6, (baseline + difference) * 1e6, "people"),
        ):
            width = 0.3 * abs(moved - usual) if band else math.nan
            rows.append(
                {
                    "scenario": "package",
                    "month": str(BASE + month),
                    "region": "all",
                    "indicator": name,
                    "value": moved,
                    "baseline": usual,
                    "difference": moved - usual,
                    "low": moved - usual - width,
                    "high": moved - usual + width,
                    "low_value": moved - width,
                    "high_value": moved + width,
                    "against": 0,
                    "draws": 5 if band else 1,
                    "unit": unit,
                }
            )
    return pd.DataFrame(rows)


MakeAnswer = Callable[..., Answer]


@pytest.fixture
def make_answer() -> MakeAnswer:
    def make(
        setting: Setting | None = None,
        *,
        months: int = 120,
        effect: float = 2.0,
        band: bool = True,
        region_name: str = "sepuluh provinsi",
    ) -> Answer:
        setting = setting or Setting("mpu", 10, 5)
        context = ReportContext(
            titles={"package": {lang: setting.title(lang) for lang in ("id", "en")}},
            region_name={"id": region_name, "en": region_name},
            provinces={},
            provenance=PROVENANCE,
            propensity=(0.6, 0.1, 1.0),
            published=(PublishedPoint("2024-03", "all", "poverty_rate", 9.03, "BPS"),),
            sources=({"id": "BPS (Susenas)", "en": "BPS (Susenas)"},),
        )
        results = Results(made_up_frame(months, effect, band=band))
        changes = {"id": ("APBD naik",), "en": ("APBD rises",)}
        return Answer(setting, results, context, changes)

    return make
