"""Regions: codes, names, membership, and the division of Papua."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.data import read_table, regions
from kesos_sim.errors import InputError

DISTRICTS = sorted(regions.districts())
MPU = (18, 31, 32, 33, 34, 35, 36, 51, 52, 53)


def test_mitra_praja_utama_has_its_ten_provinces():
    assert regions.mpu_provinces() == MPU
    assert len(regions.expand_region("mpu")) == 175
    assert regions.expand_region("Mitra Praja Utama") == regions.expand_region("mpu")
    assert regions.expand_region("mpu") == regions.expand_region(MPU)


def test_the_nation_has_514_districts():
    for name in ("indonesia", "00", 0, "Indonesia", "nasional"):
        assert regions.expand_region(name) == tuple(DISTRICTS)
    assert len(DISTRICTS) == 514


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Blora", (3316,)),
        ("blora", (3316,)),
        ("Kab. Blora", (3316,)),
        ("Kabupaten Blora", (3316,)),
        ("3316", (3316,)),
        (3316, (3316,)),
        (["3316"], (3316,)),
        ("Surabaya", (3578,)),
        ("Kota Semarang", (3374,)),
        ("Kab Semarang", (3322,)),
        ("Toba", (1206,)),
        ("Mempawah", (6104,)),
        ("Labuhanbatu", (1207,)),
        ("Kabupaten Gorontalo", (7502,)),
        (["Kota Sorong", "Blora", "3316"], (3316, 9271)),
    ],
)
def test_names_and_codes_of_districts(name, codes):
    assert regions.expand_region(name) == codes


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Jawa Tengah", 33),
        ("jawa tengah", 33),
        ("Central Java", 33),
        ("Provinsi Jawa Tengah", 33),
        ("DI Yogyakarta", 34),
        ("Gorontalo", 75),
        ("Jambi", 15),
    ],
)
def test_names_of_provinces(name, code):
    assert regions.expand_region(name) == regions.districts_of(code)


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [("Bloar", "Blora"), ("Jawa Tenga", "Jawa Tengah"), ("mpuu", "mpu"), ("99", None)],
)
def test_an_unknown_region_suggests_the_nearest(name, suggestion):
    with pytest.raises(InputError) as caught:
        regions.expand_region(name)
    assert caught.value.suggestion == suggestion
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("region", ["", [], (), True, None, [None], 1.5, ["33", "xx"], "-1", "²"])
def test_what_is_no_region_is_refused(region):
    with pytest.raises((InputError, TypeError)) as caught:
        regions.expand_region(region)
    if isinstance(caught.value, InputError):
        assert caught.value.text("id")


def test_a_shared_name_asks_which_one():
    with pytest.raises(InputError) as caught:
        regions.expand_region("Semarang")
    assert caught.value.key == "data.shared_region"
    for lang in ("id", "en"):
        text = caught.value.text(lang)
        assert "Kabupaten Semarang (3322)" in text
        assert "Kota Semarang (3374)" in text


@given(st.sets(st.sampled_from(DISTRICTS), min_size=1, max_size=30))
def test_districts_expand_to_themselves_in_order(codes):
    shuffled = sorted(codes, key=lambda code: code % 17)
    assert regions.expand_region(shuffled) == tuple(sorted(codes))
    assert regions.expand_region([str(code) for code in shuffled]) == tuple(sorted(codes))


@pytest.mark.parametrize("year", [2015, 2019, 2023, 2024, 2030])
def test_provinces_divide_the_districts(year):
    codes = regions.province_codes(year)
    assert len(codes) == (38 if year >= 2024 else 34)
    parts = [regions.districts_of(code, year) for code in codes]
    assert sorted(district for part in parts for district in part) == DISTRICTS
    for code, part in zip(codes, parts, strict=True):
        assert {regions.province_of(district, year) for district in part} == {code}


def test_papua_was_undivided_until_2023():
    assert regions.province_of(9501, 2024) == 95
    assert regions.province_of(9501, 2023) == 94
    assert len(regions.expand_region("94", 2023)) == 29
    assert len(regions.expand_region("94", 2024)) == 9
    with pytest.raises(InputError):
        regions.expand_region("95", 2023)
    assert regions.districts()[9501].code_until_2023 == 9401


def test_statistics_use_the_provinces_of_their_year():
    table = read_table("poverty_province").where(month=3, area="total")
    for year in (2019, 2022, 2023, 2024):
        codes = set(table.where(year=year)["bps_code"].tolist()) - {0}
        assert codes == set(regions.province_codes(year))


def test_full_names_lead_back_to_their_district():
    for code in DISTRICTS:
        assert regions.expand_region(regions.region_name(code, "id")) == (code,)


def test_region_names_in_both_languages():
    assert regions.region_name("00", "id") == "Indonesia"
    assert regions.region_name("33", "id") == "Jawa Tengah"
    assert regions.region_name(33, "en") == "Central Java"
    assert regions.region_name("3316", "en") == "Kabupaten Blora"
    for wrong in ("9999", "x"):
        with pytest.raises(InputError):
            regions.region_name(wrong, "id")
    with pytest.raises(InputError):
        regions.province_of(9999)
    with pytest.raises(InputError):
        regions.districts_of(99)
