"""Plausible results, made up: nothing here comes from a run of the model."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable

import pandas as pd
import pytest

from kesos_sim.reports.context import (
    BudgetShare,
    Evidence,
    Losers,
    Money,
    MoneyLine,
    PublishedPoint,
    ReportContext,
)
from kesos_sim.reports.provenance import Provenance
from kesos_sim.reports.streams import Flow
from kesos_sim.units import Month

BASE = Month(2024, 3)
PROVINCES = {
    "18": ("Lampung", 10.69, 8.9e6, 0.55e12),
    "31": ("DKI Jakarta", 4.30, 10.7e6, 5.9e12),
    "32": ("Jawa Barat", 7.46, 49.9e6, 2.2e12),
    "33": ("Jawa Tengah", 10.47, 37.5e6, 1.7e12),
    "34": ("Daerah Istimewa Yogyakarta", 10.83, 4.1e6, 0.4e12),
    "35": ("Jawa Timur", 9.79, 41.6e6, 2.1e12),
    "36": ("Banten", 5.84, 13.4e6, 0.8e12),
    "51": ("Bali", 4.00, 4.4e6, 0.62e12),
    "52": ("Nusa Tenggara Barat", 12.91, 5.6e6, 0.33e12),
    "53": ("Nusa Tenggara Timur", 19.48, 5.7e6, 0.31e12),
}
TITLES = {
    "apbd-10": {"id": "10% APBD untuk kemiskinan", "en": "10% of APBD for poverty"},
    "apbn-10": {"id": "10% APBN untuk kemiskinan", "en": "10% of APBN for poverty"},
    "apbd-apbn-10": {
        "id": "10% APBD dan APBN untuk kemiskinan",
        "en": "10% of APBD and APBN for poverty",
    },
}
STRENGTH = {"apbd-10": 0.07, "apbn-10": 0.12, "apbd-apbn-10": 0.17}


def provenance() -> Provenance:
    return Provenance(
        model_version="0.1.0",
        code_hash="3f9a1c0e77aa",
        data_hash="b81d22f04c19",
        scenario_hash="90ce4471d3e2",
        seed=2008,
        households=100_000,
        base_month="2024-03",
        created=dt.datetime(2026, 11, 21, 3, 12, tzinfo=dt.UTC),
        seconds=41.27,
        replicates=10,
    )


def _rows(scenario: str, strength: float, months: int, width: float) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []

    def add(place: tuple[str, str], name: str, baseline: float, change: float, unit: str) -> None:
        month, region = place
        low, high = sorted((change * (1 - width), change * (1 + width)))
        rows.append(
            {
                "scenario": scenario,
                "month": month,
                "region": region,
                "indicator": name,
                "value": baseline + change,
                "baseline": baseline,
                "difference": change,
                "low": low,
                "high": high,
                "low_value": baseline + low,
                "high_value": baseline + high,
                "unit": unit,
            }
        )

    people = sum(population for _, _, population, _ in PROVINCES.values())
    regions = {"all": ("", 9.03, people, 0.0), **PROVINCES}
    for step in range(months + 1):
        month = str(BASE + step)
        ramp = min(1.0, max(0.0, (step - 21) / 36))
        for code, (_, rate, population, money) in regions.items():
            baseline = rate * 0.977 ** (step / 12) + 0.03 * math.sin(step)
            help_ = 1.0 if code == "all" else min(3.0, 0.4 + money / (population * rate * 500))
            change = -strength * ramp * baseline * help_ * 0.55
            add((month, code), "poverty_rate", baseline, change, "percent")
            add((month, code), "poverty_gap", baseline * 0.16, change * 0.2, "percent")
            poor = population / 100
            add((month, code), "poor_people", baseline * poor, change * poor, "persons")
    for step in (0, months):
        month, ramp = str(BASE + step), float(step > 0)
        for decile in range(1, 11):
            mean = 480_000 * 1.27**decile
            gain = strength * ramp * (60_000 * 0.62**decile - 900)
            add((month, "all"), f"decile_mean_{decile}", mean, gain, "rupiah/person/month")
            cover = 62 * 0.8 ** (decile - 1)
            add(
                (month, "all"),
                f"benefit_coverage_d{decile}",
                cover,
                40 * strength * ramp,
                "percent",
            )
            share = 21.5 - 2.55 * (decile - 1)
            tilt = strength * ramp * 12 * (5.5 - decile)
            add((month, "all"), f"benefit_share_d{decile}", max(share, 0.9), tilt * 0.2, "percent")
        add((month, "all"), "exclusion_error", 46.0, -60 * strength * ramp, "percent")
        add((month, "all"), "inclusion_error", 64.0, -10 * strength * ramp, "percent")
        if step:
            add((month, "all"), "yearly_spending", 9e13, 1.6e14 * strength, "rupiah")
        add((month, "all"), "left_poverty", 7.1e6, 3e5 * strength * ramp, "persons")
        add((month, "all"), "entered_poverty", 6.9e6, -2e5 * strength * ramp, "persons")
    return rows


def comparison_frame(*scenarios: str, months: int = 120, width: float = 0.45) -> pd.DataFrame:
    names = scenarios or ("apbd-10",)
    return pd.DataFrame([r for s in names for r in _rows(s, STRENGTH[s], months, width)])


def run_frame(months: int = 120) -> pd.DataFrame:
    frame = comparison_frame("apbd-10", months=months)
    run = frame.assign(value=frame["baseline"])
    return run[["month", "region", "indicator", "value", "unit"]]


def money(total: float) -> Money:
    def line(id_: str, en: str, share: float) -> MoneyLine:
        return MoneyLine({"id": id_, "en": en}, share * total)

    whole = sum(row[3] for row in PROVINCES.values())
    return Money(
        per_year=total,
        share=BudgetShare({"id": "APBD", "en": "APBD"}, 3.4),
        sources=(
            line("Perjalanan dinas", "Official travel", 0.5),
            line("Belanja barang dan jasa", "Goods and services", 0.35),
            line("Hibah", "Grants", 0.15),
        ),
        uses=(
            line("Tambahan bantuan tunai", "Cash top-up", 0.5),
            line("Modal usaha (KUBE, UEP)", "Enterprise capital (KUBE, UEP)", 0.3),
            line("Pemutakhiran DTSEN", "Registry updating", 0.2),
        ),
        requested=total * 1.8,
        feasible=total,
        definition={"id": "menurut desil", "en": "by decile"},
        definitions=(
            line("menurut fungsi", "by function", 1.7),
            line("menurut Kemensos dan dinas", "by ministry and offices", 1.9),
        ),
        by_province={code: total * row[3] / whole for code, row in PROVINCES.items()},
    )


def flows(strength: float) -> tuple[Flow, ...]:
    """Two years of money of a programme and of organisations."""
    amounts = (
        (0, "apbn", "PKH", 2.0), (1, "PKH", "households", 1.9), (1, "PKH", "lost", 0.1),
        (0, "apbd_district", "orsos", strength), (0, "DONATION", "orsos", 0.05),
        (1, "orsos", "served", strength), (1, "orsos", "reserves", 0.05),
    )  # fmt: skip
    return tuple(
        Flow(year, step, origin, target, round(rupiah * 1e12))
        for year in (2033, 2034)
        for step, origin, target, rupiah in amounts
    )


def report_context(*scenarios: str) -> ReportContext:
    names = scenarios or ("apbd-10",)
    return ReportContext(
        titles=TITLES,
        region_name={"id": "sepuluh provinsi MPU", "en": "the ten MPU provinces"},
        provinces={code: {"id": row[0], "en": row[0]} for code, row in PROVINCES.items()},
        provenance=provenance(),
        money={s: money(STRENGTH[s] * 1.6e14) for s in names},
        flows={s: flows(STRENGTH.get(s, 0.02)) for s in ("baseline", *names)},
        poverty_line=dict.fromkeys(PROVINCES, 560_000.0) | {"31": 825_000.0},
        evidence={
            s: (
                Evidence({"id": "serapan anggaran", "en": "budget absorption"}, "A"),
                Evidence(
                    {"id": "pengganda permintaan lokal", "en": "local multiplier"},
                    "C",
                    name="fiscal.demand_multiplier",
                    value=0.0,
                    low=0.0,
                    high=1.0,
                    unit="rupiah per rupiah",
                    source={"id": "bukti B13", "en": "evidence B13"},
                    drawn=True,
                ),
            )
            for s in names
        },
        losers={names[0]: Losers(6.2, {"id": "desil 9 dan 10", "en": "deciles 9 and 10"})},
        propensity=(0.6, 0.1, 1.0),
        published=(PublishedPoint("2024-03", "all", "poverty_rate", 9.03, "BPS, Susenas 2024"),),
        sources=(
            {"id": "BPS, Susenas Maret 2024", "en": "BPS, Susenas March 2024"},
            {"id": "DJPK, APBD 2019–2024", "en": "DJPK, APBD 2019–2024"},
        ),
        notes=(
            {
                "id": "Garis kemiskinan BPS per kabupaten, perkotaan dan perdesaan.",
                "en": "BPS poverty lines by district, urban and rural.",
            },
        ),
    )


@pytest.fixture
def compared() -> Callable[..., pd.DataFrame]:
    return comparison_frame


@pytest.fixture
def ran() -> Callable[..., pd.DataFrame]:
    return run_frame


@pytest.fixture
def context() -> Callable[..., ReportContext]:
    return report_context


@pytest.fixture
def record() -> Provenance:
    return provenance()
