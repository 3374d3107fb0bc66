"""The pages in ``docs/`` that are made from code, tables and declarations.

``python -m kesos_sim.reports.documents docs`` writes them again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kesos_sim.reports.card import card_page
from kesos_sim.reports.glossary import glossary_page
from kesos_sim.reports.odd import odd_page
from kesos_sim.reports.systems import coverage_page

__all__ = ["DOCUMENTS", "write"]

DOCUMENTS: Final[Mapping[str, Callable[[], str]]] = MappingProxyType(
    {
        "COVERAGE.md": coverage_page,
        "ODD.md": odd_page,
        "MODEL_CARD.md": partial(card_page, "en"),
        "MODEL_CARD.id.md": partial(card_page, "id"),
        "GLOSSARY.md": partial(glossary_page, "en"),
        "GLOSSARY.id.md": partial(glossary_page, "id"),
    }
)
"""Pages by file name, and what makes each of them."""


def write(folder: Path, names: Sequence[str] = tuple(DOCUMENTS)) -> None:
    """Write pages into a folder.

    Parameters
    ----------
    folder : pathlib.Path
        Where they go.
    names : sequence of str
        Which of them; all when left out.
    """
    for name in names:
        (folder / name).write_text(DOCUMENTS[name](), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
