"""The gallery of charts, drawn by running a small world whenever the site is built."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from kesos_sim.reports.charts import Chart

LANGUAGES: Final = ("id", "en")
_WORLD: Final = {"region": "34", "households": 4000, "months": 24}
_DRAWS: Final = 2
_PLACE: Final = "33"
_TITLE: Final = {"id": "Galeri grafik", "en": "Gallery of charts"}
_INTRODUCTION: Final = {
    "id": (
        "Semua grafik di halaman ini digambar ketika situs ini dibuat. Yang pertama berasal dari "
        "satu perbandingan yang sengaja kecil (DI Yogyakarta, 4.000 rumah tangga simulasi, 24 "
        "bulan, 2 undian): halaman ini menunjukkan bentuknya, angkanya jangan dikutip."
    ),
    "en": (
        "All charts on this page are drawn when this site is built. The first ones come from a "
        "comparison that is small on purpose (DI Yogyakarta, 4,000 simulated households, 24 "
        "months, 2 draws): the page shows their form, its figures are not for quoting."
    ),
}
_PARTS: Final = {
    "comparison": {"id": "Perbandingan dua skenario", "en": "Two scenarios compared"},
    "analyses": {
        "id": "Analisis dari angka terbitan: Jawa Tengah",
        "en": "Analyses of published figures: Central Java",
    },
}


def pages(*, run: bool = True) -> dict[str, str]:
    """Return both pages and every picture.

    Parameters
    ----------
    run : bool
        Whether to run the comparison; without it only charts of published figures are drawn.

    Returns
    -------
    dict of str to str
        Markdown and SVG by file name.
    """
    found: dict[str, str] = {}
    names = {"id": "GALLERY.id.md", "en": "GALLERY.md"}
    compared: dict[str, tuple[Chart, ...]] = _compared() if run else dict.fromkeys(LANGUAGES, ())
    for lang in LANGUAGES:
        lines = [f"# {_TITLE[lang]}", _INTRODUCTION[lang]]
        for part, charts in (("comparison", compared[lang]), ("analyses", _analysed(lang))):
            lines.append(f"## {_PARTS[part][lang]}")
            for chart in charts:
                file = f"{part}-{chart.name}.{lang}.svg"
                found[file] = chart.svg()
                lines += [f"### `{chart.name}`", f"![{_plain(chart.alt)}]({file})"]
        found[names[lang]] = "\n\n".join(lines) + "\n"
    return found


def _compared() -> dict[str, tuple[Chart, ...]]:
    """Run a baseline and a reform, and return every chart in every language."""
    from kesos_sim import compare, load_scenario
    from kesos_sim.reports.charts import charts
    from tools.imports import ROOT

    folder = ROOT / "scenarios"
    scenarios = [load_scenario(folder / f"{name}.yaml", _WORLD) for name in ("baseline", "apbd-10")]
    result = compare(scenarios[0], scenarios[1:], draws=_DRAWS)
    return {lang: charts(result.frame(), result.context(), lang) for lang in LANGUAGES}


def _analysed(lang: str) -> Iterable[Chart]:
    """Return charts of the customary analyses of poverty planning."""
    from kesos_sim.reports import analyses

    calls = (analyses.position, analyses.trend, analyses.quadrants, analyses.linkage)
    for call in calls:
        yield from call(_PLACE, lang=lang).charts


def _plain(text: str) -> str:
    """Return text that Markdown takes as it is."""
    return " ".join(text.split()).replace("[", "(").replace("]", ")")
