"""A family that an attendee describes, and which of the typical families is shown for it."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from kesos_sim.emulator.build import FAMILIES, FOLDER
from kesos_sim.forum.attendee_texts import page_texts
from kesos_sim.forum.bundle import bundle
from tests.forum.full_meeting import Meeting

from .forum_visit import LAPTOP, PHONE, visit
from .room_page import room_page
from .test_forum_page import MEASURE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

KEPT: list[dict[str, Any]] = json.loads((FOLDER / FAMILIES).read_text("utf-8"))["families"]
HERE = [one for one in KEPT if one["place"] == "33"]
NUMBERS = {"size": (1, 12), "children": (0, 8), "elderly": (0, 4), "earners": (0, 8)}


def described(draw: random.Random) -> dict[str, Any]:
    traits: dict[str, Any] = {name: draw.randint(*ends) for name, ends in NUMBERS.items()}
    for name in ("disabled", "rural", "fit", "poor", "listed"):
        traits[name] = draw.random() < 0.5
    return traits


def apart(one: dict[str, Any], other: dict[str, Any]) -> dict[str, int]:
    """How far two families are apart, by trait; without any weights."""
    return {name: abs(int(value) - int(other[name])) for name, value in one.items()}


def test_the_nearest_family_is_nearest_and_differences_are_named(
    browser: Browser, tmp_path: Path
) -> None:
    draw = random.Random(2008)  # noqa: S311
    wanted = [one["traits"] for one in HERE] + [described(draw) for _ in range(300)]
    with visit(browser, tmp_path) as visitor:
        page = visitor.page
        visitor.open()
        script = bundle("screens/family_build.js") + "\nwindow.nearest = nearestFamily;"
        page.add_script_tag(content=script, type="module")
        page.wait_for_function("() => window.nearest !== undefined")
        found = page.evaluate(
            "([here, wanted]) => wanted.map((one) => window.nearest(here, one))",
            [[{"id": one["id"], "traits": one["traits"]} for one in HERE], wanted],
        )
    for asked, answer in zip(wanted, found, strict=True):
        distance = apart(asked, answer["family"]["traits"])
        assert set(answer["same"]) == {name for name, far in distance.items() if not far}
        assert set(answer["other"]) == {name for name, far in distance.items() if far}
        for rival in HERE:
            far = apart(asked, rival["traits"])
            assert not (far != distance and all(far[name] <= distance[name] for name in far)), (
                "another family is nearer in something and no farther in anything"
            )
    assert not any(answer["other"] for answer in found[: len(HERE)]), "an exact match wins"


def describe(page: Page, traits: dict[str, Any], lang: str = "id") -> None:
    """Fill in the form and look for the family."""
    texts = page_texts()[lang]
    page.get_by_role("tab", name=texts["family_build"]).click()
    for name, value in traits.items():
        label = texts[f"trait_{name}"]
        if name in NUMBERS:
            typed = page.get_by_label(texts["typed"].format(of=label))
            typed.fill(str(value))
            typed.press("Enter")
        else:
            option = texts[f"trait_{name}_{str(value).lower()}"]
            page.get_by_role("group", name=label).get_by_label(option, exact=True).check()
    page.get_by_role("button", name=texts["family_find"]).click()


def test_a_described_family_is_found_and_what_differs_is_said(
    browser: Browser, tmp_path: Path
) -> None:
    wanted = next(one for one in HERE if one["kind"] == "disabled")
    turned = wanted["traits"] | {
        "size": 12, "listed": not wanted["traits"]["listed"], "earners": 8, "disabled": False
    }  # fmt: skip
    texts = page_texts()

    def told(lang: str, family: dict[str, Any], traits: dict[str, Any]) -> None:
        """Registration and disability are never replaced without words."""
        chosen = page.locator(".kf-main [role=status]")
        expect(page.locator(".kf-main h2").first).to_have_text(family["title"][lang])
        for name in ("listed", "disabled", "fit"):
            own, other = (texts[lang][f"has_{name}_{str(of[name]).lower()}"]
                          for of in (traits, family["traits"]))  # fmt: skip
            line: Locator = chosen.locator("li", has_text=own).filter(has_text=other)
            expect(line).to_have_count(int(own != other))

    with visit(browser, tmp_path, LAPTOP) as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "family"})
        visitor.go("family")
        describe(page, wanted["traits"])
        chosen = page.locator(".kf-main [role=status]")
        expect(chosen).to_contain_text("Semua ciri yang diceritakan sama")
        expect(chosen.locator("li")).to_have_count(0)
        told("id", wanted, wanted["traits"])
        expect(page.get_by_text("petani, buruh, pedagang, dan pegawai tidak")).to_be_visible()

        describe(page, turned | {"size": 4})
        expect(page.get_by_role("alert")).to_contain_text("padahal anggota keluarga 4")
        expect(chosen).to_contain_text("Semua ciri yang diceritakan sama")

        describe(page, turned)
        expect(page.get_by_role("alert")).to_have_count(0)
        expect(chosen.locator("li", has_text="yang diceritakan 8 orang mampu")).to_have_count(1)
        picked = page.locator(".kf-main select").nth(1)
        family = next(one for one in HERE if one["id"] == picked.input_value())
        told("id", family, turned)
        assert not visitor.problems()

        page.reload()
        page.locator(".kf h1").wait_for()
        told("id", family, turned)
        able = page.get_by_role("slider", name="Yang mampu bekerja")
        expect(able).to_have_value("8")

        # In another province it is the nearest of that province, with what differs there.
        page.get_by_label(texts["id"]["place_choice"]).select_option("31")
        expect(picked).to_have_value(re.compile("^31-"))
        jakarta = next(one for one in KEPT if one["id"] == picked.input_value())
        told("id", jakarta, turned)
        page.get_by_role("button", name="Batalkan").click()
        told("id", family, turned)

        page.get_by_role("tab", name="Pilih keluarga").click()
        page.get_by_label("Keluarga", exact=True).select_option(wanted["id"])
        expect(chosen).to_be_empty()
        told("id", wanted, wanted["traits"])


def test_the_form_of_a_family_fits_a_phone_in_english(browser: Browser, tmp_path: Path) -> None:
    with visit(browser, tmp_path, PHONE, "dark") as visitor:
        page = visitor.page
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "family"})
        visitor.go("join")
        page.get_by_label("A++").check()
        page.get_by_label("English").check()
        visitor.go("family")
        describe(page, HERE[0]["traits"] | {"fit": not HERE[0]["traits"]["fit"]}, "en")
        expect(page.locator(".kf-main [role=status]")).to_contain_text("in an unfit house")
        assert not page.evaluate(MEASURE)["narrow"]
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert not visitor.problems()


def test_phones_and_the_wall_begin_with_the_same_kind(browser: Browser, tmp_path: Path) -> None:
    meeting = Meeting(tmp_path)
    meeting.act("phase", name="family")
    with room_page(browser, meeting, *LAPTOP.values()) as room:
        wall = room.page.locator(".kr-phase").inner_text()
    with visit(browser, tmp_path, PHONE) as visitor:
        visitor.open()
        visitor.join()
        visitor.facilitator(phase={"name": "family"})
        visitor.go("family")
        assert visitor.page.locator(".kf-main h2").first.inner_text() in wall
