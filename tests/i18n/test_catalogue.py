"""Every message exists in both languages with the same placeholders."""

from __future__ import annotations

import ast
import datetime as dt
import re
from itertools import pairwise
from pathlib import Path
from string import Formatter

import pytest

from kesos_sim import i18n
from kesos_sim.i18n import numbers

SOURCE = Path(__file__).parents[2] / "src" / "kesos_sim"
ERROR_CODE = re.compile(r"KS\d{4}")


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def faults(templates: list[str]) -> list[str]:
    """What is wrong with a message in all languages."""
    first, *rest = (placeholders(text) for text in templates)
    whole = all(text.strip() and text.strip() == text.removeprefix(" ") for text in templates)
    return [
        *([] if whole else ["empty, or space at an end"]),
        *([] if all(other == first for other in rest) else ["other placeholders"]),
        *([] if all(name.isidentifier() for name in first) else ["a placeholder without a name"]),
    ]


def test_message_is_complete() -> None:
    """All in one test: thousands of tests take longer than what they look at."""
    keys = i18n.keys()
    assert len(keys) > 5000
    found = {key: faults([i18n.template(key, lang) for lang in i18n.LANGUAGES]) for key in keys}
    assert not {key: wrong for key, wrong in found.items() if wrong}


def test_what_is_there_is_known_and_nothing_else() -> None:
    assert all(i18n.has(key) for key in i18n.keys())  # noqa: SIM118
    absent = ("", "numbers", "numbers.", ".months", "numbers.fortnights", "nothing.months")
    assert not [key for key in absent if i18n.has(key)]


@pytest.mark.parametrize(
    ("templates", "wrong"),
    [
        (["{n} orang", "{n} people"], []),
        ([" orang", " people"], []),
        (["orang ", "people"], ["empty, or space at an end"]),
        (["orang", " "], ["empty, or space at an end"]),
        (["orang", ""], ["empty, or space at an end"]),
        (["{n} orang", "{m} people"], ["other placeholders"]),
        (["{} orang", "{} people"], ["a placeholder without a name"]),
        (["{0} orang", "{0} people"], ["a placeholder without a name"]),
    ],
)
def test_an_incomplete_message_is_found(templates: list[str], wrong: list[str]) -> None:
    assert faults(templates) == wrong


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "1 world did not finish and does not count. The first, number 4: x"),
        ("1", "1 world did not finish and does not count. The first, number 4: x"),
        (0, "0 worlds did not finish and do not count. The first, number 4: x"),
        ("1,001", "1,001 worlds did not finish and do not count. The first, number 4: x"),
    ],
)
def test_one_has_words_of_its_own_in_english(count: object, said: str) -> None:
    assert i18n.text("ensemble.lost", "en", count=count, number=4, cause="x") == said
    assert f"{count} dunia" in i18n.text("ensemble.lost", "id", count=count, number=4, cause="x")


def test_words_for_one_and_many_differ() -> None:
    pair = re.compile(r"\{(\w+):([^{}|]+)\|([^{}|]+)\}")
    keys = i18n.keys()
    found = {
        (key, lang): pair.findall(i18n.template(key, lang))
        for key in keys
        for lang in i18n.LANGUAGES
    }
    assert sum(map(bool, found.values())) >= 20
    assert all(one != many for pairs in found.values() for _, one, many in pairs)
    assert not [key for key, pairs in found.items() if pairs and key[1] == "id"]


def test_unknown_key_and_language_are_refused() -> None:
    with pytest.raises(KeyError, match="no_such_message"):
        i18n.text("errors.no_such_message", "id")
    with pytest.raises(KeyError, match="no_domain"):
        i18n.text("no_domain.x", "id")
    with pytest.raises(KeyError, match="fr"):
        i18n.text("errors.got", "fr", got=1)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [("ind", 'bahasa = "id" untuk'), ("english", 'bahasa = "en" for'), (None, "tidak dikenal")],
)
def test_mistyped_language_is_told_in_one_sentence_of_the_language_that_was_meant(
    wanted: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KESOS_LANG", raising=False)
    for ask in (
        lambda: i18n.text("errors.got", wanted, got=1),
        lambda: numbers.number(1.5, wanted),
        lambda: numbers.date(dt.date(2024, 3, 1), wanted),
    ):
        with pytest.raises(i18n.LanguageError) as caught:
            ask()
        (line,) = caught.value._render_traceback_()
        assert said in line and ascii(wanted) in line and "\n" not in line


@pytest.mark.parametrize(
    ("value", "lang"), [("en", "en"), ("EN_GB.UTF-8", "en"), ("id", "id"), ("fr", "id"), ("", "id")]
)
def test_language_of_the_user(monkeypatch: pytest.MonkeyPatch, value: str, lang: str) -> None:
    monkeypatch.setenv("KESOS_LANG", value)
    assert i18n.default_language() == lang


def raised() -> list[tuple[str, str, str]]:
    """Code, key and place of every error that the package raises with literal arguments."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
                strings = [text for text in texts if isinstance(text, str)]
                for code, key in pairwise(strings):
                    if ERROR_CODE.fullmatch(code):
                        found.append((code, key, f"{path.name}:{node.lineno}"))
    return found


def test_error_codes_belong_to_one_message_that_exists() -> None:
    keys = set(i18n.keys())
    owner: dict[str, str] = {}
    for code, key, place in raised():
        assert key in keys, f"{place}: {key} is not in the catalogue"
        assert owner.setdefault(code, key) == key, f"{place}: {code} already means {owner[code]}"


def test_glossary_is_complete_and_in_both_languages() -> None:
    terms = i18n.glossary()
    assert {"household", "orsos", "bkkks", "wksbm", "psks", "registry", "stream"} <= terms.keys()
    for term in terms.values():
        for lang in i18n.LANGUAGES:
            assert term.label(lang)
            assert term.meaning(lang).endswith(".")
    assert terms["registry"].label("id") == "DTSEN (dulu DTKS)"
