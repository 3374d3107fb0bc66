"""The checks pass on the package's tables and find what was changed in a copy."""

import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kesos_sim import i18n
from kesos_sim.data import registry
from kesos_sim.data.checking import Tables, largest
from kesos_sim.data.checks import run_checks
from kesos_sim.data.checksums import (
    changed_line,
    checksum,
    data_hash,
    stored_checksums,
    write_checksums,
)
from kesos_sim.data.disagreements import KNOWN_DISAGREEMENTS
from kesos_sim.data.hazard_checks import HAZARD_CHECKS
from kesos_sim.data.other_checks import OTHER_CHECKS
from kesos_sim.data.poverty_checks import POVERTY_CHECKS, reserved
from kesos_sim.data.reading import FOLDER
from kesos_sim.data.structure_checks import unused_sources
from kesos_sim.errors import InputError

CHECKS = run_checks()


@pytest.fixture
def copy(tmp_path):
    folder = shutil.copytree(FOLDER, tmp_path / "tables")
    write_checksums(folder)
    return folder


def failed(folder):
    return {check.name: check for check in run_checks(folder) if check.status == "failed"}


def change(folder, name, line, old, new):
    path = folder / f"{name}.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    path.write_text("".join(lines), encoding="utf-8", newline="")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_each_check_holds_or_is_known(check):
    assert check.status in ("ok", "known"), check.measured("en")
    assert check.compared > 0
    assert check.tables
    if check.status == "known":
        assert check.worst is not None
        assert check.worst == check.worst


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_each_check_has_words(lang):
    for check in CHECKS:
        assert check.title(lang)
        assert check.measured(lang)


def test_a_check_has_the_name_of_its_function():
    names = [check.name for check in CHECKS]
    for checker in (*POVERTY_CHECKS, *OTHER_CHECKS, *HAZARD_CHECKS, *KNOWN_DISAGREEMENTS):
        assert checker.__name__ in names


def test_known_disagreements_are_measured():
    sizes = {check.name: check for check in CHECKS if check.status == "known"}
    assert sizes["population_against_poverty"].worst == pytest.approx(42.1, abs=0.1)
    assert sizes["line_rounding"].compared == 67
    assert sizes["pkh_lampung"].worst == 70
    assert sizes["neglected_elderly"].worst == pytest.approx(47.06, abs=0.01)
    assert sizes["pmks_persons_or_families"].where == "00 2012 all"
    assert (sizes["street_children"].compared, sizes["street_children"].where) == (2, "2010")
    assert (sizes["printed_twice"].compared, sizes["no_year"].compared) == (2, 11)
    assert sizes["disaster_kinds"].where == "volcanic_eruption"
    assert sizes["displaced_or_affected"].worst == pytest.approx(-98.29, abs=0.01)
    assert (sizes["tagana_counts"].compared, sizes["arrival_aims"].compared) == (1, 2)
    assert sizes["psks_counted_twice"].worst == pytest.approx(0.03, abs=0.01)
    assert (sizes["psks_stated"].compared, sizes["psks_part"].compared) == (3, 9)
    assert sizes["childrens_homes"].compared == 2
    assert sizes["jimpitan_amounts"].worst == pytest.approx(400.0)
    assert sizes["death_benefits"].worst == pytest.approx(50.0)
    assert sizes["children_per_home"].worst == pytest.approx(221.8, abs=0.1)
    assert "8,6" not in sizes["pkh_lampung"].measured("id")
    assert "70" in sizes["pkh_lampung"].measured("id")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "line", "old", "new", "checks"),
    [
        ("poverty_province", 100, ",official", ",offisial", {"grades"}),
        ("provinces", 5, "14,Riau", "14,Riao", set()),
        ("poverty_kabupaten", 2, "1101,11", "1199,11", {"codes"}),
        ("inequality_province", 3, "rural", "rurall", {"words"}),
        ("pmks_counts", 24, "33,Jawa", "99,Jawa", {"codes"}),
        ("orsos_profile", 18, "3573,Kota", "3599,Kota", {"codes"}),
        ("disasters_province", 53, "11,Aceh", "99,Aceh", {"codes"}),
        ("wksbm_community", 2, "34,DI Y", "34,DI X", set()),
        ("household_composition", 9, "secondary", "secondry", {"grades"}),
    ],
)
def test_a_change_is_found_with_file_and_line(copy, *, name, line, old, new, checks):
    change(copy, name, line, old, new)
    found = failed(copy)
    assert found["checksum"].tables == (name,)
    assert found["checksum"].line == line
    assert found["checksum"].file == str(copy / f"{name}.csv")
    for kind in checks:
        assert (found[kind].tables, found[kind].line) == ((name,), line)
    for lang in i18n.LANGUAGES:
        assert f"{name}.csv:{line}" in found["checksum"].measured(lang)


@pytest.mark.parametrize(
    ("line", "old", "new", "check"),
    [
        (3, ",41,", ",241,", "groups_of_districts"),
        (9, ",5333,", ",6333,", "donations_per_household"),
    ],
)
def test_rows_on_groups_fit_each_other(copy, *, line, old, new, check):
    change(copy, "wksbm_community", line, old, new)
    assert failed(copy)[check].tables == ("wksbm_community",)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_byte_is_located(data):
    name = data.draw(st.sampled_from(["provinces", "laws", "dtks", "apbn"]))
    content = bytearray((FOLDER / f"{name}.csv").read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    new = data.draw(st.integers(0, 255).filter(lambda byte: byte not in b"\r\n"))
    old = content[at]
    before = stored_checksums()[name]
    content[at] = new
    now = checksum(name, bytes(content))
    if new == old:
        assert now == before
        return
    assert now.sha256 != before.sha256
    if old != ord("\n"):
        assert changed_line(before, now) == bytes(content[:at]).count(b"\n") + 1
    else:
        assert changed_line(before, now) is None


@given(st.lists(st.binary(max_size=5).filter(lambda b: not set(b) & {10, 13}), min_size=3))
def test_a_lost_line_is_not_taken_for_a_changed_one(lines):
    whole = checksum("t", b"".join(line + b"\n" for line in lines))
    part = checksum("t", b"".join(line + b"\n" for line in lines[1:]))
    assert changed_line(whole, part) is None
    assert changed_line(whole, whole) is None


def test_an_unreadable_cell_is_found_and_what_needs_it_is_skipped(copy):
    change(copy, "poverty_province", 40, ",20", ",2x0")
    checks = run_checks(copy)
    readable = next(check for check in checks if check.name == "readable")
    assert (readable.status, readable.line) == ("failed", 40)
    assert "poverty_province.csv:40" in readable.measured("en")
    skipped = {check.name for check in checks if check.status == "skipped"}
    assert "poor_provinces" in skipped
    assert "percentiles" not in skipped


def test_a_wrong_figure_fails_the_sums(copy):
    lines = (copy / "poverty_province.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if line.startswith("33,2024,3,rural,"))
    cells = lines[at].split(",")
    cells[7] = str(float(cells[7]) + 5.0)
    lines[at] = ",".join(cells)
    (copy / "poverty_province.csv").write_text("".join(lines), encoding="utf-8", newline="")
    found = failed(copy)
    assert found["checksum"].line == at + 1
    assert found["poor_provinces"].where == "2024-03 rural"
    assert found["poor_provinces"].worst == pytest.approx(5.0, abs=0.1)
    assert found["poor_areas"].where == "33 2024-03"


def test_a_province_that_no_longer_adds_up_is_found(copy):
    change(copy, "disasters_province", 53, "357629", "357628")
    assert failed(copy)["disaster_sums"].worst == 1


def test_a_reserved_outcome_is_found(copy):
    path = copy / "inequality_province.csv"
    row = path.read_text(encoding="utf-8").splitlines()[1].split(",")
    row[1] = "2021"
    path.write_bytes(path.read_bytes() + (",".join(row) + "\n").encode())
    assert failed(copy)["reserved_years"].where == "inequality_province 2021"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("laws", "2021,BPS,x,poverty,extreme poverty rate,4,percent,kemensos_2021,official,\n"),
        ("evidence_parameters", "X1,BPS headcount,9,,,,percent,ID,2025-03,bps,read,\n"),
        ("capacity_needs", "3316,Blora,2025,poor_population,9,persons,bps,official,\n"),
    ],
)
def test_a_reserved_outcome_in_words_is_found(copy, name, row):
    path = copy / f"{name}.csv"
    path.write_bytes(path.read_bytes() + row.encode())
    assert failed(copy)["reserved_years"].where.startswith(name)


def test_a_row_that_stands_twice_is_found(copy):
    path = copy / "provinces.csv"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines, lines[3]]))
    found = failed(copy)
    assert found["duplicates"].line == len(lines) + 1
    assert found["checksum"].line is None


def test_lost_rows_fail_what_takes_them_for_granted(copy):
    path = copy / "poverty_province.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    left = [line for line in lines if not line.startswith("33,2024,3,total")]
    path.write_text("".join(left), encoding="utf-8", newline="")
    assert {"checksum", "poor_provinces", "district_p0"} <= set(failed(copy))


def test_a_lost_file_is_found(copy):
    (copy / "laws.csv").unlink()
    found = failed(copy)
    assert found["checksum"].tables == ("laws",)
    assert found["readable"].tables == ("laws",)


def test_a_damaged_file_of_checksums_is_found(copy):
    (copy / "checksums.csv").write_text("table\nx\n", encoding="utf-8")
    assert failed(copy)["checksum"].file == str(copy / "checksums.csv")
    with pytest.raises(InputError):
        stored_checksums(copy)


def test_stored_checksums_are_those_of_the_tables(copy):
    assert dict(stored_checksums(copy)) == dict(stored_checksums())


def test_the_data_have_one_short_hash():
    assert len(data_hash()) == 16
    assert int(data_hash(), 16) >= 0


def test_no_source_is_left_over():
    assert unused_sources(Tables(tuple(registry()))) == ()


def test_reserved_years():
    years = range(2007, 2031)
    assert [year for year in years if reserved(year)] == [2020, 2021, *range(2025, 2031)]


def test_largest_leaves_out_what_is_missing():
    assert largest({"a": float("nan"), "b": -2.0, "c": 1.0}) == ("b", -2.0, 2)
    assert largest({"a": 0.0}) == ("", 0.0, 1)
    assert largest({})[2] == 0
