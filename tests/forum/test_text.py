"""Typed text is one harmless line."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.forum.text import clean_text
from tests.payloads import FORMULAS, MARKUP

ANY = st.text(alphabet=st.characters(), max_size=80)


@given(ANY)
def test_clean_text_is_one_printable_line(text: str) -> None:
    found = clean_text(text)
    assert clean_text(found) == found
    assert found == found.strip()
    assert "  " not in found
    assert all(unicodedata.category(sign)[0] != "C" for sign in found)
    found.encode("utf-8")


@pytest.mark.parametrize("typed", [*MARKUP, *FORMULAS])
def test_hostile_words_stay_words(typed: str) -> None:
    found = clean_text(typed)
    assert clean_text(found) == found and found.isprintable()
    if typed.isprintable():
        assert found == " ".join(typed.split())


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("setuju\u202egnalub\u0000\x1b[31m", "setujugnalub [31m"),
        (" dua\r\n\tbaris ", "dua baris"),
        ("e\u0301", "é"),
        ("a" + "\u0301" * 40, "á" + "\u0301" * 2),
        ("\ud800x", "x"),
        ("\u200b\ufeff", ""),
    ],
)
def test_signs_that_steer_are_gone_and_words_stay(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept
