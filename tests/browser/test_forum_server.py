"""The real pages from the real servers in a browser: nothing from outside, and nothing lost."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import docx
import openpyxl
import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import Error as PlaywrightError

from kesos_sim import i18n

from .conftest import CHROMIUM_FLAGS, chromium

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
START = "import sys; from kesos_sim.cli import main; sys.exit(main(sys.argv[1:]))"
SECRET = "rahasia-sekali-2026"  # noqa: S105 (of a server that lives for a minute)
PATIENCE = 60_000
PHONE = {"width": 390, "height": 844}


@dataclass
class Forum:
    """The processes of `kesos forum`."""

    process: subprocess.Popen[str]
    join: str
    facilitator: str

    def server(self, log: str) -> int:
        """The process that writes a log."""
        for pid in children(self.process.pid):
            if os.path.realpath(f"/proc/{pid}/fd/1").endswith(f"{log}.log"):
                return pid
        raise AssertionError(f"no {log}")

    def kernels(self) -> set[int]:
        """Kernels of attendees, those that wait included."""
        return {
            kernel for zygote in children(self.server("attendees")) for kernel in children(zygote)
        }


def children(pid: int) -> set[int]:
    found: set[int] = set()
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found |= set(map(int, listed.read_text(encoding="ascii").split()))
        except OSError:
            continue
    return found


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.fixture(scope="module")
def forum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forum]:
    chromium()
    folder = tmp_path_factory.mktemp("forum")
    environment = os.environ | {
        "KESOS_FORUM_SECRET": SECRET,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "XDG_STATE_HOME": str(folder),
    }
    settings = str(ROOT / "notebooks" / "forum" / "sesi.yaml")
    ports = ["--port", free_port(), "--facilitator-port", free_port()]
    words = ["forum", settings, *ports, "--store", f"sqlite:///{folder}/forum.sqlite"]
    process = subprocess.Popen(
        [sys.executable, "-c", START, *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    said = ""
    while "Ctrl-C" not in said and (line := process.stdout.readline()):
        said += line
    addresses = re.findall(r"http://127\.0\.0\.1:\d+/", said)
    assert len(addresses) == 2, said
    yield Forum(process, *addresses)
    process.terminate()
    process.wait(timeout=30)
    process.stdout.close()


class Witness:
    """What a page asked for, and what it complained about."""

    def __init__(self, page: Page) -> None:
        self.asked: list[str] = []
        self.broken: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        page.on("console", lambda said: self._heard(said.type, said.text))

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error" and "Content Security Policy" in text:
            self.broken.append(text)

    def outside(self) -> list[str]:
        """Addresses of other machines."""
        return [
            url
            for url in self.asked
            if urlsplit(url).scheme in {"http", "https", "ws", "wss"}
            and urlsplit(url).hostname != "127.0.0.1"
        ]


def kernel_of(page: Page) -> str:
    settings = page.locator("#jupyter-config-data").text_content()
    return str(json.loads(settings or "{}")["kernelId"])


def shown(page: Page) -> None:
    """Wait until the component is there."""
    page.locator("#kesos-page h1, #kesos-page h2").first.wait_for(timeout=PATIENCE)
    assert page.locator("#kesos-notice").is_hidden()
    assert page.locator("main").count() == 1


def become(page: Page, holds: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE / 1000
    while not holds():
        assert time.monotonic() < until, what
        page.wait_for_timeout(200)


def connected(page: Page) -> bool:
    """Whether the page has heard of its kernel."""
    return bool(
        page.evaluate(
            "fetch(`/api/kernels/${JSON.parse(document.querySelector('#jupyter-config-data')"
            ".textContent).kernelId}`).then((answer) => answer.ok, () => false)"
        )
    )


def test_page_whose_kernel_was_killed_begins_anew(browser: Browser, forum: Forum) -> None:
    with attendee(browser, forum) as (page, witness):
        kept = "Object.keys(localStorage).filter((key) => key.startsWith('kesos-forum')).length"
        become(page, lambda: bool(page.evaluate(kept)), "the page keeps what it knows")
        who = re.search(r"[0-9a-f]{32}", page.evaluate("JSON.stringify(localStorage)"))
        assert who is not None
        first = kernel_of(page)
        for pid in forum.kernels():
            os.kill(pid, signal.SIGKILL)
        become(page, lambda: is_new(page, first), "it gets another kernel")
        shown(page)
        assert who[0] in page.evaluate("JSON.stringify(localStorage)"), "it is the same visitor"
        assert not witness.broken


def test_a_browser_that_blocks_cookies_is_told_so_and_stays(
    browser: Browser, forum: Forum, tmp_path: Path
) -> None:
    """Without the cookie no kernel answers, however often the page is loaded."""
    settings = tmp_path / "Default" / "Preferences"
    settings.parent.mkdir()
    blocked = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    settings.write_text(json.dumps(blocked), encoding="utf-8")
    context = browser.browser_type.launch_persistent_context(
        tmp_path, executable_path=chromium(), args=CHROMIUM_FLAGS, viewport=PHONE  # type: ignore[arg-type]
    )  # fmt: skip
    try:
        page = context.new_page()
        loads: list[str] = []
        page.on("load", lambda one: loads.append(one.url))
        page.goto(forum.join)
        notice = page.locator("#kesos-notice")
        expect(notice).to_contain_text("menolak cookie", timeout=PATIENCE)
        expect(notice).to_contain_text("refuses cookies")
        page.wait_for_timeout(6000)  # a page that begins anew does so within three seconds
        assert len(loads) == 1
    finally:
        context.close()


def test_page_whose_server_was_killed_comes_back(browser: Browser, forum: Forum) -> None:
    with attendee(browser, forum) as (page, witness):
        first = kernel_of(page)
        os.kill(forum.server("attendees"), signal.SIGKILL)
        become(page, lambda: is_new(page, first), "it gets another kernel of the new server")
        shown(page)
        assert not witness.broken


@contextmanager
def attendee(browser: Browser, forum: Forum) -> Iterator[tuple[Page, Witness]]:
    """An open attendee page on a phone, from which nothing was asked outside."""
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    witness = Witness(page)
    page.goto(forum.join)
    shown(page)
    assert page.locator("html").get_attribute("lang") == "id"
    yield page, witness
    assert not witness.outside()
    page.goto("about:blank")
    context.close()


def is_new(page: Page, kernel: str) -> bool:
    """Whether the page has begun anew with a kernel that lives."""
    try:
        return kernel_of(page) not in {"", kernel} and connected(page)
    except PlaywrightError:  # it is being loaded
        return False


def test_leaving_the_page_gives_its_place_back(browser: Browser, forum: Forum) -> None:
    with attendee(browser, forum) as (page, _):
        place = f"{forum.join}api/kernels/{kernel_of(page)}"
        assert page.request.get(place).status == 200
        page.goto("about:blank")
        become(page, lambda: page.request.get(place).status == 404, "the kernel ends")


def test_visitor_who_follows_a_link_of_another_site_is_let_in_beside_the_open_page(
    browser: Browser, forum: Forum
) -> None:
    """The browser keeps the cookie back from such a request, and the server sets another one."""
    elsewhere = f'<a href="{forum.join}">Forum</a>'
    with attendee(browser, forum) as (page, _):
        tab = page.context.new_page()
        tab.route(
            "http://elsewhere.example/",
            lambda route: route.fulfill(content_type="text/html", body=elsewhere),
        )
        before = page.context.cookies()
        tab.goto("http://elsewhere.example/")
        tab.get_by_role("link").click()
        shown(tab)
        assert page.context.cookies() != before
        assert connected(tab)
        first = kernel_of(page)
        page.reload()
        shown(page)
        become(page, lambda: is_new(page, first), "the page that was open begins anew")
        assert connected(tab)
        tab.close()


def test_stranger_who_knows_the_name_of_a_kernel_does_not_reach_it(
    browser: Browser, forum: Forum
) -> None:
    reach = """(kernel) => new Promise((tell) => {
      const place = `ws://${location.host}/api/kernels/${kernel}/channels?session_id=x`;
      const socket = new WebSocket(place, ["v1.kernel.websocket.jupyter.org"]);
      socket.onopen = () => tell(true);
      socket.onerror = () => tell(false);
    })"""
    with attendee(browser, forum) as (page, _), attendee(browser, forum) as (stranger, _):
        kernel = kernel_of(page)
        assert page.evaluate(reach, kernel)
        assert not stranger.evaluate(reach, kernel)
        place = f"{forum.join}api/kernels/{kernel}"
        assert stranger.request.get(place).status == 404
        assert page.request.get(place).status == 200


def test_facilitator_types_the_secret_and_it_is_not_in_the_address(
    browser: Browser, forum: Forum
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    witness = Witness(page)
    page.goto(forum.facilitator)
    page.get_by_label("Kode rahasia").fill(SECRET)
    page.get_by_role("button", name="Buka").click()
    shown(page)
    assert page.url == forum.facilitator
    assert SECRET not in page.content()
    assert not witness.outside()
    assert not witness.broken
    page.goto("about:blank")
    context.close()


def test_facilitator_whose_server_was_killed_is_let_in_and_loses_nothing(
    browser: Browser, forum: Forum
) -> None:
    """Who was let in need not say the secret again; what was pressed meanwhile is done."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(forum.facilitator)
    page.get_by_label("Kode rahasia").fill(SECRET)
    page.get_by_role("button", name="Buka").click()
    shown(page)
    size = page.get_by_label("Huruf proyektor", exact=True)
    size.wait_for(timeout=PATIENCE)
    first = kernel_of(page)
    os.kill(forum.server("facilitator"), signal.SIGKILL)
    wanted = size.locator("option").nth(1).get_attribute("value")
    assert wanted is not None and size.input_value() != wanted
    size.select_option(wanted)
    become(page, lambda: is_new(page, first), "it gets another kernel")
    shown(page)
    become(page, lambda: size.input_value() == wanted, "what was pressed is done")
    assert page.get_by_label("Kode rahasia").count() == 0
    page.goto("about:blank")
    context.close()


def test_a_table_signs_with_its_code_and_takes_the_documents_along(
    browser: Browser, forum: Forum, tmp_path: Path
) -> None:
    """From the frozen text over the signature to files that programs of others open."""
    words = i18n.text("agreement.signed_with_code", "id", tables="Jawa Tengah")
    wide = browser.new_context(viewport={"width": 1280, "height": 800})
    desk = wide.new_page()
    desk.goto(forum.facilitator)
    desk.get_by_label("Kode rahasia").fill(SECRET)
    desk.get_by_role("button", name="Buka").click()
    shown(desk)
    with attendee(browser, forum) as (page, witness):
        page.get_by_label("Jawa Tengah").check()
        page.get_by_label("Dinas Sosial").check()
        page.get_by_role("button", name="Masuk").click()
        desk.locator("[data-key='phase:agree']").click(timeout=PATIENCE)
        desk.get_by_text("1 orang bergabung").first.wait_for(timeout=PATIENCE)
        desk.locator("[data-key=freeze]").click()
        desk.locator("summary", has_text="Kode tanda tangan").click(timeout=PATIENCE)
        code = desk.locator(".kr-codes li", has_text="Jawa Tengah").locator("code").inner_text()

        page.get_by_role("button", name="Buka Kesepakatan").click(timeout=PATIENCE)
        page.get_by_label("Saya telah membaca").check(timeout=PATIENCE)
        page.get_by_label("Kode meja").fill(code)
        page.get_by_role("button", name="Tandatangani").click()
        expect(page.get_by_text("Jawa Tengah sudah menandatangani")).to_be_visible(timeout=PATIENCE)
        table = desk.locator(".kr-side-tables li", has_text="Jawa Tengah")
        expect(table).to_contain_text("menandatangani", timeout=PATIENCE)

        page.get_by_role("button", name="Lanjut").click()
        files = {}
        for kind, button in (("docx", "Word"), ("pdf", "PDF"), ("xlsx", "Excel")):
            with page.expect_download(timeout=2 * PATIENCE) as arriving:
                page.get_by_role("button", name=f"({button})").click()
            assert arriving.value.suggested_filename == f"kesepakatan-MPU26.{kind}"
            files[kind] = tmp_path / arriving.value.suggested_filename
            arriving.value.save_as(files[kind])
        assert not witness.broken
    desk.goto("about:blank")
    wide.close()
    paragraphs = [one.text for one in docx.Document(str(files["docx"])).paragraphs]
    assert words in paragraphs
    printed = "".join(one.get_textpage().get_text_bounded()
                      for one in pypdfium2.PdfDocument(files["pdf"]))  # fmt: skip
    assert "".join(words.split()) in "".join(printed.split())
    answers = openpyxl.load_workbook(files["xlsx"])["Jawaban"].iter_rows(values_only=True)
    assert [row[0] for row in answers if row[-1] == "ya"] == ["Jawa Tengah"]


def test_full_room_waits_and_is_let_in(browser: Browser, forum: Forum) -> None:
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    witness = Witness(page)
    full = {"status": 503, "body": waiting_page(), "content_type": "text/html"}
    page.route(forum.join, lambda route: route.fulfill(**full), times=1)  # type: ignore[arg-type]
    page.goto(forum.join)
    assert page.locator("h1").inner_text() == "Ruangan sedang penuh"
    shown(page)
    assert not witness.broken
    page.goto("about:blank")
    context.close()


def waiting_page() -> str:
    """What the server sends when nobody else fits."""
    from kesos_sim.forum.pages import plain_page

    return plain_page("waiting", script=True)
