"""The attendee page in a real browser: every screen, sizes, themes, languages, keyboard, link."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import segno
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import Error as PageError

from kesos_sim import i18n
from kesos_sim.data import read_table
from kesos_sim.emulator.surface import load_surface
from kesos_sim.forum import bundle as bundle_module
from kesos_sim.forum.attendee_texts import page_texts
from kesos_sim.forum.bundle import bundle
from kesos_sim.forum.entries import checked
from kesos_sim.forum.events import pseudonym
from kesos_sim.forum.figures import draft_figures
from kesos_sim.forum.gains import gain_sentences
from kesos_sim.forum.lever_words import setting_texts, setting_words
from kesos_sim.forum.room import Room
from kesos_sim.forum.session import FORUM_LEVERS
from kesos_sim.forum.settings import example_session
from kesos_sim.forum.static_copy import static_copy
from kesos_sim.i18n import numbers
from kesos_sim.i18n.numbers import MINUS
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.scenario.load import load_scenario
from tests.payloads import MARKUP

from .forum_visit import LAPTOP, PHONE, SCREENS, Visit, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
CASES: list[dict[str, Any]] = json.loads(
    (ROOT / "tests" / "golden" / "number_cases.json").read_text(encoding="utf-8")
)
FAMILIES = ROOT / "src" / "kesos_sim" / "emulator" / "surfaces" / "families.json"
SMALLEST_TEXT = 14.0
SMALLEST_TARGET = 44.0
QR_ROOM = (
    17, 32, 53, 78, 106, 134, 154, 192, 230, 271, 321, 367, 425, 458, 520, 586, 644, 718, 792, 858,
)  # fmt: skip
FOREIGN = "img, script, iframe, object, embed, base, meta, link, style, marquee, video, math, form"
EVIL = '<img src=x onerror="window.broken=1">=1+1'
MEASURE = """() => {
  const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length;
  const parts = [...document.querySelectorAll('.kf *')].filter(seen);
  const hasWords = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  const box = (e) => e.getBoundingClientRect();
  const over = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 &&
    a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const pairs = (list) => list.flatMap((one, place) => list.slice(place + 1)
    .filter((other) => over(box(one), box(other)))
    .map((other) => `${one.textContent} | ${other.textContent}`));
  const outside = (frame, list) => list
    .filter((one) => box(one).right > box(frame).right + 1).map((one) => one.className);
  const worded = parts.filter(hasWords);
  const targets = parts.filter((e) => e.matches(
    'button:not(.kf-term), select, textarea, summary, .kf-option, .kf-switch, .kf-typed'));
  return {
    width: document.documentElement.scrollWidth,
    spilt: targets.filter((e) => !e.matches('select, textarea'))
      .filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent),
    text: Math.min(...worded.map((e) => parseFloat(getComputedStyle(e).fontSize))),
    target: Math.min(...targets.map((e) => e.getBoundingClientRect().height)),
    cut: parts.filter((e) => e.matches('.kf-chart text')).filter((e) => {
      const [box, frame] = [e.getBoundingClientRect(), e.ownerSVGElement.getBoundingClientRect()];
      return box.left < frame.left - 1 || box.right > frame.right + 1;
    }).map((e) => e.textContent),
    touching: [
      ...[...document.querySelectorAll('.kf-chart')].filter(seen)
        .flatMap((chart) => pairs([...chart.querySelectorAll('.kf-tick')])),
      ...pairs([...document.querySelectorAll('.kf-nav > *')].filter(seen)),
      ...[...document.querySelectorAll('.kf-lever')].filter(seen)
        .flatMap((lever) => outside(lever, [...lever.querySelectorAll('.kf-slider-row > *')])),
    ],
    broken: parts.filter((e) => e.matches('.kf-whole') && e.getClientRects().length > 1)
      .map((e) => e.textContent),
    narrow: [...document.querySelectorAll('.kf-chart:has(path)')].filter(seen)
      .filter((e) => box(e.querySelector('.kf-grid')).width < 0.45 * box(e).width)
      .map((e) => e.getAttribute('aria-label')),
    odd: parts.filter((e) => e.matches('.kf-chart *'))
      .flatMap((e) => [...e.attributes].map((one) => `${e.localName} ${one.name}=${one.value}`))
      .filter((text) => /NaN|undefined|Infinity/.test(text)),
  };
}"""


def set_package(page: Page, **levers: float) -> None:
    """Put levers into the package as the store of the page keeps it, and start the page anew."""
    page.add_init_script(
        """if (location.href !== 'about:blank' && !sessionStorage.getItem('set')) {
          sessionStorage.setItem('set', '1');
          const key = Object.keys(localStorage).find((k) => /^kesos-forum:[^:]+$/.test(k));
          const kept = JSON.parse(localStorage.getItem(key));
          kept.work.levers = LEVERS;
          kept.work.a = { levers: LEVERS, taken: {} };
          kept.work.b = { levers: { bkkks_standing: 3, partnership_platform: 3 }, taken: {} };
          localStorage.setItem(key, JSON.stringify(kept));
        }""".replace("LEVERS", json.dumps(levers))
    )
    page.reload()
    page.locator(".kf h1").wait_for()


def touching_behind_tabs(page: Page) -> Iterator[list[str]]:
    """Open the other charts of the results one after the other."""
    for tab in page.locator(".kf-main").get_by_role("tab").all():
        tab.click()
        yield page.evaluate(MEASURE)["touching"]


@pytest.mark.parametrize(
    ("size", "scheme", "lang"),
    [
        (PHONE, "light", "id"),
        pytest.param(PHONE, "dark", "en", marks=pytest.mark.full),
        pytest.param(LAPTOP, "dark", "id", marks=pytest.mark.full),
        (LAPTOP, "light", "en"),
    ],
    ids=["phone-light-id", "phone-dark-en", "laptop-dark-id", "laptop-light-en"],
)
def test_every_screen(
    browser: Browser, tmp_path: Path, size: dict[str, int], scheme: str, lang: str
) -> None:
    with visit(browser, tmp_path, size, scheme) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "guess"})
        visitor.go("guess")
        card = page.locator(".kf-main section").first
        card.get_by_role("slider").press("ArrowRight")
        card.get_by_role("button", name="Kirim tebakan").click()
        for phase in ("shock", "agree"):
            visitor.facilitator(phase={"name": phase})
        visitor.facilitator(reveal={"what": "guess:apbd"}, shock={"name": "flood"})
        visitor.facilitator(reveal={"what": "model:apbd"})
        visitor.facilitator(reveal={"what": "packages"})
        set_package(page, apbd_poverty_share=0.1, bkkks_standing=3, political_dialogue=4)
        if lang == "en":
            visitor.go("join")
            page.get_by_label("English").check()
            expect(page.locator("html")).to_have_attribute("lang", "en")
        titles = set()
        for screen in SCREENS:
            visitor.go(screen)
            titles.add(page.locator(".kf h1").inner_text())
            if screen == "levers":
                assert page.locator(".kf-aside").is_visible() == (size == LAPTOP)
                assert page.locator(".kf-strip").is_visible() == (size == PHONE)
                idle = page_texts()[lang]["strip_idle"].partition("{")[0]
                expect(page.locator(".kf-strip")).to_contain_text(re.compile(rf"{idle}[\d.,]+%"))
            found = page.evaluate(MEASURE)
            assert found["width"] <= size["width"], screen
            assert found["text"] >= SMALLEST_TEXT, screen
            assert found["target"] >= SMALLEST_TARGET, screen
            assert not found["cut"], screen
            touching = [found["touching"], *touching_behind_tabs(page)]
            assert not any(touching), (screen, touching)
            assert not found["odd"], screen
            assert not found["broken"], screen
            assert not found["narrow"], screen
            assert not visitor.problems(), screen
        assert len(titles) == len(SCREENS)
        page.locator(".kf-tool").nth(3).click()
        assert not visitor.problems(), "help"


def test_largest_text_fits_a_phone(browser: Browser, tmp_path: Path) -> None:
    with visit(browser, tmp_path) as visitor:
        visitor.open()
        visitor.page.get_by_label("A++").check()
        visitor.join()
        visitor.facilitator(phase={"name": "agree"})
        set_package(visitor.page, apbd_poverty_share=0.1, bkkks_standing=3)
        for screen in SCREENS:
            visitor.go(screen)
            found = visitor.page.evaluate(MEASURE)
            assert found["width"] <= PHONE["width"], screen
            assert not found["cut"], screen
            if screen == "levers":
                for card in visitor.page.locator(".kf-card").all():
                    card.locator("summary").click()
                    assert not visitor.page.evaluate(MEASURE)["spilt"]
            touching = [found["touching"], *touching_behind_tabs(visitor.page)]
            assert not any(touching), (screen, touching)


def test_what_a_family_receives_fits_a_phone(browser: Browser, tmp_path: Path) -> None:
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        page.get_by_label("Nusa Tenggara Timur").check()
        page.get_by_label("WKSBM").check()
        page.get_by_role("button", name="Masuk").click()
        visitor.facilitator(phase={"name": "family"})
        visitor.go("family")
        family = page.get_by_label("Keluarga", exact=True)
        for place in range(family.locator("option").count()):
            family.select_option(index=place)
            received = page.locator(".kf-scroll:visible").first
            wide = received.evaluate("(e) => e.scrollWidth - e.clientWidth")
            assert wide <= 0, (place, wide)


def test_numbers_meet_every_case(browser: Browser, tmp_path: Path) -> None:
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        page.add_script_tag(
            content=bundle("numbers.js") + "\nwindow.writer = numberWriter;", type="module"
        )
        page.wait_for_function("() => window.writer !== undefined")
        formats = json.loads(visitor.boot)["formats"]
        written = page.evaluate(
            """([cases, formats]) => cases.map((one) => ['id', 'en'].map((lang) => {
              const names = { month_name: 'monthName', fiscal_year: 'fiscalYear' };
              const writer = window.writer(lang, formats[lang]);
              return writer[names[one.function] ?? one.function](
                ...one.args, one.options ?? {});
            }))""",
            [CASES, formats],
        )
        wrong = [
            (case["function"], case["args"], lang, found, case[lang])
            for case, pair in zip(CASES, written, strict=True)
            for lang, found in zip(("id", "en"), pair, strict=True)
            if found != case[lang]
        ]
        assert not wrong
        typed = {
            "id": "1.234,5 Rp1.000 1.000.000 1.2.3 1,234,5",
            "en": "1,234.5 Rp1,000 1,000,000 1,2,3 1.234.5",
        }
        wanted = [1234.5, 1000, 1e6, None, None]
        # Neither sign is passed over: a slip of the finger is no number rather than another one.
        either = {"7,5": 7.5, "7.5": 7.5, "0,075": 0.075, "0.075": 0.075, "10 %": 10, "−3": -3,
                  "7..5": None, "7,,5": None, "7.5.": None, "7 5": None, "7,5,": None, "12a": None,
                  "x": None, "": None}  # fmt: skip
        for lang, texts in typed.items():
            parsed = page.evaluate(
                "([texts, lang, formats]) => texts.map(window.writer(lang, formats[lang]).parse)",
                [[*texts.split(), *either], lang, formats],
            )
            assert parsed == [*wanted, *either.values()], lang


def test_no_line_of_the_guesses_runs_through_a_name(browser: Browser, tmp_path: Path) -> None:
    at = {"Tengah ruangan 6,9%": 171.0, "Anda 8,8%": 214.0, "Model 7,4%": 182.0}
    letter, width = 8.8, 366.0
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        page.add_script_tag(
            content=bundle("chart_parts.js") + "\nwindow.freeOrder = freeOrder;", type="module"
        )
        page.wait_for_function("() => window.freeOrder !== undefined")
        for moved in (0.0, 80.0, -120.0, 150.0):
            named = [{"at": place + moved, "text": text} for text, place in at.items()]
            placed = page.evaluate("([named, wide]) => freeOrder(named, wide)", [named, width])
            assert sorted(one["text"] for one in placed) == sorted(at)
            for place, one in enumerate(placed):
                long = len(one["text"]) * letter
                left = one["at"] - 6 - long if one["anchor"] == "end" else one["at"] + 6
                assert left >= 0 and left + long <= width
                assert not any(left < above["at"] < left + long for above in placed[:place])


def test_a_setting_reads_on_the_page_as_in_the_agreement(browser: Browser, tmp_path: Path) -> None:
    values = {
        name: [*steps, LEVERS[name].high, 0.073 if LEVERS[name].kind == "share" else 0.0]
        for name, steps in example_session().steps.items()
    }
    asked = [(name, float(value)) for name, found in values.items() for value in found]
    modules = tmp_path / "modules"
    shutil.copytree(Path(bundle_module.__file__).parent / "page", modules)
    modules.joinpath("entry.js").write_text(
        """import { settingWriter } from "./setting.js";
import { numberWriter } from "./numbers.js";
import { textsOf } from "./texts.js";
window.settings = { settingWriter, numberWriter, textsOf };
""",
        encoding="utf-8",
    )
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        page.add_script_tag(content=bundle("entry.js", modules), type="module")
        page.wait_for_function("() => window.settings !== undefined")
        for lang in i18n.LANGUAGES:
            formats = json.loads(visitor.boot)["formats"][lang]
            written = page.evaluate(
                """([asked, texts, formats, lang]) => {
                  const { settingWriter, numberWriter, textsOf } = window.settings;
                  const write = settingWriter(textsOf(texts), numberWriter(lang, formats));
                  return asked.map(([name, value]) => write(name, value));
                }""",
                [asked, setting_texts(lang), formats, lang],
            )
            assert written == [setting_words(name, value, lang) for name, value in asked]


def test_keyboard_alone_reaches_a_result(browser: Browser, tmp_path: Path) -> None:
    with visit(browser, tmp_path) as visitor:
        page, keys = visitor.page, visitor.page.keyboard
        visitor.open()
        keys.press("Tab")
        expect(page.locator(".kf-skip")).to_be_focused()
        keys.press("Enter")
        expect(page.locator("h1")).to_be_focused()
        keys.press("Tab")
        keys.press("Space")
        keys.press("ArrowDown")
        expect(page.get_by_label("DKI Jakarta")).to_be_checked()
        keys.press("Tab")
        keys.press("Space")
        page.get_by_role("button", name="Masuk").press("Enter")
        expect(page.locator("h1")).to_be_focused()
        expect(page.locator("h1")).to_have_text("Tentang simulasi ini")
        expect(page.locator(".kf-phase")).to_be_hidden()
        visitor.facilitator(phase={"name": "explore"})
        page.get_by_role("button", name="Buka Sembilan tuas").press("Enter")
        expect(page.locator("h1")).to_have_text("Sembilan tuas")
        slider = page.get_by_role(
            "slider", name="Porsi APBD untuk penanggulangan kemiskinan", exact=True
        )
        slider.focus()
        ring = slider.evaluate("e => getComputedStyle(e).outlineStyle")
        assert ring == "solid"
        keys.press("End")
        assert (slider.get_attribute("aria-valuetext") or "").startswith(
            "15,0 persen, tambahan sekitar Rp"
        )
        status = page.locator(".kf [role=status][aria-live=polite]")
        expect(status).to_contain_text("kemiskinan di")
        keys.press("Tab")
        keys.press("Tab")
        keys.type("12")
        keys.press("Enter")
        assert (slider.get_attribute("aria-valuetext") or "").startswith("12,0 persen")
        keys.type("99")
        keys.press("Enter")
        expect(page.locator(".kf-problem:visible")).to_contain_text("0,0% sampai 15,0%")
        # What others do draws the page anew, and takes away no message that somebody reads.
        visitor.facilitator(highlight={"table": "33"})
        visitor.facilitator(highlight={"table": ""})
        expect(page.locator(".kf-problem:visible")).to_contain_text("0,0% sampai 15,0%")
        visitor.go("results")
        page.get_by_role("tab", name="Kemiskinan").focus()
        keys.press("ArrowRight")
        expect(page.get_by_role("tab", name="Anggaran")).to_be_focused()
        expect(page.get_by_role("tabpanel", name="Anggaran")).to_be_visible()
        page.locator(".kf-tool").nth(3).press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        keys.press("Escape")
        expect(page.locator(".kf-tool").nth(3)).to_be_focused()


def test_a_lever_changes_the_answer_and_can_be_taken_back(browser: Browser, tmp_path: Path) -> None:
    with visit(browser, tmp_path, LAPTOP) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "package"})
        visitor.go("levers")
        typed = page.get_by_label("Porsi APBD untuk penanggulangan kemiskinan, ketik angkanya")
        before = page.locator(".kf-figures").inner_text()
        typed.fill("10")
        typed.press("Enter")
        answer = load_surface().answer({"apbd_poverty_share": 0.1}, place="33")
        low, middle, high = answer["outcomes"]["poverty_rate"]["package"][-1]
        figures = page.locator(".kf-figures > div")
        expect(figures.nth(0)).to_contain_text(numbers.percent(middle, "id"))
        expect(figures.nth(0)).to_contain_text(numbers.interval(low, high, "id"))
        idle = load_surface().answer({"apbd_poverty_share": 0.1}, place="33", effect=False)
        expect(figures.nth(1)).to_contain_text(
            numbers.percent(idle["outcomes"]["poverty_rate"]["package"][-1][1], "id")
        )
        after = page.locator(".kf-figures").inner_text()
        assert after != before
        page.get_by_role("button", name="Batalkan").click()
        expect(page.locator(".kf-figures")).to_have_text(before, use_inner_text=True)
        page.get_by_role("button", name="Ulangi").click()
        expect(page.locator(".kf-figures")).to_have_text(after, use_inner_text=True)
        page.reload()
        expect(page.locator(".kf-figures")).to_have_text(after, use_inner_text=True)
        page.get_by_role("button", name="Kembali ke awal").click()
        expect(page.locator(".kf-figures")).to_have_text(before, use_inner_text=True)
        page.get_by_role("button", name="Batalkan").click()
        visitor.go("sources")
        expect(page.locator(".kf-verdict")).to_contain_text("Belum seimbang: kurang")
        expect(page.get_by_text("pemerintah yang membiayai Jawa Tengah")).to_be_visible()
        page.get_by_role("button", name="Ambil sisanya dari Belanja barang dan jasa").click()
        expect(page.locator(".kf-verdict")).to_contain_text("Anggaran seimbang")
        page.get_by_label("Nama paket").fill(EVIL)
        page.get_by_role("button", name="Kirim usulan").click()
        expect(page.locator(".kf-connection")).to_have_text("Tersambung")
        (package,) = visitor.kernel.entries("package")
        assert package["levers"] == {"apbd_poverty_share": 0.1}
        assert package["sources"] == {"belanja_barang": 1}
        assert package["balanced"] and package["table"]
        tries = visitor.kernel.entries("try")
        assert tries and tries[0]["levers"] == {"apbd_poverty_share": 0.1}
        visitor.facilitator(reveal={"what": "packages"})
        visitor.go("compare")
        others = page.get_by_label("Bandingkan dengan paket meja lain").first
        assert EVIL[:20] in others.inner_text()
        others.select_option(index=1)
        expect(page.locator(".kf-slot").first).to_contain_text(
            "Porsi APBD untuk penanggulangan kemiskinan: 10%"
        )
        assert page.evaluate("window.broken === undefined && !document.querySelector('.kf img')")


def test_no_payload_of_others_runs_on_a_phone(browser: Browser, tmp_path: Path) -> None:
    """Names of packages, notes of other tables and clauses of the text are shown as they are."""
    with visit(browser, tmp_path) as visitor:
        page, kernel = visitor.page, visitor.kernel
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "agree"})
        room = Room(kernel.session)
        room.take(kernel.store.since(0))
        tables = [table.province for table in kernel.session.tables]
        for number, words in enumerate(MARKUP):
            who = pseudonym(f"{number:032x}")
            package = {"name": words[:40], "levers": {"apbd_poverty_share": 0.1}, "table": True,
                       "sources": {"belanja_barang": 1.0}, "balanced": True}  # fmt: skip
            note = {"point": "4", "answer": 2, "round": 1, "note": words}
            place = {"province": tables[number % len(tables)], "role": "dinsos", "lang": "id"}
            for kind, body in (("join", place), ("package", package), ("stance", note)):
                raw = {"id": f"typed-{kind}-{number:04d}", "kind": kind, "body": body}
                kernel.store.add([checked(raw, kernel.session, room, who)])
                room.take(kernel.store.since(room.version))
        for number, words in enumerate(MARKUP[:9]):
            visitor.facilitator(clause={"point": str(number + 1), "text": words})
        for what in ("packages", "stances"):
            visitor.facilitator(reveal={"what": what})
        for screen in ("compare", "deliberate", "agree", "take"):
            visitor.go(screen)
            assert page.locator(f".kf :is({FOREIGN})").count() == 0, screen
        visitor.go("agree")
        expect(page.locator(".kf")).to_contain_text(MARKUP[0])
        assert page.evaluate("window.hurt") is None
        assert not visitor.broken and not visitor.outside()


def test_a_lever_that_nobody_touched_is_no_opinion(browser: Browser, tmp_path: Path) -> None:
    """Untouched is silent, a tick says that it stays, and both can be taken back."""
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "package"})
        visitor.go("sources")
        send = page.get_by_role("button", name="Kirim usulan")
        expect(send).to_be_disabled()
        visitor.go("levers")
        states = page.locator(".kf-card-state")
        expect(states.nth(3)).to_have_text("tanpa pendapat")
        tick = page.get_by_role("checkbox", name="Tetap seperti sekarang: Porsi APBN")
        expect(tick).not_to_be_checked()
        box = page.locator(".kf-tick").filter(has=tick).bounding_box()
        assert box is not None and box["height"] >= 44 and box["width"] >= 44
        tick.focus()
        page.keyboard.press("Space")
        expect(tick).to_be_checked()
        expect(states.nth(3)).to_have_text("tanpa pendapat · tetap seperti sekarang")
        visitor.go("sources")
        expect(send).to_be_enabled()
        visitor.go("levers")
        typed = page.get_by_label("Porsi APBN untuk penanggulangan kemiskinan, ketik angkanya")
        typed.fill("10")
        typed.press("Enter")
        expect(tick).not_to_be_checked()
        expect(states.nth(3)).to_have_text("tanpa pendapat · 10%")
        page.get_by_role("button", name="Hapus pendapat: Porsi APBN").click()
        expect(states.nth(3)).to_have_text("tanpa pendapat")
        page.get_by_role("button", name="Batalkan").click()
        expect(states.nth(3)).to_have_text("tanpa pendapat · 10%")
        tick.check()
        expect(states.nth(3)).to_have_text("tanpa pendapat · tetap seperti sekarang")
        visitor.go("sources")
        send.click()
        expect(page.locator(".kf-connection")).to_have_text("Tersambung")
        (package,) = visitor.kernel.entries("package")
        assert package["levers"] == {}
        assert set(FORUM_LEVERS) - set(package["silent"]) == {"apbn_poverty_share"}


def test_what_stays_as_now_is_shown_to_the_room(browser: Browser, tmp_path: Path) -> None:
    """Of a package on paper as of one from a phone: what stays, and what nobody spoke of."""
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        silent = [name for name in FORUM_LEVERS if name != "apbn_poverty_share"]
        body = {"name": "Kertas", "levers": {}, "silent": silent, "table": True, "balanced": True}
        visitor.facilitator(phase={"name": "package"})
        visitor.facilitator(paper={"table": "53", "kind": "package", "body": body})
        visitor.facilitator(reveal={"what": "packages"})
        visitor.go("compare")
        page.get_by_label("Bandingkan dengan paket meja lain").first.select_option(index=1)
        slot = page.locator(".kf-slot").first
        expect(slot).to_contain_text("tetap seperti sekarang")
        slot.get_by_role("button", name="Ubah paket ini").click()
        states = page.locator(".kf-card-state")
        expect(states.nth(3)).to_have_text("tanpa pendapat · tetap seperti sekarang")
        visitor.facilitator(phase={"name": "deliberate"})
        visitor.go("deliberate")
        page.locator(".kf-chip").nth(3).click()
        expect(page.get_by_text("Pada paket Anda:")).to_contain_text("tetap seperti sekarang")
        room = page.get_by_text("Usulan ruangan ke-")
        expect(room).to_contain_text("seperti sekarang (dijawab 1 meja)")
        expect(room).to_contain_text("belum ada pendapat meja")


def test_a_package_on_paper_is_compared_as_that_of_its_table(
    browser: Browser, tmp_path: Path
) -> None:
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        body = {"name": "Kertas NTT", "levers": {"apbn_poverty_share": 0.1}, "table": True,
                "balanced": False}  # fmt: skip
        visitor.facilitator(phase={"name": "package"})
        visitor.facilitator(paper={"table": "53", "kind": "package", "body": body})
        visitor.facilitator(reveal={"what": "packages"})
        visitor.go("compare")
        page.get_by_label("Bandingkan dengan paket meja lain").last.select_option(index=1)
        slot = page.locator(".kf-slot").last
        expect(slot).to_contain_text("Dari meja Nusa Tenggara Timur: Kertas NTT")
        expect(slot).to_contain_text("Belum seimbang: sumber dananya belum cukup")
        slot.get_by_role("button", name="Ubah paket ini").click()
        visitor.go("sources")
        expect(page.get_by_role("button", name="Kirim usulan")).to_be_enabled()
        visitor.go("compare")
        expect(slot).to_contain_text("Dari meja Nusa Tenggara Timur: Kertas NTT")
        slot.get_by_role("button", name="Pakai paket saya sekarang").click()
        expect(slot.get_by_text("Dari meja Nusa")).to_be_hidden()
        expect(page.get_by_label("Bandingkan dengan paket meja lain").last).to_have_value("")


def test_a_line_pays_no_more_than_its_published_size(browser: Browser, tmp_path: Path) -> None:
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "package"})
        set_package(page, apbd_poverty_share=0.15, apbn_poverty_share=0.15)
        cost = load_surface().cost({"apbd_poverty_share": 0.15, "apbn_poverty_share": 0.15}, "33")
        sizes = {one["line"]: one["rupiah"] for one in cost["lines"]}
        assert sizes["perjalanan_dinas"] is None
        assert sizes["belanja_hibah"] < cost["change"] < sizes["subsidi"]
        page.evaluate(
            """() => {
              const key = Object.keys(localStorage).find((k) => /^kesos-forum:[^:]+$/.test(k));
              const kept = JSON.parse(localStorage.getItem(key));
              kept.work.taken = { perjalanan_dinas: 1e15 };
              sessionStorage.setItem('kept', JSON.stringify(kept));
            }"""
        )
        page.add_init_script(
            """if (location.href !== 'about:blank' && sessionStorage.getItem('kept')) {
              const key = Object.keys(localStorage).find((k) => /^kesos-forum:[^:]+$/.test(k));
              localStorage.setItem(key, sessionStorage.getItem('kept'));
              sessionStorage.removeItem('kept');
            }"""
        )
        page.reload()
        page.locator(".kf h1").wait_for()
        visitor.go("sources")
        verdict = page.locator(".kf-verdict")
        expect(verdict).to_contain_text("Belum seimbang: kurang")
        expect(page.get_by_text("tidak dapat dipakai menyeimbangkan")).to_have_count(1)
        expect(page.get_by_label("Perjalanan dinas")).to_have_count(0)
        page.get_by_role("button", name="Ambil sisanya dari Belanja hibah").click()
        expect(page.get_by_text("Diambil 100% dari")).to_have_count(1)
        expect(verdict).to_contain_text("Belum seimbang: kurang")
        visitor.go("results")
        open_ = numbers.rupiah(cost["change"] - sizes["belanja_hibah"], "id", digits=2)
        expect(page.get_by_text(f"Untuk {open_} di antaranya belum ada")).to_be_visible()
        visitor.go("sources")
        page.get_by_role("button", name="Ambil sisanya dari Subsidi").click()
        expect(verdict).to_contain_text("Anggaran seimbang")
        page.get_by_role("button", name="Kirim usulan").click()
        expect(page.locator(".kf-connection")).to_have_text("Tersambung")
        (package,) = visitor.kernel.entries("package")
        assert package["sources"].keys() == {"belanja_hibah", "subsidi"}


def test_guess_is_locked_and_the_answer_waits(browser: Browser, tmp_path: Path) -> None:
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "guess"})
        visitor.go("guess")
        card = page.locator(".kf-main section").first
        card.get_by_role("button", name="Kirim tebakan").click()
        expect(card.locator(".kf-problem:visible")).to_contain_text("Geser dahulu")
        card.get_by_role("slider").press("ArrowRight")
        card.get_by_role("button", name="Kirim tebakan").click()
        expect(card.get_by_role("slider")).to_be_disabled()
        expect(card).to_contain_text("Tebakan Anda tersimpan")
        expect(card.locator("figure")).to_be_hidden()
        visitor.facilitator(reveal={"what": "guess:apbd"})
        expect(card.locator("figure")).to_be_visible()
        bars = card.locator("rect.kf-count")
        expect(bars).to_have_count(1)
        assert float(bars.get_attribute("height") or "nan") > 100
        expect(card).to_contain_text("Jawaban model dibuka sebentar lagi")
        expect(card).not_to_contain_text("Bila koordinasi tidak berpengaruh")
        visitor.facilitator(reveal={"what": "model:apbd"})
        expect(card).to_contain_text("Tebakan ruangan")
        expect(card).to_contain_text("Bila koordinasi tidak berpengaruh")


def test_the_rooms_shock_is_chosen_until_the_visitor_chooses(
    browser: Browser, tmp_path: Path
) -> None:
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "shock"})
        set_package(page, apbd_poverty_share=0.1)
        visitor.facilitator(shock={"name": "price_rise"})
        visitor.go("shocks")
        expect(page.get_by_role("radio", name="Kenaikan harga pangan")).to_be_checked()
        answer = load_surface().answer({"apbd_poverty_share": 0.1}, "price_rise", place="33")
        middle = answer["outcomes"]["poverty_rate"]["package"][-1][1]
        expect(page.locator(".kf-said")).to_contain_text(numbers.percent(middle, "id"))
        visitor.go("levers")
        expect(page.locator(".kf-strip")).to_contain_text("Jawa Tengah 2031, Kenaikan harga pangan")
        page.get_by_role("button", name="Batalkan").click()
        visitor.go("shocks")
        expect(page.get_by_role("radio", name="Kenaikan harga pangan")).to_be_checked()
        page.get_by_role("radio", name="Banjir").check()
        visitor.facilitator(highlight={"table": "33"})
        expect(page.get_by_role("radio", name="Banjir")).to_be_checked()
        visitor.facilitator(shock={"name": "none"})
        expect(page.get_by_role("radio", name="Banjir")).to_be_checked()
        visitor.facilitator(shock={"name": "donation_fall"})
        expect(page.get_by_role("radio", name="Donasi turun")).to_be_checked()


def test_the_rooms_shock_ends_with_its_phase(browser: Browser, tmp_path: Path) -> None:
    """Deliberation is about the packages without a shock, as on the wall and in the agreement."""
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "shock"})
        set_package(page, apbd_poverty_share=0.1)
        visitor.facilitator(shock={"name": "price_rise"})
        visitor.go("results")
        headline = page.locator(".kf-result h2").first
        expect(headline).to_have_text(
            "Kemiskinan di Jawa Tengah pada 2031, dengan guncangan: Kenaikan harga pangan"
        )
        page.get_by_role("tab", name="Layanan").click()
        services = page.get_by_text("Layanan sosial di Jawa Tengah pada 2031")
        expect(services).to_contain_text("dengan guncangan: Kenaikan harga pangan")
        page.get_by_role("button", name="Hitung dengan model penuh").click()
        expect(page.get_by_text("Menunggu giliran: nomor 1")).to_be_visible()
        (asked,) = visitor.kernel.received("full")
        (entry,) = visitor.kernel.entries("full")
        assert entry["shock"] == "price_rise"
        visitor.facilitator(phase={"name": "deliberate"})
        visitor.go("results")
        expect(headline).to_have_text("Kemiskinan di Jawa Tengah pada 2031")
        expect(services).not_to_contain_text("guncangan")
        found = {"poverty_rate": {"33": {"base": 10.05, "package": 9.52}}}
        visitor.facilitator(result={"request": asked, "state": "done", "outcomes": found})
        panel = page.locator("section", has=page.get_by_role("heading", name="model penuh"))
        expect(panel).to_contain_text("untuk paket sebelum perubahan terakhir")
        expect(panel.locator("caption")).to_contain_text("dengan guncangan: Kenaikan harga pangan")
        visitor.go("shocks")
        page.get_by_role("radio", name="Banjir").check()
        visitor.facilitator(phase={"name": "agree"})
        visitor.go("results")
        expect(headline).to_contain_text("dengan guncangan: Banjir")


def test_sentences_carry_ranges_and_say_what_cannot_be_told(
    browser: Browser, tmp_path: Path
) -> None:
    with visit(browser, tmp_path, LAPTOP) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "agree"})
        levers = {"apbd_poverty_share": 0.1, "partnership_platform": 3}
        set_package(page, **levers)
        visitor.go("results")
        outcomes = load_surface().answer(levers, place="33")["outcomes"]
        low, middle, high = outcomes["exclusion_error"]["package"][-1]
        spread = numbers.interval(100 - high, 100 - low, "id", kind="number", decimals=0)
        sentences = page.locator(".kf-sentences")
        expect(sentences).to_contain_text(
            f"{numbers.number(100 - middle, 'id', decimals=0)} terjangkau program bantuan tetap "
            f"(kisaran {spread}"
        )
        zero = load_surface().answer(levers, effect=False, place="33")["outcomes"]
        for name in ("people_gaining", "people_losing"):
            (low, middle, high), (least, none, most) = (
                of[name]["package"][-1] for of in (outcomes, zero)
            )
            expect(sentences).to_contain_text(
                f"{middle:.0f} (kisaran {low:.0f}–{high:.0f}; bila koordinasi tidak berpengaruh "
                f"{none:.0f}, kisaran {least:.0f}–{most:.0f})"
            )
        told = page.get_by_text("Model cepat tidak dapat membedakan lama menunggu")
        assert load_surface().errors["days_to_service"]["r2"] < 0.2
        expect(told).to_have_count(1)
        page.get_by_role("tab", name="Layanan").click()
        expect(told).to_have_count(2)
        visitor.go("compare")
        options = page.get_by_label("Yang dibandingkan").locator("option").all_inner_texts()
        assert "Tingkat kemiskinan" in options and "Hari sampai dilayani" not in options


def test_an_excluded_device_is_told_and_can_go_on_trying(browser: Browser, tmp_path: Path) -> None:
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "explore"})
        visitor.facilitator(exclude={"device": 1, "on": True})
        notice = page.get_by_text("kiriman dari perangkat ini tidak dihitung")
        expect(notice).to_be_visible()
        set_package(page, apbd_poverty_share=0.1)
        visitor.go("results")
        expect(page.locator(".kf-figures")).to_be_visible()
        assert not visitor.problems()
        visitor.facilitator(exclude={"device": 1, "on": False})
        expect(notice).to_be_hidden()


def test_full_model_beside_the_quick_one(browser: Browser, tmp_path: Path) -> None:
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "explore"})
        set_package(page, apbd_poverty_share=0.1)
        visitor.go("results")
        page.get_by_role("button", name="Hitung dengan model penuh").click()
        expect(page.get_by_text("Menunggu giliran: nomor 1")).to_be_visible()
        (asked,) = visitor.kernel.received("full")
        kernel = visitor.kernel
        found = {"poverty_rate": {"33": {"base": 9.12, "package": 8.34}}}
        result = {"request": asked, "state": "done", "outcomes": found}
        visitor.facilitator(result=result)
        panel = page.locator("section", has=page.get_by_role("heading", name="model penuh"))
        rows = panel.locator("tbody tr")
        expect(rows).to_have_count(4)
        expect(rows.nth(1)).to_contain_text("8,3%")
        expect(rows.nth(2)).to_contain_text("9,1%")
        expect(rows.nth(3)).to_contain_text(f"{MINUS}0,78 persen poin")
        expect(panel).to_contain_text("satu kali, sehingga tidak mempunyai kisaran sendiri")
        expect(panel).to_contain_text("bandingkan perubahannya, bukan tingkatnya")
        band = load_surface().answer({"apbd_poverty_share": 0.1}, place="33")
        low, middle, _ = band["outcomes"]["poverty_rate"]["change"][-1]
        usual = load_surface().errors["poverty_rate"]["places"][4]
        assert low < -0.78 < middle - usual
        expect(panel).to_contain_text("lebih besar daripada galat rata-rata jawaban cepat di Jawa")
        expect(panel).to_contain_text("masih di dalam kisaran jawaban cepat")
        state = kernel.widget._room.public(kernel.widget._who, "id")
        state["requests"][asked] |= {
            "baseline": {"poverty_rate": {"33": 9.22}}, "idle": {"poverty_rate": {"33": 8.74}},
            "idle_baseline": {"poverty_rate": {"33": 9.51}},
        }  # fmt: skip
        page.evaluate("deliver", {"is": "state", "state": state})
        expect(rows.nth(4)).to_contain_text("koordinasi tanpa pengaruh")
        expect(rows.nth(4)).to_contain_text("8,7%")
        expect(rows.nth(5)).to_contain_text("Tanpa perubahan, koordinasi tanpa pengaruh")
        expect(rows.nth(5)).to_contain_text("9,5%")
        expect(rows.nth(2)).to_contain_text("9,2%")
        assert page.evaluate(MEASURE)["width"] <= PHONE["width"]
        assert not visitor.problems()


@pytest.mark.parametrize(
    ("package", "said"),
    [(8.62, "tidak lebih dari galat rata-rata"), (7.0, "di luar kisaran jawaban cepat")],
)
def test_both_answers_are_compared_by_their_changes(
    browser: Browser, tmp_path: Path, package: float, said: str
) -> None:
    with visit(browser, tmp_path, LAPTOP) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "explore"})
        set_package(page, apbd_poverty_share=0.1)
        visitor.go("results")
        page.get_by_role("button", name="Hitung dengan model penuh").click()
        expect(page.get_by_text("Menunggu giliran: nomor 1")).to_be_visible()
        (asked,) = visitor.kernel.received("full")
        found = {"poverty_rate": {"33": {"base": 9.12, "package": package}}}
        visitor.facilitator(result={"request": asked, "state": "done", "outcomes": found})
        panel = page.locator("section", has=page.get_by_role("heading", name="model penuh"))
        expect(panel).to_contain_text(said)
        error = page.get_by_text("Yang ditaksir jawaban cepat adalah perubahan")
        own = load_surface().errors["poverty_rate"]["places"][4]
        expect(error.first).to_contain_text(f"{own:.2f} persen poin di Jawa".replace(".", ","))


def test_sources_of_money_make_no_other_package_for_the_full_model(
    browser: Browser, tmp_path: Path
) -> None:
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "explore"})
        set_package(page, apbn_poverty_share=0.1)
        visitor.go("results")
        page.get_by_role("button", name="Hitung dengan model penuh").click()
        expect(page.get_by_text("Menunggu giliran: nomor 1")).to_be_visible()
        (asked,) = visitor.kernel.received("full")
        found = {"poverty_rate": {"33": {"base": 9.12, "package": 7.34}}}
        visitor.facilitator(result={"request": asked, "state": "done", "outcomes": found})
        panel = page.locator("section", has=page.get_by_role("heading", name="model penuh"))
        expect(panel).to_contain_text("Kedua angka untuk paket yang sama")
        quick = panel.locator("tbody tr").nth(1).locator("td").first.inner_text()
        visitor.go("sources")
        page.get_by_role("button", name="Ambil sisanya dari Subsidi").click()
        visitor.go("results")
        expect(panel).to_contain_text("Kedua angka untuk paket yang sama")
        visitor.go("levers")
        typed = page.get_by_label("Porsi APBN untuk penanggulangan kemiskinan, ketik angkanya")
        typed.fill("2")
        typed.press("Enter")
        visitor.go("results")
        expect(panel).to_contain_text("untuk paket sebelum perubahan terakhir")
        # The quick figure stays that of the package that the full model was asked about.
        expect(panel.locator("tbody tr").nth(1).locator("td").first).to_have_text(quick)


@pytest.mark.parametrize(("stale", "said"), [((), 0), (("code", "data"), 1)])
def test_a_stale_surface_is_told(
    browser: Browser, tmp_path: Path, stale: tuple[str, ...], said: int
) -> None:
    with visit(browser, tmp_path, stale=stale) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "explore"})
        visitor.go("results")
        older = page.get_by_text("lebih tua daripada model: kode model, data berubah")
        expect(older).to_have_count(said)
        page.locator(".kf-tool").first.click()
        page.get_by_role("button", name="Sumber & asumsi").click()
        expect(older).to_have_count(2 * said)
        assert not visitor.problems()


PROVINCES = {str(row["bps_code"]): str(row["name_id"]) for row in read_table("provinces").rows()}


@pytest.mark.parametrize(
    ("poor", "said"),
    [
        (True, "orang miskin yang terlewat"),
        (False, "selalu di atas garis kemiskinan"),
        (None, ""),  # the package reaches it
    ],
)
def test_a_family_that_never_gets_anything_says_why(
    browser: Browser, tmp_path: Path, poor: bool | None, said: str
) -> None:
    families = json.loads(FAMILIES.read_text(encoding="utf-8"))["families"]
    never = [one["id"] for one in families
             if not any(month for case in one["received"].values() for month in case)]  # fmt: skip
    wanted = next(
        one for one in families
        if (one["id"] in never) is bool(said)
        and poor in (None, min(one["welfare"]["baseline"]) < 1.0)
        and not one["listed"]
    )  # fmt: skip
    family, place = wanted["id"], PROVINCES[wanted["place"]]
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        page.get_by_label(place).check()
        page.get_by_label("Dinas Sosial").check()
        page.get_by_role("button", name="Masuk").click()
        visitor.facilitator(phase={"name": "family"})
        visitor.go("family")
        page.get_by_label("Keluarga", exact=True).select_option(family)
        why = page.get_by_text("juga tidak dengan sembilan butir")
        expect(why).to_have_count(int(bool(said)))
        if said:
            expect(why).to_contain_text(said)
        told = f"{len(never)} dari {len(families)} keluarga contoh tidak pernah menerima apa pun"
        expect(page.get_by_text(told)).to_be_visible()
        assert not visitor.problems()


def test_chips_show_the_answer_and_the_room_its_setting(browser: Browser, tmp_path: Path) -> None:
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "deliberate"})
        visitor.go("deliberate")
        chips = page.locator(".kf-chip")
        answers = (("Sepakat", "✓"), ("dengan catatan", "✎"), ("Keberatan", "✗"), ("paham", "?"))
        for at, (answer, mark) in enumerate(answers):
            chips.nth(at).click()
            page.locator(".kf-option", has_text=answer).first.click()
            page.get_by_role("button", name="Kirim jawaban").click()
            expect(chips.nth(at)).to_have_text(f"{at + 1} {mark}")
            assert answer.split()[-1] in (chips.nth(at).get_attribute("aria-label") or "")
        page.get_by_text("Usulkan ukuran lain").click()
        shares = page.locator("details select")
        shares.first.select_option(label="10%")
        shares.last.select_option(label="tetap seperti sekarang")
        page.get_by_role("button", name="Kirim usulan ukuran").click()
        expect(page.get_by_text("Usulan ruangan ke-")).to_be_visible()
        visitor.facilitator(reveal={"what": "stances"})
        expect(page.get_by_text("Pada paket Anda:")).to_be_visible()
        amends = visitor.kernel.entries("amend")
        assert [(one["point"], one["value"]) for one in amends] == [("4", 0.1), ("4", None)]
        expect(page.get_by_text("Usulan ruangan ke-")).to_contain_text("Porsi APBD")


def test_a_changed_proposal_is_shown_and_asked_again(browser: Browser, tmp_path: Path) -> None:
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "deliberate"})
        visitor.go("deliberate")
        first = page.locator(".kf-chip").first
        room = page.get_by_text("Usulan ruangan ke-")
        expect(room).to_contain_text("belum ada pendapat meja")
        page.get_by_role("radio", name="Sepakat", exact=False).first.check()
        page.get_by_role("button", name="Kirim jawaban").click()
        expect(first).to_have_text("1 ✓")
        ask = page.get_by_text("sejak Anda menjawab")
        expect(ask).to_be_hidden()
        visitor.facilitator(clause={"point": "1", "levers": {"bkkks_standing": 3}})
        expect(room).to_contain_text("Perda")
        expect(ask).to_contain_text(re.compile("seperti sekarang menjadi .*Perda"))
        expect(first).to_have_text("1 ↻")
        assert "perlu dikonfirmasi" in (first.get_attribute("aria-label") or "")
        assert not visitor.problems()
        page.get_by_role("button", name="Kirim jawaban").click()
        visitor.facilitator(highlight={"table": ""})
        expect(ask).to_be_hidden()
        expect(first).to_have_text("1 ✓")
        settings = [one["setting"] for one in visitor.kernel.entries("stance")]
        assert settings == [{}, {"bkkks_standing": 3}]


def pass_time(page: Page, seconds: int) -> None:
    """Let time pass in the page, in steps between which real answers can come in."""
    for _ in range(seconds // 2):
        page.clock.run_for(2000)
        # Unlike `evaluate` this gives up when the page has gone away.
        page.wait_for_function("true", timeout=10_000)


def answer_point(page: Page, note: str) -> None:
    page.get_by_role("radio", name="Keberatan").check()
    page.get_by_label("Catatan Anda").fill(note)
    page.get_by_role("button", name="Kirim jawaban").click()


def test_ten_minutes_offline_lose_nothing_and_send_once(browser: Browser, tmp_path: Path) -> None:
    with visit(browser, tmp_path, fake_clock=True) as visitor:
        page, kernel = visitor.page, visitor.kernel
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "deliberate"})
        visitor.go("deliberate")
        visitor.server_answers = False
        page.evaluate("link.cut = true")
        pass_time(page, 40)
        expect(page.locator(".kf-connection")).to_contain_text("Tidak tersambung")
        answer_point(page, EVIL)
        page.get_by_role("button", name="Butir berikutnya").click()
        expect(page.locator("h2").first).to_contain_text("Butir 2.")
        answer_point(page, "kedua")
        expect(page.locator(".kf-connection")).to_contain_text("2 kiriman menyusul")
        page.clock.fast_forward(600_000)
        assert not kernel.entries("stance")
        visitor.server_answers = True
        page.evaluate("link.cut = false")
        pass_time(page, 10)
        expect(page.locator(".kf-connection")).to_have_text("Tersambung")
        notes = [one["note"] for one in kernel.entries("stance")]
        assert notes == [EVIL, "kedua"]
        assert len(kernel.received("stance")) == 2
        page.clock.run_for(60_000)
        assert len(kernel.received("stance")) == 2


def test_a_lost_answer_is_asked_for_again_and_counts_once(browser: Browser, tmp_path: Path) -> None:
    with visit(browser, tmp_path, fake_clock=True) as visitor:
        page, kernel = visitor.page, visitor.kernel
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "deliberate"})
        visitor.go("deliberate")
        page.evaluate("link.deaf = true")
        answer_point(page, "satu")
        page.clock.run_for(500)
        assert len(kernel.entries("stance")) == 1
        page.evaluate("link.deaf = false")
        pass_time(page, 10)
        expect(page.locator(".kf-connection")).to_have_text("Tersambung")
        first, *again = kernel.received("stance")
        assert again and set(again) == {first}
        assert len(kernel.entries("stance")) == 1


def test_a_dead_kernel_is_replaced_and_nothing_is_lost(browser: Browser, tmp_path: Path) -> None:
    with visit(browser, tmp_path, fake_clock=True) as visitor:
        page, kernel = visitor.page, visitor.kernel
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "deliberate"})
        visitor.go("deliberate")
        page.get_by_label("Catatan Anda").fill("belum selesai")
        page.evaluate("link.cut = true")
        answer_point(page, "belum selesai")
        kernel.restart()
        with page.expect_navigation(timeout=60_000):
            for _ in range(40):
                try:
                    pass_time(page, 2)
                except PageError:
                    break  # the page went away to load itself anew
        page.locator(".kf h1").wait_for()
        expect(page.locator("h1")).to_have_text("Musyawarah")
        expect(page.get_by_label("Catatan Anda")).to_have_value("belum selesai")
        expect(page.locator(".kf-connection")).to_have_text("Tersambung")
        assert [one["note"] for one in kernel.entries("stance")] == ["belum selesai"]


def test_a_menu_that_is_open_follows_the_room(browser: Browser, tmp_path: Path) -> None:
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        page.get_by_role("button", name="Menu").click()
        item = page.locator(".kf-menu-item", has_text="Tebak dulu")
        expect(item).to_be_disabled()
        visitor.facilitator(phase={"name": "guess"})
        expect(item).to_be_enabled()
        item.click()
        expect(page.locator("h1")).to_have_text("Tebak dulu")


def test_all_that_is_signed_can_be_read_on_the_phone(browser: Browser, tmp_path: Path) -> None:
    with visit(browser, tmp_path) as visitor:
        page, kernel = visitor.page, visitor.kernel
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "deliberate"})
        visitor.go("deliberate")
        page.locator(".kf-option", has_text="Keberatan").click()
        page.get_by_label("Catatan Anda").fill("Perlu dasar hukum")
        page.get_by_role("button", name="Kirim jawaban").click()
        row = {"row": "r1", "point": "4", "activity": "Rapat TAPD", "responsible": "Bappeda"}
        visitor.facilitator(phase={"name": "agree"}, renaksi=row)
        figures = draft_figures(kernel.widget._room, load_surface())
        visitor.facilitator(freeze={"on": True, "figures": figures})
        visitor.go("agree")
        main = page.locator(".kf-main")
        draft = kernel.widget._room.draft("id")
        assert set(gain_sentences(figures["gains"], "id")) & set(draft.totals)
        for words in draft.totals:
            expect(main).to_contain_text(words)
        expect(main).to_contain_text("Butir 4: Rapat TAPD · Bappeda")
        expect(main).to_contain_text("dengan seluruh paket, bukan akibat butir itu saja")
        expect(main).to_contain_text("Keberatan: Jawa Tengah (Dinas Sosial): Perlu dasar hukum")
        translated = page.get_by_text(page_texts()["en"]["agree_translated"])
        expect(translated).to_have_count(0)
        assert not visitor.problems()
        # In another language it is a translation, at once and said to be one.
        visitor.go("join")
        page.get_by_label("English").check()
        visitor.go("agree")
        for words in kernel.widget._room.draft("en").totals:
            expect(main).to_contain_text(words)
        expect(main).not_to_contain_text(draft.totals[0])
        expect(translated).to_be_visible()
        digest = kernel.widget._room.digest
        assert digest == draft.digest
        expect(main).to_contain_text(digest[:16])
        assert not visitor.problems()


def test_what_is_refused_is_said_and_opened_again(browser: Browser, tmp_path: Path) -> None:
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "agree"})
        visitor.facilitator(freeze={"on": True})
        visitor.go("agree")
        draft = visitor.kernel.widget._room.public("", "id")["draft"]
        expect(page.locator(".kf-clauses > li")).to_have_count(len(draft["clauses"]))
        page.get_by_label("Saya telah membaca").check()
        page.get_by_label("Kode meja").fill("SALAH")
        page.get_by_role("button", name="Tandatangani").click()
        problem = page.locator("section .kf-problem")
        expect(problem).to_be_in_viewport()
        expect(problem).not_to_be_empty()
        expect(page.get_by_label("Kode meja")).to_be_focused()
        expect(page.get_by_role("button", name="Tandatangani")).to_be_enabled()
        page.get_by_label("Kode meja").fill("")
        page.get_by_role("button", name="Tandatangani").click()
        expect(problem).to_contain_text("Tuliskan kode meja")
        assert not visitor.kernel.entries("sign")


def test_qr_codes_are_those_of_another_encoder(browser: Browser) -> None:
    page = browser.new_page()
    page.add_script_tag(content=bundle("qr.js") + "\nwindow.qr = qrModules;", type="module")
    page.wait_for_function("() => window.qr !== undefined")
    # Texts that fill a code to the last bit: encoders may differ in what they put after the end.
    for version, length in enumerate(QR_ROOM, start=1):
        text = ("https://forum.test/#paket=" + "Ab9_-" * 200)[-length:]
        other = segno.make(text, error="l", mode="byte", mask=0, boost_error=False, micro=False)
        assert other.version == version
        found = page.evaluate("(text) => window.qr(text)", text)
        assert found == [[bool(one) for one in row] for row in other.matrix], version
    assert page.evaluate("window.qr('x'.repeat(859))") is None
    page.close()


def test_copy_without_a_server(browser: Browser, tmp_path: Path) -> None:
    copy = tmp_path / "forum.html"
    copy.write_text(static_copy(None, "id"), encoding="utf-8")
    context = browser.new_context(viewport=PHONE, offline=True, accept_downloads=True)  # type: ignore[arg-type]
    page = context.new_page()
    asked: list[str] = []
    broken: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(copy.as_uri())
    page.locator(".kf h1").wait_for()
    expect(page.locator(".kf-connection")).to_contain_text("Mode mandiri")
    alone = Visit.go
    for screen in SCREENS:
        alone(type("Alone", (), {"page": page})(), screen)  # type: ignore[arg-type]
        assert page.evaluate(MEASURE)["width"] <= PHONE["width"], screen
    set_package(page, apbd_poverty_share=0.1, bkkks_standing=3)
    expect(page.get_by_role("button", name="Word")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("button", name="Unduh paket saya").click()
    scenario = tmp_path / "paket-forum.yaml"
    download.value.save_as(scenario)
    (tmp_path / "baseline.yaml").write_bytes((ROOT / "scenarios" / "baseline.yaml").read_bytes())
    loaded = load_scenario(scenario)
    assert loaded.levers["apbd_poverty_share"].value == 0.1
    assert loaded.levers["bkkks_standing"].ramp_months == 24
    link = page.get_by_label("Tautan skenario").input_value()
    page.goto("about:blank")
    page.goto(link)
    page.locator(".kf h1").wait_for()
    expect(page.locator(".kf-toast")).to_contain_text("Paket B")
    page.goto("about:blank")
    page.goto(copy.as_uri() + "#paket=" + "W3siYXBiZF9wb3ZlcnR5X3NoYXJlIjo5OX0sIng")
    page.locator(".kf h1").wait_for()
    assert {url.partition(":")[0] for url in asked} <= {"file", "data", "blob", "about"}
    assert not broken
    context.close()


# Fills in every field of a screen and presses every button of it, twice, until it moves away.
PRESS_ALL = """async () => {
  const main = document.querySelector("main");
  const title = () => document.querySelector(".kf h1").textContent;
  const here = title();
  // The language stays, and so does what was set.
  const usable = (one) => !one.disabled && one.checkVisibility({ visibilityProperty: true })
    && !["id", "en"].includes(one.value) && !/^(Hapus|Kembali ke)/.test(one.textContent);
  const key = (one) => [title(), one.tagName, one.type, one.name, one.id, one.textContent,
    ["radio", "checkbox"].includes(one.type) ? one.value : ""].join("|");
  const set = (one, value) => {
    one.value = value;
    for (const kind of ["input", "change"]) one.dispatchEvent(new Event(kind, { bubbles: true }));
  };
  const use = (one) => {
    if (one.tagName === "SELECT") return set(one, one.options[one.options.length - 1].value);
    if (one.tagName === "TEXTAREA" || one.type === "text") return set(one, "Usulan");
    if (one.type === "range" || one.type === "number") return set(one, one.max || "1");
    one.click();
  };
  const pressed = (window.pressed ??= new Map());
  for (let step = 0; step < 400; step += 1) {
    const all = [...main.querySelectorAll("select, textarea, input, button")].filter(usable);
    all.sort((one, other) => (one.tagName === "BUTTON") - (other.tagName === "BUTTON"));
    const next = all.find((one) => (pressed.get(key(one)) ?? 0) < 2);
    if (!next) return true;
    pressed.set(key(next), (pressed.get(key(next)) ?? 0) + 1);
    use(next);
    await new Promise((done) => setTimeout(done, 0));
    for (const sheet of document.querySelectorAll("dialog[open]")) sheet.close();
    if (title() !== here) return false;
  }
  return true;
}"""
WOULD_SEND = (
    ("show(element, !app.alone)", "show(element, true)"),
    ("!app.alone &&", "true &&"),
    ("reached: (", "reached: () => true, reachedOnce: ("),
)


@pytest.mark.parametrize("guarded", [True, pytest.param(False, marks=pytest.mark.full)])
def test_nothing_can_be_handed_in_on_the_copy(
    browser: Browser, tmp_path: Path, guarded: bool
) -> None:
    """Every control of every screen is used; without its guards the copy would hand things in."""
    text = static_copy(None, "id")
    entering = "function enter(kind, body) {"
    assert text.count(entering) == 1
    text = text.replace(entering, f"{entering} window.entered.push(kind);")
    for guard, open_to_all in () if guarded else WOULD_SEND:
        assert guard in text
        text = text.replace(guard, open_to_all)
    copy = tmp_path / "forum.html"
    copy.write_text(text, encoding="utf-8")
    context = browser.new_context(viewport=LAPTOP, offline=True, accept_downloads=True)  # type: ignore[arg-type]
    context.add_init_script("""window.entered = []; window.print = () => {}; window.sent = [];
      for (const name of ["fetch", "WebSocket", "XMLHttpRequest", "EventSource"])
        window[name] = function () { window.sent.push(name); throw new Error(name); };
      navigator.sendBeacon = () => window.sent.push("sendBeacon");
      addEventListener("submit", () => window.sent.push("submit"));""")
    page = context.new_page()
    page.goto(copy.as_uri())
    page.locator(".kf h1").wait_for()
    alone: Any = type("Alone", (), {"page": page})()
    Visit.join(alone)
    for screen in SCREENS:
        for _ in range(8):  # a button that leads elsewhere has been pressed; the others remain
            Visit.go(alone, screen)
            if page.evaluate(PRESS_ALL):
                break
    entered = set(page.evaluate("window.entered"))
    assert page.evaluate("window.sent") == []
    # Where somebody sits and what they guess stays in the file; nobody else is told.
    assert {"join", "guess"} <= entered
    sends = entered - {"join", "guess"}
    assert sends == (set() if guarded else {"package", "stance", "reflect"}), sends
    context.close()


def test_the_first_screen_says_which_meeting_it_is(browser: Browser, tmp_path: Path) -> None:
    with visit(browser, tmp_path) as visitor:
        visitor.open()
        expect(
            visitor.page.get_by_text(f"Kode sesi: {visitor.kernel.session.code}")
        ).to_be_visible()


def test_a_lever_has_the_name_of_its_declaration(browser: Browser, tmp_path: Path) -> None:
    """Cards, charts, sentences and documents call it the same."""
    with visit(browser, tmp_path, LAPTOP) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "explore"})
        visitor.go("levers")
        names = page.locator(".kf-lever").evaluate_all(
            "(all) => all.map((one) => one.querySelector('label, legend').textContent)"
        )
        declared = sorted(LEVERS[name].label("id") for name in FORUM_LEVERS)
        assert len(names) == len(declared)
        # A switch has its state beside its name.
        assert all(map(str.startswith, sorted(names), declared)), names


def test_the_cost_is_told_as_a_part_of_the_budget(browser: Browser, tmp_path: Path) -> None:
    cost = load_surface().cost({"apbd_poverty_share": 0.1}, "33")
    share = numbers.percent(100 * cost["change"] / cost["own"]["apbd"], "id", 1)
    with visit(browser, tmp_path) as visitor:
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "explore"})
        set_package(visitor.page, apbd_poverty_share=0.1)
        visitor.go("results")
        said = visitor.page.locator(".kf-sentences")
        expect(said).to_contain_text(
            f"setara {share} dari APBD provinsi dan kabupaten/kota di Jawa"
        )
        expect(said).to_contain_text("Yang memiliki lebih sedikit tersebar")


def test_the_cost_has_the_case_without_effect_beside_it(browser: Browser, tmp_path: Path) -> None:
    levers = {"apbd_poverty_share": 0.1, "bkkks_standing": 3.0}
    answer = load_surface().answer(levers, effect=False, place="33")
    low, middle, high = answer["outcomes"]["budget_spent"]["change"][-1]
    amount = numbers.rupiah(middle, "id", digits=2, even=True)
    ends = numbers.interval(low, high, "id", "rupiah", even=True)
    with visit(browser, tmp_path) as visitor:
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "explore"})
        set_package(visitor.page, **levers)
        visitor.go("results")
        said = visitor.page.locator(".kf-sentences li", has_text="Biaya tambahan")
        expect(said).to_contain_text(
            f"; bila koordinasi tidak berpengaruh {amount}, kisaran {ends})"
        )


def test_everybody_is_shown_in_five_classes(browser: Browser, tmp_path: Path) -> None:
    found = load_surface().answer({"apbd_poverty_share": 0.1}, place="33")["outcomes"]
    much, more, less, little = (
        round(max(0.0, found[f"people_{name}"]["package"][-1][1]))
        for name in ("gaining_much", "gaining", "losing", "losing_much")
    )
    with visit(browser, tmp_path) as visitor:
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "explore"})
        set_package(visitor.page, apbd_poverty_share=0.1)
        visitor.go("results")
        visitor.page.get_by_role("tab", name="Siapa terbantu").click()
        words = (
            f"Dari 100 orang: {much} memiliki jauh lebih banyak (di atas 5%), {more - much} lebih "
            f"banyak, {100 - more - less} tetap, {less - little} lebih sedikit, {little} jauh"
        )
        bar = visitor.page.get_by_role("img", name=words)
        expect(bar).to_contain_text("Semua")
        expect(bar.locator(".kf-bar")).to_have_count(5)
        # What is known of the whole region only is not shown of a province, which is said.
        expect(visitor.page.get_by_text("Menurut desil hanya ada untuk sepuluh")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_classes_are_told_by_decile_in_the_whole_region(
    browser: Browser, tmp_path: Path, size: dict[str, int]
) -> None:
    levers = {"apbd_poverty_share": 0.1, "partnership_platform": 3}
    tenths = {effect: load_surface().tenths(levers, effect)["tenths"] for effect in (True, False)}
    with visit(browser, tmp_path, size) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "shock"})
        set_package(page, **levers)
        visitor.go("results")
        page.locator(".kf-main select").first.select_option("mpu")
        page.get_by_role("tab", name="Siapa terbantu").click()
        figure = page.locator("figure", has_text="Naik lebih dari 5%")
        for image in figure.get_by_role("img").all():
            expect(image.locator(".kf-bar")).to_have_count(55)
            expect(image).to_contain_text("Desil 10")
        expect(figure.get_by_role("img")).to_have_count(2)  # with the effect and without it
        figure.locator("summary").click()
        for effect, ending in ((True, ""), (False, ", tanpa pengaruh")):
            for decile, classes in enumerate(tenths[effect], start=1):
                row = figure.get_by_role("row").filter(
                    has=page.get_by_role("rowheader", name=f"Desil {decile}{ending}", exact=True)
                )
                cells = [int(cell) for cell in row.get_by_role("cell").all_inner_texts()]
                assert sum(cells) == 100
                assert cells == pytest.approx(classes, abs=1.01)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        # A shock is lived by everybody, but its tenths are not known.
        visitor.facilitator(shock={"name": "flood"})
        visitor.go("shocks")
        page.get_by_role("radio", name="Banjir").check()
        visitor.go("results")
        page.get_by_role("tab", name="Siapa terbantu").click()
        expect(figure.get_by_role("img").first.locator(".kf-bar")).to_have_count(5)
        expect(figure).to_contain_text("tanpa guncangan; di sini hanya semua orang")


def test_a_shock_says_what_it_moves(browser: Browser, tmp_path: Path) -> None:
    package = {"apbd_poverty_share": 0.1, "bkkks_standing": 3.0}
    usual, struck = (
        load_surface().answer(package, place="33", shock=shock)["outcomes"]
        for shock in ("none", "donation_fall")
    )

    def after(name: str) -> tuple[list[float], bool]:
        """Figures after the shock, and whether their middle is outside of the range without it."""
        low, _, high = usual[name]["package"][-1]
        found = struck[name]["package"][-1]
        return found, not low <= found[1] <= high

    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "shock"})
        set_package(page, **package)
        visitor.go("shocks")
        effects = page.locator("section", has=page.get_by_role("heading", name="Yang digerakkan"))
        expect(effects).to_be_hidden()
        page.get_by_role("radio", name="Donasi turun").check()
        expect(effects).to_contain_text("Kemiskinan sendiri hampir tidak bergerak")
        told = {"Layanan yang terputus": "service_interruptions", "Uang masuk": "orsos_income"}
        for words, name in told.items():
            line, (figures, outside) = effects.locator("li", has_text=words), after(name)
            if name == "service_interruptions":
                low, middle, high = figures
                within = numbers.interval(low, high, "id", "percent")
                told_as = f"{numbers.percent(middle, 'id', 1)} (kisaran {within}; bila koordinasi"
                expect(line).to_contain_text(told_as)
            mark = line.filter(has_text="jadi di luar kisaran itu")
            expect(mark).to_have_count(int(outside))
        page.get_by_role("radio", name="Kenaikan harga pangan").check()
        expect(effects).not_to_contain_text("hampir tidak bergerak")
        expect(effects).to_contain_text("Kemiskinan ekstrem")
        # Where nothing can be without the shock, no range is told.
        page.get_by_role("radio", name="Banjir").check()
        victims = effects.locator("li", has_text="Korban bencana")
        expect(victims).to_contain_text(re.compile(r"tanpa guncangan 0 orang\.$"))
        # The case without effect is the package's own, hollow; package B has no part in it.
        chart = page.locator("figure:has(.kf-idle) .kf-chart:visible")
        expect(chart.locator(".kf-of-b")).to_have_count(0)
        expect(chart.locator("circle.kf-dot.kf-of-a.kf-idle")).to_have_count(2)
        expect(chart.locator("circle.kf-dot.kf-of-a:not(.kf-idle)")).to_have_count(2)
        assert not visitor.problems()


def test_where_the_full_model_leaves_the_quick_range_is_marked(
    browser: Browser, tmp_path: Path
) -> None:
    """Headline first, the rest opens on demand and stays open."""
    package = {"apbd_poverty_share": 0.1, "bkkks_standing": 3.0}
    quick = load_surface().answer(package, place="33")["outcomes"]
    idle = round(quick["coordination_active"]["base"][-1][0] - 25.0, 1)
    assert idle > 0.0
    low, _, high = quick["coordination_active"]["package"][-1]
    lived = {"base": idle, "package": (low + high) / 2}
    poverty = {"base": 9.12, "package": quick["poverty_rate"]["package"][-1][1]}
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "explore"})
        set_package(page, **package)
        visitor.go("results")
        expect(page.get_by_text("Jawaban cepat: semua angka dan grafik")).to_be_visible()
        page.get_by_role("button", name="Hitung dengan model penuh").click()
        expect(page.get_by_text("Menunggu giliran: nomor 1")).to_be_visible()
        (asked,) = visitor.kernel.received("full")
        found = {"poverty_rate": {"33": poverty}, "coordination_active": {"33": lived}}
        visitor.facilitator(result={"request": asked, "state": "done", "outcomes": found})
        panel = page.locator("section", has=page.get_by_role("heading", name="model penuh"))
        expect(panel).to_contain_text("Di luar kisaran jawaban cepat pada 1 dari 2 hasil")
        expect(panel).to_contain_text("Badan koordinasi yang aktif, tanpa perubahan")
        inner = panel.get_by_role("table").nth(1)
        expect(inner).to_be_hidden()
        panel.get_by_text("hasil lain").click()
        panel.locator("summary", has_text="Badan koordinasi yang aktif").click()
        expect(inner).to_be_visible()
        expect(inner.locator(".kf-outside")).to_contain_text(["di luar kisaran"] * 2)
        visitor.facilitator(highlight={"table": "33"})
        expect(inner).to_be_visible()
        page.get_by_role("tab", name="Layanan").click()
        line = page.get_by_text(f"Model penuh, tanpa perubahan: {numbers.percent(idle, 'id', 1)}")
        expect(line).to_contain_text("di luar kisaran jawaban cepat")
        assert page.evaluate(MEASURE)["width"] <= PHONE["width"]
        assert not visitor.problems()
