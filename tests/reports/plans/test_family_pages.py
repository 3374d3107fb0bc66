"""Families as pages and as views: told as the followers saw them."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from kesos_sim.errors import InputError
from kesos_sim.experiments.families import Families, families
from kesos_sim.reports.measures.families import named
from kesos_sim.reports.office import Heading, Listing, PageBreak, Paragraph, Picture, render
from kesos_sim.reports.plans.family_pages import family_life, family_pages
from kesos_sim.scenario import load_scenario
from kesos_sim.workbench.planning import family
from tests.reports.office.conftest import pages_of

pytestmark = pytest.mark.slow
KINDS = ("pkh", "poor_unlisted")


@pytest.fixture(scope="module")
def found(scenario_folder: Path, anchors: Path) -> Families:
    world = {"region": "3471", "households": 2000, "months": 14}
    scenarios = (load_scenario(scenario_folder / f"{name}.yaml", world)
                 for name in ("baseline", "apbd-10"))  # fmt: skip
    return families(*scenarios, kinds=KINDS, threads=1)


def test_every_kind_has_a_page(found: Families) -> None:
    document = family_pages(found)
    heads = [b.text for b in document.blocks if isinstance(b, Heading) and b.level == 1]
    assert heads[:2] == [named(kind, "id") for kind in KINDS]
    followed = sum(one.without is not None for one in found.families)
    assert sum(isinstance(block, Picture) for block in document.blocks) == followed
    assert sum(isinstance(block, PageBreak) for block in document.blocks) == len(KINDS) + 1
    assert document.provenance.scenario_hash == found.provenance["scenario_hash"]
    assert any(isinstance(b, Paragraph) and b.text.startswith("Maret 2024:")
               for b in document.blocks)  # fmt: skip


def test_a_life_that_is_too_long_for_its_page_says_that_it_goes_on(
    found: Families, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = family_life(found, found.families[0], yearly=True)
    long = (told[0], *(f"Desember {2024 + n}: {'kata ' * 60}." for n in range(11)))
    monkeypatch.setattr("kesos_sim.reports.plans.family_pages.family_life", lambda *_, **__: long)
    document = family_pages(found)
    name = named(KINDS[0], "id")
    heads = [b.text for b in document.blocks if isinstance(b, Heading)]
    assert heads[:2] == [name, f"{name} (halaman 2 dari 2)"]
    words = [b.text for b in document.blocks if isinstance(b, Paragraph)]
    (end,) = (n for n, text in enumerate(words) if text.startswith("Halaman 1 dari 2"))
    assert 1 <= words[:end].index(long[1]) < end < words.index(long[-1])
    assert [text for text in words if text in long[1:]] == list(long[1:]), "once each, in order"
    pages = pages_of(render(document, "pdf")).texts
    (first,) = (n for n, text in enumerate(pages) if "Halaman 1 dari 2" in text)
    assert name in pages[first] and "(halaman 2 dari 2)" in pages[first + 1]


def test_the_line_of_the_annex_finds_the_same_families(
    found: Families,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    document = family_pages(found)
    for block in document.blocks:
        if isinstance(block, Listing):
            (tmp_path / block.name).write_text(block.text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert document.commands == ("python hitung_lagi_3471.py",)
    runpy.run_path("hitung_lagi_3471.py", run_name="__main__")
    assert (
        capsys.readouterr().out.split()
        == " ".join(table.text() for table in found.tables("id")).split()
    )


def test_years_are_a_part_of_the_months(found: Families) -> None:
    first = found.families[0]
    months, years = (family_life(found, first, yearly=only) for only in (False, True))
    assert months[:2] == years[:2]
    assert set(years) <= set(months)
    assert "Sepanjang 2024 (10 bulan" in years[2]
    assert [one.split(":")[0] for one in years[1:]] == ["Maret 2024", "Desember 2024"]


def test_nobody_in_a_city_is_a_rural_family(found: Families) -> None:
    life = family_life(found, found.families[1], "en")
    assert len(life) == 1
    assert "none among the simulated households" in life[0]
    shown = dict(family(found, "poor_unlisted", "en")._repr_mimebundle_())
    assert life[0] in shown["text/html"]
    assert "<img" not in shown["text/html"]


def test_view_holds_chart_and_months(found: Families) -> None:
    shown = dict(family(found, "pkh")._repr_mimebundle_())
    assert shown["text/html"].count("<img") == 1
    for one in family_life(found, found.families[0]):
        assert one in shown["text/plain"]


def test_kind_that_was_not_followed_is_refused(found: Families) -> None:
    with pytest.raises(InputError) as caught:
        family(found, "pkhh")
    assert caught.value.code == "KS9101"
    assert caught.value.suggestion == "pkh"
