"""A visit to the attendee page: the real page in a real browser, the real kernel side behind it.

Only the websocket between them is replaced: messages go by a function of the browser, so that a
test can cut it, lose answers, or put another kernel at the other end.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect

from kesos_sim.forum.attendee import Attendee
from kesos_sim.forum.bundle import bundle, stylesheet
from kesos_sim.forum.entries import checked
from kesos_sim.forum.settings import example_session
from kesos_sim.forum.store import open_store

from .access import problems

HOST = "forum.test"
ADDRESS = f"http://{HOST}/"
PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1280, "height": 800}
SCREENS = (
    "join", "about", "now", "family", "guess", "levers", "sources", "results", "compare", "shocks",
    "deliberate", "agree", "take",
)  # fmt: skip
PAGE = """<!doctype html><html lang="id"><head><meta charset="utf-8"><title>forum</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css"></head>
<body><div id="here"></div><script type="module">
import page from "/page.js";
const bytes = async (name) => new DataView(await (await fetch(name)).arrayBuffer());
const values = {
  boot: await (await fetch("/boot.json")).text(),
  surface: await bytes("/mpu.gz"), families: await bytes("/families.gz"),
};
const listeners = [];
window.link = { cut: false, deaf: false };
window.deliver = (message) => listeners.forEach((one) => one(message, []));
const model = {
  get: (name) => values[name],
  on: (event, listener) => event === "msg:custom" && listeners.push(listener),
  off() {},
  async send(message) {
    if (window.link.cut) return;
    const answers = JSON.parse(await window.toKernel(JSON.stringify(message)));
    if (!window.link.cut && !window.link.deaf) answers.forEach(window.deliver);
  },
};
await page.render({ model, el: document.getElementById("here") });
</script></body></html>"""


class Kernel:
    """The kernel side of one visitor, and a store that outlives it."""

    def __init__(self, folder: Path) -> None:
        self.session = example_session()
        self.store = open_store(f"sqlite:///{folder / 'forum.sqlite'}", self.session)
        self.heard: list[dict[str, Any]] = []
        self.restart()

    def restart(self) -> None:
        """Put a new kernel in the place of the old one."""
        self.said: list[dict[str, Any]] = []
        self.widget = Attendee(self.session, self.store)
        self.widget.send = lambda content, buffers=None: self.said.append(content)  # type: ignore[method-assign]

    def hear(self, message: str) -> str:
        """Take a message of the browser and return the answers."""
        self.said.clear()
        self.heard.append(json.loads(message))
        self.widget._heard(self.widget, json.loads(message), None)
        return json.dumps(self.said)

    def room(self, **events: Any) -> list[dict[str, Any]]:
        """Let the facilitator do something; return what the visitor's kernel says about it."""
        for kind, body in events.items():
            seen = self.widget._room
            seen.take(self.store.since(seen.version))
            raw = {"id": f"room-{kind}-{self.store.version():06d}", "kind": kind, "body": body}
            self.store.add([checked(raw, self.session, seen)])
        self.said.clear()
        self.widget.look()
        return list(self.said)

    def entries(self, kind: str) -> list[dict[str, Any]]:
        """Bodies of the entries of a kind that the store holds."""
        return [dict(event.body) for event in self.store.since(0) if event.kind == kind]

    def received(self, kind: str) -> list[str]:
        """Identifiers of the entries of a kind that came in, again and again if so."""
        return [
            entry["id"]
            for message in self.heard
            if message.get("do") == "enter"
            for entry in message["entries"]
            if entry["kind"] == kind
        ]


class Visit:
    """One visitor: the page, its kernel, and every address that it asked for."""

    def __init__(self, page: Page, kernel: Kernel, boot: str) -> None:
        self.page, self.kernel, self.boot = page, kernel, boot
        self.asked: list[str] = []
        self.broken: list[str] = []
        self.server_answers = True
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        page.on("console", self._note)
        page.expose_function("toKernel", kernel.hear)
        page.route("**/*", self._serve)

    def _note(self, message: ConsoleMessage) -> None:
        # What a test cuts off is no fault of the page; a drawing with figures that are none is.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.broken.append(message.text)

    def _serve(self, route: Route) -> None:
        url = urlsplit(route.request.url)
        if url.hostname != HOST or not self.server_answers:
            route.abort()
            return
        surfaces = files("kesos_sim.emulator") / "surfaces"
        if url.path == "/":
            route.fulfill(body=PAGE, content_type="text/html")
        elif url.path == "/page.js":
            route.fulfill(body=bundle(), content_type="text/javascript")
        elif url.path == "/page.css":
            route.fulfill(body=stylesheet(), content_type="text/css")
        elif url.path == "/boot.json":
            route.fulfill(body=self.boot, content_type="application/json")
        else:
            source = surfaces / f"{Path(url.path).stem}.json"
            body = gzip.compress(source.read_bytes(), 1) if source.is_file() else b""
            route.fulfill(body=body, content_type="application/octet-stream")

    def open(self) -> None:
        """Load the page and wait until it stands."""
        self.page.goto(ADDRESS)
        self.page.locator(".kf h1").wait_for()

    def facilitator(self, **events: Any) -> None:
        """Let the facilitator do something, and tell the page."""
        # A websocket keeps its order: what was sent before is answered before.
        settled = re.compile("^(Tersambung|Connected)$")
        expect(self.page.locator(".kf-connection")).to_have_text(settled)
        for message in self.kernel.room(**events):
            self.page.evaluate("deliver", message)

    def go(self, screen: str) -> None:
        """Open a screen by the menu."""
        self.page.locator(".kf-tool").first.click()
        self.page.locator(".kf-menu-item").nth(SCREENS.index(screen)).click()

    def join(self) -> None:
        """Join the table of Jawa Tengah."""
        self.page.get_by_label("Jawa Tengah").check()
        self.page.get_by_label("Dinas Sosial").check()
        self.page.get_by_role("button", name="Masuk").click()

    def problems(self) -> list[str]:
        """What axe finds wrong with the page as it is."""
        return problems(self.page)

    def outside(self) -> list[str]:
        """Addresses of other machines."""
        return [
            url for url in self.asked
            if urlsplit(url).scheme in {"http", "https", "ws", "wss"}
            and urlsplit(url).hostname != HOST
        ]  # fmt: skip


@contextmanager
def visit(
    browser: Browser,
    folder: Path,
    size: dict[str, int] = PHONE,
    scheme: str = "light",
    *,
    fake_clock: bool = False,
    stale: tuple[str, ...] | None = None,
) -> Iterator[Visit]:
    """Open a page of its own; it must not break or ask anybody else while it is open."""
    from kesos_sim.forum.attendee_texts import boot

    context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    context.set_default_timeout(5000)
    page = context.new_page()
    if fake_clock:
        page.clock.install()
    kernel = Kernel(folder)
    visitor = Visit(page, kernel, boot(kernel.session, stale=stale))
    try:
        yield visitor
        assert not visitor.broken
        assert not visitor.outside()
    finally:
        context.close()
