"""The page with two levers in a real browser: phone and laptop, light and dark, id and en."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from .access import problems
from .conftest import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE = 120_000
READY = 60_000
KERNEL_ENDS = 15.0
PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1280, "height": 800}
SMALLEST_TEXT = 14.0
# Remembers every text that was shown in a frame, however shortly.
WATCH = """
window.shown = new Set();
const look = () => {
  if (document.body) window.shown.add(document.body.innerText);
  requestAnimationFrame(look);
};
look();
"""
SMALLEST_TARGET = 44.0


class Visit:
    """One visitor: the page and every address that it asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.broken: list[str] = []
        page.add_init_script(WATCH)
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.broken.append(str(error)))

    def outside(self) -> list[str]:
        """Addresses of other machines."""
        return [
            url
            for url in self.asked
            if urlsplit(url).scheme in {"http", "https", "ws", "wss"}
            and urlsplit(url).hostname != "127.0.0.1"
        ]

    def compute(self) -> None:
        """Press the button and wait for the answer."""
        self.page.locator("button.mod-primary").click()
        ended = self.page.locator(".kesos-status p.done, .kesos-status p.error")
        ended.wait_for(timeout=PATIENCE)
        assert ended.get_attribute("class") == "done", ended.inner_text()

    def problems(self) -> list[str]:
        """What axe finds wrong with the page as it is."""
        return problems(self.page)


@contextmanager
def visit(browser: Browser, server: Server, size: dict[str, int], scheme: str) -> Iterator[Visit]:
    context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    visitor = Visit(context.new_page())
    visitor.page.goto(server.address)
    visitor.page.locator(".noUi-handle").first.wait_for(timeout=READY)
    try:
        yield visitor
    finally:
        # Leaving the page tells the server to end the kernel; closing a context does not.
        visitor.page.goto("about:blank")
        context.close()


def brightness(page: Page, selector: str, what: str) -> float:
    """Mean of red, green and blue of a colour of an element, 0 to 255."""
    colour = page.locator(selector).first.evaluate(f"e => getComputedStyle(e)['{what}']")
    parts = [float(part) for part in re.findall(r"[\d.]+", colour)[:3]]
    return sum(parts) / len(parts)


def test_phone_light_in_indonesian(browser: Browser, server: Server) -> None:
    with visit(browser, server, PHONE, "light") as visitor:
        page = visitor.page
        assert page.locator("html").get_attribute("lang") == "id"
        assert page.title() == "Dua tuas"
        shown = page.evaluate("[...window.shown].join(' ')")
        assert "Menyiapkan halaman" in shown and "Loading" not in shown and "Executing" not in shown
        assert "make run" in page.locator(".kesos-heading").inner_text()
        handle = page.get_by_role("slider", name="Porsi APBD untuk penanggulangan kemiskinan")
        handle.focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        expect(handle).to_have_attribute("aria-valuetext", "8 persen")
        page.get_by_label("Wilayah").select_option(label="DI Yogyakarta")
        visitor.compute()
        answer = page.locator(".answer")
        expect(answer.locator("h2")).to_contain_text("DI Yogyakarta diperkirakan")
        expect(answer.locator(".number.usual")).to_contain_text("Tanpa perubahan")
        expect(answer.locator(".picture svg.narrow")).to_be_visible()
        expect(answer.locator(".picture svg.wide")).to_be_hidden()
        expect(answer.locator(".provenance")).to_contain_text("2.000 keluarga simulasi")
        expect(page.locator(".kesos-status")).to_have_attribute("aria-live", "polite")
        answer.get_by_text("Lihat sebagai tabel").click()
        expect(answer.locator("table")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        sizes = page.evaluate(
            "[...document.querySelectorAll('.kesos *')].filter(e => e.offsetParent && "
            "[...e.childNodes].some(n => n.nodeType == 3 && n.data.trim()))"
            ".map(e => parseFloat(getComputedStyle(e).fontSize))"
        )
        assert min(sizes) >= SMALLEST_TEXT
        for control in ("button.mod-primary", "select", ".kesos summary"):
            box = page.locator(control).first.bounding_box()
            assert box is not None
            assert box["height"] >= SMALLEST_TARGET
        assert not visitor.problems()
        assert not visitor.outside()
        assert not visitor.broken


def test_laptop_dark_in_english(browser: Browser, server: Server) -> None:
    with visit(browser, server, LAPTOP, "dark") as visitor:
        page = visitor.page
        page.get_by_label("Bahasa (Language)").select_option(label="English")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.get_by_role("button", name="Compute")).to_be_enabled()
        assert brightness(page, "body", "backgroundColor") < 60
        assert brightness(page, ".kesos h1", "color") > 180
        page.get_by_label("Region").select_option(label="Bali")
        visitor.compute()
        answer = page.locator(".answer")
        expect(answer.locator("h2")).to_contain_text("poverty in Bali is estimated")
        expect(answer.locator(".picture svg.wide")).to_be_visible()
        expect(answer.locator(".picture svg.narrow")).to_be_hidden()
        levers, shown = page.locator(".kesos-tools").bounding_box(), answer.bounding_box()
        assert levers is not None
        assert shown is not None
        assert shown["x"] > levers["x"] + levers["width"], "two columns on a laptop"
        page.get_by_label("Language (Bahasa)").select_option(label="Bahasa Indonesia")
        expect(answer.locator("h2")).to_contain_text("kemiskinan di Bali diperkirakan")
        assert not visitor.problems()
        assert not visitor.outside()
        assert not visitor.broken


def test_order_of_tab_is_order_of_reading_and_leaving_ends_the_kernel(
    browser: Browser, server: Server
) -> None:
    with visit(browser, server, LAPTOP, "light") as visitor:
        page = visitor.page
        assert brightness(page, "body", "backgroundColor") > 230
        tops, names = [], []
        for _ in range(7):
            page.keyboard.press("Tab")
            name, top = page.evaluate(
                "(e => [e.getAttribute('aria-label') || (e.labels && e.labels[0] "
                "&& e.labels[0].textContent) || e.textContent, e.getBoundingClientRect().top])"
                "(document.activeElement)"
            )
            names.append(name)
            tops.append(top)
        assert names == [
            "Bahasa (Language)",
            "Porsi APBD untuk penanggulangan kemiskinan",
            "Porsi APBD untuk penanggulangan kemiskinan (persen)",
            "Porsi APBN untuk penanggulangan kemiskinan",
            "Porsi APBN untuk penanggulangan kemiskinan (persen)",
            "Wilayah",
            "Hitung",
        ]
        assert all(after > before - 20 for before, after in pairwise(tops))
        assert not visitor.problems()
        assert not visitor.outside()
        settings = page.locator("#jupyter-config-data").text_content()
        kernel = json.loads(settings or "{}")["kernelId"]
        assert not server.has_ended(kernel)
    until = time.monotonic() + KERNEL_ENDS
    while not server.has_ended(kernel) and time.monotonic() < until:
        time.sleep(0.1)
    assert server.has_ended(kernel)
