"""Old names come with today's."""

from __future__ import annotations

from kesos_sim import i18n
from kesos_sim.forum.current_names import replaced_names
from kesos_sim.forum.session import Session
from tests.forum.meeting import BALI, Meeting


def test_an_old_name_alone_is_explained() -> None:
    assert replaced_names("Data PMKS dan dtks") == {"PMKS": "PPKS", "DTKS": "DTSEN"}
    assert replaced_names("PPKS (dahulu PMKS)", "EPMKSO") == {}


def test_what_a_meeting_types_is_kept_and_explained_in_its_clause(session: Session) -> None:
    meeting = Meeting(session)
    meeting.join("a", BALI)
    meeting.do("phase", name="agree")
    meeting.do("clause", point="9", text="Pemulangan PMKS antarprovinsi.")
    meeting.answer("a", 6, 2, "Perbarui DTKS dahulu")
    for lang in i18n.LANGUAGES:
        clauses = meeting.room.draft(lang).clauses
        assert clauses[8].text == "Pemulangan PMKS antarprovinsi."
        assert clauses[8].names == (i18n.text("agreement.name_now", lang, old="PMKS", now="PPKS"),)
        assert clauses[5].names == (i18n.text("agreement.name_now", lang, old="DTKS", now="DTSEN"),)
        assert not clauses[0].names
