"""What a visitor has in hand stays there while the room goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from kesos_sim.forum.signing import sealed

from .forum_visit import LAPTOP, SCREENS, visit
from .test_forum_page import set_package

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOST = """async (messages) => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const wanted = 'button, input, select, textarea, summary, a[href], [tabindex="0"]';
  const found = [...document.querySelectorAll('.kf-main, .kf-aside')]
    .flatMap((part) => [...part.querySelectorAll(wanted)])
    .filter((e) => !e.disabled && e.checkVisibility({ visibilityProperty: true }));
  const lost = [];
  for (const part of found) {
    part.focus();
    if (document.activeElement !== part) continue;  // a radio button that is not the chosen one
    messages.forEach(window.deliver);
    await frame();
    if (document.activeElement !== part) lost.push(part.outerHTML.slice(0, 120));
  }
  return [found.length, lost];
}"""


def test_nothing_is_taken_out_of_hand_while_the_room_goes_on(
    browser: Browser, tmp_path: Path
) -> None:
    with visit(browser, tmp_path, LAPTOP) as visitor:
        page, kernel = visitor.page, visitor.kernel
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "shock"}, shock={"name": "flood"})
        visitor.facilitator(phase={"name": "agree"}, keys={"seals": sealed({"33": "ABCD2345"})})
        visitor.facilitator(freeze={"on": True})
        set_package(page, apbd_poverty_share=0.1, bkkks_standing=3, political_dialogue=4)
        hello = next(message for message in kernel.heard if message["do"] == "hello")
        (welcome,) = json.loads(kernel.hear(json.dumps(hello)))
        seen = {}
        for screen in SCREENS:
            visitor.go(screen)
            seen[screen], lost = page.evaluate(LOST, [{"is": "state", "state": welcome["state"]}])
            assert not lost, screen
        assert all(seen.values()), seen
