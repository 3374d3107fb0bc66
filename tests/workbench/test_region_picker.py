"""Choosing a region by typing: what is found, what is chosen, what is refused."""

from __future__ import annotations

import pytest
import traitlets

from kesos_sim.data.regions import districts, mpu_provinces, provinces
from kesos_sim.workbench import RegionPicker
from kesos_sim.workbench import region_picker as module
from kesos_sim.workbench.region_picker import matches, named


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_region_is_found_first_by_its_code_and_among_the_first_by_its_name(lang: str) -> None:
    for code in [*provinces(), *list(districts())[::9]]:
        assert matches(str(code), lang)[0][1] == str(code)
    for code, district in list(districts().items())[::9]:
        found = [one for _, one in matches(district.full_name, lang)]
        assert str(code) in found[:2], district
    for code, province in provinces().items():
        assert matches(province.name[lang], lang)[0][1] == str(code)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("mitra praja", "mpu"),
        ("indonesia", "indonesia"),
        ("seluruh", "indonesia"),
        ("kota sem", "3374"),
        ("east java", "35"),
        ("Kab. Blora", "3316"),
        ("semarng", "3374"),
        ("jogja", "34"),
        ("Soerabaja", "3578"),
    ],
)
def test_parts_misspellings_and_old_spelling_find_what_is_meant(typed: str, code: str) -> None:
    assert code in [one for _, one in matches(typed, "id")[:3]]


def test_nothing_typed_offers_groups_and_provinces_and_nonsense_nothing() -> None:
    assert [code for _, code in matches("", "id", 100)][:2] == ["mpu", "indonesia"]
    assert len(matches("", "id", 100)) == 2 + len(provinces())
    assert matches("qqqqqq", "id") == []
    assert len(matches("a", "id")) == 12


def test_choosing_tells_observers_and_searching_does_not() -> None:
    picker = RegionPicker()
    told: list[str] = []
    picker.observe(lambda change: told.append(change["new"]), "value")
    picker.typed.value = "blora"
    assert told == []
    picker.found.value = "3316"
    assert picker.value == "3316" and told == ["3316"]
    picker.typed.value = ""
    assert picker.value == "3316"
    assert "Blora" in picker.chosen.value


def test_several_regions_are_added_and_a_group_stands_alone() -> None:
    picker = RegionPicker("53")
    picker.several.value = True
    for typed in ("blora", "blora", "3374"):
        picker.typed.value = typed
        picker._entered(picker.typed, {"event": "submit"}, [])
    assert picker.value == "53,3316,3374"
    picker.typed.value = "mpu"
    picker.found.value = "mpu"
    assert picker.value == "mpu"


@pytest.mark.parametrize(("early", "chosen"), [("", "34"), ("b", "51"), ("bali", "51")])
def test_the_rest_of_a_text_may_come_after_its_enter(
    early: str, chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page holds a text back while the kernel is busy, but sends Enter at once."""
    now = 100.0
    monkeypatch.setattr(module.time, "monotonic", lambda: now)
    picker = RegionPicker("34")
    picker.typed.value = early
    picker._entered(picker.typed, {"event": "submit"}, [])
    assert picker.value == chosen
    now += 0.5
    picker.typed.value = "balikpapan"
    assert picker.value == "6471"
    now += 5.0
    picker.typed.value = "balikpapan, blora"
    assert picker.value == "6471", "later it is a new search"


def test_the_rest_of_a_text_adds_one_region_only() -> None:
    picker = RegionPicker("53,34")
    picker.typed.value = "b"
    picker._entered(picker.typed, {"event": "submit"}, [])
    picker.typed.value = "blora"
    assert picker.value == "53,34,3316"


@pytest.mark.parametrize("value", ["99", "", "mpu,34", "34,34", "<b>"])
def test_what_is_no_region_is_refused(value: str) -> None:
    picker = RegionPicker()
    with pytest.raises(traitlets.TraitError):
        picker.value = value
    assert picker.value == "mpu"


def test_the_language_changes_names_and_keeps_the_choice() -> None:
    picker = RegionPicker("35")
    assert "Jawa Timur" in picker.chosen.value
    picker.speak("en")
    assert "East Java" in picker.chosen.value and picker.value == "35"
    assert picker.typed.description == "Find a region: type part of a name or code, then Enter"
    picker.typed.value = "qqqqqq"
    assert 'role="alert"' in picker.chosen.value
    assert named("mpu", "en").startswith("The ten") and len(mpu_provinces()) == 10
