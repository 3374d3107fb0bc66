"""The facilitator's guide and the cards on paper: as the settings and the screens have them."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import numpy as np
import pypdfium2
import pytest

from kesos_sim import i18n
from kesos_sim.cli import main
from kesos_sim.forum.cards import cards
from kesos_sim.forum.guide import GUIDES, ROLE_CARDS, guide_page
from kesos_sim.forum.guide_print import guide_pdf
from kesos_sim.forum.session import FORMS, PHASES, agenda
from kesos_sim.forum.settings import shipped_session
from tests.forum.full_meeting import HOSTILE
from tests.reports.office.conftest import pages_of, squeezed

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(("name", "lang"), GUIDES.items())
def test_guide_is_as_settings_and_script_have_it(name: str, lang: str) -> None:
    """``python -m kesos_sim.forum.guide docs`` writes it again."""
    assert (DOCS / name).read_text(encoding="utf-8") == guide_page(lang)


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_guide_names_every_phase_minute_by_minute(lang: str) -> None:
    page = guide_page(lang)
    for form in FORMS:
        minutes = [one.minutes for one in agenda(form)]
        assert sum(minutes) == form
        assert [one.name for one in agenda(form)] == list(PHASES)
        assert f"| {form - minutes[-1]}–{form} |" in page
    for phase in PHASES:
        assert page.count(i18n.text(f"forum_page.phase_{phase}", lang)) >= 3
        assert i18n.text(f"forum_room.script.{phase}.plan_b", lang) in page
    assert "80%" in page and "60%" in page, "the thresholds of the settings"


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_the_guide_is_printed_whole_on_a4_in_black(lang: str) -> None:
    """Every word of the page, within the margins, in letters of the package, without colour."""
    made = guide_pdf(lang)
    assert made == guide_pdf(lang)
    pages = pages_of(made)
    plain = re.sub(r"\]\([^)]*\)|[*`\[]|^(?:#+|[>|-]|\| ---.*) ", "", guide_page(lang), flags=re.M)
    for line in plain.splitlines():
        for cell in line.split("|"):
            assert squeezed(cell.strip(" -")) in pages.letters, cell
    assert 5 <= len(pages.texts) <= 12
    labels = set(re.findall(r"^\*\*([^*]+)\*\*$", guide_page(lang), flags=re.M))
    assert len(labels) >= 3
    for text in pages.texts:
        last = text.splitlines()[-2:]  # the foot of the page is the last line
        assert labels.isdisjoint(one.strip() for one in last), "a label goes with its list"
    for image, words in zip(pages.images, pages.words, strict=True):
        height, width = image.shape
        assert (height, width) in {(1684, 1191), (1684, 1190)}
        assert all(left > 85 and right < width - 85 for left, _, right, _ in words)
        assert all(top > 80 and bottom < height - 40 for _, top, _, bottom in words)
    for page in pypdfium2.PdfDocument(made):
        picture = np.asarray(page.render(scale=1.0).to_pil().convert("RGB")).astype(int)
        assert np.ptp(picture, axis=2).max() <= 2, "grey at the most"
        assert page.get_width() == pytest.approx(595.3, abs=0.1)
    named = re.findall(rb"/BaseFont ?/[A-Z]{6}\+(\w+)", made)
    assert {b"KesosInter"} <= set(named) <= {b"KesosInter", b"DejaVuSansMono", b"LibertinusSerif"}
    assert made.count(b"/FontFile") == len(set(re.findall(rb"/BaseFont ?/([\w+-]+)", made)))


@pytest.mark.parametrize(("lang", "name"), [("id", "panduan-fasilitator.pdf"),
                                            ("en", "facilitator-guide.pdf")])  # fmt: skip
def test_the_command_writes_the_guide_where_it_is_asked_to(
    lang: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["forum", "guide", "--lang", lang, "--out", str(tmp_path)]) == 0
    assert (tmp_path / name).read_bytes() == guide_pdf(lang)
    assert str(tmp_path / name) in capsys.readouterr().out
    assert "kesos forum guide" in guide_page(lang)


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_cards_hold_every_role_lever_and_point(lang: str) -> None:
    session = shipped_session()
    made = cards(session, lang)
    assert made == cards(session, lang)
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(made)]
    text = " ".join(" ".join(pages).split())
    assert len(pages) == 4
    for role in ROLE_CARDS:
        for part in ("title", "goal", "limit", "secret"):
            assert i18n.text(f"forum_room.role.{role}.{part}", lang) in text
    for point in range(1, 10):
        assert i18n.text(f"forum_page.point_{point}", lang) in text


def test_markup_in_a_title_stays_text() -> None:
    hostile = dataclasses.replace(shipped_session(), title={"id": f"#panic() {HOSTILE}", "en": "x"})
    text = pypdfium2.PdfDocument(cards(hostile, "id"))[1].get_textpage().get_text_range()
    assert "#panic()" in text and "<b>tebal</b>" in text
