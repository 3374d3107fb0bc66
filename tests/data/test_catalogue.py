"""Tables as a user lists and shows them."""

import pytest

from kesos_sim.data import Table, read_table, registry
from kesos_sim.data.catalogue import cells, describe, list_tables, show
from kesos_sim.data.checksums import stored_checksums
from kesos_sim.errors import InputError


def test_the_list_has_every_table_with_its_quality_mix():
    infos = list_tables()
    assert [info.name for info in infos] == list(registry())
    for info in infos:
        assert info.rows == stored_checksums()[info.name].lines - 1
        assert len(info.sha256) == 64
        if info.meta.grade:
            assert sum(info.quality.values()) == info.rows


def test_a_description_counts_qualities():
    assert describe("provinces").quality == {"official": 38}
    with pytest.raises(InputError):
        describe("province")


def test_filters_take_numbers_lists_words_and_names():
    asked = {"bps_code": "mpu", "year": "2019, 2024", "month": "3", "area": "total"}
    table = show("poverty_province", asked)
    assert len(table) == 20
    assert set(table["year"].tolist()) == {2019, 2024}
    by_name = show("poverty_province", asked | {"bps_code": "Jawa Tengah"})
    by_code = show("poverty_province", asked | {"bps_code": "33"})
    assert by_name["poverty_rate_p0"].tolist() == by_code["poverty_rate_p0"].tolist()
    assert len(show("household_composition", {"month": "3", "area": "total"}, 5)) == 5


def test_codes_may_be_missing_and_take_names_all_the_same():
    table = show("capacity_needs", {"bps_code": "Blora, 19"})
    assert set(table["region"].tolist()) == {"Blora", "Kepulauan Bangka Belitung"}
    nation = next(cells(show("capacity_needs", {"bps_code": "0"}, 1)))
    assert nation[:3] == ("00", "Indonesia", "2013")
    abroad = next(cells(show("capacity_needs", {"region": "United States 211 callers"})))
    assert abroad[:3] == ("", "United States 211 callers", "2016")


def test_a_limit_keeps_the_first_rows():
    whole = read_table("provinces")
    assert show("provinces", limit=3)["bps_code"].tolist() == whole["bps_code"].tolist()[:3]
    assert len(show("provinces", limit=0)) == 0
    assert len(show("provinces", limit=1000)) == len(whole)


@pytest.mark.parametrize(
    ("filters", "field", "suggestion"),
    [
        ({"yaer": "2024"}, "yaer", "year"),
        ({"year": "soon"}, "year", None),
        ({"bps_code": "Jawa Tenga"}, None, "Jawa Tengah"),
    ],
)
def test_a_filter_that_cannot_be_right_is_refused(filters, field, suggestion):
    with pytest.raises(InputError) as caught:
        show("poverty_province", filters)
    assert (caught.value.field, caught.value.suggestion) == (field, suggestion)
    assert all(caught.value.text(lang) for lang in ("id", "en"))


def test_cells_are_written_as_in_the_file():
    row = next(cells(show("poverty_province", {"bps_code": "0"})))
    assert row[:4] == ("00", "2007", "3", "urban")
    assert row[8] == ""


def test_a_table_built_in_memory_is_shown_too():
    table = Table.from_columns(
        "imputed_budgets", {"province": [33, 34], "trillion": [24.7, 6.1], "grade": ["A", "D"]}
    )
    assert list(cells(show(table, {"grade": "D"}))) == [("34", "6.1", "D")]
    assert list(cells(show(table, {"trillion": "24.7"}))) == [("33", "24.7", "A")]
