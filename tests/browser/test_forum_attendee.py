"""The attendee page at its limits: what was never computed, no connection, sleep, keys alone."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from kesos_sim.emulator.surface import load_surface
from kesos_sim.forum.attendee_texts import page_texts
from kesos_sim.forum.bundle import bundle
from kesos_sim.forum.signing import sealed
from kesos_sim.i18n import numbers

from .forum_visit import ADDRESS, LAPTOP, PHONE, Visit, visit
from .test_forum_page import pass_time, set_package

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONNECTION = ".kf-connection"
LONGEST_NOTE = 140
FIGURE = re.compile(r"\d[\d.,]*\s?%|Rp\s?\d")
SIGN_CODE = "ABCD2345"


def link_of(package: Any) -> str:
    """The address of the page with a package in it, whatever the package is."""
    text = base64.urlsafe_b64encode(json.dumps(package).encode()).decode().rstrip("=")
    return f"{ADDRESS}#paket={text}"


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_a_package_that_was_never_computed_gets_words_and_no_number(
    browser: Browser, tmp_path: Path, size: dict[str, int]
) -> None:
    levers = {"apbd_poverty_share": 0.4, "bkkks_standing": 3}
    refused = "Di luar yang pernah dihitung: Porsi APBD untuk penanggulangan kemiskinan pada 40%."
    known = load_surface().answer(levers)
    assert not known["inside"], "the same is refused outside of the page"
    with visit(browser, tmp_path, size) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "agree"})
        set_package(page, **levers)
        shown: dict[str, Locator] = {
            "levers": page.locator(".kf-cost:visible"),
            "sources": page.locator(".kf-main .kf-problem:visible"),
            "results": page.locator(".kf-main .kf-problem:visible"),
            "compare": page.locator(".kf-slot.kf-of-a .kf-problem:visible"),
            "shocks": page.locator(".kf-main .kf-problem:visible"),
            "take": page.locator(".kf-main .kf-problem:visible"),
        }
        for screen, place in shown.items():
            visitor.go(screen)
            expect(place.first, screen).to_contain_text(refused)
            answers = page.locator(".kf-figures:visible, .kf-said:visible, .kf-sentences:visible")
            if screen != "compare":  # which draws what is there beside the package
                figures = [FIGURE.findall(one) for one in answers.all_inner_texts()]
                assert not any(figures), (screen, figures)
                expect(page.locator(".kf-main figure:visible, .kf-aside figure:visible"),
                       screen).to_have_count(0)  # fmt: skip
        visitor.go("compare")
        chart = page.locator("figure").first
        expect(chart).to_contain_text("Paket B")
        expect(chart).not_to_contain_text("Paket A")
        visitor.go("sources")
        expect(page.get_by_text("Anggaran seimbang")).to_have_count(0)
        expect(page.locator(".kf-verdict")).to_be_hidden()
        visitor.go("levers")
        slider = page.get_by_role(
            "slider", name="Porsi APBD untuk penanggulangan kemiskinan", exact=True
        )
        assert (slider.get_attribute("aria-valuetext") or "").startswith(refused)
        # A setting inside of the range is answered again.
        slider.press("ArrowLeft")
        expect(page.locator(".kf-cost:visible").first).to_contain_text("Rp")


def test_a_package_of_a_link_is_refused_with_words_or_taken_whole(
    browser: Browser, tmp_path: Path
) -> None:
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "agree"})
        toast = page.locator(".kf-toast")
        unread: list[Any] = [
            [{"apbd_poverty_share": "10"}, {}], [{"another_lever": 1}, {}], "[", None, [None],
        ]  # fmt: skip
        for package in unread:
            page.goto("about:blank")
            page.goto(link_of(package))
            expect(toast, str(package)).to_contain_text("tautan tidak terbaca")
        page.goto("about:blank")
        page.goto(link_of([{"apbd_poverty_share": 0.16, "bkkks_standing": 3}, {}, []]))
        expect(toast).to_contain_text("Paket B")
        visitor.go("compare")
        slot = page.locator(".kf-slot.kf-of-b")
        expect(slot).to_contain_text("Kedudukan BKKKS: Perda")
        expect(slot.locator(".kf-problem")).to_contain_text("pada 16%. Yang dapat dijawab: 0%")
        page.goto("about:blank")
        page.goto(link_of([{"bkkks_standing": 9}, {}, []]))
        visitor.go("compare")
        expect(slot.locator(".kf-problem")).to_contain_text(
            re.compile(r"Kedudukan BKKKS .*pada 9\.")
        )
        page.goto("about:blank")
        page.goto(link_of([{"apbd_poverty_share": 0.12}, {}, []]))
        visitor.go("compare")
        expect(slot).to_contain_text("12%")
        expect(slot.locator(".kf-problem")).to_be_hidden()


def test_a_lever_answers_while_cut_off_and_a_page_that_slept_sends_once(
    browser: Browser, tmp_path: Path
) -> None:
    """A quarter of an hour in a pocket, with an answer that had not yet gone out."""
    look = """([state, minutes]) => {
      const now = Date.now;
      Date.now = () => now() + 60_000 * minutes;
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }"""
    with visit(browser, tmp_path, LAPTOP, fake_clock=True) as visitor:
        page, kernel = visitor.page, visitor.kernel
        connection = page.locator(CONNECTION)
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "deliberate"})
        visitor.go("levers")
        visitor.server_answers = False
        page.evaluate("link.cut = true")
        pass_time(page, 40)
        expect(connection).to_have_text(page_texts()["id"]["link_offline"])
        typed = page.get_by_label("Porsi APBD untuk penanggulangan kemiskinan, ketik angkanya")
        for percent in (10, 6):
            typed.fill(str(percent))
            typed.press("Enter")
            answer = load_surface().answer({"apbd_poverty_share": percent / 100}, place="33")
            _, middle, _ = answer["outcomes"]["poverty_rate"]["package"][-1]
            page.clock.run_for(100)
            figure = page.locator(".kf-figures > div").first
            expect(figure).to_contain_text(numbers.percent(middle, "id"))
            expect(connection).to_contain_text("Tidak tersambung. Anda tetap bisa mencoba")

        visitor.go("deliberate")
        page.clock.run_for(100)
        page.get_by_role("radio", name="Keberatan").check()
        page.get_by_role("button", name="Kirim jawaban").click()
        page.clock.run_for(100)
        expect(connection).to_contain_text("1 kiriman menyusul")
        heard = len(kernel.heard)
        page.evaluate(look, ["hidden", 0])
        kernel.room(phase={"name": "agree"})  # what the room does meanwhile
        visitor.server_answers = True
        page.evaluate("window.stays = true")
        page.evaluate(look, ["visible", 15])  # no clock runs in a phone that sleeps
        pass_time(page, 6)  # the server answers, and the kernel takes its time
        assert len(kernel.heard) == heard and not kernel.entries("stance")
        page.evaluate("link.cut = false")
        pass_time(page, 6)
        assert page.evaluate("window.stays"), "a page that was asleep is not loaded anew at once"
        expect(connection).to_have_text("Tersambung")
        expect(page.locator(".kf-phase")).to_contain_text("Kesepakatan")
        again = [one["do"] for one in kernel.heard[heard:]]
        assert again[0] == "hello"
        pass_time(page, 30)
        (stored,) = kernel.entries("stance")
        assert stored["answer"] == 0
        assert len(kernel.received("stance")) == 1


def test_what_is_missing_to_join_is_said_where_it_is_missing(
    browser: Browser, tmp_path: Path
) -> None:
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        problem = page.locator(".kf-problem:visible")
        for field, words, choose in (
            ("Provinsi meja Anda", "Pilih provinsi dahulu.", "Jawa Tengah"),
            ("Peran Anda", "Pilih peran dahulu.", "Dinas Sosial"),
        ):
            page.get_by_role("button", name="Masuk").click()
            expect(page.get_by_role("group", name=field).locator(problem)).to_have_text(words)
            on_top = """(e) => {
              const { left, top, height } = e.getBoundingClientRect();
              return document.elementFromPoint(left + 8, top + height / 2) === e;
            }"""
            assert problem.evaluate(on_top), "nothing covers it, not even the row of buttons"
            page.get_by_label(choose).check()
        expect(problem).to_have_count(0)
        page.get_by_role("button", name="Masuk").click()
        expect(page.locator("h1")).to_have_text("Tentang simulasi ini")


def test_a_passing_message_is_seen_where_somebody_reads_and_goes_by_itself(
    browser: Browser, tmp_path: Path
) -> None:
    with visit(browser, tmp_path, fake_clock=True) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "explore"})
        visitor.go("results")
        page.get_by_role("button", name="Simpan sebagai Paket B").click()
        toast = page.locator(".kf-toast")
        expect(toast).to_be_in_viewport()
        expect(toast).to_contain_text("Paket B")
        pass_time(page, 10)
        expect(toast).to_be_visible()
        pass_time(page, 4)
        expect(toast).to_be_hidden()


def test_phrases_and_notes_of_a_point_have_their_limits_and_levers_say_what_they_need(
    browser: Browser, tmp_path: Path
) -> None:
    texts = page_texts()["id"]
    phrases = {
        key.removeprefix("phrase_"): words for key, words in texts.items()
        if key.startswith("phrase_") and key != "phrase_none"
    }  # fmt: skip
    with visit(browser, tmp_path) as visitor:
        page, kernel = visitor.page, visitor.kernel
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "deliberate"})
        visitor.go("deliberate")
        listed = page.get_by_label(texts["deliberate_phrase"]).locator("option")
        none, *offered = listed.all_inner_texts()
        assert none == texts["phrase_none"] and sorted(offered) == sorted(phrases.values())
        page.get_by_label(texts["deliberate_phrase"]).select_option(label=phrases["legal"])
        note = page.get_by_label("Catatan Anda")
        note.press_sequentially("satu ")
        left = texts["deliberate_left"].format(count=LONGEST_NOTE - 5)
        expect(note).to_have_accessible_description(left)
        note.fill("")
        page.keyboard.insert_text("x" * (LONGEST_NOTE - 1))
        page.keyboard.type("yz")
        expect(note).to_have_value("x" * (LONGEST_NOTE - 1) + "y")
        expect(note).to_have_accessible_description(texts["deliberate_left"].format(count=0))
        page.get_by_role("radio", name="Keberatan").check()
        page.get_by_role("button", name="Kirim jawaban").click()
        expect(page.locator(CONNECTION)).to_have_text("Tersambung")
        (stance,) = kernel.entries("stance")
        assert stance["phrase"] == "legal" and len(stance["note"]) == LONGEST_NOTE
        # What no page sends is refused by the server.
        body = stance | {"note": stance["note"] + "z"}
        entry = {"id": "note-too-long-0001", "kind": "stance", "body": body}
        (ack,) = json.loads(kernel.hear(json.dumps({"do": "enter", "entries": [entry]})))
        (refused,) = ack["refused"]
        assert not ack["ids"] and not refused["again"] and refused["why"]
        assert kernel.entries("stance") == [stance]

        visitor.go("levers")
        need = page.locator(".kf-needs:visible")

        def card(point: int) -> None:
            page.locator(".kf-card summary").nth(point - 1).click()

        for standing, state in (("Tidak ada", "○ {} Belum ada."), ("Pergub", "✓ {} Sudah ada.")):
            card(1)
            expect(need).to_have_count(0)
            page.get_by_role("radio", name=standing).check()
            card(3)
            expect(need).to_have_text(state.format(texts["needs_partnership_platform"]))
        card(7)
        expect(need).to_have_text(f"○ {texts['needs_welfare_bylaw']} {texts['needs_open']}")
        card(2)
        page.get_by_role("slider").press("End")
        card(7)
        expect(need).to_contain_text("Sudah ada")
        assert not visitor.problems()


def test_what_was_written_against_a_point_does_not_go_along_with_an_agreement(
    browser: Browser, tmp_path: Path
) -> None:
    texts = page_texts()["id"]
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "deliberate"})
        visitor.go("deliberate")
        reason = page.get_by_label(texts["deliberate_phrase"])
        note = page.get_by_label(texts["deliberate_note"])

        def answer(value: int, written: str) -> None:
            """Choose an answer, see what stands in the field, send it."""
            page.get_by_role("radio", name=texts[f"answer_{value}"]).first.check()
            expect(note).to_have_value(written)
            expect(reason).to_have_value("legal" if written == "belum ada dasarnya" else "")
            page.get_by_role("button", name="Kirim jawaban").click()
            expect(page.locator(CONNECTION)).to_have_text("Tersambung")
            stance = visitor.kernel.entries("stance")[-1]
            assert (stance["answer"], stance["note"]) == (value, written)

        page.get_by_role("radio", name=texts["answer_0"]).check()
        reason.select_option("legal")
        note.fill("belum ada dasarnya")
        answer(0, "belum ada dasarnya")
        answer(2, "belum ada dasarnya")
        answer(3, "")
        answer(0, "belum ada dasarnya")
        answer(3, "")
        note.fill("asal jelas anggarannya")
        expect(page.get_by_text(texts["deliberate_note_emptied"]).first).to_be_visible()
        answer(3, "asal jelas anggarannya")
        answer(2, "asal jelas anggarannya")
        assert not visitor.problems()


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus, and see that it shows it."""
    for _ in range(90):
        page.keyboard.press("Tab")
        if wanted.evaluate("(e) => e === document.activeElement"):
            ring = "(e) => getComputedStyle(e.matches('input') && e.closest('.kf-option') || e)"
            assert (
                wanted.evaluate(f"{ring}.outlineStyle") != "none"
                or wanted.evaluate("(e) => getComputedStyle(e).outlineStyle") != "none"
            )
            return
    raise AssertionError(f"not reached with Tab: {wanted}")


def by_keys(visitor: Visit, screen: str) -> None:
    """Open a screen by the menu, which the tools have on every screen."""
    page = visitor.page
    page.get_by_role("button", name="Menu").focus()
    page.keyboard.press("Enter")
    tab_to(page, page.locator(".kf-menu-item", has_text=page_texts()["id"][f"screen_{screen}"]))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_focused()


def test_guess_and_money_by_keys_alone(browser: Browser, tmp_path: Path) -> None:
    with visit(browser, tmp_path) as visitor:
        page, kernel, keys = visitor.page, visitor.kernel, visitor.page.keyboard
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "guess"})
        by_keys(visitor, "guess")
        card = page.locator(".kf-main section").first
        tab_to(page, card.get_by_role("slider"))
        keys.press("ArrowLeft")
        tab_to(page, card.get_by_role("button", name="Kirim tebakan"))
        keys.press("Enter")
        expect(card).to_contain_text("Tebakan Anda tersimpan")
        expect(card.locator(".kf-good")).to_be_focused()
        expect(page.locator(CONNECTION)).to_have_text("Tersambung")
        assert len(kernel.entries("guess")) == 1

        visitor.facilitator(phase={"name": "package"})
        set_package(page, apbd_poverty_share=0.1)
        by_keys(visitor, "sources")
        tab_to(page, page.get_by_role("slider", name="Belanja barang dan jasa"))
        keys.press("PageUp")
        expect(page.locator(".kf-verdict")).to_contain_text("kurang")
        tab_to(page, page.get_by_role("button", name="Ambil sisanya dari Belanja barang dan jasa"))
        keys.press("Space")
        expect(page.locator(".kf-verdict")).to_contain_text("Anggaran seimbang")
        tab_to(page, page.get_by_label("Nama paket"))
        keys.type("Dengan tombol")
        tab_to(page, page.get_by_role("button", name="Kirim usulan"))
        keys.press("Enter")
        expect(page.locator(CONNECTION)).to_have_text("Tersambung")
        (package,) = kernel.entries("package")
        assert package["name"] == "Dengan tombol" and package["balanced"]
        assert not visitor.problems()


def test_talks_and_signature_by_keys_alone(browser: Browser, tmp_path: Path) -> None:
    with visit(browser, tmp_path) as visitor:
        page, kernel, keys = visitor.page, visitor.kernel, visitor.page.keyboard
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "deliberate"})
        by_keys(visitor, "deliberate")
        tab_to(page, page.locator(".kf-chip").nth(1))
        keys.press("Enter")
        expect(page.locator("h2").first).to_contain_text("Butir 2.")
        tab_to(page, page.get_by_role("radio").first)
        keys.press("Space")
        keys.press("ArrowDown")
        expect(page.get_by_role("radio").nth(1)).to_be_checked()
        tab_to(page, page.get_by_label(page_texts()["id"]["deliberate_phrase"]))
        keys.press("ArrowDown")
        tab_to(page, page.get_by_label("Catatan Anda"))
        keys.type("dari papan tombol")
        tab_to(page, page.get_by_role("button", name="Kirim jawaban"))
        keys.press("Enter")
        tab_to(page, page.get_by_role("button", name="Butir berikutnya"))
        keys.press("Enter")
        expect(page.locator("h2").first).to_contain_text("Butir 3.")
        (stance,) = kernel.entries("stance")
        assert stance["answer"] == 2 and stance["phrase"] == "money"
        assert stance["note"] == "dari papan tombol"

        visitor.facilitator(phase={"name": "agree"}, keys={"seals": sealed({"33": SIGN_CODE})})
        visitor.facilitator(freeze={"on": True})
        by_keys(visitor, "agree")
        tab_to(page, page.get_by_label("Saya telah membaca"))
        keys.press("Space")
        tab_to(page, page.get_by_label("Kode meja"))
        keys.type(SIGN_CODE.lower())
        tab_to(page, page.get_by_role("button", name="Tandatangani"))
        keys.press("Enter")
        expect(page.get_by_text("Jawa Tengah sudah menandatangani")).to_be_visible()
        assert len(kernel.entries("sign")) == 1
        assert not visitor.problems()


@pytest.mark.parametrize(("system", "own"), [("light", "dark"), ("dark", "light")])
def test_an_own_choice_of_light_or_dark_outlives_a_reload_and_beats_the_system(
    browser: Browser, tmp_path: Path, system: str, own: str
) -> None:
    grounds = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 31)"}
    with visit(browser, tmp_path, LAPTOP, system) as visitor:
        page = visitor.page
        visitor.open()
        root = page.locator(".kf")
        expect(root).to_have_attribute("data-theme", system)
        page.emulate_media(color_scheme=own)  # type: ignore[arg-type]
        expect(root).to_have_attribute("data-theme", own)  # until somebody chooses
        page.emulate_media(color_scheme=system)  # type: ignore[arg-type]
        page.get_by_role("button", name="Tampilan").click()
        page.get_by_label(page_texts()["id"][f"theme_{own}"], exact=True).check()
        for again in ("chosen", "loaded anew", "the system changes"):
            if again == "loaded anew":
                page.reload()
                page.locator(".kf h1").wait_for()
            if again == "the system changes":
                page.emulate_media(color_scheme=own)  # type: ignore[arg-type]
                page.emulate_media(color_scheme=system)  # type: ignore[arg-type]
            expect(root, again).to_have_attribute("data-theme", own)
            expect(root, again).to_have_css("background-color", grounds[own])


def test_names_below_an_axis_lie_apart(browser: Browser, tmp_path: Path) -> None:
    """Also where the last one moves inwards from the edge, whatever the width and the language."""
    apart = """() => [...Array(60)].flatMap((_, place) => {
      const [low, high] = [-1000 * (place % 5), 20000 * (1 + place)];
      const chart = window.signed({ width: 280 + 4 * place, summary: "", axis: { low, high },
        tick: (at) => `Rp${at / 1000} thousand`, rows: [{ label: "1", value: 1, text: "1" }] });
      document.querySelector(".kf-main").append(chart);
      const ends = [...chart.querySelectorAll(".kf-tick")].map((e) => e.getBoundingClientRect());
      return ends.length < 2 || ends.some(({ left }, at) => at && ends[at - 1].right > left)
        ? [[low, high, ends.length]] : [];
    })"""
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        script = bundle("charts.js") + "\nwindow.signed = signedChart;"
        page.add_script_tag(content=script, type="module")
        page.wait_for_function("() => window.signed !== undefined")
        assert page.evaluate(apart) == []


def test_a_link_that_was_closed_hears_of_nothing(browser: Browser, tmp_path: Path) -> None:
    follow = """() => {
      const told = [];
      const nothing = () => {};
      const link = window.open_link({
        model: { send: nothing, on: nothing, off: nothing }, key: "x", participant: "y",
        lang: () => "id", onState: nothing, onRefused: nothing, onStored: nothing,
        onFile: nothing, onConnection: (state) => told.push(state), probe: async () => "silent",
      });
      window.dispatchEvent(new Event("offline"));
      link.close();
      const before = told.length;
      for (const event of ["offline", "online"]) window.dispatchEvent(new Event(event));
      return [told.at(-1), told.length - before];
    }"""
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        script = bundle("link.js") + "\nwindow.open_link = openLink;"
        page.add_script_tag(content=script, type="module")
        page.wait_for_function("() => window.open_link !== undefined")
        assert page.evaluate(follow) == ["offline", 0]


def test_who_opens_the_next_screen_is_said_where_it_is_closed(
    browser: Browser, tmp_path: Path
) -> None:
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        said = page.get_by_text("Berikutnya dibuka fasilitator")
        expect(said).to_be_hidden()
        visitor.go("now")
        expect(said).to_be_visible()
        visitor.facilitator(phase={"name": "family"})
        expect(said).to_be_hidden()


def test_more_money_than_a_package_costs_is_said_with_the_result(
    browser: Browser, tmp_path: Path
) -> None:
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "package"})
        set_package(page, apbd_poverty_share=0.1)
        visitor.go("sources")
        sliders = page.locator(".kf-main").get_by_role("slider")
        for place in (0, 1):
            sliders.nth(place).press("End")
        main, more = page.locator(".kf-main"), re.compile(r"lebih (Rp[\d,]+ \w+)")
        expect(main).to_contain_text(more)
        excess = more.search(main.inner_text())
        assert excess is not None
        visitor.go("results")
        expect(page.get_by_text(f"Sumbernya {excess[1]} lebih banyak")).to_be_visible()
