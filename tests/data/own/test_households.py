"""Lists of households: no identifier leaves, weights meet totals, every problem has its row."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.fuzz.lists import HEADER, household, nik, write_csv
from kesos_sim import i18n
from kesos_sim.data.own import propose_mapping, read_households
from kesos_sim.data.own.households import mapping_of
from kesos_sim.data.own.identifiers import identifying, sensitive
from kesos_sim.data.own.problems import masked
from kesos_sim.data.own.weighting import calibrate, effective_size
from kesos_sim.errors import InputError


@pytest.fixture(scope="module")
def rows() -> list[list[object]]:
    rng = np.random.default_rng(1)
    return [household(number, rng) for number in range(1, 601)]


def everything_written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("book", [False, True], ids=["csv", "xlsx"])
def test_identifiers_never_leave(book: bool, rows: list[list[object]], tmp_path: Path) -> None:
    path = tmp_path / ("daftar.xlsx" if book else "daftar.csv")
    if book:
        made = openpyxl.Workbook()
        for row in [HEADER, *rows]:
            made.active.append(row)  # type: ignore[union-attr]
        made.save(path)
    else:
        write_csv(path, rows)
    found = read_households(path)
    assert [one.record("id") for one in found.problems] == []
    assert found.frame is not None
    assert sum(found.dropped.values()) == 9
    assert set(found.dropped) == {"name", "number", "address", "phone", "birth", "place", "mail"}
    out = tmp_path / "keluar"
    found.write(out / "daftar.parquet")
    kept = everything_written(out) + repr(found).encode() + found.frame.to_csv().encode()
    for row in rows[:50]:
        for place in (1, 2, 3, 4, 5, 8):
            assert str(row[place]).encode() not in kept
    said = " ".join(found.notes("id"))
    assert "9 kolom" in said
    assert "nama orang" in said


def test_result_is_kept_with_its_summary(rows: list[list[object]], tmp_path: Path) -> None:
    found = read_households(write_csv(tmp_path / "a.csv", rows))
    assert found.frame is not None
    assert found.summary is not None
    table = pq.read_table(found.write(tmp_path / "a.parquet"))
    about = json.loads(table.schema.metadata[b"kesos"])
    assert about["summary"]["households"] == table.num_rows == 600
    assert about["summary"]["region"] == 34
    assert set(found.frame["area"]) == {"urban", "rural"}
    poor = found.frame["spending"] < found.frame["line"]
    assert (poor == found.frame["poor"].astype(bool)).all()
    people = found.frame["weight"] * found.frame["size"]
    rate = 100 * float((people * poor).sum() / people.sum())
    assert found.summary.poverty_rate == pytest.approx(rate)
    assert found.summary.low < rate < found.summary.high
    assert found.summary.published_rate == 10.83


def test_weights_meet_published_totals(rows: list[list[object]], tmp_path: Path) -> None:
    found = read_households(write_csv(tmp_path / "a.csv", rows))
    assert found.summary is not None
    assert found.frame is not None
    summary = found.summary
    assert summary.met
    assert {m.kind for m in summary.margins} == {"persons", "households"}
    for margin in summary.margins:
        assert margin.after == pytest.approx(margin.published, rel=1e-5)
    assert any(abs(m.before / m.published - 1) > 0.2 for m in summary.margins)
    assert 1 < summary.effective < 600
    assert summary.effective == pytest.approx(effective_size(found.frame["weight"].to_numpy()))


def test_a_district_without_household_is_said(rows: list[list[object]], tmp_path: Path) -> None:
    some = [row for row in rows if row[10] != 3471]
    found = read_households(write_csv(tmp_path / "a.csv", some))
    assert found.summary is not None
    assert {code for code, _, _ in found.summary.unreachable} == {3471}
    assert "Kota Yogyakarta" in " ".join(found.notes("id"))


BAD: list[tuple[int, object, str]] = [
    (12, "tiga", "not_number"),
    (12, 0, "out_of_range"),
    (12, 2.5, "not_whole"),
    (12, None, "missing_value"),
    (11, 3, "unknown_choice"),
    (10, 3499, "unknown_district"),
    (10, 330, "out_of_range"),
    (16, -5, "out_of_range"),
    (16, "1e308", "out_of_range"),
    (18, "kadang", "unknown_choice"),
    (13, 40, "members_differ"),
]


@pytest.mark.parametrize(("place", "value", "kind"), BAD)
def test_problem_of_a_row_is_named(
    place: int, value: object, kind: str, rows: list[list[object]], tmp_path: Path
) -> None:
    broken = [list(row) for row in rows[:40]]
    broken[6][place] = value
    path = write_csv(tmp_path / "a.csv", broken)
    found = read_households(path)
    assert found.frame is None
    assert found.problem_count == 1
    (one,) = found.problems
    assert (one.kind, one.row) == (kind, 8)
    for lang in i18n.LANGUAGES:
        assert all(one.record(lang)[part] for part in ("found", "expected", "action"))
    left = read_households(path, skip_rows=True)
    assert left.frame is not None
    assert left.left_out == 1
    assert len(left.frame) == 39


def test_decimal_sign_of_a_column_is_that_of_its_clear_numbers(tmp_path: Path) -> None:
    header = ["Jumlah ART", "Kode Kab/Kota", "Penimbang"]
    clear: list[list[object]] = [[3, 3402, "523.412"], [2, 3402, "98.5"], [4, 3402, "120.25"]]
    found = read_households(write_csv(tmp_path / "a.csv", clear, header), region=3402)
    assert found.frame is not None
    assert found.frame["weight_before"].tolist() == [98.5, 523.412, 120.25]
    doubtful: list[list[object]] = [[3, 3402, "523.412"], [2, 3402, "98"], [4, 3402, "120"]]
    refused = read_households(write_csv(tmp_path / "b.csv", doubtful, header), region=3402)
    assert [(one.kind, one.row) for one in refused.problems] == [("ambiguous", 2)]
    told = read_households(tmp_path / "b.csv", region=3402, decimal=".")
    assert told.frame is not None
    assert 523.412 in told.frame["weight_before"].tolist()


def test_messages_do_not_repeat_what_stood_in_cells(tmp_path: Path) -> None:
    rows: list[list[object]] = [[f"Siti Aminah {n}", 3402] for n in range(30)]
    path = write_csv(tmp_path / "a.csv", rows, ["Jumlah ART", "Kode Kab/Kota"])
    found = read_households(path, {"size": "Jumlah ART", "district": "Kode Kab/Kota"})
    said = str([one.record(lang) for one in found.problems for lang in i18n.LANGUAGES])
    assert found.frame is None
    assert "Siti" not in said
    few: list[list[object]] = [[3, 3402] for _ in range(30)]
    few[4][0] = "Siti"
    path = write_csv(tmp_path / "b.csv", few, ["Jumlah ART", "Kode Kab/Kota"])
    (one,) = read_households(path).problems
    assert one.row == 6
    assert "Siti" not in str(one.record("id"))


def test_problems_are_capped_and_counted(rows: list[list[object]], tmp_path: Path) -> None:
    broken = [[*row[:12], "x", *row[13:]] for row in rows]
    found = read_households(write_csv(tmp_path / "a.csv", broken))
    assert found.problem_count == 600
    assert len(found.problems) == 500


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Nama Kepala Keluarga", "name"), ("nama_krt", "name"), ("NIK", "number"),
        ("No. KK", "number"), ("No HP/WA", "phone"), ("Alamat Lengkap", "address"),
        ("Tanggal Lahir", "birth"), ("latitude", "place"), ("E-mail", "mail"),
        ("Jumlah ART", None), ("Kode Kab/Kota", None), ("Penimbang", None),
        ("Warna dinding", None), ("Wanita", None), ("Telepon 2", "phone"), ("hp1", "phone"),
    ],
)  # fmt: skip
def test_headings_that_tell_who_somebody_is(heading: str, kind: str | None) -> None:
    assert identifying(heading, []) == kind


@given(
    st.integers(0, 10**8 - 1),
    st.sampled_from(["{}", "a {} b", "{}.", "'{}"]),
    st.sampled_from(["", " ", "-", "."]),
)
def test_a_number_of_a_person_is_found_however_it_is_written(
    number: int, around: str, space: str
) -> None:
    text = nik(number)
    written = space.join(text[i : i + 4] for i in range(0, 16, 4))
    assert sensitive(around.format(text))
    assert sensitive(written)
    assert sensitive(int(text))
    assert identifying("x", ["a", around.format(text), "b"]) is not None


def test_mapping_is_proposed_from_headings(rows: list[list[object]], tmp_path: Path) -> None:
    found = mapping_of(write_csv(tmp_path / "a.csv", rows))
    assert found == {
        "size": "Jumlah ART",
        "children": "Anak",
        "adults": "Dewasa",
        "elderly": "Lansia",
        "spending_person": "Pengeluaran per kapita",
        "area": "Klasifikasi",
        "district": "Kode Kab/Kota",
        "weight": "Penimbang",
        "receives_pkh": "Terima PKH",
    }
    english = ["hhsize", "urban", "district_code", "total expenditure", "weight"]
    assert propose_mapping(english) == {
        "size": "hhsize",
        "area": "urban",
        "district": "district_code",
        "spending_total": "total expenditure",
        "weight": "weight",
    }
    assert propose_mapping(["Nama", "NIK", "Alamat"]) == {}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(30, 200), st.integers(1, 5))
def test_calibration_meets_totals_that_some_weights_give(seed: int, n: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    parts = np.concatenate([rng.integers(1, 7, (n, 1)), rng.random((n, k)) < 0.5], axis=1).astype(
        np.float64
    )
    parts = parts[:, parts.any(axis=0)]
    first = rng.uniform(50.0, 200.0, n)
    wanted = (first * rng.uniform(0.5, 2.0, n)) @ parts
    found = calibrate(first, parts, wanted)
    assert found.met
    assert found.after == pytest.approx(wanted, rel=1e-5)
    assert (found.weight > 0.0).all()
    same = calibrate(first, parts, first @ parts)
    assert same.weight == pytest.approx(first)


def test_calibration_is_raking_on_a_table() -> None:
    rng = np.random.default_rng(3)
    row, column = rng.integers(0, 2, 400), rng.integers(0, 3, 400)
    first = rng.uniform(0.5, 1.5, 400)
    wanted = np.array([300.0, 700.0, 200.0, 500.0, 300.0])
    masks = [row == 0, row == 1, *(column == c for c in range(3))]
    raked = first.copy()
    for _ in range(200):
        for mask, total in zip(masks, wanted, strict=True):
            raked[mask] *= total / raked[mask].sum()
    found = calibrate(first, np.stack(masks, axis=1).astype(np.float64), wanted)
    assert found.weight == pytest.approx(raked, rel=1e-4)


def test_calibration_says_when_totals_contradict() -> None:
    one = np.ones(20)
    found = calibrate(one, np.stack([one, one], axis=1), np.array([10.0, 30.0]))
    assert not found.met


@pytest.mark.parametrize("name", ["tidak-ada.csv", "a.txt", "b.xlsm"])
def test_files_that_are_no_list(name: str, tmp_path: Path) -> None:
    if name != "tidak-ada.csv":
        (tmp_path / name).write_text("x", encoding="utf-8")
    found: Any = read_households(tmp_path / name, {"size": "Jumlah ART"})
    assert found.problems
    with pytest.raises(InputError, match="KS6086"):
        found.write(tmp_path / "x.parquet")
    assert not (tmp_path / "x.parquet").exists()


def test_a_list_without_households_says_so(tmp_path: Path) -> None:
    found = read_households(write_csv(tmp_path / "kosong.csv", []))
    assert found.frame is None
    (one,) = found.problems
    assert one.kind == "no_households"
    assert one.record("id")["action"] and one.record("en")["action"]


def test_long_cells_take_no_time() -> None:
    """A text of as many letters as a cell holds, of each kind that a pattern could get lost in."""
    began = time.process_time()
    for text in ("a" * 70_000, "a " * 35_000 + "1", "no " * 20_000, "1." * 35_000, "a@" * 35_000):
        assert not sensitive(text)
        identifying("catatan", [text] * 10)
        assert len(masked(text)) <= 120
    assert time.process_time() - began < 2.0
    for text in ("x" * 30_000 + " budi@contoh.id", "a@b@c.id", "<budi@contoh.id>"):
        assert sensitive(text)
