"""What a screen reader is told of the attendee page: every control of every screen has a name."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from .forum_visit import LAPTOP, PHONE, SCREENS, visit
from .test_forum_page import set_package

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONTROLS = {
    "button", "textbox", "slider", "spinbutton", "checkbox", "radio", "combobox", "tab", "link",
    "switch", "DisclosureTriangle", "DisclosureTriangleGrouped",
}  # fmt: skip
NAMED = CONTROLS | {"image", "table", "dialog", "tablist", "tabpanel", "region", "navigation"}
TWICE = {"Sumber & asumsi", "Sources & assumptions"}
"""What stands in the toolbar and in a text, and opens the same."""


def told(page: Page) -> list[dict[str, Any]]:
    """Role, name, value, description and states of everything, as the browser tells it."""
    line = page.context.new_cdp_session(page)
    line.send("Accessibility.enable")
    nodes = line.send("Accessibility.getFullAXTree")["nodes"]
    line.detach()
    return [
        {part: node.get(part, {}).get("value", "") for part in
         ("role", "name", "value", "description")}
        | {one["name"]: one["value"].get("value") for one in node.get("properties", [])}
        for node in nodes
        if not node.get("ignored")
    ]  # fmt: skip


def wrong(nodes: list[dict[str, Any]]) -> list[str]:
    """What has no name, a name that is none, no value, or the name of something else."""
    found = []
    for node in nodes:
        role, name = node["role"], str(node["name"]).strip()
        if role in NAMED and not name:
            found.append(f"{role} without a name")
        if any(sign in name for sign in ("undefined", "[object", "NaN", "{", "}")):
            found.append(f"{role} {name!r}")
        if role in {"slider", "combobox"} and str(node["value"]) == "":
            found.append(f"{role} {name!r} without a value")
        if role in {"radio", "checkbox", "switch"} and node.get("checked") is None:
            found.append(f"{role} {name!r} does not say whether it is chosen")
        if role in {"DisclosureTriangle", "DisclosureTriangleGrouped"} and "expanded" not in node:
            found.append(f"{role} {name!r} does not say whether it is open")
    alike = Counter(
        (node["role"], node["name"], node["description"]) for node in nodes
        if node["role"] in CONTROLS - {"DisclosureTriangle"} and node["name"] not in TWICE
    )  # fmt: skip
    return found + [f"{role} {name!r} {count} times"
                    for (role, name, _), count in alike.items() if count > 1]  # fmt: skip


@pytest.mark.parametrize(
    "size", [PHONE, pytest.param(LAPTOP, marks=pytest.mark.full)], ids=["phone", "laptop"]
)
def test_every_control_of_every_screen_is_told(
    browser: Browser, tmp_path: Path, size: dict[str, int]
) -> None:
    with visit(browser, tmp_path, size) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "reflect"})
        set_package(page, apbd_poverty_share=0.1, bkkks_standing=3.0)
        visitor.facilitator(freeze={"on": True})
        seen: Counter[str] = Counter()
        for screen in SCREENS:
            visitor.go(screen)
            page.locator(".kf-main > *").first.wait_for()
            nodes = told(page)
            assert not wrong(nodes), screen
            seen.update(node["role"] for node in nodes)
            (heading,) = (node["name"] for node in nodes
                          if node["role"] == "heading" and node.get("level") == 1)  # fmt: skip
            assert heading
        assert all(
            seen[role] for role in ("button", "slider", "textbox", "combobox", "radio", "tab")
        )
        page.locator(".kf-tool").first.click()
        page.locator(".kf-menu-item").first.wait_for()
        assert not wrong(told(page))


def test_what_is_nameless_is_found(browser: Browser, tmp_path: Path) -> None:
    with visit(browser, tmp_path) as visitor:
        visitor.open()
        visitor.page.evaluate(
            """() => {
              const main = document.querySelector('.kf-main');
              for (const text of ['', 'Kirim', 'Kirim']) {
                const one = document.createElement('button');
                one.textContent = text;
                main.append(one);
              }
            }"""
        )
        assert sorted(wrong(told(visitor.page))) == ["button 'Kirim' 2 times",
                                                     "button without a name"]  # fmt: skip
