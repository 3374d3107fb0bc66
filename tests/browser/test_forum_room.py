"""The facilitator's page in a real browser, with the real desk and the real surface behind it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from kesos_sim.emulator import load_surface
from kesos_sim.forum.session import FORUM_LEVERS
from kesos_sim.forum.text import clean_text
from kesos_sim.forum.views import public as room_public
from kesos_sim.i18n import numbers
from tests.browser.room_page import ADDRESS, RoomPage, room_page
from tests.forum.full_meeting import HOSTILE, Meeting
from tests.payloads import MARKUP

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# What the page itself has nowhere; its style sheet stands in the head.
FOREIGN = (
    "body :is(img, iframe, object, embed, base, meta, link, style, marquee, video, math, form)"
)
PROJECTED, PROJECTED_SMALL = 28.0, 20.0
SMALLEST_TEXT = 14.0
SMALLEST_TARGET = 44.0
SIZES = """(root) => [...root.querySelectorAll("*")]
  .filter((e) => e.offsetParent && !e.closest(".kf-unseen") &&
    [...e.childNodes].some((n) => n.nodeType == 3 && n.data.trim()))
  .map((e) => [parseFloat(getComputedStyle(e).fontSize), e.className, e.textContent.slice(0, 40)])
  .sort((a, b) => a[0] - b[0])"""
WITHIN = """(e) => { const at = e.getBoundingClientRect();
  const { innerHeight } = e.ownerDocument.defaultView;
  return at.height > 0 && at.top >= 0 && at.bottom <= innerHeight + 1; }"""
ON_THE_PAGE = """(e) => { const at = e.getBoundingClientRect();
  const paged = e.closest("[style*=clip-path]") ?? e.closest(".kr-frame");
  const cut = getComputedStyle(paged).clipPath.match(/-?[\\d.]+(?=px)/g) ?? [];
  const [above = 0, , below = 0] = cut;
  const [own, box] = [paged, e.closest(".kr-frame")].map((one) => one.getBoundingClientRect());
  return at.top >= Math.max(box.top, own.top + +above) - 2
    && at.bottom <= Math.min(box.bottom, own.bottom - below) + 2; }"""
# Of what a wall shows, what is begun and not ended on its page.
HALF_SHOWN = """(all, page) => { const whole = eval(page);
  const begun = (e) => { const at = e.getBoundingClientRect();
    const shown = document.elementsFromPoint(at.left + 8, at.top + 4)
      .some((one) => e.contains(one));
    return shown && !whole(e); };
  return all.filter(begun).map((e) => e.textContent); }"""
OVERLAPS = """(all) => all.map((e) => [e.textContent, e.getBoundingClientRect()])
  .flatMap(([words, one], place, list) => list.slice(place + 1)
    .filter(([, other]) => one.left < other.right - 1 && other.left < one.right - 1 &&
      one.top < other.bottom - 1 && other.top < one.bottom - 1)
    .map(([others]) => `${words} | ${others}`))"""
# How each phase is opened, and what the room must be able to read then.
PHASES = {
    "opening": (["about"], {"id": "Tiga batas", "en": "Three limits"}),
    "family": (["families"], {"id": "tanpa pengaruh koordinasi", "en": "without effect of coord"}),
    "guess": (["guess:apbd", "model:apbd"], {"id": "bila koordinasi tidak berpengaruh",
                                             "en": "if coordination has no effect"}),
    "explore": (["tries"], {"id": "Mengejutkan", "en": "Surprising"}),
    "package": (["packages"], {"id": "belum seimbang", "en": "not balanced"}),
    "shock": (["shock"], {"id": "tetap ke-1", "en": "still no. 1"}),
    "deliberate": (["stances"], {"id": "hampir mufakat", "en": "nearly agreed"}),
    "agree": ([], {"id": "Berlaku setelah melalui", "en": "It takes effect after"}),
    "reflect": (["reflections"], {"id": "Angka kecil pun soal", "en": "Angka kecil pun soal"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Meeting:
    meeting = Meeting(tmp_path_factory.mktemp("filled"))
    meeting.fill()
    return meeting


@pytest.fixture
def meeting(filled: Meeting, tmp_path: Path) -> Meeting:
    """A copy of the filled meeting."""
    copy = Meeting(tmp_path)
    copy.store.put_back(filled.store.since(0))
    copy.desk.look()
    return copy


@pytest.fixture(autouse=True)
def _address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KESOS_FORUM_ADDRESS", "http://192.168.1.20:8866/")


def walk(room: RoomPage, lang: str, stage: Page | None = None, letters: float = 0) -> None:
    """Go through every phase and open everything, looking at what the room sees."""
    seen = (stage or room.page).locator(".kr-stage")
    if lang != "id":
        room.act("lang", lang=lang)
    for phase, (opened, words) in PHASES.items():
        room.act("phase", name=phase)
        if phase == "shock":
            room.act("shock", name="price_rise")
        if phase == "deliberate":
            room.page.locator("[data-key=point]").select_option("4")
        for what in opened:
            expect(seen).not_to_contain_text(re.compile(words[lang]))
            room.act("reveal", what=what)
        expect(seen).to_contain_text(re.compile(words[lang]))
        assert room.overflow() <= 0, phase
        assert seen.get_attribute("lang") == lang
        if stage is not None:
            smallest = seen.evaluate(SIZES)[0]
            assert smallest[0] >= letters, (phase, smallest)
            wide = stage.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, phase
            assert tall(stage) <= 0, phase
            zero = seen.locator(".kr-without, .kr-zero").first
            if phase in {"guess", "explore", "package", "shock"}:
                assert zero.evaluate(WITHIN), (phase, "the case without effect is cut off")
            assert seen.locator(".kr-notes").evaluate(WITHIN), phase
    assert not room.broken


def tall(wall: Page) -> int:
    """How many pixels a wall is taller than its window."""
    return int(wall.evaluate("document.documentElement.scrollHeight - innerHeight"))


def test_laptop_in_indonesian(browser: Browser, meeting: Meeting) -> None:
    with room_page(browser, meeting, 1280, 800) as room:
        walk(room, "id")
        smallest = room.page.locator(".kr").evaluate(SIZES)[0]
        assert smallest[0] >= SMALLEST_TEXT, smallest
        small = room.page.evaluate(
            "[...document.querySelectorAll('.kr button, .kr select, .kr summary')]"
            ".filter((e) => e.offsetParent && e.getBoundingClientRect().height < 43.5)"
            ".map((e) => e.textContent)"
        )
        assert not small
        assert not room.problems()
        room.page.locator("[data-key=script]").click()
        expect(room.page.locator(".kr-script")).to_contain_text("Bila Wi-Fi mati")
        assert not room.problems()
        room.page.get_by_role("button", name="Tutup naskah").click()
        expect(room.page.locator(".kr-script")).to_be_hidden()
        assert all(url.startswith(("http://room.test/", "data:")) for url in room.asked)


@pytest.mark.parametrize("close", ["Escape", "button"])
def test_the_script_covers_no_control_and_closes_with_escape(
    browser: Browser, meeting: Meeting, close: str
) -> None:
    with room_page(browser, meeting, 1280, 800) as room:
        page = room.page
        room.act("phase", name="deliberate")
        opener, drawer = page.locator("[data-key=script]"), page.locator(".kr-script")
        opener.click()
        closer = page.get_by_role("button", name="Tutup naskah")
        expect(closer).to_be_focused()
        left = drawer.evaluate("(e) => e.getBoundingClientRect().left")
        ends = page.locator(".kr button:visible, .kr select:visible").evaluate_all(
            "(all) => all.filter((e) => !e.closest('.kr-script'))"
            ".map((e) => e.getBoundingClientRect().right)"
        )
        assert len(ends) > 15 and max(ends) <= left
        assert room.overflow() <= 0 and not room.problems()
        if close == "Escape":
            page.keyboard.press("Escape")
        else:
            closer.click()
        expect(drawer).to_be_hidden()
        expect(opener).to_be_focused()
        assert not room.broken


@pytest.mark.parametrize("lang", ["id", pytest.param("en", marks=pytest.mark.full)])
def test_the_controls_of_the_header_stand_in_one_row(
    browser: Browser, meeting: Meeting, lang: str
) -> None:
    with room_page(browser, meeting, 1280, 800) as room:
        if lang != "id":
            room.act("lang", lang=lang)
        with room.page.expect_popup():
            room.page.locator("[data-key=projector]").click()
        tops = room.page.locator(".kr-header .kr-strip").evaluate(
            "(e) => [...e.children].map((one) => Math.round(one.getBoundingClientRect().top))"
        )
        assert len(tops) == 6
        assert len(set(tops)) == 1, "a control is wrapped to a row of its own"


def test_dark_laptop_and_projector(browser: Browser, meeting: Meeting) -> None:
    with room_page(browser, meeting, 1280, 800) as room:
        page = room.page
        page.locator("[data-key=theme]").select_option("dark")
        with page.expect_popup() as popup:
            page.locator("[data-key=projector]").click()
        wall = popup.value
        for phase, (opened, _) in PHASES.items():
            room.act("phase", name=phase)
            for what in opened:
                room.act("reveal", what=what)
            assert not room.problems(), phase
        for one in (page.locator(".kr"), wall.locator(".kr-stage")):
            expect(one).to_have_css("background-color", "rgb(20, 24, 31)")
            expect(one).to_have_css("color", "rgb(229, 231, 235)")
        page.reload()
        expect(page.locator(".kr")).to_have_attribute("data-theme", "dark")


def test_a_device_is_excluded_and_counted_again(browser: Browser, meeting: Meeting) -> None:
    with room_page(browser, meeting, 1280, 800) as room:
        page = room.page
        people = len(meeting.room().members)
        first = next(iter(meeting.room().members))
        meeting.store.seen(first)
        room.look()
        expect(page.locator(".kr-right")).to_contain_text("1 perangkat tersambung sekarang")
        page.get_by_text("Perangkat", exact=True).click()
        row = page.locator(".kr-of-devices li", has_text="Lampung, perangkat 1 (")
        expect(row).to_contain_text("tersambung")
        row.get_by_role("button", name="Kecualikan").click()
        expect(row).to_contain_text("dikecualikan")
        expect(page.locator(".kr-right")).to_contain_text(f"{people - 1} orang bergabung")
        assert len(meeting.room().members) == people - 1
        row.get_by_role("button", name="Hitung lagi").click()
        expect(page.locator(".kr-right")).to_contain_text(f"{people} orang bergabung")
        assert not room.problems()


def test_phone_in_english(browser: Browser, meeting: Meeting) -> None:
    with room_page(browser, meeting, 390, 844) as room:
        walk(room, "en")
        assert not room.problems()
        room.act("show_table", on=True)
        room.act("phase", name="package")
        expect(room.page.locator(".kr-stage table")).to_be_visible()
        assert room.overflow() <= 0


def test_projector_shows_the_stage_alone_in_large_letters(
    browser: Browser, meeting: Meeting
) -> None:
    with room_page(browser, meeting, 1920, 1080, reduced_motion="reduce") as room:
        with room.page.expect_popup() as opened:
            room.page.locator("[data-key=projector]").click()
        wall = opened.value
        wall.set_viewport_size({"width": 1920, "height": 1080})
        walk(room, "id", wall, PROJECTED)
        assert wall.locator("button, input, select").count() == 0
        assert "Kode tanda tangan" not in wall.locator("body").inner_text()
        codes = meeting.desk.hear({"do": "hello"})[0][0]["state"]["codes"].values()
        assert codes
        assert not any(code in wall.locator("body").inner_text() for code in codes)
        room.act("projector", size=1.5)
        expect(wall.locator(".kr-stage")).to_have_css("font-size", "42px")
        wall.close()


@pytest.mark.full
def test_projector_as_it_opens_shows_everything_by_pages(
    browser: Browser, meeting: Meeting
) -> None:
    """1280 by 720: smaller letters, and pages instead of anything cut off."""
    with room_page(browser, meeting, 1280, 800, reduced_motion="reduce") as room:
        with room.page.expect_popup() as opened:
            room.page.locator("[data-key=projector]").click()
        wall = opened.value
        wall.set_viewport_size({"width": 1280, "height": 720})
        wall.wait_for_function("[...document.fonts].some((one) => one.status === 'loaded')")
        walk(room, "id", wall, PROJECTED_SMALL)
        room.act("phase", name="package")
        room.act("projector", size=1.5)
        phase = wall.locator(".kr-phase")
        expect(phase).to_contain_text("halaman 1 dari")
        pages = int(phase.inner_text().rsplit(" ", 1)[1])
        assert pages <= 6, "ten packages in the largest letters"
        rows = wall.locator(".kr-ranges .kr-range-label")
        frame = ON_THE_PAGE
        seen = set()
        for page in range(1, pages + 1):
            expect(phase).to_contain_text(f"halaman {page} dari {pages}")
            expect(room.page.locator(".kr-tools")).to_contain_text(f"{page} dari {pages}")
            assert tall(wall) <= 0
            assert wall.locator(".kr-notes").evaluate(WITHIN)
            seen |= {one.inner_text() for one in rows.all() if one.evaluate(frame)}
            if page % 2:
                wall.keyboard.press("PageDown")
            elif page < pages:
                room.page.locator("[data-key='sheet+']").click()
        assert seen == {one.inner_text() for one in rows.all()}
        assert not room.broken
        wall.close()


@pytest.mark.parametrize("lang", ["id", "en"])
def test_two_columns_of_the_wall_are_cut_into_pages_by_themselves(
    browser: Browser, meeting: Meeting, lang: str
) -> None:
    with room_page(browser, meeting, 1280, 800, reduced_motion="reduce") as room:
        room.act("lang", lang=lang)
        room.act("phase", name="deliberate")
        room.act("reveal", what="stances")
        room.page.locator("[data-key=point]").select_option("4")
        with room.page.expect_popup() as opened:
            room.page.locator("[data-key=projector]").click()
        wall = opened.value
        wall.set_viewport_size({"width": 1280, "height": 720})
        expect(wall.locator(".kr-phase")).to_contain_text(re.compile("1 (dari|of)"))
        parts = wall.locator(".kr-point, .kr-one-point > :not(ul), .kr-objections > li")
        points = wall.locator(".kr-point:not(.kr-head)")
        read: set[str] = set()
        for page in range(2):
            assert sum(one.evaluate(ON_THE_PAGE) for one in points.all()) == 9, "the meter stays"
            assert not parts.evaluate_all(HALF_SHOWN, ON_THE_PAGE), page
            read |= {one.inner_text() for one in parts.all() if one.evaluate(ON_THE_PAGE)}
            wall.keyboard.press("PageDown")
            expect(wall.locator(".kr-phase")).to_contain_text(re.compile("2 (dari|of)"))
        assert read >= {one.inner_text() for one in points.all()}
        assert any("Banten" in one for one in read), "the last line is on the second page"
        wall.close()


def test_the_first_families_show_from_whom_help_comes_and_where_none_does(
    browser: Browser, meeting: Meeting
) -> None:
    with room_page(browser, meeting, 1280, 800) as room:
        room.act("phase", name="family")
        cards = room.page.locator(".kr-cards > li")
        expect(cards).to_have_count(len(meeting.session.tables))
        helped = cards.filter(has=room.page.locator(".kr-from")).count()
        without = cards.filter(has_text="Tidak ada bantuan yang sampai").count()
        assert helped > cards.count() / 2 and without >= 1
        assert helped + without == cards.count()
        # All are of one kind, which is the one that is chosen below.
        expect(cards.locator("h3")).to_have_count(0)
        first = room.page.locator("[data-key=family]")
        expect(room.page.locator(".kr-stage")).to_contain_text(
            first.locator("option:checked").inner_text()
        )


def test_what_people_typed_stays_text(browser: Browser, meeting: Meeting) -> None:
    with room_page(browser, meeting, 1280, 800) as room:
        for phase, what in (("package", "packages"), ("deliberate", "stances"),
                            ("reflect", "reflections")):  # fmt: skip
            room.act("phase", name=phase)
            room.act("reveal", what=what)
            if phase == "deliberate":
                room.page.locator("[data-key=point]").select_option("4")
            expect(room.page.locator(".kr-stage")).to_contain_text(HOSTILE[:20])
        room.act("clause", point="1", text=HOSTILE)
        room.act("renaksi", row="r1", point="1", activity=HOSTILE)
        room.act("phase", name="agree")
        expect(room.page.locator(".kr-clause-text")).to_be_visible()
        assert room.page.locator("img, script[src], .kr b b").count() == 0
        assert room.page.evaluate("window.hurt") is None
        assert not room.broken


def test_no_payload_runs_on_the_wall(browser: Browser, tmp_path: Path) -> None:
    """Every one as the name of a package, as a note, as a sentence, as a clause and in the plan."""
    typing = Meeting(tmp_path)
    people = [f"{table.code}-{place}" for table in typing.session.tables for place in range(4)]
    assert len(people) >= len(MARKUP)
    typing.enter_many(
        (name, "join", {"province": name[:2], "role": "dinsos", "lang": "id"}) for name in people
    )
    typing.act("phase", name="reflect")
    package = {"levers": {"apbd_poverty_share": 0.1}, "sources": {"belanja_barang": 1.0},
               "table": True, "balanced": True}  # fmt: skip
    kinds = {
        "package": lambda words: {**package, "name": words[:40]},
        "stance": lambda words: {"point": "4", "answer": 0, "round": 1, "note": words},
        "reflect": lambda words: {"text": words},
    }
    for kind, body in kinds.items():
        typing.enter_many(
            (name, kind, body(words)) for name, words in zip(people, MARKUP, strict=False)
        )
    with room_page(browser, typing, 1280, 800) as room:
        for phase, what in (("package", "packages"), ("deliberate", "stances"),
                            ("reflect", "reflections")):  # fmt: skip
            room.act("phase", name=phase)
            room.act("reveal", what=what)
            if phase == "deliberate":
                room.page.locator("[data-key=point]").select_option("4")
            # One text of a group is on the wall, and not every one names the window.
            expect(room.page.locator(".kr-stage")).to_contain_text("hurt")
            assert room.page.locator(FOREIGN).count() == 0
        shown = room.page.locator(".kr-stage q").all_text_contents()
        assert len(shown) > 6 and set(shown) <= {clean_text(words) for words in MARKUP}
        for number, words in enumerate(MARKUP):
            room.act("clause", point=str(number % 9 + 1), text=words)
            room.act("renaksi", row=f"r{number}", point="1", activity=words, responsible=words)
        room.act("phase", name="agree")
        expect(room.page.locator(".kr-clause-text")).to_be_visible()
        assert room.page.locator(FOREIGN).count() == 0
        assert room.page.evaluate("window.hurt") is None
        assert all(url.startswith(ADDRESS) for url in room.asked)
        assert not room.broken


def test_a_table_with_cards_only_is_in_the_room(browser: Browser, tmp_path: Path) -> None:
    """What stands on paper is counted among the tables that are present, in words for one too."""
    empty = Meeting(tmp_path)
    with room_page(browser, empty, 1280, 800) as room:
        page, side = room.page, room.page.locator(".kr-side-tables li", has_text="53")
        expect(side.locator("b")).to_have_text("0")
        room.act("lang", lang="en")
        room.act("phase", name="package")
        expect(page.locator(".kr-stage h2")).to_have_text(
            "Tables that have sent a package: 0 of 10 present"
        )
        package = {"name": "Kertas", "levers": {"apbn_poverty_share": 0.1}, "table": True,
                   "balanced": False}  # fmt: skip
        room.act("paper", table="53", kind="package", body=package)
        expect(side.locator("b")).to_have_text("1 card on paper")
        expect(side).to_contain_text("sent")
        expect(page.locator(".kr-stage h2")).to_have_text(
            "Tables that have sent a package: 1 of 1 present"
        )
        room.act("reveal", what="packages")
        expect(page.locator(".kr-stage")).to_contain_text("1 package is not balanced: its sources")
        room.act("phase", name="opening")
        expect(page.locator(".kr-tiles li", has_text="53")).to_contain_text("1 card on paper")
        empty.enter("Sari", ("join", {"province": "33", "role": "dinsos", "lang": "id"}))
        room.look()
        expect(page.locator(".kr-stage h2")).to_have_text("1 person has joined, tables: 1")
        assert not room.broken and not room.problems()


def test_a_silent_table_and_one_where_nobody_sits_look_different(
    browser: Browser, tmp_path: Path
) -> None:
    """The one counts against an agreement, the other does not: in the meter and in its table."""
    meeting = Meeting(tmp_path)
    for who, place in (("Sari", "33"), ("Budi", "32")):
        meeting.enter(who, ("join", {"province": place, "role": "dinsos", "lang": "id"}))
    meeting.act("phase", name="deliberate")
    meeting.enter("Sari", ("stance", {"point": "1", "answer": 3, "note": "", "round": 1}))
    meeting.act("reveal", what="stances")
    words = {"33": "Sepakat", "32": "Belum menjawab", "53": "Tidak hadir"}
    with room_page(browser, meeting, 1280, 800) as room:
        stage = room.page.locator(".kr-stage")
        codes = stage.locator(".kr-head .kr-cell").all_inner_texts()
        signs = stage.locator(".kr-point:not(.kr-head)").first.locator(".kr-cell").all_inner_texts()
        told = {code: signs[codes.index(code)] for code in words}
        assert len(set(told.values())) == len(words)
        for code, said in words.items():
            expect(stage.locator(".kr-key")).to_contain_text(f"{told[code]} {said}")
        cells = stage.locator("tbody tr").first.locator("td").all_text_contents()
        assert dict(zip(codes, cells[1:], strict=True)).items() >= words.items()
        assert not room.broken and not room.problems()


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_wall_does_not_say_that_input_is_closed_where_all_may_try(
    browser: Browser, tmp_path: Path, lang: str
) -> None:
    meeting = Meeting(tmp_path)
    meeting.enter("Sari", ("join", {"province": "33", "role": "dinsos", "lang": "id"}))
    meeting.act("phase", name="explore")
    meeting.act("input", open=False)
    meeting.enter("Sari", ("try", {"levers": {"bkkks_standing": 3.0}}))
    meeting.act("lang", lang=lang)
    with room_page(browser, meeting, 1280, 800) as room:
        told = room.page.locator(".kr-waiting")
        assert told.inner_text().split()[0] == "1"
        assert "nput" not in told.inner_text()


def test_the_wall_counts_the_tables_that_answered_as_tables(
    browser: Browser, tmp_path: Path
) -> None:
    """People by the dozen have answered at two tables."""
    meeting = Meeting(tmp_path)
    people = [(f"{table}-{place}", table) for table in ("33", "51") for place in range(6)]
    for name, table in people:
        meeting.enter(name, ("join", {"province": table, "role": "dinsos", "lang": "id"}))
    meeting.act("phase", name="deliberate")
    for name, _ in people:
        meeting.enter(name, ("stance", {"point": "1", "answer": 3, "round": 1}))
    with room_page(browser, meeting, 1280, 800) as room:
        told = room.page.locator(".kr-waiting")
        assert re.match(r"2\s+meja sudah menjawab, dari 2 meja yang hadir", told.inner_text())
        room.act("phase", name="agree")
        room.act("freeze", on=True)
        notes = room.page.locator(".kr-notes p").all_inner_texts()
        assert len(notes) == 3
        assert all(note.endswith(".") for note in notes)


def test_the_primary_button_leads_through_the_whole_meeting(
    browser: Browser, meeting: Meeting
) -> None:
    """Pressing one button from the first phase to the last, with the keyboard alone."""
    with room_page(browser, meeting, 1280, 800, reduced_motion="reduce") as room:
        button = room.page.locator("[data-key=next]")
        button.focus()
        pressed = []
        for _ in range(60):
            if not button.count():
                break
            pressed.append(button.inner_text())
            assert button.evaluate("(e) => e === document.activeElement"), pressed
            room.page.keyboard.press("Enter")
            room.page.wait_for_function(
                "(before) => document.querySelector('[data-key=next]')?.textContent !== before",
                arg=pressed[-1],
            )
        assert meeting.room().phase == "reflect"
        assert room.page.locator(".kr-left").get_by_text("Pertemuan selesai").is_visible()
        wanted = ["Buka tebakan ruangan: 10% APBD", "Buka hasil: 10% APBD",
                  "Ulangi perubahan terakhir", "Buka tebakan ruangan: koordinasi saja"]  # fmt: skip
        place = pressed.index(wanted[0])
        assert pressed[place : place + 4] == wanted
        assert "Undi guncangan" in pressed and "Bekukan naskah" in pressed
        assert meeting.room().frozen and meeting.room().shock != "none"
        assert not room.broken


def test_a_package_on_paper_is_as_it_was_circled(browser: Browser, meeting: Meeting) -> None:
    """The lowest step is not today's setting, and a lever that is not circled is not moved."""
    with room_page(browser, meeting, 1280, 800) as room:
        page = room.page
        page.get_by_text("Kartu kertas", exact=True).click()
        form = page.locator("details.kr-form", has=page.locator("[data-key=paper]"))
        form.get_by_label("Meja").select_option("53")
        form.get_by_label("Nama paket").fill("Tanpa badan")
        form.get_by_label("Kedudukan BKKKS").select_option("0")
        form.locator("[data-key=paper]").click()
        expect(form.get_by_role("status").last).to_contain_text("Nusa Tenggara Timur")
        saved = meeting.room().packages["53"]
        assert saved.levers == {"bkkks_standing": 0.0}
        assert saved.silent == set(FORUM_LEVERS) - {"bkkks_standing"}
        form.get_by_label("Nama paket").fill("Seperti sekarang")
        form.get_by_label("Porsi APBD").select_option(label="seperti sekarang")
        form.locator("[data-key=paper]").click()
        expect(form.get_by_role("status").last).to_contain_text("Nusa Tenggara Timur")
        saved = meeting.room().packages["53"]
        assert not saved.levers and "apbd_poverty_share" not in saved.silent


def test_a_card_on_paper_is_typed_in_for_the_proposal_that_stands_on_it(
    browser: Browser, meeting: Meeting
) -> None:
    with room_page(browser, meeting, 1280, 800) as room:
        page = room.page
        room.act("phase", name="deliberate")
        room.act("clause", point="1", levers={"bkkks_standing": 2.0})
        page.get_by_text("Kartu kertas", exact=True).click()
        form = page.locator("details.kr-form", has=page.locator("[data-key=paper]"))
        form.get_by_label("Meja").select_option("53")
        form.get_by_label("Jenis kartu").select_option("stance")
        form.get_by_label("1. Kedudukan BKKKS").select_option("3")
        room.act("clause", point="1", levers={"bkkks_standing": 3.0})  # while it is typed in
        expect(page.locator(".kr-stage")).to_contain_text("Usulan ke-")
        form.locator("[data-key=paper]").click()
        expect(form.get_by_role("alert")).to_contain_text("Pilih usulan mana")
        which = form.get_by_label("Usulan yang dijawab pada butir 1")
        old, new = (re.compile(f"usulan ke-[0-9]+: Kedudukan BKKKS: {name}")
                    for name in ("Pergub", "Perda"))  # fmt: skip
        which.select_option(label=which.locator("option", has_text=old).first.inner_text())
        form.locator("[data-key=paper]").click()
        expect(form.get_by_role("status")).to_contain_text("disimpan")
        assert meeting.room().point("1").unconfirmed.count("53") == 1
        form.get_by_label("1. Kedudukan BKKKS").select_option("3")
        which.select_option(label=which.locator("option", has_text=new).first.inner_text())
        form.locator("[data-key=paper]").click()
        form.get_by_label("Nomor kartu").fill("2")  # the form is empty again
        found = [one for one in meeting.room().stances["1"].values() if one.table == "53"]
        assert [dict(one.setting) for one in found] == [{"bkkks_standing": 2.0},
                                                        {"bkkks_standing": 3.0}]  # fmt: skip


def test_a_package_on_paper_is_balanced_by_the_rule_of_the_phones(
    browser: Browser, meeting: Meeting
) -> None:
    """Shares that add up to 100 percent are not enough: the lines must be able to pay."""
    cost = load_surface().cost({"apbn_poverty_share": 0.1}, "53")
    sizes = {one["line"]: one["rupiah"] for one in cost["lines"]}
    assert sizes["perjalanan_dinas"] is None
    assert sizes["belanja_hibah"] < cost["change"] < sizes["subsidi"]
    with room_page(browser, meeting, 1280, 800) as room:
        page = room.page
        page.get_by_text("Kartu kertas", exact=True).click()
        form = page.locator("details.kr-form", has=page.locator("[data-key=paper]"))
        verdict = form.locator(".kf-verdict")

        def card(**shares: float | str) -> Locator:
            form.get_by_label("Meja").select_option("53")
            form.get_by_label("Nama paket").fill("Paket kertas")
            form.get_by_label("Porsi APBN").select_option("0.1")
            for name, share in shares.items():
                form.get_by_label(name.replace("_", " "), exact=False).fill(str(share))
            return verdict

        expect(card()).to_contain_text("Belum seimbang: kurang")
        # What a line cannot do stands beside it before anything is written into it.
        expect(form.get_by_label("Perjalanan dinas")).to_have_accessible_description(
            "Tidak dihitung: besar pos ini tidak diterbitkan."
        )
        said = form.get_by_text("besar pos ini tidak diterbitkan").filter(visible=True)
        expect(said).to_have_count(list(sizes.values()).count(None))
        expect(card(Perjalanan_dinas=100)).to_contain_text("Belum seimbang: kurang")
        form.locator("[data-key=paper]").click()
        expect(form.get_by_role("status").last).to_contain_text("disimpan")
        saved = meeting.room().packages["53"]
        assert not saved.balanced and not saved.sources
        expect(card(Belanja_hibah=100)).to_contain_text("Belum seimbang: kurang")
        expect(card(Belanja_hibah=30)).to_contain_text("harus 100 persen")
        form.get_by_label("Belanja hibah").fill("")
        form.get_by_label("Belanja hibah").press_sequentially("7,5")
        expect(card(Subsidi="92.5")).to_contain_text("Anggaran seimbang")
        expect(card(Subsidi="92,,5")).to_contain_text("sebagai angka")
        form.locator("[data-key=paper]").click()
        expect(form.get_by_role("alert")).to_contain_text("sebagai angka")
        expect(card(Belanja_hibah=0, Subsidi=100)).to_contain_text("Anggaran seimbang")
        form.locator("[data-key=paper]").click()
        expect(verdict).to_contain_text("tidak memerlukan uang baru")
        saved = meeting.room().packages["53"]
        assert saved.balanced and saved.sources == {"subsidi": 1.0}


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_guess_on_paper_is_read_with_either_decimal_sign(
    browser: Browser, tmp_path: Path, lang: str
) -> None:
    empty = Meeting(tmp_path)
    with room_page(browser, empty, 1280, 800) as room:
        room.act("lang", lang=lang)
        room.act("phase", name="guess")
        room.page.locator(".kr-form summary").first.click()
        form = room.page.locator("details.kr-form", has=room.page.locator("[data-key=paper]"))
        form.locator("select").nth(1).select_option("guess")
        words = {"id": "Kemiskinan 2031 dalam persen: 10% APBD",
                 "en": "Poverty in 2031, percent: 10% of APBD"}  # fmt: skip
        field = form.get_by_label(words[lang])
        for typed in ("7,5", "7.5", "7..5", "7,5 5", "75%%", "101"):
            field.fill("")
            field.press_sequentially(typed)
            form.locator("[data-key=paper]").click()
            understood = typed in {"7,5", "7.5"}
            expect(form.get_by_role("alert", include_hidden=True)).to_be_visible(
                visible=not understood
            )
            if understood:
                expect(form.get_by_role("status").last).not_to_be_empty()
        assert empty.room().guessed("apbd") == [7.5, 7.5]
        assert not room.broken


def test_forms_of_a_text_that_is_being_signed_are_shut(browser: Browser, meeting: Meeting) -> None:
    with room_page(browser, meeting, 1280, 800) as room:
        page = room.page
        room.act("phase", name="agree")
        room.act("freeze", on=True)
        shut = [page.locator(f"[data-key={key}]") for key in ("clause", "row-save", "row-delete")]
        for button in shut:
            expect(button).to_be_disabled()
        expect(page.get_by_text("Naskah sedang dibekukan: cairkan").first).to_be_visible()
        expect(page.locator("[data-key=paper]")).to_be_enabled()
        room.act("freeze", on=False)
        for button in shut:
            expect(button).to_be_enabled()


def test_cards_votes_and_clauses_are_written_and_undone(browser: Browser, meeting: Meeting) -> None:
    with room_page(browser, meeting, 1280, 800) as room:
        page = room.page
        room.act("phase", name="deliberate")
        page.get_by_text("Kartu kertas", exact=True).click()
        form = page.locator("details.kr-form", has=page.locator("[data-key=paper]"))
        form.get_by_label("Meja").select_option("53")
        form.get_by_label("Jenis kartu").select_option("stance")
        form.locator("[data-key=paper]").click()
        expect(form.get_by_role("alert")).to_have_text("Isi sedikitnya satu butir.")
        form.get_by_label("4. Porsi APBD").select_option("0")
        form.get_by_label("Usulan yang dijawab pada butir 4").select_option("none")
        form.get_by_label("Catatan butir 4").fill(HOSTILE)
        form.locator("[data-key=paper]").click()
        expect(form.get_by_role("status")).to_contain_text("Nusa Tenggara Timur")
        assert meeting.room().point("4").tables["53"] == 0
        page.get_by_text("Pemungutan suara (hanya").click()
        vote = page.locator("details.kr-form", has=page.locator("[data-key=vote]"))
        vote.get_by_label("Butir", exact=True).select_option("7")
        vote.get_by_label("Meja setuju").fill("7")
        vote.get_by_label("Meja tidak setuju").fill("2")
        vote.get_by_label("Pendapat yang berbeda").fill("Menunggu DPRD")
        vote.locator("[data-key=vote]").click()
        expect(vote.get_by_role("alert")).to_be_visible()
        assert "7" not in meeting.room().votes
        vote.get_by_role("checkbox").check()
        vote.locator("[data-key=vote]").click()
        expect(vote.get_by_role("alert")).to_be_hidden()
        room.act("reveal", what="stances")
        expect(page.locator(".kr-stage")).to_contain_text("diputuskan dengan suara")
        assert meeting.room().votes["7"].dissent == "Menunggu DPRD"
        page.locator(".kr-of-log summary").click()
        page.get_by_role("button", name=re.compile("Batalkan: Suara dicatat")).click()
        expect(page.locator(".kr-stage")).not_to_contain_text("diputuskan dengan suara")
        assert "7" not in meeting.room().votes
        room.act("phase", name="agree")
        clause = page.get_by_label("Bunyi butir")
        clause.fill("Bunyi yang disepakati ruangan.")
        room.act("highlight", table="33")
        expect(clause).to_have_value("Bunyi yang disepakati ruangan.")
        page.locator("[data-key=clause]").click()
        expect(page.locator(".kr-clause-text")).to_have_text("Bunyi yang disepakati ruangan.")
        page.get_by_label("Kegiatan").fill("Rapat TAPD")
        page.locator("[data-key=row-save]").click()
        page.locator("[data-key=part]").select_option("renaksi")
        expect(page.locator(".kr-stage table")).to_contain_text("Rapat TAPD")
        with page.expect_download() as saved:
            page.locator("[data-key=backup]").click()
        assert saved.value.suggested_filename.startswith("MPU26-")
        assert not room.broken


def test_the_plan_is_set_as_words_and_the_outcome_has_a_part_of_its_own(
    browser: Browser, meeting: Meeting
) -> None:
    with room_page(browser, meeting, 1280, 800) as room:
        room.act("phase", name="agree")
        room.act("renaksi", row="r1", point="1", activity="Rapat TAPD")
        room.act("freeze", on=True)
        room.page.locator("[data-key=part]").select_option("renaksi")
        stage = room.page.locator(".kr-stage")
        expect(stage.locator("td").first).to_have_css("text-align", "left")
        room.page.locator("[data-key=theme]").select_option("dark")
        with room.page.expect_popup() as popup:
            room.page.locator("[data-key=projector]").click()
        cell = popup.value.locator("td", has_text="Rapat TAPD")
        expect(cell).to_have_css("color", "rgb(229, 231, 235)")
        room.page.locator("[data-key=part]").select_option(label="Hasil seluruh paket")
        for words in meeting.room().draft("id").totals:
            expect(stage.get_by_text(words)).to_be_visible()
        assert not room.problems() and not room.broken


@pytest.mark.full
def test_what_is_pressed_while_the_kernel_is_away_follows_later(
    browser: Browser, meeting: Meeting
) -> None:
    with room_page(browser, meeting, 1280, 800) as room:
        room.page.evaluate("window.deaf = true")
        room.page.locator("[data-key='reveal:about']").click()
        expect(room.page.locator(".kr-header")).to_contain_text("Mengirim 1")
        assert "about" not in meeting.room().reveal
        room.page.evaluate("window.deaf = false")
        expect(room.page.locator(".kr-stage")).to_contain_text("Tiga batas", timeout=9000)
        assert meeting.room().reveal == ("about",)
        expect(room.page.locator(".kr-header")).to_contain_text("Tersambung")


@pytest.mark.full
def test_replay_moves_and_stands_still_for_those_who_ask(
    browser: Browser, meeting: Meeting
) -> None:
    with room_page(browser, meeting, 1280, 800) as room:
        room.act("phase", name="guess")
        for what in ("guess:apbd", "model:apbd"):
            room.act("reveal", what=what)
        line = room.page.locator("path.kr-line.kr-moved")
        ends = []
        for motion, pause in (("no-preference", 2600), ("reduce", 0)):
            room.page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
            room.page.locator("[data-key=replay]").click()
            first = line.get_attribute("d")
            if pause:
                expect(line).not_to_have_attribute("d", str(first))
                room.page.wait_for_timeout(pause)
            ends.append(line.get_attribute("d"))
            room.page.locator("[data-key=chart]").click()
        assert ends[0] == ends[1], "both end in the same place"


def test_the_line_of_the_middle_guess_reaches_the_axis(browser: Browser, meeting: Meeting) -> None:
    """On either half, where its words stand on the other side of it."""
    with room_page(browser, meeting, 1280, 800) as room:
        room.act("phase", name="guess")
        for question in ("apbd", "coordination"):
            room.act("reveal", what=f"guess:{question}")
            room.act("reveal", what=f"model:{question}")
            room.page.locator("[data-key=question]").select_option(question)
            columns = room.page.locator(".kr-columns").bounding_box()
            line = room.page.locator(".kr-room-middle").bounding_box()
            assert columns and line
            ends = [box["y"] + box["height"] for box in (columns, line)]
            assert abs(ends[0] - ends[1]) <= 2, question


@pytest.mark.parametrize("lang", ["id", "en"])
def test_no_name_in_the_replay_lies_on_another_or_on_a_year(
    browser: Browser, meeting: Meeting, lang: str
) -> None:
    with room_page(browser, meeting, 1280, 800, reduced_motion="reduce") as room:
        room.act("lang", lang=lang)
        room.act("phase", name="guess")
        for question in ("apbd", "coordination", "both"):
            for what in ("guess", "model"):
                room.act("reveal", what=f"{what}:{question}")
            room.page.locator("[data-key=question]").select_option(question)
            room.page.locator("[data-key=replay]").click()
            words = room.page.locator(".kr-lines-ends span, .kr-lines-years span")
            assert words.count() == 3 + 6
            title = room.page.locator(".kr-stage h2").inner_text()
            assert not title[0].islower()
            nought = {"id": "hampir tidak berubah (kisaran hampir nol)",
                      "en": "hardly changed (range about zero)"}[lang]  # fmt: skip
            assert (nought in title) == (question == "coordination"), title
            assert not words.evaluate_all(OVERLAPS), question
            room.page.locator("[data-key=chart]").click()
        room.page.locator("[data-key=question]").select_option("coordination")
        room.page.locator("[data-key=replay]").click()
        other = "en" if lang == "id" else "id"
        room.act("lang", lang=other)
        begins = {"id": "Koordinasi saja: ", "en": "Coordination only: "}[other]
        assert room.page.locator(".kr-stage h2").inner_text().startswith(begins)


def test_the_line_of_no_change_runs_through_no_words_on_a_phone(
    browser: Browser, meeting: Meeting
) -> None:
    with room_page(browser, meeting, 390, 844) as room:
        room.act("phase", name="package")
        room.act("reveal", what="packages")
        lines = room.page.locator(
            ".kr-range-row .kr-level, .kr-range-label > span, .kr-range-words"
        )
        assert not lines.evaluate_all(OVERLAPS)


def test_after_closed_input_the_button_leads_on(browser: Browser, meeting: Meeting) -> None:
    with room_page(browser, meeting, 1280, 800) as room:
        button = room.page.locator("[data-key=next]")
        for phase, words in (
            ("guess", "Buka tebakan"),
            ("package", "Buka paket"),
            ("deliberate", "Buka meteran"),
            ("reflect", "Buka dinding"),
        ):
            room.act("phase", name=phase)
            room.act("input", open=False)
            expect(button).to_contain_text(words)


def test_wall_and_phones_name_the_same_middle(browser: Browser, meeting: Meeting) -> None:
    with room_page(browser, meeting, 1280, 800) as room:
        room.act("phase", name="guess")
        room.act("reveal", what="guess:apbd")
        told = room_public(meeting.room(), "", "id")["guesses"]["apbd"]["median"]
        words = numbers.percent(told, "id")
        expect(room.page.locator(".kr-room-middle")).to_contain_text(words)


@pytest.mark.parametrize(
    ("online", "said"), [(3, "tidak mengirim apa pun 13 menit"), (0, "tidak terdengar 13 menit")]
)
def test_a_connected_table_that_sends_nothing_is_not_called_unheard(
    browser: Browser, meeting: Meeting, online: int, said: str
) -> None:
    with room_page(browser, meeting, 1280, 800) as room:
        ((message, _),) = meeting.desk.hear({"do": "hello"})
        message["state"]["tables"][0] |= {"quiet": 13, "online": online}
        room.page.evaluate("(replies) => window.tell(replies)", [[message, []]])
        expect(room.page.locator(".kr-side-tables li").first).to_contain_text(said)
