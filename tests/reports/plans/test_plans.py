"""RPKD, RAT, Renaksi, LP2KD, profile and result sheet of a package that was really computed."""

from __future__ import annotations

import datetime as dt
import io
import re
import runpy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from joblib import parallel_config

from kesos_sim.errors import InputError, KesosError
from kesos_sim.experiments.compare import Comparison, compare
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.institutions.rules import STREAMS
from kesos_sim.reports.analyses import trend
from kesos_sim.reports.context import PublishedPoint
from kesos_sim.reports.office import (
    Bullets,
    Document,
    Facts,
    Heading,
    Listing,
    Note,
    Paragraph,
    SignatureBoxes,
    Table,
    render,
    tidy,
)
from kesos_sim.reports.plans import (
    Meeting,
    lp2kd,
    lp2kd_chapters,
    profile,
    rat,
    renaksi,
    result_sheet,
    rpkd,
    rpkd_chapters,
    told,
)
from kesos_sim.reports.plans.again import Computed
from kesos_sim.reports.plans.package import chosen
from kesos_sim.reports.plans.renaksi import action_table
from kesos_sim.reports.plans.wrapping import WIDTH
from kesos_sim.reports.tables import TextTable
from kesos_sim.reports.values import say, say_money
from kesos_sim.scenario import LEVERS, load_scenario
from kesos_sim.scenario.words import difference
from kesos_sim.units import Month

pytestmark = pytest.mark.slow

PLANS: dict[str, Callable[..., Document]] = {
    "rpkd": rpkd,
    "rat": rat,
    "renaksi": renaksi,
    "lp2kd": lp2kd,
    "profile": profile,
    "result_sheet": result_sheet,
}
QUOTED = re.compile(r"(?:lembar|sheet) “([^”]+)”")
PRINTED = 100
"""Letters of a listing that stand beside each other on a page."""
SPENT = ("delivered", "services", "administration", "leakage", "grant_out")


def headings(document: Document, level: int = 1) -> list[str]:
    return [b.text for b in document.blocks if isinstance(b, Heading) and b.level == level]


def tables(document: Document, start: str) -> list[TextTable]:
    found = [b.table for b in document.blocks if isinstance(b, Table)]
    return [table for table in (*found, *document.data) if table.name.startswith(start)]


def added(comparison: Comparison, year: int) -> dict[str, float]:
    """Added spending by programme, from the ledgers as they are written to files."""
    ledger = comparison.ledger()
    rows = ledger[
        ledger["month"].str.startswith(str(year))
        & ledger["stage"].isin(SPENT)
        & ledger["stream"].isin(STREAMS)
    ]
    sums = rows.groupby(["scenario", "programme"])["rupiah"].sum().unstack("scenario").fillna(0)
    return dict(sums["paket-kota"] - sums["baseline"])


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_document_can_be_got_again(
    city: Comparison, tmp_path: Path, name: str, lang: str
) -> None:
    document = PLANS[name](city, lang)
    (command,) = document.commands
    assert command == "python hitung_lagi_3471.py"
    facts = [row for b in document.blocks if isinstance(b, Facts) for row in b.rows]
    values = [value for _, value in facts]
    provenance = city.context().provenance
    assert provenance is not None
    for value in (command, provenance.scenario_hash, provenance.code_hash, provenance.data_hash):
        assert value in values
    lines, *listings = [b for b in document.blocks if isinstance(b, Listing)]
    assert max(map(len, lines.text.splitlines())) <= WIDTH
    # Documents of two regions, saved into one folder, read no file of each other.
    assert all("3471" in listing.name for listing in (lines, *listings))
    assert lines.name == "hitung_lagi_3471.py"
    for listing, run in zip(listings, (city.baseline, *city.alternatives), strict=True):
        path = tmp_path / listing.name
        path.write_text(listing.text, encoding="utf-8")
        assert load_scenario(path).hash == run.scenario.hash
    assert document.lang == lang and document.name.endswith("-3471")
    assert all(source.quality for source in document.sources)


@pytest.mark.parametrize("name", PLANS)
def test_the_lines_of_the_annex_make_the_same_document(
    city: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    call = "plans.told(kesos_sim.reports.analyses.trend('3471', lang='id'))"
    handed: dict[str, Any] = {
        "rpkd": rpkd_chapters(city),
        "lp2kd": lp2kd_chapters(city, 2018),
        "profile": {"who": Computed(told(trend("3471")), call)},
    }
    document = PLANS[name](city, **handed.get(name, {}))
    for block in document.blocks:
        if isinstance(block, Listing):
            assert max(map(len, block.text.splitlines())) <= PRINTED
            (tmp_path / block.name).write_text(block.text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with parallel_config(backend="sequential"):
        runpy.run_path("hitung_lagi_3471.py", run_name="__main__")
    (made,) = tmp_path.glob("*-lagi.xlsx")
    again = openpyxl.load_workbook(made)
    before = openpyxl.load_workbook(io.BytesIO(render(document, "xlsx")))
    assert again.sheetnames == before.sheetnames
    for sheet in (one for one in before.worksheets[1:] if not one.title.endswith(".py")):
        assert list(again[sheet.title].values) == list(sheet.values), sheet.title


@pytest.mark.parametrize("name", PLANS)
def test_every_document_is_written_in_every_format(city: Comparison, name: str) -> None:
    document = PLANS[name](city)
    for form, start in (("docx", b"PK"), ("pdf", b"%PDF"), ("xlsx", b"PK")):
        assert render(document, form).startswith(start)


def test_a_lever_that_no_whole_year_was_run_with_is_not_said_to_cost_nothing(
    city: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = chosen(city, None, "id")
    monkeypatch.setattr(type(asked), "years", ())
    moved = sorted(asked.levers, key=lambda one: LEVERS[one].point or 10)
    rows = action_table(asked).rows[: len(moved)]
    assert rows
    for name, row in zip(moved, rows, strict=True):
        assert row[4] == LEVERS[name].cost_rule("id")


def test_incomplete_provenance_unknown_package_and_uncovered_year_are_refused(
    city: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    for asked, field in (({"package": "paket-desa"}, "package"), ({"year": 2030}, "year")):
        with pytest.raises(InputError) as caught:
            rat(city, **asked)  # type: ignore[arg-type]
        assert caught.value.field == field
        assert caught.value.expected in {"paket-kota", "2025"}
    assert "Maret 2024 \N{EN DASH} " in caught.value.text("id")
    assert "March 2024 \N{EN DASH} " in caught.value.text("en"), "months of the reader's language"
    with pytest.raises(InputError, match="KS5021"):
        rpkd(replace(city, alternatives=()))
    context = city.context()
    bare = replace(context, provenance=None)
    monkeypatch.setattr(Comparison, "context", lambda _: bare)
    for build in PLANS.values():
        with pytest.raises(KesosError, match="KS4002"):
            build(city)


def test_rpkd_has_its_order_and_its_money_is_that_of_the_books(city: Comparison) -> None:
    document = rpkd(city, problem=["Kalimat perencana."])
    assert headings(document)[:4] == ["Masalah", "Prioritas intervensi", "Lokus", "Anggaran"]
    (budget,) = tables(document, "budget")[:1]
    *rows, total = budget.data
    expected = added(city, 2025)
    listed = {str(row[1]).lower(): row[3] for row in rows}
    assert listed["=kartu lansia"] == pytest.approx(expected["kartu-lansia"], abs=1)
    assert listed["modal usaha"] == pytest.approx(expected["ENTERPRISE"], abs=1)
    numbers = [row[3] for row in rows if isinstance(row[3], int)]
    assert total[3] == pytest.approx(sum(numbers), abs=len(rows))
    (places,) = tables(document, "budget_places")
    assert sum(row[3] for row in places.data if isinstance(row[3], int)) == pytest.approx(
        sum(numbers), abs=len(places.data)
    )
    (problem,) = tables(document, "problem")
    rate = city.baseline.at("poverty_rate")
    assert problem.data[0][2] == pytest.approx(rate)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_weak_evidence_is_counted_where_the_annex_names_it(city: Comparison, lang: str) -> None:
    document = rpkd(city, lang)
    (evidence,) = tables(document, "evidence")
    grades = [row[evidence.fields.index("grade")] for row in evidence.data]
    items = [item for b in document.blocks if isinstance(b, Bullets) for item in b.items]
    (counted,) = (item for item in items if "(mutu D)" in item or "(grade D)" in item
                  if str(len(grades)) in item)  # fmt: skip
    assert all(str(grades.count(grade)) in counted for grade in "CD")
    names = [row[0] for row in evidence.rows]
    assert not any(item.count(";") > 3 and names[0] in item for item in items)


def test_numbers_of_places_and_money_have_their_units_on_a_sheet(city: Comparison) -> None:
    document = rpkd(city)
    (districts,), (budget,) = (tables(document, name) for name in ("districts", "budget_sources"))
    assert tidy.headings(districts, "id")[2:5] == [
        "Penduduk miskin tanpa perubahan (orang)",
        "Kemiskinan tanpa perubahan (persen)",
        "Kemiskinan dengan paket (persen)",
    ]
    assert tidy.headings(budget, "id")[-1].endswith("(rupiah)")


def test_a_unit_shares_the_brackets_of_a_name(city: Comparison) -> None:
    (problem,) = tables(rpkd(city), "problem")
    assert problem.rows[0][0] == "Tingkat kemiskinan (P0; persen)"


@pytest.mark.parametrize("build", [rpkd, rat])
def test_all_that_a_year_adds_is_said_with_its_range(
    city: Comparison, build: Callable[..., Document]
) -> None:
    document = build(city, year=2025)
    notes = [b.note for b in document.blocks if isinstance(b, Table)]
    notes += [b.text for b in document.blocks if isinstance(b, Paragraph)]
    (said,) = (text for text in notes if "Seluruh belanja" in text)
    every = sum(rupiah for line, rupiah in added(city, 2025).items() if line != "GENERAL")
    amount = say_money(every, "id", signed=True)
    spent = chosen(city, None, "id").at("yearly_spending", Month(2025, 12))
    assert spent is not None and spent.low < spent.high
    ends = numbers.interval(spent.low, spent.high, "id", "rupiah", digits=3)
    assert f"pada TA 2025 berubah {amount} (kisaran {ends})." in said


def test_districts_are_listed_by_their_poor(city: Comparison) -> None:
    (districts,) = tables(rpkd(city), "districts")
    assert [row[1] for row in districts.data] == ["3471"]
    assert districts.data[0][2] == round(city.baseline.at("poor_people", region="3471"))


def test_rat_groups_by_strategy_and_leaves_the_unknown_open(city: Comparison) -> None:
    document = rat(city, year=2025)
    found = tables(document, "rat_")
    assert [table.name for table in found] == ["rat_burden", "rat_income", "rat_pockets",
                                               "rat_support"]  # fmt: skip
    rows = [row for table in found for row in table.data]
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    assert all(row[7] is None and row[3] is None for row in rows), "nobody told who is responsible"
    paid = sum(row[6] for row in rows if isinstance(row[6], int))
    expected = added(city, 2025)
    activity_lines = {"TOPUP_REGIONAL", "ENTERPRISE", "REGISTRY", "SERVICES", "NEW_POVERTY_MONEY",
                      "COORDINATION", "POLITICS", "kartu-lansia"}  # fmt: skip
    assert paid == pytest.approx(sum(expected[line] for line in activity_lines), rel=1e-9, abs=10)
    free = [row for row in rows if row[6] == 0]
    assert len(free) == 1, "federations cost nothing"
    label = LEVERS["apbd_poverty_share"].label("id")
    paid_by_it = [str(row[1]) for row in rows if label in str(row[1])]
    settings = [words.partition(f"{label}: ")[2] for words in paid_by_it]
    assert len(settings) > 2 and settings[0].startswith("8%") and not any(settings[1:])
    assert free[0][9] == "Januari 2025 \N{EN DASH} Desember 2025", "but when is known"
    blocks = [b for b in document.blocks if isinstance(b, Table) and b.fill]
    assert all(b.wide for b in blocks)


def test_renaksi_has_the_nine_points_in_their_order_and_room_for_signatures(
    city: Comparison,
) -> None:
    meeting = Meeting(
        dt.date(2026, 11, 21), "Semarang", dissent=("Lampung: tahapan terlalu cepat",)
    )
    document = renaksi(city, meeting=meeting)
    first = document.blocks[0]
    assert isinstance(first, Note) and "berkekuatan hukum" in first.text
    points = [text for text in headings(document, 2) if text.startswith("Butir ")]
    assert [text.split(".")[0] for text in points] == [f"Butir {n}" for n in range(1, 10)]
    facts = dict(row for b in document.blocks if isinstance(b, Facts) for row in b.rows)
    assert facts["Hari, tanggal"] == "Sabtu, 21 November 2026"
    assert facts["Tempat"] == "Semarang"
    (boxes,) = [b for b in document.blocks if isinstance(b, SignatureBoxes)]
    assert len(boxes.parties) >= 1
    lists = [item for b in document.blocks if isinstance(b, Bullets) for item in b.items]
    assert "Lampung: tahapan terlalu cepat" in lists
    assert any("semula 0 menjadi 4 mulai Mei 2024" in item for item in lists)
    assert any(item == "Porsi APBN untuk penanggulangan kemiskinan: tetap seperti hari ini."
               for item in lists)  # fmt: skip
    (plan,) = tables(document, "renaksi")
    assert [row[0] for row in plan.data] == ["1", "2", "4", "lain", "lain"]
    assert all(row[2] is None for row in plan.data)


def test_a_province_outside_the_ten_is_not_said_to_have_agreed(scenario_folder: Path) -> None:
    world = {"region": "7371", "households": 2000, "months": 1}
    early = world | {"levers.apbd_poverty_share.from": "2024-04"}
    today = load_scenario(scenario_folder / "baseline.yaml", world)
    more = load_scenario(scenario_folder / "apbd-10.yaml", early)
    document = renaksi(compare(today, [more], draws=0))
    texts = [b.text for b in document.blocks if isinstance(b, Paragraph)]
    assert any(text.startswith("Sulawesi Selatan tidak termasuk sepuluh") for text in texts)
    lists = [item for b in document.blocks if isinstance(b, Bullets) for item in b.items]
    assert not any("kesepakatan 2008" in item for item in lists)


def test_coordination_is_shown_beside_the_case_without_effect(city: Comparison) -> None:
    document = renaksi(city)
    (plan,) = tables(document, "renaksi")
    sheet = openpyxl.load_workbook(io.BytesIO(render(document, "xlsx")))["Rencana aksi"]
    heads, *rows = sheet.values
    by_name = [dict(zip(heads, row, strict=True)) for row in rows]
    for shown, row in zip(plan.rows, by_name, strict=True):
        assert isinstance(row["Target"], int | float), "a target is a number with its unit"
        assert row["Batas bawah nilai"] <= row["Batas atas nilai"]
        assert row["Satuan"] and row["Bertumpu pada koordinasi"] in {"ya", "tidak"}
        # The target is the whole package's, which rests on coordination.
        assert isinstance(row["Target bila koordinasi tidak berpengaruh"], int | float)
        assert "tidak bertumpu" not in shown[-1]
    by_point = {str(row[0]): row for row in plan.rows}
    weak = city.context().without_effect["paket-kota"]
    asked = chosen(city, None, "id")
    assert "coordination_active" in weak and asked.at("coordination_active") is not None
    assert by_point["1"][8][0].isdigit()
    rate = weak["poverty_rate"]
    assert by_point["4"][8] == say(rate[0], indicator("poverty_rate"), "id")
    (zero,) = tables(renaksi(city), "zero_effect")
    assert zero.data[0][4] == pytest.approx(rate[0] - rate[1])


def test_lp2kd_says_what_could_be_supplied_and_that_a_trend_is_no_effect(
    city: Comparison,
) -> None:
    customary = ["Posisi relatif", "Perkembangan antarwaktu", "Relevansi", "Efektivitas",
                 "Keterkaitan"]  # fmt: skip
    empty = lp2kd(city)
    assert [text for text in headings(empty) if text in customary] == customary
    notes = [b.text for b in empty.blocks if isinstance(b, Note)]
    assert sum("Yang dapat disertakan" in text for text in notes) == 6
    assert any("Kecenderungan bukan pengaruh" in text for text in notes)
    filled = lp2kd(city, trend=["Turun tiga tahun."], position=[city.chart("poverty_path")])
    left = [b.text for b in filled.blocks if isinstance(b, Note)]
    assert sum("Yang dapat disertakan" in text for text in left) == 4


@pytest.mark.parametrize(
    ("away", "said"),
    [(-1.5, "1,50 persen poin terlalu tinggi"), (2.0, "2,00 persen poin terlalu rendah")],
)
def test_lp2kd_says_where_the_model_misses_what_is_published(
    city: Comparison, away: float, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Figures after the base month stand beside those of the world without a change."""
    asked = chosen(city, None, "id")
    found = asked.results.at("poverty_rate", "3471", Month(2025, 3), asked.name)
    real = city.context()
    assert found is not None
    assert not any("meleset" in text for text in notes_of(lp2kd(city))), "nothing is published"
    for off, words in ((away, said), (0.1, "tidak meleset")):
        rate = found.baseline + off
        point = PublishedPoint("2025-03", "3471", "poverty_rate", rate, "BPS")
        around = replace(real, published=(point,))
        monkeypatch.setattr(Comparison, "context", lambda _, it=around: it)
        (told,) = [text for text in notes_of(lp2kd(city)) if "meleset" in text]
        assert words in told and "Kota Yogyakarta" in told


def notes_of(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Note)]


def test_the_world_that_lp2kd_compares_with_is_no_programme_of_the_region(
    city: Comparison,
) -> None:
    report = lp2kd(city)
    assert report.subtitle == "Kota Yogyakarta"
    about = next(block for block in report.blocks if isinstance(block, Facts))
    labels = [label for label, _ in about.rows]
    assert "Skenario pembanding" in labels and "Paket" not in labels
    assert not tables(report, "interventions")
    told_apart = Bullets(
        tuple(difference(city.baseline.scenario, city.alternatives[0].scenario, "id"))
    )
    heading = Heading("Efektivitas")
    assert report.blocks.index(heading) < report.blocks.index(told_apart)


def test_a_profile_is_about_the_region_and_its_districts(city: Comparison) -> None:
    document = profile(city, who=["Keluarga besar."])
    assert document.subtitle == "Kota Yogyakarta"
    assert len(tables(document, "districts")) == 1


@pytest.mark.parametrize("lang", ["id", "en"])
def test_sheets_that_a_plan_names_are_in_its_workbook_and_named_in_words(
    city: Comparison, lang: str
) -> None:
    named: list[str] = []
    whole = lp2kd(city, lang, trend=trend("33", "poverty_rate", lang=lang).charts)
    for document in (rpkd(city, lang), rat(city, lang), whole):
        book = openpyxl.load_workbook(io.BytesIO(render(document, "xlsx")))
        said = [block.text for block in document.blocks if isinstance(block, Paragraph)]
        here = [name for text in said for name in re.findall(QUOTED, text)]
        assert set(here) <= set(book.sheetnames)
        assert not [name for name in book.sheetnames if "_" in name and not name.endswith(".py")]
        named += here
    assert named
