"""The facilitator's page in a browser, with the real desk in place of its kernel."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route

from kesos_sim.emulator import load_surface
from kesos_sim.forum.bundle import bundle, stylesheet
from kesos_sim.forum.room_boot import boot_text
from tests.forum.full_meeting import Meeting

from .access import problems

SURFACES = Path(__file__).parents[2] / "src" / "kesos_sim" / "emulator" / "surfaces"
FONTS = Path(__file__).parents[2] / "src" / "kesos_sim" / "reports" / "fonts"
ADDRESS = "http://room.test/"
SHELL = """<!doctype html><html lang="id"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Ruangan</title>
<style>@font-face { font-family: "Kesos Inter"; font-weight: 400;
  src: url("KesosInter-Regular.ttf"); }
body { margin: 0; }</style></head><body><div id="page"></div>
<script type="module">
import page from "./room.js";
const values = await (await fetch("./values.json")).json();
const bytes = (text) =>
  new DataView(Uint8Array.from(atob(text), (one) => one.charCodeAt(0)).buffer);
const heard = [];
const tell = (replies) => replies.forEach(([content, buffers]) =>
  heard.forEach((run) => run(content, buffers.map(bytes))));
window.tell = tell;
const model = {
  get: (name) => (["surface", "families"].includes(name) ? bytes(values[name]) : values[name]),
  on: (_, run) => heard.push(run), off() {},
  send: async (message) => {
    if (!window.deaf) tell(JSON.parse(await window.kernel(JSON.stringify(message))));
  },
};
const style = document.createElement("style");
style.textContent = values._css;
document.head.append(style);
await page.render({ model, el: document.getElementById("page") });
window.ready = true;
</script></body></html>"""


class RoomPage:
    """One open facilitator's page."""

    def __init__(self, page: Page, meeting: Meeting) -> None:
        self.page, self.meeting = page, meeting
        self.asked: list[str] = []
        self.broken: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        page.on("console", self._console)
        page.expose_function("kernel", self._kernel)
        page.route("**/*", self._serve)
        page.goto(ADDRESS)
        page.wait_for_function("window.ready === true")
        try:
            page.locator(".kr-stage h2").first.wait_for()
        except Exception as error:
            raise AssertionError(self.broken) from error

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.broken.append(message.text)

    def _kernel(self, text: str) -> str:
        return packed(self.meeting.desk.hear(json.loads(text)))

    def _serve(self, route: Route) -> None:
        name = route.request.url.removeprefix(ADDRESS)
        bodies = {"": ("text/html", SHELL), "room.js": ("text/javascript", bundle("room/room.js"))}
        if name == "values.json":
            bodies[name] = ("application/json", values(self.meeting))
        if name == "KesosInter-Regular.ttf":
            route.fulfill(path=FONTS / name, content_type="font/ttf")
            return
        kind, body = bodies.get(name, ("text/plain", ""))
        route.fulfill(status=200 if name in bodies else 404, content_type=kind, body=body)

    def look(self) -> None:
        """Let the desk look for news, as it does twice a second."""
        self.page.evaluate("(replies) => window.tell(JSON.parse(replies))",
                           packed(self.meeting.desk.look()))  # fmt: skip

    def act(self, kind: str, /, **body: Any) -> None:
        """Do something at the desk as if from another window, and show it."""
        self.meeting.act(kind, **body)
        self.page.evaluate("(replies) => window.tell(JSON.parse(replies))",
                           packed(self.meeting.desk.hear({"do": "hello"})))  # fmt: skip

    def problems(self) -> list[str]:
        """What axe finds wrong with the page as it is."""
        return problems(self.page)

    def overflow(self) -> int:
        """How many pixels the page is wider than its window."""
        whole = "document.documentElement"
        return int(self.page.evaluate(f"{whole}.scrollWidth - {whole}.clientWidth"))


def packed(replies: list[tuple[dict[str, Any], list[bytes]]]) -> str:
    """Messages of the kernel as text."""
    return json.dumps(
        [[content, [base64.b64encode(one).decode() for one in buffers]]
         for content, buffers in replies]
    )  # fmt: skip


def values(meeting: Meeting) -> str:
    """What the widget would send along once."""
    surface = load_surface()
    files = {}
    for name in ("surface", "families"):
        path = SURFACES / ("mpu.json" if name == "surface" else "families.json")
        content = gzip.compress(path.read_bytes(), 1) if path.is_file() else b""
        files[name] = base64.b64encode(content).decode()
    look = stylesheet("base.css", "room/room.css")
    boot = boot_text(meeting.session, (), dict(surface.made))
    return json.dumps({"boot": boot, "_css": look, **files})


@contextmanager
def room_page(
    browser: Browser, meeting: Meeting, width: int, height: int, **options: Any
) -> Iterator[RoomPage]:
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    context.set_default_timeout(5000)
    try:
        yield RoomPage(context.new_page(), meeting)
    finally:
        context.close()
