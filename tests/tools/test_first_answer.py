"""What the README quotes is what the model says."""

from __future__ import annotations

import pytest

from tools.first_answer import PAGES, ask, quotation, quoted
from tools.imports import ROOT


@pytest.mark.full
def test_the_readme_quotes_the_model() -> None:
    comparison = ask()
    for lang, name in PAGES.items():
        before, found, after = quoted((ROOT / name).read_text(encoding="utf-8"))
        assert found.strip() == quotation(comparison, lang).strip(), "python -m tools.first_answer"
        assert before.count("##") == 2 and "##" in after, "the quotation stands in its section"


@pytest.mark.parametrize("page", ["", "<!-- first answer -->\nhalf of it"])
def test_a_page_without_marks_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="unpack"):
        quoted(page)
