"""The first answer as the README quotes it: what ``make run`` says, word for word.

``python -m tools.first_answer`` asks the model and writes the quotation between the marks of both
pages. A test asks again and compares.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Final

from kesos_sim.experiments.compare import Comparison, compare
from kesos_sim.reports.sentences import sentences
from kesos_sim.scenario import load_scenario
from tools.imports import ROOT

__all__ = ["PAGES", "ask", "quotation", "quoted"]

PAGES: Final[Mapping[str, str]] = {"en": "README.md", "id": "README.id.md"}
"""Page by its language."""

SCENARIOS: Final = ("baseline", "apbd-10", "apbd-apbn-10")
_SHOWN: Final = ("level", "change", "people", "cost", "not_feasible", "per_rupiah")
"""How the keys of the sentences begin that are quoted."""
_BEGIN, _END = "<!-- first answer -->", "<!-- end of the first answer -->"


def ask() -> Comparison:
    """Return the comparison that ``make run`` makes."""
    baseline, *others = (load_scenario(ROOT / "scenarios" / f"{name}.yaml") for name in SCENARIOS)
    return compare(baseline, others)


def quotation(comparison: Comparison, lang: str) -> str:
    """Return what is quoted.

    Parameters
    ----------
    comparison : Comparison
        The answer.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Lines of Markdown: the title of each package and its sentences.
    """
    said = sentences(comparison.frame(), comparison.context(), lang)
    lines: list[str] = []
    for run in comparison.alternatives:
        lines += ["", f"**{run.scenario.title[lang]}**", ""]
        lines += [
            f"* {sentence.text}"
            for sentence in said
            if sentence.scenario == run.scenario.name and sentence.key.startswith(_SHOWN)
        ]
    return "\n".join([*lines, ""])


def quoted(page: str) -> tuple[str, str, str]:
    """Split a page at its marks.

    Parameters
    ----------
    page : str
        Text of the page.

    Returns
    -------
    tuple of three str
        What comes before the quotation, with its mark, the quotation, and the rest.

    Raises
    ------
    ValueError
        If a mark is missing.
    """
    before, rest = page.split(f"{_BEGIN}\n")
    quotation, after = rest.split(_END)
    return f"{before}{_BEGIN}\n", quotation, f"{_END}{after}"


def main() -> int:
    """Write the quotation into both pages."""
    comparison = ask()
    for lang, name in PAGES.items():
        page = ROOT / name
        before, _, after = quoted(page.read_text(encoding="utf-8"))
        text = f"{before}{quotation(comparison, lang)}\n{after}"
        page.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
