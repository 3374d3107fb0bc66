"""Results of the packages in the workbook are the answers of the surface, with the zero case."""

from __future__ import annotations

import pytest

from kesos_sim import i18n
from kesos_sim.emulator import load_surface
from kesos_sim.emulator.words import named
from kesos_sim.forum.agreement import agreement
from kesos_sim.forum.agreement_results import origin_table, result_table
from kesos_sim.forum.session import Session
from tests.forum.meeting import BALI, LAMPUNG, Meeting

LEVERS = {"apbd_poverty_share": 0.1, "partnership_platform": 3.0}


@pytest.fixture
def packed(session: Session) -> Meeting:
    meeting = Meeting(session)
    meeting.do("phase", name="package")
    for name, levers in ((BALI, LEVERS), (LAMPUNG, {"social_marketing": 20_000.0})):
        meeting.join(name, name)
        meeting.enter(name, "package", name=f"Paket {name}", levers=levers, sources={},
                      table=True, balanced=True)  # fmt: skip
    return meeting


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_every_package_has_its_results_with_range_and_zero_case(packed: Meeting, lang: str) -> None:
    surface = load_surface()
    table = result_table(packed.room, surface, lang)
    rows = [dict(zip(table.fields, row, strict=True)) for row in table.data]
    assert len({(row["table"], row["name"]) for row in rows}) == 3
    poverty = named("poverty_rate", lang)
    (found,) = [row for row in rows if row["name"] == f"Paket {BALI}" and row["outcome"] == poverty]
    strong, weak = (surface.answer(LEVERS, effect=on)["outcomes"] for on in (True, False))
    for band, want in (
        ("base", strong["poverty_rate"]["base"]),
        ("package", strong["poverty_rate"]["package"]),
        ("change", strong["poverty_rate"]["change"]),
        ("zero_effect_base", weak["poverty_rate"]["base"]),
        ("zero_effect", weak["poverty_rate"]["package"]),
        ("zero_effect_change", weak["poverty_rate"]["change"]),
    ):
        assert [found[f"{band}_{end}"] for end in ("low", "value", "high")] == list(want[-1])
    assert found["year"] == surface.headline


def test_what_the_surface_refuses_is_said_and_has_no_figures(session: Session) -> None:
    meeting = Meeting(session)
    meeting.do("phase", name="package")
    meeting.join(BALI, BALI)
    surface = load_surface()
    name = surface.levers[0]["name"]
    beyond = {name: surface.levers[0]["high"] + 0.5}
    meeting.enter(BALI, "package", name="Jauh", levers={}, sources={}, table=True, balanced=True)
    package = meeting.room.packages[BALI]
    object.__setattr__(package, "levers", beyond)
    table = result_table(meeting.room, surface, "en")
    (row,) = [row for row in table.data if row[1] == "Jauh"]
    assert "outside" in str(row[2])
    assert set(row[5:]) == {None}


def test_the_workbook_says_where_results_come_from(packed: Meeting) -> None:
    surface = load_surface()
    said = dict(origin_table(surface, "en").data)
    assert said["Hash of the code (SHA-256)"] == surface.made["code"]
    names = [one.name for one in agreement(packed.room, "en").data]
    assert names[:4] == ["paket", "hasil_paket", "asal_hasil", "galat_permukaan"]
