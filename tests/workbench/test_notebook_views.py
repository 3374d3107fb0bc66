"""What a notebook shows: views, the export button, the progress bar, the launcher."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pandas as pd
import pytest

from kesos_sim.errors import InputError
from kesos_sim.reports.context import ReportContext
from kesos_sim.reports.description.parameters import grades_chart, parameter_tables
from kesos_sim.reports.description.stages import stage_table
from kesos_sim.reports.tables import Column, TextTable
from kesos_sim.scenario import changed, load_scenario
from kesos_sim.workbench import (
    ExportButton,
    ProgressBar,
    card,
    changes,
    chart,
    odd,
    outcome,
    reproduction,
    said,
    show,
)
from kesos_sim.workbench.look import style_tag
from kesos_sim.workbench.serve import main

from .conftest import PROVENANCE, MakeAnswer

ROOT = Path(__file__).parents[2]
BASELINE = ROOT / "scenarios" / "baseline.yaml"


class Result:
    """A comparison that was never run."""

    def __init__(self, make: MakeAnswer) -> None:
        answer = make()
        self._frame, self._context = answer.results.frame, answer.context
        self.written: list[tuple[str, str]] = []
        self.error: Exception | None = None

    @property
    def provenance(self) -> dict[str, object]:
        return PROVENANCE.document()

    def frame(self, by: str = "province") -> pd.DataFrame:
        assert by == "province"
        return self._frame

    def context(self) -> ReportContext:
        return self._context

    def export(self, path: str | os.PathLike[str], lang: str = "id") -> Path:
        if self.error is not None:
            raise self.error
        self.written.append((str(path), lang))
        return Path(path)


@pytest.fixture
def result(make_answer: MakeAnswer) -> Result:
    return Result(make_answer)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_changes_are_listed_and_nothing_is_said_to_be_nothing(lang: str) -> None:
    baseline = load_scenario(BASELINE)
    other = changed(baseline, {"levers.apbd_poverty_share.value": 0.1})
    shown = changes(baseline, other, lang)
    assert "10%" in shown.text
    assert f'lang="{lang}"' in shown.html
    unchanged = changes(baseline, baseline, lang).text
    assert unchanged.splitlines()[1:] == [
        {"id": "- Tidak ada yang diubah.", "en": "- Nothing is changed."}[lang]
    ]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_outcome_chart_and_reproduction_speak_the_language(result: Result, lang: str) -> None:
    word = {"id": "kemiskinan", "en": "poverty"}[lang]
    assert word in outcome(result, lang).html
    drawn = chart(result, "poverty_path", lang)
    assert "<img" in drawn.html
    assert "<table>" in drawn.html
    assert word in drawn.text
    line = reproduction(result, lang)
    assert all(value in line.text for value in ("0.1.0", "3f9a1c0e77aa", "b81d22f04c19"))
    bundle = line._repr_mimebundle_(include=None, exclude=None)
    assert bundle["text/html"].startswith("<style>")
    assert bundle["text/plain"] == line.text


def test_a_chart_without_data_is_a_sentence_and_an_unknown_one_an_error(result: Result) -> None:
    assert "tidak memuat data" in chart(result, "province_effect").text
    with pytest.raises(InputError, match="KS4004"):
        chart(result, "no_such_chart")


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["id", "en"])
def test_tables_and_charts_are_shown_with_where_they_come_from(lang: str) -> None:
    table = show(stage_table(lang), lang)
    assert table.html.count("<table>") == 1 and "kesos-sim 0.1.0" in table.html
    several = parameter_tables(lang)
    folded, unfolded = show(several, lang), show(several[:2], lang)
    assert folded.html.count("<details>") == folded.html.count("<table>") == len(several)
    assert unfolded.html.count("<details open>") == 2
    drawn = show(grades_chart(lang), lang)
    assert "<img" in drawn.html and "<table>" in drawn.html
    own = show(stage_table(lang), lang, PROVENANCE.document() | {"created": PROVENANCE.created})
    assert "2008" in own.text.splitlines()[-1]


def test_what_is_shown_and_said_is_escaped() -> None:
    hostile = "<script>x</script>"
    table = TextTable("t", hostile, (Column(hostile),), ((hostile,),), ("a",), ((hostile,),))
    for shown in (show(table), show([table]), said([hostile])):
        assert "<script>" not in shown.html
        assert hostile in shown.text


@pytest.mark.slow
def test_sections_of_pages_carry_their_versions_and_lead_to_the_documents() -> None:
    limits = card("limits", "id").markdown
    assert "](../../docs/COVERAGE.md)" in limits and "kesos-sim 0.1.0" in limits
    assert "##" not in limits.replace("###", "")
    assert "move_world" in odd(3).markdown
    assert card("purpose", "en") != card("purpose", "id")
    for wrong in ("no_such_section", "limit"):
        with pytest.raises(InputError, match="KS5101"):
            card(wrong)
    with pytest.raises(InputError, match="KS5101"):
        odd(8)


def test_export_button_writes_and_says_where(result: Result) -> None:
    button = ExportButton(result, "out/hasil", "en")
    assert "out/hasil" in button.status.value
    button.button.click()
    assert result.written == [("out/hasil", "en")]
    assert "full result" in button.status.value
    assert not button.button.disabled


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (InputError("KS4005", "reports.export_target", path="out/<b>"), "out/&lt;b&gt;"),
        (RuntimeError("secret"), "RuntimeError"),
    ],
    ids=["mendable", "unexpected"],
)
def test_export_button_says_in_one_sentence_why_not(
    result: Result, error: Exception, said: str
) -> None:
    result.error = error
    button = ExportButton(result, "out/hasil")
    button.export()
    assert said in button.status.value
    assert 'class="error"' in button.status.value
    assert "secret" not in button.status.value
    assert not button.button.disabled


def test_progress_bar_shows_itself_and_goes_when_all_is_done(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bar = ProgressBar("id")
    bar("runs", 0, 4)
    assert "simulasi" in bar.view.value
    bar("runs", 1, 4)
    assert "25%" in bar.view.value
    bar("runs", 4, 4)
    assert bar.view.value == ""
    assert capsys.readouterr().out.count("HTML(") == 1


def test_style_sheet_names_both_themes_and_no_address() -> None:
    sheet = style_tag()
    assert 'data-jp-theme-light="false"' in sheet
    assert "url(" not in sheet
    assert "@import" not in sheet


@pytest.mark.parametrize("name", ["missing.ipynb", "notes.txt"])
def test_launcher_refuses_what_is_not_a_notebook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    assert main([str(tmp_path / name), "--no-browser"]) == 2
    assert name in capsys.readouterr().err


def test_page_settings_keep_visitors_out_of_files_and_templates() -> None:
    settings = json.loads((ROOT / "notebooks" / "mulai" / "voila.json").read_text("utf-8"))
    page = settings["VoilaConfiguration"]
    assert page["template"] == "kesos"
    assert page["file_allowlist"] == []
    assert page["allow_template_override"] == page["allow_theme_override"] == "NO"
    assert page["show_tracebacks"] is False
    template = ROOT / "src/kesos_sim/workbench/jupyter/voila/templates/kesos/index.html.j2"
    assert "http" not in template.read_text(encoding="utf-8")
