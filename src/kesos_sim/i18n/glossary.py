"""The glossary: one source of words for code, screens and documents."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Term:
    """One word of the field.

    Attributes
    ----------
    code : str
        The word as the code has it.
    id, en : str
        The word on Indonesian and English screens.
    meaning_id, meaning_en : str
        What it means, in one sentence.

    Examples
    --------
    >>> term = Term("poor", "miskin", "poor", "Di bawah garis.", "Below the poverty line.")
    >>> term.label("id"), term.meaning("en")
    ('miskin', 'Below the poverty line.')
    """

    code: str
    id: str
    en: str
    meaning_id: str
    meaning_en: str

    def label(self, lang: str) -> str:
        """Return the word on screens of one language."""
        return self.en if lang == "en" else self.id

    def meaning(self, lang: str) -> str:
        """Return the explanation in one language."""
        return self.meaning_en if lang == "en" else self.meaning_id


@cache
def glossary() -> dict[str, Term]:
    """Return all terms by their code.

    Returns
    -------
    dict of str to Term
        In the order of the file: institutions, people, money, measures.

    Examples
    --------
    >>> term = glossary()["bkkks"]
    >>> print(term.label("en"))
    coordinating body (BKKKS, DNIKS)
    """
    source = files("kesos_sim.i18n") / "glossary.toml"
    document = tomllib.loads(source.read_text(encoding="utf-8"))
    return {code: Term(code=code, **entry) for code, entry in document.items()}
