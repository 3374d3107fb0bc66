"""Pages that are made from code are those that are in the repository."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from kesos_sim.reports.documents import DOCUMENTS, write

DOCS = Path(__file__).parents[2] / "docs"


@cache
def made(name: str) -> str:
    """A page, made once."""
    return DOCUMENTS[name]()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_page_is_up_to_date(name: str) -> None:
    """``python -m kesos_sim.reports.documents docs`` writes it again."""
    assert (DOCS / name).read_text(encoding="utf-8") == made(name)


def test_pages_are_written_where_one_asks(tmp_path: Path) -> None:
    write(tmp_path, ["COVERAGE.md"])
    (page,) = tmp_path.iterdir()
    assert page.read_text(encoding="utf-8") == made("COVERAGE.md")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_tables_of_a_page_are_whole(name: str) -> None:
    """Every line of a table has as many cells as its head."""
    cells = 0
    for line in made(name).splitlines():
        if not line.startswith("|"):
            cells = 0
            continue
        found = line.replace("\\|", "").count("|")
        cells = cells or found
        assert found == cells, line
