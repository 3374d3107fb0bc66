"""Own data by form: all problems at once, columns by choice, no identity, a whole folder."""

from __future__ import annotations

import csv
import json
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kesos_sim.data.own import template
from kesos_sim.errors import InputError
from kesos_sim.scenario import load_scenario
from kesos_sim.workbench import ImportForm
from kesos_sim.workbench.own_folder import RECORD, write_folder

BASE = Path(__file__).parents[2] / "scenarios" / "baseline.yaml"
CITY = 3471
HEADER = ["Nama KRT", "NIK", "No HP", "Kode Kab/Kota", "Jumlah ART", "Kapita", "Penimbang", "Warna"]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template of a city with another poverty rate and a source."""
    path = template(CITY, tmp_path_factory.mktemp("own") / "kota.xlsx")
    book = openpyxl.load_workbook(path)
    for row in book["petunjuk"].iter_rows(max_col=2):
        if row[0].value == "Sumber data":
            row[1].value = "Bappeda, hitungan uji"
    sheet = book.worksheets[1]
    place = next(cell.column for cell in sheet[1] if str(cell.value).startswith("P0"))
    sheet.cell(2, place).value = 6.12
    book.save(path)
    return path


def households(path: Path, count: int = 40) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = [
            [f"Siti Aminah {n}", f"34710101{n:08d}", f"0812{n:08d}", CITY, 1 + n % 5,
             600_000 + 40_000 * n, 250 + n, "biru"]
            for n in range(count)
        ]  # fmt: skip
        csv.writer(stream, delimiter=";").writerows([HEADER, *rows])
    return path


def shown(form: ImportForm) -> str:
    return unescape(form.report.value + form.status.value + form.template_status.value)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_figures_are_read_and_saved_as_a_folder_of_scenarios(
    lang: str, filled: Path, tmp_path: Path
) -> None:
    form = ImportForm(BASE, tmp_path / "out", bahasa=lang, look_in=filled.parent)
    assert form.saving.disabled and not (tmp_path / "out").exists()
    form.listed.value = str(filled)
    form.checking.click()
    assert form.figures is not None and form.figures.own is not None
    assert "6,12" in shown(form) if lang == "id" else "6.12" in shown(form)
    assert not (tmp_path / "out").exists(), "nothing is written by checking"
    form.saving.click()
    assert form.saved is not None
    assert "own_data: data-sendiri.yaml" in shown(form)
    before = load_scenario(BASE, {"region": str(CITY)})
    after = load_scenario(form.saved.scenario or "", {"region": str(CITY)})
    assert before.own_data is None
    assert after.own_data == form.figures.own
    # What extends the base rests on the same figures, so that both can be compared.
    package = load_scenario(form.saved.path / "apbd-10.yaml", {"region": str(CITY)})
    assert package.own_data == after.own_data
    assert package.levers == load_scenario(BASE.parent / "apbd-10.yaml").levers
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["data-sendiri"]


def test_every_problem_is_shown_with_its_place_and_nothing_can_be_saved(
    filled: Path, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(filled)
    wrong = {"C": "di mana-mana", "E": "banyak", "F": -4}
    for letter, value in wrong.items():
        book.worksheets[1][f"{letter}2"] = value
    book.worksheets[2]["E2"] = "=1+1"
    path = tmp_path / "salah.xlsx"
    book.save(path)
    form = ImportForm(BASE, tmp_path / "out", bahasa="en")
    form.path.value = str(path)
    form.checking.click()
    assert form.figures is None and form.saving.disabled
    page = shown(form)
    assert page.count("<tr>") - 1 >= len(wrong) + 1
    for place in ("C (area)", "E (P1)", "F (P2)", "E (household size)"):
        assert place in page, page
    assert 'role="alert"' in page and "nothing is written yet" in page
    form.path.value = str(filled)
    assert form.report.value == "", "what was said of another file is gone"


def test_columns_are_proposed_changed_and_refused_beside_their_field(tmp_path: Path) -> None:
    path = households(tmp_path / "daftar.csv")
    form = ImportForm(BASE, tmp_path / "out", str(CITY), "id")
    form.kind.value = "households"
    form.path.value = str(path)
    columns = form.columns
    assert columns is not None
    assert columns.chosen == {
        "size": "Jumlah ART", "spending_person": "Kapita", "district": "Kode Kab/Kota",
        "weight": "Penimbang",
    }  # fmt: skip
    offered = {value for _, value in columns.form.fields["size"].control.options}
    assert offered == {"", *HEADER[3:]}, "columns about people are not offered"
    assert columns.dropped.total() == 3
    assert "3 kolom dapat menunjukkan siapa orangnya" in columns.view.children[1].value
    size = columns.form.fields["size"]
    size.control.value = ""
    assert size.problem.value and form.checking.disabled
    size.control.value = "Kapita"
    assert columns.form.fields["spending_person"].problem.value and form.checking.disabled
    size.control.value = "Jumlah ART"
    assert not size.problem.value and not form.checking.disabled


def test_a_list_is_weighted_and_kept_without_identities(tmp_path: Path) -> None:
    path = households(tmp_path / "daftar.csv")
    form = ImportForm(BASE, tmp_path / "out", str(CITY), "id")
    form.kind.value = "households"
    form.path.value = str(path)
    form.checking.click()
    assert form.households is not None and form.households.summary is not None
    page = shown(form)
    assert "3 kolom yang dapat menunjukkan siapa orangnya dibuang" in page
    assert "sesudah ditimbang" in page and "Siti" not in page
    assert not (tmp_path / "out").exists()
    form.name.value = "survei"
    form.saving.click()
    made = tmp_path / "out" / "survei"
    assert {one.name for one in made.iterdir()} == {
        "rumah-tangga.parquet", "penimbang.csv", RECORD,
    }  # fmt: skip
    everything = b"".join(one.read_bytes() for one in made.iterdir())
    for told in (b"Siti", b"34710101", b"0812"):
        assert told not in everything
    assert json.loads((made / RECORD).read_text())["dropped_columns"] == {
        "name": 1, "number": 1, "phone": 1,
    }  # fmt: skip


def test_bad_rows_are_refused_or_left_out(tmp_path: Path) -> None:
    path = households(tmp_path / "daftar.csv")
    path.write_text(path.read_text().replace(";3;", ";banyak;", 1))
    form = ImportForm(BASE, tmp_path / "out", str(CITY), "en")
    form.kind.value = "households"
    form.path.value = str(path)
    form.checking.click()
    assert form.households is None and "1 thing has to be mended" in shown(form)
    form.skip.value = True
    form.checking.click()
    assert form.households is not None and form.households.left_out == 1
    assert "What has to be mended" in shown(form), "what was left out is still told"


def test_own_figures_are_what_a_list_is_weighted_to(filled: Path, tmp_path: Path) -> None:
    form = ImportForm(BASE, tmp_path / "out", str(CITY), "en", look_in=filled.parent)
    form.listed.value = str(filled)
    form.checking.click()
    form.kind.value = "households"
    assert form.path.value == "" and form.figures is not None
    form.path.value = str(households(tmp_path / "daftar.csv"))
    form.checking.click()
    found: Any = form.households
    assert found.summary.published_own and found.summary.published_rate == pytest.approx(6.12)
    form.saving.click()
    assert form.saved is not None
    assert {"rumah-tangga.parquet", "data-sendiri.yaml"} <= set(form.saved.files)
    form.kind.value = "figures"
    form.listed.value = str(filled)
    form.checking.click()
    assert form.households is None and "list of households again" in shown(form)


def test_template_is_of_one_region_and_never_overwritten(tmp_path: Path) -> None:
    form = ImportForm(BASE, tmp_path, "mpu", "en")
    form.making.click()
    assert "exactly one province" in shown(form)
    form.region.value = str(CITY)
    form.making.click()
    written = tmp_path / f"templat-{CITY}.xlsx"
    assert written.is_file()
    form.listed.value = str(written)
    assert form.path.value == str(written), "what was written can be chosen below"
    form.making.click()
    assert 'role="alert"' in form.template_status.value


@pytest.mark.parametrize(
    ("path", "said"),
    [("", "First choose"), ("none.xlsx", "none.xlsx"), ("notes.txt", "notes.txt")],
)
def test_a_file_that_cannot_be_read_is_told_of(path: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    for kind in ("figures", "households"):
        form = ImportForm(BASE, tmp_path / "out", str(CITY), "en")
        form.kind.value = kind
        form.path.value = str(tmp_path / path) if path else ""
        form.checking.click()
        assert said in shown(form) and form.saving.disabled


def test_a_folder_is_replaced_unless_somebody_worked_in_it(filled: Path, tmp_path: Path) -> None:
    form = ImportForm(BASE, tmp_path, str(CITY), "id", look_in=filled.parent)
    form.listed.value = str(filled)
    form.checking.click()
    form.saving.click()
    first = (tmp_path / "data-sendiri" / RECORD).stat().st_ino
    form.saving.click()
    assert (tmp_path / "data-sendiri" / RECORD).stat().st_ino != first
    (tmp_path / "data-sendiri" / "baseline.yaml").write_text("# milik saya\n")
    form.saving.click()
    assert "Pilih nama lain" in shown(form)
    assert (tmp_path / "data-sendiri" / "baseline.yaml").read_text() == "# milik saya\n"
    for name in ("../di-luar", "Data Sendiri", "", "baseline"):
        with pytest.raises(InputError):
            write_folder(tmp_path, name, BASE, form.figures, None, "id")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["data-sendiri"]


def test_a_folder_can_be_the_base_of_the_next(filled: Path, tmp_path: Path) -> None:
    form = ImportForm(BASE, tmp_path, str(CITY), "id", look_in=filled.parent)
    form.listed.value = str(filled)
    form.checking.click()
    made = write_folder(tmp_path, "satu", BASE, form.figures, None, "id")
    assert made.scenario is not None
    again = write_folder(tmp_path, "dua", made.scenario, form.figures, None, "id")
    assert again.scenario is not None
    assert again.scenario.read_text().count("own_data:") == 1
    assert not (again.path / "satu.yaml").exists()
    assert load_scenario(again.scenario).own_data == load_scenario(made.scenario).own_data
