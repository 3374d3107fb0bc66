"""Who has more and who has less: the surface's figures in the agreement, frozen with its text."""

from __future__ import annotations

import json

import pytest

from kesos_sim import i18n
from kesos_sim.emulator import load_surface
from kesos_sim.emulator.question import FLOWS_OF_PEOPLE
from kesos_sim.forum.agreement import agreement
from kesos_sim.forum.draft import drafted
from kesos_sim.forum.events import body_text
from kesos_sim.forum.figures import draft_figures
from kesos_sim.forum.gains import gain_sentences, gains_of
from kesos_sim.forum.session import Session
from kesos_sim.i18n import numbers
from kesos_sim.reports.office.document import Table
from kesos_sim.reports.office.tidy import headings
from tests.forum.meeting import BALI, Meeting

LEVERS = {"apbd_poverty_share": 0.1, "bkkks_standing": 3.0}


def test_figures_are_those_of_the_surface_with_and_without_effect() -> None:
    surface = load_surface()
    found = gains_of(surface, LEVERS)
    assert set(found["people"]) == set(FLOWS_OF_PEOPLE)
    for case, effect in (("change", True), ("idle", False)):
        answer = surface.answer(LEVERS, effect=effect)["outcomes"]
        for name, bands in found["people"].items():
            assert bands[case] == pytest.approx(answer[name]["package"][-1], rel=1e-5)
        for tenth, bands in found["deciles"].items():
            known = answer[f"decile_mean_{tenth}"]["change"][-1]
            assert bands[case] == pytest.approx(known, rel=1e-5)
    assert gains_of(surface, {"apbd_poverty_share": 0.9}) == {}


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_sentences_name_everybody_and_the_ends_with_ranges(lang: str) -> None:
    band = {"change": [20.0, 30.0, 40.0], "idle": [10.0, 25.0, 39.0]}
    less = {"change": [-1.0, 2.4, 5.0], "idle": [0.0, 3.0, 6.0]}
    much = {"change": [30.0, 33.0, 35.0], "idle": [0.0, 0.0, 0.0]}
    none = {"change": [-1.0, -0.2, 0.0], "idle": [0.0, 0.0, 0.0]}
    still = {"change": [-50.0, 20.0, 60.0], "idle": [0.0, 0.0, 0.0]}
    rise = {"change": [9e3, 12e3, 15e3], "idle": [8e3, 11e3, 14e3]}
    flows = dict(zip(FLOWS_OF_PEOPLE, (band, less, much, none), strict=True))
    gains = {"people": flows, "deciles": {"1": rise, "2": still}}
    people, most = gain_sentences(gains, lang)
    for words in ("30 (", "20–40", "25 (", "10–39", "2 (", "0–5", "3 (", "0–6"):
        assert words in people
    assert "33" not in people, "a part is not larger than its whole"
    for value in (12e3, 11e3):
        assert numbers.rupiah(value, lang, digits=2, signed=True, even=True) in most
    gains["deciles"]["10"] = {"change": [-9e3, -7e3, 1e3], "idle": [-1.0, 0.0, 1.0]}
    (*_, least) = gain_sentences(gains, lang)
    assert numbers.rupiah(-7e3, lang, digits=2, signed=True, even=True) in least
    assert "10" in least
    assert gain_sentences({}, lang) == ()
    hardly = {"change": [-0.1, 0.0, 0.3], "idle": [0.0, 0.0, 0.4]}
    nobody = {"people": dict.fromkeys(FLOWS_OF_PEOPLE, hardly), "deciles": {"2": still}}
    assert gain_sentences(nobody, lang) == (i18n.text("agreement.gain_nobody", lang),)


def test_they_are_signed_and_printed_and_older_drafts_stay_as_they_were(session: Session) -> None:
    meeting = Meeting(session)
    meeting.join(BALI, BALI)
    meeting.do("phase", name="deliberate")
    meeting.enter(BALI, "package", name="P", levers=LEVERS, sources={}, table=True, balanced=True)
    for point in (1, 4):
        meeting.answer(BALI, point, 3)
    figures = draft_figures(meeting.room, load_surface())
    older = {name: value for name, value in figures.items() if name != "gains"}
    digests = []
    for made in (older, json.loads(body_text(figures))):
        meeting.do("freeze", on=False)
        meeting.do("freeze", on=True, figures=made)
        digests.append(meeting.room.digest)
        draft = drafted(meeting.room, "id")
        tables = [one.table for one in agreement(meeting.room, "id").blocks
                  if isinstance(one, Table) and one.table.name == "desil_paket"]  # fmt: skip
        assert len(tables) == ("gains" in made)
    assert digests[0] != digests[1]
    assert all(words in draft.text for words in gain_sentences(figures["gains"], "id"))
    assert [row[0] for row in tables[0].data] == list(range(1, 11))
    assert headings(tables[0], "id") == [
        "Desil",
        *(i18n.text(f"office.{key}", "id", column=name) if key else name
          for name in ("Paket", "Koordinasi tanpa pengaruh")
          for key in ("", "end_low", "end_high")),
    ]  # fmt: skip
