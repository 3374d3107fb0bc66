"""What the attendee page is made of: texts that exist, no markup from data, one file."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from functools import cache, partial
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from kesos_sim import i18n
from kesos_sim.data.parameters import parameter_table
from kesos_sim.emulator import identity, load_surface
from kesos_sim.emulator.question import RAMPS, START
from kesos_sim.forum.attendee_texts import boot, formats, glossary, packed, page_texts, stale_parts
from kesos_sim.forum.bundle import bundle, stylesheet
from kesos_sim.forum.session import PHASES, ROLES, Session
from kesos_sim.forum.static_copy import static_copy
from tests.payloads import MARKUP

MOST_BYTES = 400_000
SAID = re.compile(r"\b(?:say|rich)\(\s*\"([a-z0-9_]+)\"")
PUT_TOGETHER = re.compile(r"(?:\b(?:say|rich|has)\(\s*|key: )`([a-z_]*)\$\{")
QUOTED = re.compile(r"\"([a-z][a-z0-9_]+)\"")


@cache
def own_script() -> str:
    return bundle("attendee.js")


def test_every_text_that_the_page_says_exists() -> None:
    texts = page_texts()["id"]
    assert not sorted(set(SAID.findall(own_script())) - texts.keys())
    starts = set(PUT_TOGETHER.findall(own_script())) - {""}
    assert not [start for start in starts if not any(key.startswith(start) for key in texts)]


def test_every_text_is_said() -> None:
    starts = tuple(set(PUT_TOGETHER.findall(own_script())) - {""})
    named = set(QUOTED.findall(own_script()))
    idle = [
        key for key in page_texts()["id"]
        if key.removesuffix("_one") not in named and not key.startswith(starts)
    ]  # fmt: skip
    assert not idle


def test_names_of_the_session_have_words(session: Session) -> None:
    texts = page_texts()
    for lang in i18n.LANGUAGES:
        for name in (
            *(f"role_{role}" for role in ROLES),
            *(f"phase_{phase}" for phase in PHASES),
            *(f"shock_{shock}{end}" for shock in session.shocks for end in ("", "_help")),
            *(f"guess_{one.name}" for one in session.questions),
            *(f"place_{code}" for code in session.provinces),
            *(f"lever_short_{lever}" for lever in session.steps),
        ):
            assert texts[lang][name]


def test_evidence_beside_high_figures_is_that_of_the_parameters() -> None:
    known = parameter_table()
    counts = ("neglected_elderly", "neglected_children", "disability", "livelihood")
    others = ("drug_rehabilitation", "education", "health_nutrition", "homeless", "mental_disorder",
              "violence")  # fmt: skip
    assert {known[f"need.{one}.count"].grade for one in counts} == {"B"}
    assert known["orsos.clients"].grade == "B"
    assert {known[f"need.{one}.count"].grade for one in others} == {"D"}
    assert {known[f"need.{one}.years"].grade for one in (*counts, *others)} == {"D"}
    for lang, (need, wait) in {
        "id": (("lembaga B", "fakir miskin B", "lain D"), ("kebutuhan D",)),
        "en": (("organisations B", "destitute B", "groups D"), ("needs last D",)),
    }.items():
        texts = page_texts()[lang]
        assert all(words in texts["about_unmet_need_rate"] for words in need)
        assert all(words in texts["about_days_to_service"] for words in wait)


def test_the_surface_is_judged_by_what_is_installed(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = load_surface().made
    today = {part: made[part] for part in identity.PARTS}
    for changed in (set(), {"code"}, {"data", "parameters"}):
        now = {part: "other" if part in changed else own for part, own in today.items()}
        monkeypatch.setattr(identity, "hashes", partial(dict, now))
        stale_parts.cache_clear()
        words = json.loads(boot(session))["stale"]
        assert stale_parts() == tuple(part for part in identity.PARTS if part in changed)
        assert all(bool(words[lang]) == bool(changed) for lang in i18n.LANGUAGES)
    stale_parts.cache_clear()


def test_glossary_explains_every_marked_term() -> None:
    for lang in i18n.LANGUAGES:
        names = {term["name"] for term in glossary()[lang]}
        marked = {
            term
            for text in page_texts()[lang].values()
            for term in re.findall(r"\[\[(.+?)\]\]", text)
        }
        assert marked <= names
        assert all(term["meaning"] for term in glossary()[lang])


def test_formats_have_months_and_days() -> None:
    assert formats()["id"]["months"][7] == "Agustus"
    assert formats()["en"]["weekdays"] == [
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    ]  # fmt: skip


def test_data_never_become_markup() -> None:
    danger = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    )
    assert not danger.findall(own_script())
    assert not re.findall(r"https?://(?!www\.w3\.org/2000/svg)", own_script() + stylesheet())
    assert "url(" not in stylesheet()
    assert "@import" not in stylesheet()


def test_ramps_of_a_downloaded_scenario_are_those_of_the_surface() -> None:
    assert f'"{START}"' in own_script()
    found = re.search(r"const RAMP_MONTHS = \{([^}]*)\}", own_script())
    assert found is not None
    pairs = re.findall(r"(\w+): (\d+)", found[1])
    assert {name: int(months) for name, months in pairs} == dict(RAMPS)


def test_page_is_small_enough_for_bad_wireless(session: Session) -> None:
    parts = [own_script(), stylesheet(), boot(session)]
    size = sum(len(gzip.compress(part.encode())) for part in parts)
    assert size + len(packed("mpu.json")) + len(packed("families.json")) <= MOST_BYTES


def test_boot_cannot_end_a_script(session: Session) -> None:
    text = boot(session)
    assert "<" not in text
    assert json.loads(text)["session"]["code"] == session.code
    assert json.loads(boot(session, "en"))["session"]["lang"] == "en"


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_static_copy_is_one_file(session: Session, lang: str) -> None:
    text = static_copy(session, lang)
    assert text.startswith("<!doctype html>")
    assert f'<html lang="{lang}">' in text
    assert not re.findall(r"(?:src|href)=\"(?!data:)", text)
    assert text.count("</script>") == 4
    assert "default-src 'none'" in text


class Tags(HTMLParser):
    """The elements of a page with their attributes, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, tuple(name for name, _ in attrs)))


def test_no_words_of_settings_become_markup(session: Session) -> None:
    def tags(title: str) -> list[tuple[str, tuple[str, ...]]]:
        reader = Tags()
        reader.feed(static_copy(replace(session, title={"id": title, "en": title}), "id"))
        return reader.seen

    usual = tags("Rapat")
    assert len(usual) > 10
    assert tags(" ".join(MARKUP)) == usual


def test_unknown_language_is_refused() -> None:
    with pytest.raises(KeyError, match="fr"):
        static_copy(None, "fr")


def test_every_module_of_the_page_is_used() -> None:
    folder = files("kesos_sim.forum") / "page"
    used = own_script() + bundle("alone.js")
    for entry in folder.iterdir():
        given = (
            re.search(r"^export (?:async )?(?:function|const) (\w+)", entry.read_text(), re.M)
            if entry.name.endswith(".js")
            else None
        )
        if given:
            assert re.search(rf"^(?:async )?(?:function|const) {given[1]}\b", used, re.M), (
                entry.name
            )
