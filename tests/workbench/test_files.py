"""What the export button can write, and that it never writes over anything."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from kesos_sim.errors import InputError
from kesos_sim.reports.charts import Chart, chart
from kesos_sim.reports.context import ReportContext
from kesos_sim.reports.office import Document, Heading, Listing, Paragraph, Picture
from kesos_sim.reports.plans.naming import scenario_file
from kesos_sim.scenario import dump_scenario, load_scenario
from kesos_sim.workbench import ExportButton
from kesos_sim.workbench.files import forms_of, write_files

from .conftest import PROVENANCE, MakeAnswer

BASELINE = Path(__file__).parents[2] / "scenarios" / "baseline.yaml"


class Result:
    """A run that was never run."""

    def __init__(self, make: MakeAnswer) -> None:
        answer = make()
        self._frame, self._context = answer.results.frame, answer.context
        self.scenario = load_scenario(BASELINE)

    def frame(self) -> pd.DataFrame:
        return self._frame

    def context(self) -> ReportContext:
        return self._context

    def export(self, path: str | os.PathLike[str], lang: str = "id") -> Path:
        return Path(path)


@pytest.fixture
def drawn(make_answer: MakeAnswer) -> Chart:
    answer = make_answer()
    return chart("poverty_path", answer.results.frame, answer.context, "id")


@pytest.fixture
def document(drawn: Chart) -> Document:
    blocks = (Heading("Hasil"), Paragraph("Turun."), Picture(drawn))
    return Document("hasil", "Hasil", "id", PROVENANCE, blocks)


def test_forms_follow_from_what_there_is(
    make_answer: MakeAnswer, document: Document, drawn: Chart
) -> None:
    assert forms_of(document) == ("docx", "pdf", "xlsx", "images")
    assert forms_of(drawn) == ("images",)
    assert forms_of([document, load_scenario(BASELINE)])[-1] == "scenario"
    assert forms_of(Result(make_answer)) == ("folder", "images", "scenario")
    with pytest.raises(InputError, match="KS5031"):
        forms_of("teks")  # type: ignore[arg-type]


@pytest.mark.slow
def test_pictures_of_two_regions_have_names_of_their_own(
    document: Document, tmp_path: Path
) -> None:
    """A chart that its name places already is not placed twice."""
    for region in ("3316", "path"):
        write_files([replace(document, region=region)], "images", tmp_path, "id")
    assert {path.name for path in tmp_path.iterdir()} == {
        "poverty_path_3316.png",
        "poverty_path_3316.svg",
        "poverty_path.png",
        "poverty_path.svg",
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form", "names"),
    [
        ("docx", {"hasil.docx"}),
        ("pdf", {"hasil.pdf"}),
        ("xlsx", {"hasil.xlsx"}),
        ("images", {"poverty_path.png", "poverty_path.svg"}),
        ("scenario", {"baseline-mpu.yaml"}),
    ],
)
def test_every_form_is_written_and_nothing_is_overwritten(
    document: Document, tmp_path: Path, form: str, names: set[str]
) -> None:
    what = [document, load_scenario(BASELINE)]
    places = write_files(what, form, tmp_path / "keluar", "id")
    assert {place.name for place in places} == names
    assert write_files(what, form, tmp_path / "keluar", "id") == places, "the same again"
    places[0].write_text("edited")
    again = write_files(what, form, tmp_path / "keluar", "id")
    assert again[0].name == f"{places[0].stem}-2{places[0].suffix}"
    assert places[0].read_text() == "edited"


def test_documents_hand_out_their_scenarios_with_the_lines_that_run_them(
    document: Document, tmp_path: Path
) -> None:
    scenario = load_scenario(BASELINE)
    usual = Listing(scenario_file(scenario), dump_scenario(scenario))
    plan, action = (
        replace(
            document, name=name, blocks=(Listing("hitung_lagi.py", f"print({name!r})\n"), usual)
        )
        for name in ("rpkd", "rat")
    )
    assert forms_of([plan, action])[-1] == "scenario"
    for what in ([plan, action], [plan, action, scenario]):
        places = write_files(what, "scenario", tmp_path, "id")
        assert sorted(place.name for place in places) == ["baseline-mpu.yaml", "hitung_lagi.py"]
        assert load_scenario(tmp_path / "baseline-mpu.yaml").hash == scenario.hash
        lines = (tmp_path / "hitung_lagi.py").read_text(encoding="utf-8")
        assert lines == "print('rpkd')\n\nprint('rat')\n"


def test_a_written_scenario_is_the_same_scenario(tmp_path: Path) -> None:
    scenario = load_scenario(BASELINE)
    (place,) = write_files(scenario, "scenario", tmp_path, "id")
    assert load_scenario(place).hash == scenario.hash


def test_the_button_offers_a_choice_only_where_it_is_wanted(make_answer: MakeAnswer) -> None:
    result = Result(make_answer)
    plain, choice = ExportButton(result, "out"), ExportButton(result, "out", choice=True)
    assert plain.form not in plain.view.children
    assert choice.form in choice.view.children
    assert [form for _, form in choice.form.options] == ["folder", "images", "scenario"]


def test_the_button_writes_what_was_chosen_and_says_where(
    document: Document, tmp_path: Path
) -> None:
    button = ExportButton(document, tmp_path, "en")
    button.form.value = "pdf"
    assert "PDF document" in button.status.value
    button.button.click()
    assert (tmp_path / "hasil.pdf").read_bytes().startswith(b"%PDF")
    assert "hasil.pdf" in button.status.value and "Saved" in button.status.value
    assert not button.button.disabled


def test_the_button_says_why_a_file_cannot_be_written(document: Document, tmp_path: Path) -> None:
    blocked = tmp_path / "x"
    blocked.write_text("a file")
    button = ExportButton(document, blocked)
    button.export()
    assert 'class="error"' in button.status.value
    assert "tidak dapat ditulis" in button.status.value
