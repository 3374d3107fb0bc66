"""What happens to services is said where it changes, and only there."""

from __future__ import annotations

import pandas as pd
import pytest

from kesos_sim.i18n import text
from kesos_sim.reports.context import ReportContext
from kesos_sim.reports.frames import Results
from kesos_sim.reports.services import (
    days_that_rise,
    reports_of_services,
    services,
    services_without_effect,
)


def results(doubled: float, before: float) -> Results:
    return frame_of(
        ("cases_served", 229_000.0, 219_000.0, "persons"),
        ("duplicate_service_rate", doubled, before, "percent"),
        ("unmet_need_rate", 97.72, 97.85, "percent"),
        ("days_to_service", 1590.0, 1616.4, "days"),
    )


def reported(ratio: float, before: float) -> Results:
    return frame_of(
        ("served_reported", 219_000.0, 225_000.0, "persons"),
        ("report_error", 0.0, 2.74, "percent"),
        ("impact_reported_ratio", ratio, before, "times"),
    )


def frame_of(*rows: tuple[str, float, float, str]) -> Results:
    return Results(
        pd.DataFrame(
            [
                {
                    "scenario": "sistem-kemitraan",
                    "month": "2034-03",
                    "region": "mpu",
                    "indicator": name,
                    "value": value,
                    "baseline": baseline,
                    "difference": value - baseline,
                    "low": value - baseline,
                    "high": value - baseline,
                    "low_value": value,
                    "high_value": value,
                    "unit": unit,
                }
                for name, value, baseline, unit in rows
            ]
        )
    )


@pytest.mark.parametrize("lang", ["id", "en"])
def test_all_figures_stand_beside_what_they_were(lang: str) -> None:
    ((key, fields),) = services(results(1.74, 2.86), "mpu", "sistem-kemitraan", lang)
    assert key == "services"
    point = "," if lang == "id" else "."
    assert fields["doubled"] == f"1{point}7" and fields["doubled_before"] == f"2{point}9"
    assert fields["unmet"] == f"97{point}7" and fields["unmet_before"] == f"97{point}9"
    assert fields["served"].startswith("229") and fields["served_before"].startswith("219")
    dot = "." if lang == "id" else ","
    assert (fields["days"], fields["days_before"]) == (f"1{dot}590", f"1{dot}616")


def test_nothing_is_said_where_nothing_changes() -> None:
    assert list(services(results(2.86, 2.86), "mpu", "sistem-kemitraan", "id")) == []


@pytest.mark.parametrize("lang", ["id", "en"])
def test_more_days_to_service_never_stand_without_their_reason(lang: str) -> None:
    rising = frame_of(("days_to_service", 1639.2, 1616.4, "days"))
    ((key, fields),) = days_that_rise(rising, "mpu", "sistem-kemitraan", lang)
    said = text(f"sentences.{key}", lang, **fields)
    assert fields["before"] in said and fields["days"] in said
    assert {"id": "sudah lama menunggu", "en": "have waited long"}[lang] in said


@pytest.mark.parametrize("days", [1616.2, 1590.0])
def test_days_that_do_not_rise_need_no_reason(days: float) -> None:
    other = frame_of(("days_to_service", days, 1616.4, "days"))
    assert list(days_that_rise(other, "mpu", "sistem-kemitraan", "id")) == []


def test_a_frame_without_services_has_no_such_sentence() -> None:
    only = Results(results(1.7, 2.9).frame.iloc[1:])
    assert list(services(only, "mpu", "sistem-kemitraan", "id")) == []


@pytest.mark.parametrize("lang", ["id", "en"])
def test_reports_stand_beside_what_they_were_without_checks(lang: str) -> None:
    found = reports_of_services(reported(1.98, 3.11), "mpu", "sistem-kemitraan", lang)
    ((key, fields),) = found
    assert key == "reports_of_services"
    point = "," if lang == "id" else "."
    assert fields["ratio"] == f"2{point}0" and fields["ratio_before"] == f"3{point}1"
    assert fields["error"] == f"0{point}0" and fields["error_before"] == f"2{point}7"
    assert fields["reported"].startswith("219")
    said = text("sentences.reports_of_services", lang, **fields)
    assert "{" not in said and said.endswith(".")


@pytest.mark.parametrize("ratio", [3.11, 3.14])
def test_nothing_is_said_of_reports_that_hardly_change(ratio: float) -> None:
    assert list(reports_of_services(reported(ratio, 3.11), "mpu", "sistem-kemitraan", "id")) == []


def test_a_frame_without_reports_has_no_such_sentence() -> None:
    only = Results(reported(2.0, 3.1).frame.iloc[1:])
    assert list(reports_of_services(only, "mpu", "sistem-kemitraan", "id")) == []


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_figure_of_services_has_its_case_without_effect(lang: str) -> None:
    figures = {
        "cases_served": (229_000.0, 219_000.0),
        "duplicate_service_rate": (1.74, 2.86),
        "unmet_need_rate": (97.72, 97.85),
        "days_to_service": (1639.2, 1616.4),
        "poverty_rate": (7.1, 7.1),
    }
    words = {"id": "", "en": ""}
    context = ReportContext(
        titles={},
        region_name=words,
        provinces={},
        provenance=None,
        without_effect={"sistem-kemitraan": figures},
    )
    ((key, fields),) = services_without_effect(context, "sistem-kemitraan", lang)
    said = text(f"sentences.{key}", lang, **fields)
    comma, dot = (",", ".") if lang == "id" else (".", ",")
    for figure in (f"97{comma}7", f"97{comma}9", f"1{dot}639", f"1{dot}616", f"1{comma}7"):
        assert figure in said
    assert not list(services_without_effect(context, "baseline", lang))
