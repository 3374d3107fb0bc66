"""Every analysis of every region is complete, or is refused with a word on what to supply."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from kesos_sim import i18n
from kesos_sim.data.reading import path_of
from kesos_sim.data.regions import districts, districts_of, provinces
from kesos_sim.errors import InputError
from kesos_sim.reports import analyses
from kesos_sim.reports.analyses import MEASURES, Analysis, Figure, Figures
from kesos_sim.reports.charts.style import NARROW, WIDE

SOURCE = Path(__file__).parents[3] / "src" / "kesos_sim" / "reports" / "analyses"
ALL: dict[str, Callable[..., Analysis]] = {
    "position": analyses.position,
    "trend": analyses.trend,
    "relevance": analyses.relevance,
    "effectiveness": partial(analyses.effectiveness, year=2018),
    "linkage": analyses.linkage,
    "quadrants": analyses.quadrants,
    "hotspots": analyses.hotspots,
}
SAMPLE = tuple(districts())[::37]


def complete(found: Analysis) -> None:
    """Fail unless an analysis has all that a reader needs."""
    assert found.sentences
    assert found.charts
    for chart in found.charts:
        assert chart.title
        assert chart.alt
        assert chart.table.rows
        assert all(len(row) == len(chart.table.columns) for row in chart.table.rows)
        assert all(len(row) == len(chart.table.fields) for row in chart.table.data)
        assert "kesos-sim" in chart.provenance
        assert chart.source.startswith(("Sumber: ", "Source: "))
        told = " ".join([chart.title, chart.note, chart.alt, *found.sentences])
        assert "nan" not in told.split()
        assert "{" not in told


def tried(name: str, region: str | int, lang: str = "id", **options: object) -> Analysis | None:
    """Return a complete analysis, or None where it was refused politely."""
    try:
        found = ALL[name](region, lang=lang, **options)
    except InputError as error:
        assert error.code in {"KS7004", "KS7005", "KS7011"}
        for spoken in i18n.LANGUAGES:
            assert i18n.text("analyses.unknown_measure", spoken) != error.text(spoken)
        assert "pasok" in error.text("id")
        assert "suppl" in error.text("en")
        return None
    complete(found)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_every_province_has_the_analysis_or_a_polite_refusal(name: str) -> None:
    found = {code: tried(name, code) for code in provinces()}
    new = {code for code, one in provinces().items() if one.undivided != code}
    refused = {code for code, one in found.items() if one is None}
    assert refused <= new, "only the provinces founded in 2022 lack years"


@pytest.mark.parametrize("name", ALL)
def test_districts_have_the_analysis_in_both_languages(name: str) -> None:
    for code in SAMPLE:
        assert tried(name, code, "id") is not None
        assert tried(name, code, "en") is not None


@pytest.mark.full
@pytest.mark.parametrize("name", ALL)
def test_every_district_has_the_analysis(name: str) -> None:
    refused = [code for code in districts() if tried(name, code) is None]
    assert not refused


@pytest.mark.slow
@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("region", ["33", "3316", "94", "95"])
def test_every_measure_is_shown_or_refused(measure: str, region: str) -> None:
    for name in ALL.keys() - {"hotspots"}:
        found = tried(name, region, measure=measure)
        if found is not None and name == "position":
            assert MEASURES[measure].label("id") in found.charts[0].title


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_charts_are_drawn_for_screen_and_phone(name: str) -> None:
    found = ALL[name]("3471", lang="id")
    assert "<svg" in found.charts[0].svg()
    assert "<svg" in ALL[name]("3471", lang="en").charts[0].svg(NARROW)
    assert found.charts[0].title in found.text()


def test_an_analysis_shows_itself_escaped() -> None:
    own = {("poverty_rate", 3471, 2025): Figure(6.0, "estimate", "", "<b>Bappeda</b>")}
    html = analyses.position("3471", year=2025, figures=Figures(own)).html()
    assert "<table>" in html
    assert "<b>Bappeda" not in html


def published(table: str) -> pd.DataFrame:
    return pd.read_csv(path_of(table), dtype={"bps_code": str})


def test_position_is_the_rank_that_pandas_finds() -> None:
    rows = published("poverty_kabupaten").query("year == 2024 and province_code == 33")
    expected = rows.set_index("bps_code")["poverty_rate_p0"].rank(method="min", ascending=False)
    for code in districts_of(33):
        table = analyses.position(code).charts[0].table
        ranks = {row[1]: row[0] for row in table.data if row[0] is not None}
        assert ranks == expected.astype(int).to_dict()


def test_position_names_peers_without_a_figure() -> None:
    found = analyses.position("12", "extreme_poverty_rate")
    assert any("Aceh" in sentence and "Tidak ada angka" in sentence for sentence in found.sentences)
    missing = [row for row in found.charts[0].table.data if row[4] == "missing"]
    assert len(missing) == 34 - 21


def test_trend_does_not_cross_the_division_of_a_province() -> None:
    found = analyses.trend("94")
    assert "2023" in found.charts[0].title
    assert "2024" not in found.charts[0].title
    assert any("pemekaran" in sentence for sentence in found.sentences)
    last = found.charts[0].table.data[-1]
    assert last[0] == 2024
    assert last[2] is None, "no change is told across a break"


def test_trend_tells_the_published_change() -> None:
    march = published("poverty_province").query("month == 3 and area == 'total'")
    rows = march.query("bps_code == '33'")
    expected = rows.set_index("year")["poverty_rate_p0"].sort_index()
    data = analyses.trend("33").charts[0].table.data
    assert {row[0]: row[1] for row in data} == expected.to_dict()
    assert not {2020, 2021} & {row[0] for row in data}


def test_a_small_last_step_is_said_to_be_uncertain() -> None:
    found = analyses.trend("3316")
    step = found.charts[0].table.data[-1]
    assert abs(step[2]) < step[3]  # type: ignore[operator,arg-type]  # numbers by the fields
    assert any("arahnya belum pasti" in sentence for sentence in found.sentences)


def test_relevance_judges_the_same_way_and_another_way() -> None:
    own = {("poverty_rate", 3316, year): Figure(9.0 + year - 2015, "estimate", "", "Bappeda")
           for year in (2015, 2016, 2017, 2018, 2019, 2022, 2023, 2024)}  # fmt: skip
    usual = analyses.relevance("3316")
    against = analyses.relevance("3316", figures=Figures(own))
    assert any("relevan." in sentence for sentence in usual.sentences)
    assert any("belum relevan" in sentence for sentence in against.sentences)
    assert "Bappeda" in against.charts[0].source


@pytest.mark.parametrize("region", ["33", "3316", "00", "94"])
def test_quadrants_hold_every_region_once(region: str) -> None:
    table = analyses.quadrants(region).charts[0].table
    codes = [row[2] for row in table.data]
    assert len(codes) == len(set(codes))
    frame = pd.DataFrame(table.data, columns=table.fields)
    mean = frame[["level", "per_year"]].mean()
    behind, slower = frame["level"] > mean["level"], frame["per_year"] > mean["per_year"]
    expected = 4 - 2 * behind.astype(int) - slower.astype(int)
    assert (frame["quadrant"] == expected).all()


@pytest.mark.parametrize(("lang", "words"), [("id", "nomor di tabel"), ("en", "of the table")])
def test_only_a_narrow_sheet_says_that_numbers_stand_for_names(lang: str, words: str) -> None:
    chart = analyses.quadrants("34", lang=lang).charts[0]
    wide, narrow = (
        " ".join(text.get_text() for text in chart.figure(sheet).texts) for sheet in (WIDE, NARROW)
    )
    assert words in narrow and words not in wide + chart.note


def test_quadrants_leave_out_what_cannot_be_compared() -> None:
    codes = {row[2] for row in analyses.quadrants("00").charts[0].table.data}
    assert not codes & {"91", "94", "92", "95", "96", "97"}


@pytest.mark.parametrize("reference", ["province", "nation", 12.5])
def test_quadrants_take_another_reference(reference: str | float) -> None:
    found = analyses.quadrants("33", reference=reference)  # type: ignore[arg-type]
    assert found.charts[0].note != analyses.quadrants("33").charts[0].note


def test_hotspots_follow_the_weights() -> None:
    table = analyses.hotspots("33", weights={"count": 2.0}).charts[0].table
    frame = pd.DataFrame(table.data, columns=table.fields)
    assert frame["poor"].is_monotonic_decreasing
    assert (frame["poor_quality"] == "official").all()
    first = analyses.hotspots("33", weights={"rate": 1.0}).charts[0].table.data[0]
    assert first[1] == "3305", "Kebumen has the highest published rate of 2024"


def test_estimated_poor_people_add_up_to_the_province() -> None:
    table = analyses.hotspots("73").charts[0].table
    frame = pd.DataFrame(table.data, columns=table.fields)
    assert (frame["poor_quality"] == "estimate").all()
    rows = published("poverty_province").query(
        "bps_code == '73' and year == 2024 and month == 3 and area == 'total'"
    )
    assert frame["poor"].sum() == pytest.approx(1000 * rows["poor_thousand"].item(), rel=0.002)


def test_linkage_claims_only_what_is_significant() -> None:
    for region in ("33", "00", "3316", "65"):
        table = analyses.linkage(region).charts[0].table
        frame = pd.DataFrame(table.data, columns=table.fields)
        claimed = frame[frame["verdict"] == "claimed"]
        assert (claimed["p_holm"] < 0.05).all()
        assert (claimed["n"] >= 8).all()
        assert frame[frame["n"] < 8]["p"].isna().all()


def test_linkage_says_which_measures_are_kin() -> None:
    found = analyses.linkage("33", supports=["poverty_gap", "unemployment"])
    assert any("rumusnya" in sentence for sentence in found.sentences)


def test_linkage_across_provinces_is_the_correlation_of_pandas() -> None:
    table = analyses.linkage("00", supports=["gini"]).charts[0].table
    rows = [
        published(name).query(
            "year == 2024 and month == 3 and area == 'total' and bps_code != '00'"
        )
        for name in ("poverty_province", "inequality_province")
    ]
    pair = rows[0].merge(rows[1], on="bps_code").query("bps_code != '00'")
    expected = pair["poverty_rate_p0"].corr(pair["gini"], method="spearman")
    assert table.data[0][4] == pytest.approx(expected)


def test_effectiveness_says_that_a_trend_is_not_an_effect() -> None:
    for lang, words in (("id", "Kecenderungan bukan pengaruh"), ("en", "A trend is not an effect")):
        found = analyses.effectiveness("3316", 2018, lang=lang)
        assert sum(words in sentence for sentence in found.sentences) == 1


def test_a_trend_through_two_figures_is_said_to_be_weak() -> None:
    thin = "ditarik dari dua angka saja"
    told = {year: analyses.effectiveness("3316", year).sentences for year in (2016, 2018, 2023)}
    found = {year: [one for one in said if thin in one] for year, said in told.items()}
    assert found[2018] == [] and len(found[2016]) == len(found[2023]) == 1
    assert "sampai 2016" in found[2016][0] and "sejak 2023" in found[2023][0]


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: analyses.position("33", "poverty"), "KS7001"),
        (lambda: analyses.position("mpu"), "KS7002"),
        (lambda: analyses.position("00"), "KS7003"),
        (lambda: analyses.position("3316", "gini"), "KS7004"),
        (lambda: analyses.effectiveness("33", 2024), "KS7005"),
        (lambda: analyses.effectiveness("3316", 2016, "poor_people"), "KS7004"),
        (lambda: analyses.quadrants("00", reference="province"), "KS7007"),
        (lambda: analyses.quadrants("00", "poor_people", reference="nation"), "KS7008"),
        (lambda: analyses.hotspots("33", weights={"size": 1.0}), "KS7009"),
        (lambda: analyses.hotspots("33", weights={"rate": -1.0}), "KS7010"),
        (lambda: analyses.hotspots("33", weights={}), "KS7010"),
        (lambda: analyses.linkage("3316", supports=["inflation"]), "KS7011"),
        (lambda: analyses.tile_map("jawa"), "KS7012"),  # type: ignore[arg-type]
        (lambda: analyses.position("3399"), "KS1108"),
        (lambda: analyses.position("Atlantis"), "KS1108"),
    ],
)
def test_what_cannot_be_is_refused(call: Callable[[], Analysis], code: str) -> None:
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.code == code
    assert caught.value.text("id") != caught.value.text("en")


def test_every_message_is_used() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.glob("*.py"))
    keys = i18n.keys()
    for key in keys:
        domain, _, name = key.partition(".")
        if domain == "analyses":
            heads = [name, *(name[: at + 1] + "{" for at, c in enumerate(name) if c in "._")]
            assert any(head in source for head in heads), key
