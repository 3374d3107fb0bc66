"""The agreement: what is agreed, by whom, with which figures and whose dissent; the same bytes."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kesos_sim import i18n
from kesos_sim.cli import main
from kesos_sim.emulator import load_surface
from kesos_sim.emulator.identity import hashes
from kesos_sim.forum.agreed import agreed_scenario, scenario_files, usual_scenario
from kesos_sim.forum.agreement import agreement, compare_command
from kesos_sim.forum.demo import simulated_meeting
from kesos_sim.forum.exporting import documents, entries_as_lines, export
from kesos_sim.forum.figures import draft_figures, figure_sentences
from kesos_sim.forum.room import Room
from kesos_sim.forum.scenario_link import LINK_MARK, package_ending
from kesos_sim.forum.session import Session
from kesos_sim.forum.signing import sealed
from kesos_sim.forum.store import Store
from kesos_sim.forum.text import clean_text
from kesos_sim.reports.office import render
from kesos_sim.reports.office.document import LinkCode, Listing, SignatureBoxes, Table
from kesos_sim.reports.plans.annex import left_out
from kesos_sim.reports.tables import TextTable
from kesos_sim.scenario import load_scenario
from kesos_sim.scenario.levers import LEVERS as DECLARED
from kesos_sim.scenario.levers import POINTS
from tests.forum.meeting import BALI, LAMPUNG, Meeting
from tests.payloads import FORMULAS
from tests.reports.office.conftest import HOSTILE, Pages, opened, pages_of, squeezed

__all__ = ["opened"]

SIGNS = frozenset("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
NEARLY_EMPTY = 0.25
FORMULA = '=HYPERLINK("http://x","klik")'
LEVERS = {"apbd_poverty_share": 0.1, "bkkks_standing": 3.0, "partnership_platform": 2.0}


def held(session: Session) -> Meeting:
    """A whole meeting with every kind of outcome: agreed, dissent, vote, note, hostile words."""
    meeting = Meeting(session)
    meeting.do("keys", seals=sealed({one.code: f"AB{one.code}" for one in session.tables}))
    names = meeting.seated(2)
    meeting.do("phase", name="deliberate")
    for place, name in enumerate(names):
        meeting.enter(name, "guess", question="apbd", value=6 + 0.1 * place)
        meeting.enter(name, "package", name=FORMULA if place % 4 else "Paket meja", levers=LEVERS,
                      sources={"perjalanan_dinas": 0.25, "belanja_modal": 0.75}, table=True,
                      balanced=True)  # fmt: skip
        for point in POINTS:
            meeting.answer(name, point, 3)
    meeting.answer(names[0], 5, 0, HOSTILE[6][:100])
    meeting.answer(names[1], 6, 2, FORMULA)
    meeting.answer(names[2], 7, 0, "Perlu dasar hukum")
    meeting.do("vote", point="7", **{"for": 8, "against": 2}, dissent="DKI Jakarta tetap menolak")
    for name in names[4:14]:
        meeting.answer(name, 8, 1)
    meeting.do("phase", name="agree")
    meeting.do("freeze", on=True, figures=draft_figures(meeting.room, load_surface()))
    meeting.enter(f"{BALI}/0", "sign", digest=meeting.room.digest, code=f"AB{BALI}")
    return meeting


@pytest.fixture(scope="module")
def meeting(session: Session) -> Meeting:
    return held(session)


@pytest.fixture(scope="module")
def made(meeting: Meeting) -> dict[str, bytes]:
    return documents(meeting.room, "id")


@pytest.mark.slow
def test_the_document_holds_every_part_in_its_order(meeting: Meeting) -> None:
    for lang in i18n.LANGUAGES:
        document = agreement(meeting.room, lang)
        headings = [one.text for one in document.blocks if hasattr(one, "level")]
        points = [i18n.text(f"forum_page.point_{point}", lang) for point in POINTS]
        assert [one for one in headings for name in points if one.endswith(name)] == [
            i18n.text("plans.point", lang, number=str(n), name=name)
            for n, name in enumerate(points, 1)
        ]
        boxes = [one for one in document.blocks if isinstance(one, SignatureBoxes)]
        assert boxes[0].parties == tuple(one.name[lang] for one in meeting.session.tables)
        tables = {one.table.name: one.table for one in document.blocks if isinstance(one, Table)}
        assert len(tables["keputusan"].rows) == 9
        assert [row[0] for row in tables["renaksi"].rows] == ["1", "3", "4"]


def words_of(document: Any) -> str:
    """All words of a document but of its tables."""
    return "\n".join(str(one) for one in document.blocks if not isinstance(one, Table))


def test_who_did_not_come_is_no_party(session: Session) -> None:
    meeting = Meeting(session)
    for name in (BALI, LAMPUNG):
        meeting.join(name, name)
    meeting.do("phase", name="agree")
    meeting.do("freeze", on=True)
    meeting.join("late", "33")
    draft = meeting.room.draft("id")
    assert draft.parties == ("Lampung", "Bali")
    assert len(draft.absent) == 8
    assert "Hadir: Lampung, Bali." in draft.text
    document = agreement(meeting.room, "id")
    (boxes,) = [one for one in document.blocks if isinstance(one, SignatureBoxes)]
    assert len(boxes.parties) == 10
    assert [one for one in boxes.parties if "(tidak hadir)" not in one] == ["Lampung", "Bali"]
    assert "Jawa Tengah (tidak hadir)" in boxes.parties


def test_a_note_of_somebody_who_does_not_understand_stays_a_question(session: Session) -> None:
    meeting = Meeting(session)
    meeting.join("a", BALI)
    meeting.do("phase", name="agree")
    meeting.answer("a", 3, 1, "Siapa yang membayar?")
    meeting.answer("a", 4, 3, "Setuju dengan catatan ini")
    asked = "Pertanyaan (belum paham): Bali (Dinas Sosial): Siapa yang membayar?"
    draft = meeting.room.draft("id")
    assert draft.public()["clauses"][2]["questions"] == [asked]
    assert asked in draft.text
    words = words_of(agreement(meeting.room, "id"))
    assert asked in words
    assert "Setuju dengan catatan ini" in words


def test_the_same_words_of_several_people_stand_once_with_their_number(session: Session) -> None:
    meeting = Meeting(session)
    for name, table in (("a", BALI), ("b", BALI), ("c", LAMPUNG), ("d", LAMPUNG)):
        meeting.join(name, table)
    meeting.do("phase", name="deliberate")
    for name, words in (("a", "Asal bertahap"), ("b", "asal  bertahap"), ("c", "Asal bertahap")):
        meeting.answer(name, 3, 2, words)
        meeting.answer(name, 4, 0, words)
    meeting.answer("d", 3, 2, "Asal ada dana")
    meeting.answer("d", 4, 0)
    for lang, people, role in (
        ("id", "orang", "Dinas Sosial"),
        ("en", "people", "Social affairs office"),
    ):
        clauses = meeting.room.draft(lang).clauses
        together = f"Asal bertahap (3 {people}): Lampung ({role}), Bali ({role})"
        assert clauses[2].notes == (together, f"Lampung ({role}): Asal ada dana")
        nothing = i18n.text("agreement.no_words", lang)
        assert clauses[3].dissent == (together, f"Lampung ({role}): {nothing}")


def test_clause_and_plan_name_the_same_body(session: Session) -> None:
    meeting = held(session)
    meeting.do("freeze", on=False)
    meeting.do("renaksi", row="1-bkkks_standing", point="1", activity="Perda",
               responsible="Biro Hukum")  # fmt: skip
    draft = meeting.room.draft("id")
    assert {one.responsible for one in draft.rows if one.point == "1"} == {"Biro Hukum"}
    clause = draft.public()["clauses"][0]
    assert clause["responsible"] == "Biro Hukum"
    usual = i18n.text("forum_page.responsible_1", "id")
    words = words_of(agreement(meeting.room, "id"))
    assert "Penanggung jawab: Biro Hukum." in words
    assert f"Penanggung jawab: {usual}." not in words
    meeting.do("renaksi", row="own", point="1", activity="Rapat", responsible="Bappeda")
    assert meeting.room.draft("id").clauses[0].responsible == "Biro Hukum; Bappeda"
    meeting.do("renaksi", row="own", delete=True)
    meeting.do("renaksi", row="1-bkkks_standing", delete=True)
    assert meeting.room.draft("id").clauses[0].responsible == usual


@pytest.mark.slow
def test_figures_of_an_older_model_say_so(session: Session) -> None:
    meeting = held(session)
    figures = dict(meeting.room.figures)
    for own, said in ((hashes(), False), ({**hashes(), "data": "0" * 64}, True)):
        meeting.do("freeze", on=True, figures={**figures, "made": {**figures["made"], **own}})
        words = words_of(agreement(meeting.room, "en"))
        assert ("older than the model that is installed; changed since: data." in words) == said


@pytest.mark.slow
def test_the_printed_page_says_what_was_agreed(made: dict[str, bytes], meeting: Meeting) -> None:
    pages = pages_of(made["pdf"])
    for words in (
        "Sabtu, 21 November 2026", "Surabaya, Jawa Timur",
        i18n.text("agreement.draft_statement", "id"),
        "Porsi APBD untuk penanggulangan kemiskinan menjadi 10%",
        "Kedudukan BKKKS dari SK menjadi Perda",
        "Diputuskan dengan suara: 8 setuju, 2 tidak setuju; diterima.",
        "Butir 7, DKI Jakarta (Dinas Sosial): Perlu dasar hukum", "DKI Jakarta tetap menolak",
        "Jika koordinasi tidak berpengaruh", "Telah menyetujui naskah ini dengan kode meja: Bali.",
        "kesos compare tanpa-perubahan.yaml kesepakatan.yaml", str(meeting.room.digest),
        "Belanja modal 75%", HOSTILE[6][:100], "Maret 2024",
        meeting.room.figures["made"]["code"],
        f"{meeting.room.figures['made']['seed']:.0f}", *left_out("id"),
    ):  # fmt: skip
        assert squeezed(words) in pages.letters, words
    assert all(token not in pages.letters for token in ("AB51", "None", "nan%"))
    for text in pages.texts:  # where it comes from stays one line at the foot of every page
        assert re.search(r"kesos-sim .* · kode \w+ · .* · basis Maret 2024", text), text[-300:]
    for image in pages.images:  # photocopied: A4, dark enough, nothing in the margins
        assert sorted(image.shape)[::-1][0] in range(1680, 1688)
        assert image.min() < 60
        assert (image[:, :40] > 250).all()
        assert (image[:, -40:] > 250).all()


def filled(pages: Pages) -> list[float]:
    """Down to where every page is filled, as a part of it without its foot."""
    body = [image[: int(0.93 * len(image))] for image in pages.images]
    return [float((page < 200).any(axis=1).nonzero()[0].max() / len(page)) for page in body]


@pytest.mark.slow
def test_no_page_is_nearly_empty_however_long_the_words_are(
    session: Session, made: dict[str, bytes], opened: Callable[[bytes, str], Pages]
) -> None:
    printed = [pages_of(made["pdf"]), opened(made["docx"], "docx")]
    for people in (9, 40):
        other = Room(session)
        other.take(simulated_meeting(session, load_surface(), people))
        printed.append(pages_of(render(agreement(other, "id"), "pdf")))
    for pages in printed:
        assert min(filled(pages)) > NEARLY_EMPTY
        assert len({image.shape for image in pages.images}) == 1, "a page lies on its side"


@pytest.mark.slow
def test_the_same_meeting_gives_the_same_bytes(session: Session, made: dict[str, bytes]) -> None:
    assert documents(held(session).room, "id") == made


@pytest.mark.slow
def test_an_office_program_opens_it(
    made: dict[str, bytes], opened: Callable[[bytes, str], Pages]
) -> None:
    pages = opened(made["docx"], "docx")
    assert squeezed("Diputuskan dengan suara: 8 setuju") in pages.letters
    assert squeezed("DKI Jakarta tetap menolak") in pages.letters
    assert 6 <= len(pages.texts) <= 10


@pytest.mark.slow
def test_no_cell_of_the_workbook_is_a_formula(made: dict[str, bytes]) -> None:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(made["xlsx"]))
    assert {"Paket", "Jawaban", "Tebakan", "Keputusan", "Rencana aksi"} <= set(book.sheetnames)
    texts = []
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                if isinstance(cell.value, str) and cell.value.lstrip(" \n")[:1] in SIGNS:
                    texts.append(cell.value)
                    assert cell.quotePrefix, "it stays text when somebody edits the cell"
    assert texts.count(FORMULA) >= 10
    with zipfile.ZipFile(io.BytesIO(made["xlsx"])) as packed:
        assert not any(b"<f>" in packed.read(name) for name in packed.namelist())
    packages = list(book["Paket"].iter_rows(values_only=True))
    assert packages[-1][:2] == ("Semua meja", "Paket yang disepakati")
    standing = packages[0].index("Kedudukan BKKKS")
    assert {row[standing] for row in packages[1:]} == {"Perda"}
    assert len([row for row in packages if row[1] in ("Paket meja", FORMULA)]) == 10
    # A reader of the sheet sees percent, never a bare 0.1.
    label = DECLARED["apbd_poverty_share"].label("id")
    (share,) = (n for n, head in enumerate(packages[0]) if str(head).startswith(label))
    assert str(packages[0][share]).endswith("%)")
    assert 10.0 in {row[share] for row in packages[1:]}
    heads, *rows = book["Jawaban"].iter_rows(values_only=True)
    assert heads[-1] == "Sudah menandatangani"
    assert [row[0] for row in rows if row[-1] == "ya"] == ["Bali"]


def test_csv_of_packages_is_harmless_too(meeting: Meeting) -> None:
    (packages,) = [one for one in agreement(meeting.room, "id").data if one.name == "paket"]
    assert_harmless(packages)


def assert_harmless(table: TextTable) -> None:
    """No cell of its file is a formula; a number may be below zero."""
    for row in csv.reader(io.StringIO(table.csv(), newline="")):
        for cell in row:
            if cell.lstrip(" \n")[:1] in SIGNS:
                float(cell)


def test_whatever_a_meeting_types_its_files_hold_no_formula(session: Session) -> None:
    meeting = Meeting(session)
    names = meeting.seated(len(FORMULAS) // len(session.tables) + 1)
    meeting.do("phase", name="deliberate")
    for name, words in zip(names, FORMULAS, strict=False):
        meeting.enter(name, "package", name=words[:40], levers=LEVERS, table=True, balanced=True,
                      sources={"belanja_modal": 1.0})  # fmt: skip
        meeting.answer(name, 4, 0, words)
        meeting.answer(name, 5, 2, words)
        meeting.do("renaksi", row=name.replace("/", "-"), point="1", activity=words,
                   responsible=words)  # fmt: skip
    document = agreement(meeting.room, "id")
    tables = [one.table for one in document.blocks if isinstance(one, Table)] + [*document.data]
    assert {"paket", "jawaban", "renaksi"} <= {one.name for one in tables}
    for table in tables:
        assert_harmless(table)
    typed = {clean_text(words) for words in FORMULAS}
    assert typed <= {str(cell) for table in tables for row in table.data for cell in row}


def test_the_agreed_package_is_a_scenario_beside_its_baseline(
    meeting: Meeting, tmp_path: Path
) -> None:
    for name, text in scenario_files(meeting.room).items():
        (tmp_path / name).write_text(text)
    usual = load_scenario(tmp_path / "tanpa-perubahan.yaml")
    agreed = load_scenario(tmp_path / "kesepakatan.yaml")
    assert usual == usual_scenario()
    assert agreed == agreed_scenario(meeting.room)
    assert {name: one.value for name, one in agreed.levers.items()} == LEVERS
    assert {str(one.start) for one in agreed.levers.values()} == {"2027-01"}
    assert agreed.levers["apbd_poverty_share"].ramp_months == 36
    assert dict(agreed.funding_sources) == {"belanja_modal": 0.75, "perjalanan_dinas": 0.25}
    assert (agreed.months, agreed.seed, agreed.region) == (usual.months, usual.seed, usual.region)


@pytest.mark.slow
def test_the_command_of_the_annex_runs(
    meeting: Meeting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    for name, text in scenario_files(meeting.room).items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    command = compare_command().split()[1:]
    world = "--households 2000 --region 34 --months 36 --draws 0 --format json"
    assert main([*command, *world.split()]) == 0
    records = json.loads(capsys.readouterr().out)["records"]
    assert any(one["scenario"] == "kesepakatan" for one in records)


@pytest.mark.slow
def test_the_annex_opens_the_agreed_package_on_the_attendee_page(
    meeting: Meeting,
) -> None:
    def links() -> list[LinkCode]:
        return [one for one in agreement(meeting.room, "id").blocks if isinstance(one, LinkCode)]

    ending = package_ending(meeting.room, load_surface())
    assert not links()  # nobody has said where the meeting is
    lines = [one.text for one in agreement(meeting.room, "id").blocks if isinstance(one, Listing)]
    assert ending in lines
    meeting.do("address", join="http://192.168.1.20:8866/")
    (link,) = links()
    assert link.address == f"http://192.168.1.20:8866/{ending}"
    packed = ending.removeprefix(LINK_MARK)
    levers, taken = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    assert levers == meeting.room.agreed()["levers"] and levers
    assert set(taken) <= set(meeting.room.agreed()["sources"])


def test_export_writes_all_and_keeps_what_is_there(session: Session, tmp_path: Path) -> None:
    meeting = held(session)
    store = Store(f"sqlite:///{tmp_path / 'f.sqlite'}", session.code)
    store.put_back(meeting.events)
    paths = export(session, store, tmp_path / "out", "id")
    assert [path.name for path in paths] == [
        "kesepakatan-MPU26.docx", "kesepakatan-MPU26.pdf", "kesepakatan-MPU26.xlsx",
        "tanpa-perubahan.yaml", "kesepakatan.yaml", "naskah-MPU26.txt", "entri-MPU26.jsonl",
    ]  # fmt: skip
    assert export(session, store, tmp_path / "out", "id") == paths
    text = (tmp_path / "out" / "naskah-MPU26.txt").read_bytes()
    assert hashlib.sha256(text).hexdigest() == meeting.room.digest
    paths[1].write_bytes(b"edited")
    assert export(session, store, tmp_path / "out", "id")[1].name == "kesepakatan-MPU26-2.pdf"
    assert paths[1].read_bytes() == b"edited"
    assert export(session, store, tmp_path / "en", "en")[0].name == "agreement-MPU26.docx"
    store.close()


def test_entries_as_data_name_nobody_and_no_code(meeting: Meeting) -> None:
    meeting = held(meeting.session)
    meeting.do("paper", table=LAMPUNG, kind="sign",
               body={"digest": meeting.room.digest, "code": f"AB{LAMPUNG}"})  # fmt: skip
    lines = entries_as_lines(meeting.events)
    records = [json.loads(line) for line in lines.splitlines()]
    assert len({one["person"] for one in records if one["person"]}) == 20
    assert f"AB{BALI}" not in lines
    assert f"AB{LAMPUNG}" not in lines
    assert not any(one.participant in lines for one in meeting.events if one.participant)
    assert {one["kind"] for one in records} >= {"join", "guess", "stance", "sign", "paper"}


@pytest.mark.slow
def test_before_freezing_figures_are_to_come_and_after_it_none_is_missing(session: Session) -> None:
    meeting = Meeting(session)
    names = meeting.seated()
    meeting.do("phase", name="deliberate")
    for name in names:
        meeting.enter(name, "package", name="Paket", levers=LEVERS, sources={}, table=True,
                      balanced=True)  # fmt: skip
        meeting.answer(name, 1, 3)
        meeting.answer(name, 5, 3)
    meeting.do("phase", name="agree")
    to_come, none_moves, missing = (
        i18n.text(f"agreement.{name}", "id")
        for name in ("figure_to_come", "nothing_moved", "no_figure")
    )

    def told() -> list[str]:
        draft = meeting.room.draft("id")
        return [*draft.clauses[0].figures, *draft.clauses[4].figures, *draft.totals]

    assert set(told()) == {to_come, none_moves}
    assert meeting.room.draft("id").rows[0].years == "mulai 2027"
    meeting.do("freeze", on=True, figures=draft_figures(meeting.room, load_surface()))
    assert none_moves in told() and not {to_come, missing} & set(told())
    assert meeting.room.draft("id").rows[0].years == "2027–2031"


def test_a_meeting_without_any_agreement_is_a_document_too(session: Session) -> None:
    empty = Meeting(session)
    pages = pages_of(documents(empty.room, "en")["pdf"])
    assert squeezed("The text is not frozen yet.") in pages.letters
    assert squeezed("the plan of action is empty") in pages.letters
    assert agreed_scenario(empty.room).levers == {}


class Refusing:
    """A surface that refuses, or has given figures."""

    headline, made = 2031, {"version": "1"}
    errors = {"poverty_rate": {"mae": 0.1, "coverage": 0.8}}  # noqa: RUF012

    def __init__(self, change: list[float] | None, idle: list[float] | None) -> None:
        self._change, self._idle = change, idle

    def answer(
        self, levers: Any, shock: str = "none", effect: bool = True, place: str = "mpu"
    ) -> dict[str, Any]:
        if self._change is None:
            return {"inside": False, "lever": "apbd_poverty_share"}
        change = self._change if effect else self._idle
        found = {"base": [[8, 9, 10]], "package": [[7, 8, 9]], "change": [change]}
        return {"inside": True, "outcomes": {"poverty_rate": found}, "worse": 0}


@pytest.mark.parametrize(
    ("change", "idle", "words"),
    [
        ([-0.7, -0.5, -0.2], [-0.6, -0.4, -0.1], "turun 0,50 persen poin (kisaran: turun 0,20–0,70 "
         "persen poin), dari 9,0% menjadi 8,0%. Jika koordinasi tidak berpengaruh: turun 0,40"),
        ([-0.1, 0.2, 0.4], [0.0, 0.0, 0.0], "naik 0,20 persen poin (kisaran: dari turun 0,10 "
         "persen poin sampai naik 0,40 persen poin)"),
        ([-0.01, 0.001, 0.01], [0.0, 0.0, 0.0], "hampir tidak berubah"),
        ([-0.002, 0.001, 0.003], [0.0, 0.0, 0.0], "hampir tidak berubah (kisaran: hampir nol)"),
        (None, None, "di luar rentang yang dicoba"),
    ],
)  # fmt: skip
def test_figures_in_words(
    session: Session, change: list[float] | None, idle: list[float] | None, words: str
) -> None:
    figures = draft_figures(Meeting(session).room, Refusing(change, idle))
    (sentence,) = figure_sentences(figures, "package", "id")
    assert words in sentence
    assert figure_sentences({}, "package", "id") == (i18n.text("agreement.no_figure", "id"),)


def test_a_change_that_nobody_sees_in_the_figure_is_none() -> None:
    people = [14.1e6, 14.3e6, 14.5e6]
    found = {"outcome": "poor_people", "change": [-900.0, -100.0, 60.0], "base": people,
             "now": people, "idle": [-900.0, -90.0, 70.0]}  # fmt: skip
    (sentence,) = figure_sentences({"year": 2031, "package": [found]}, "package", "id")
    assert sentence.count("hampir tidak berubah") == 2, sentence
