"""The glossary explains the names that planners meet, by their current form."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

from kesos_sim import i18n

ROOT = Path(__file__).parents[2]
SCREENS = ("planner", "plans", "levers", "sentences", "measures", "analyses", "charts", "facts",
           "indicators", "own_data", "own_form", "scenario")  # fmt: skip
PLAIN = {"XLSX", "DOCX", "PDF", "CSV", "YAML", "PNG", "SVG", "SHA", "UTF", "XML", "USB", "MB", "TA",
         "PERHATIAN", "DI", "DKI"}  # fmt: skip
"""Formats of files and words in capitals."""


def _shown() -> str:
    """All Indonesian words that planners read: the catalogue, the notebooks, the guide."""
    keys = (key for key in i18n.keys() if key.partition(".")[0] in SCREENS)  # noqa: SIM118
    words = [i18n.template(key, "id") for key in keys]
    for path in (ROOT / "notebooks" / "perencana").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        words += ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    words.append((ROOT / "docs" / "PLANNER_GUIDE.id.md").read_text(encoding="utf-8"))
    return "\n".join(words)


def test_abbreviations_on_the_screens_of_planners_are_explained() -> None:
    told = " ".join(f"{term.id} {term.meaning_id}" for term in i18n.glossary().values())
    known = set(re.findall(r"[A-Za-z-]+", told)) | PLAIN
    found = Counter(re.findall(r"\b[A-Z]{2,}(?:-[A-Z]+)?\b", _shown()))
    assert found["WKSBM"] > 10
    assert not {name: times for name, times in found.items() if times >= 3 and name not in known}


def test_older_names_stand_behind_the_current_ones() -> None:
    for term in i18n.glossary().values():
        for old in ("DTKS", "PMKS", "BPNT", "Raskin"):
            for lang, before in (("id", "dulu"), ("en", "formerly")):
                label = term.label(lang)
                assert old not in label or f"{before} {old}" in label


def test_every_term_is_told_once() -> None:
    for lang in i18n.LANGUAGES:
        labels = [term.label(lang).casefold() for term in i18n.glossary().values()]
        assert len(set(labels)) == len(labels)
