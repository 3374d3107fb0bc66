"""The page with two levers, without a browser and mostly without the model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kesos_sim.errors import InputError
from kesos_sim.workbench import TwoLevers
from kesos_sim.workbench.answers import (
    Answer,
    Answers,
    Setting,
    place_of,
    places,
    start_share,
    steps,
)

from .conftest import MakeAnswer

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FILES = (SCENARIOS / "baseline.yaml", SCENARIOS / "apbd-apbn-10.yaml")
Progress = Callable[[str, int, int], None] | None


class MadeUp(Answers):
    """Answers at once; notes what it was asked."""

    def __init__(self, make: MakeAnswer, error: Exception | None = None) -> None:
        super().__init__(*FILES, households=20_000, months=120, draws=4)
        self.make = make
        self.error = error
        self.asked: list[Setting] = []
        self.seen: list[str] = []
        self.watch: Callable[[], str] = str

    def _computed(self, setting: Setting, progress: Progress) -> Answer:
        self.asked.append(setting)
        if progress is not None:
            for done in range(3):
                progress("runs", done, 2)
                self.seen.append(self.watch())
        if self.error is not None:
            raise self.error
        return self.make(setting)


@pytest.fixture
def page(make_answer: MakeAnswer) -> TwoLevers:
    shown = TwoLevers(*FILES)
    shown.answers = MadeUp(make_answer)
    return shown


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("id", "memakai 20.000 keluarga simulasi dan 4 percobaan; make run memakai 100.000 dan 8"),
        ("en", "uses 20,000 simulated households and 4 draws; make run uses 100,000 and 8"),
    ],
)
def test_fewer_households_than_on_the_command_line_are_said(lang: str, words: str) -> None:
    assert words in TwoLevers(*FILES, bahasa=lang)._heading.value
    whole = TwoLevers(*FILES, bahasa=lang, households=100_000, draws=8)
    assert "make run" not in whole._heading.value
    assert "make run" not in TwoLevers("no.yaml", "no.yaml")._heading.value


def test_levers_are_labelled_from_their_declaration_and_start_at_the_proposal(
    page: TwoLevers,
) -> None:
    assert page.apbd.description == "Porsi APBD untuk penanggulangan kemiskinan"
    assert page.apbn.description == "Porsi APBN untuk penanggulangan kemiskinan"
    assert page.setting == Setting("mpu", 10, 10)
    assert steps("apbd_poverty_share") == (0, 15) == (page.apbd.min, page.apbd.max)
    assert page.button.description == "Hitung"
    assert "Atur kedua tuas" in page.status.value


def test_today_is_said_beside_each_lever(page: TwoLevers) -> None:
    assert start_share("apbd_poverty_share") == pytest.approx(1.5)
    assert start_share("apbn_poverty_share") == pytest.approx(4.2)
    apbd, apbn = (note.value for note in page._helps)
    assert "1,5%" in apbd
    assert "4,2%" in apbn


@pytest.mark.parametrize("lang", ["id", "en"])
def test_regions_are_all_and_the_ten_provinces(lang: str) -> None:
    listed = places(lang)
    assert listed[0][1] == "mpu"
    assert len(listed) == 11
    assert all(place_of(code, lang) for _, code in listed)
    assert place_of("34", lang) == dict((code, name) for name, code in listed)["34"]


def test_a_press_computes_once_and_shows_the_answer(page: TwoLevers) -> None:
    page.apbd.value = 7
    page.button.click()
    page.button.click()
    assert page.answers.asked == [Setting("mpu", 7, 10)]  # type: ignore[attr-defined]
    assert "<svg" in page.result.value
    assert "APBD 7%" in page.result.value
    assert "Selesai" in page.status.value


def test_the_status_says_what_is_being_done_and_the_levers_rest(page: TwoLevers) -> None:
    answers = page.answers
    assert isinstance(answers, MadeUp)
    answers.watch = lambda: f"{page.button.disabled} {page.apbd.disabled} {page.status.value}"
    page.button.click()
    assert all(line.startswith("True True") for line in answers.seen)
    assert "sepuluh provinsi Mitra Praja Utama" in answers.seen[0]
    assert "1 dari 2 simulasi" in answers.seen[1]
    assert not page.button.disabled
    assert not page.apbd.disabled


def test_a_moved_lever_says_that_the_result_is_an_older_one(page: TwoLevers) -> None:
    page.button.click()
    page.apbn.value = 3
    assert "Tekan Hitung" in page.status.value
    page.apbn.value = 10
    assert "Selesai" in page.status.value
    page.region.value = "34"
    assert "Tekan Hitung" in page.status.value


def test_the_language_changes_everything_but_computes_nothing(page: TwoLevers) -> None:
    page.button.click()
    page.region.value = "51"
    page.language.value = "en"
    assert page.apbd.description == "Share of APBD for poverty reduction"
    assert page.region.value == "51"
    assert page.region.options[0][0] == "The ten MPU provinces"
    assert 'lang="en"' in page.result.value
    assert "Without the change" in page.result.value
    assert "press" in page.status.value.lower()
    assert "kesos-lang-en" in page.view._dom_classes
    assert "kesos-lang-id" not in page.view._dom_classes
    assert len(page.answers.asked) == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (InputError("KS1108", "data.unknown_region", got="<b>99</b>"), "&lt;b&gt;99"),
        (MemoryError(), "MemoryError"),
    ],
    ids=["mendable", "unexpected"],
)
def test_an_error_is_one_sentence_and_the_page_goes_on(
    make_answer: MakeAnswer, page: TwoLevers, error: Exception, said: str
) -> None:
    page.button.click()
    answers = MadeUp(make_answer, error)
    page.answers = answers
    page.apbd.value = 2
    page.button.click()
    assert said in page.status.value
    assert 'class="error"' in page.status.value
    assert "Traceback" not in page.status.value
    assert "<svg" not in page.result.value
    assert not page.button.disabled
    page.language.value = "en"
    assert 'class="error" lang="en"' in page.status.value
    answers.error = None
    page.button.click()
    assert "<svg" in page.result.value


def test_only_the_latest_answers_are_kept(make_answer: MakeAnswer) -> None:
    answers = MadeUp(make_answer)
    settings = [Setting("mpu", percent, 0) for percent in range(15)]
    for setting in settings:
        answers.compute(setting)
    assert answers.known(settings[0]) is None
    assert answers.known(settings[-1]) is not None


def test_a_missing_scenario_file_is_said_in_the_page(tmp_path: Path) -> None:
    page = TwoLevers(tmp_path / "nothing.yaml", FILES[1])
    page.button.click()
    assert 'class="error"' in page.status.value
    assert "nothing.yaml" in page.status.value


def test_scenarios_of_a_setting_differ_by_the_levers_alone() -> None:
    answers = Answers(*FILES, households=2000, months=12, draws=0)
    usual, moved = answers.scenarios(Setting("34", 7, 0))
    assert (usual.region, usual.households, usual.months) == (
        moved.region,
        moved.households,
        moved.months,
    )
    assert not usual.levers
    assert {name: setting.value for name, setting in moved.levers.items()} == {
        "apbd_poverty_share": pytest.approx(0.07),
        "apbn_poverty_share": 0.0,
    }
    assert moved.title["id"] == "APBD 7% dan APBN 0% untuk kemiskinan"


@pytest.mark.slow
def test_with_the_real_model_a_share_below_todays_changes_nothing() -> None:
    page = TwoLevers(*FILES, households=2000, months=30, draws=0)
    page.region.value = "34"
    page.apbd.value = page.apbn.value = 1
    page.button.click()
    nothing = page.answers.known(Setting("34", 1, 1))
    assert nothing is not None
    assert (nothing.results.frame["difference"].fillna(0.0) == 0.0).all()
    page.apbn.value = 15
    page.button.click()
    more = page.answers.known(Setting("34", 1, 15))
    assert more is not None
    rate = more.results.at("poverty_rate", more.context.region, scenario=more.results.scenarios[0])
    assert rate is not None
    assert rate.difference < 0.0
    assert "DI Yogyakarta" in page.result.value
