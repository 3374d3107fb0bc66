"""The agreement of a meeting as a document: clauses, dissent, plan of action, annex, signatures."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from kesos_sim import __version__, i18n
from kesos_sim.emulator import load_surface
from kesos_sim.emulator.identity import hashes
from kesos_sim.emulator.question import START
from kesos_sim.emulator.words import error_table
from kesos_sim.errors import InputError
from kesos_sim.forum.agreed import AGREED, USUAL, agreed_scenario, scenario_files
from kesos_sim.forum.agreement_results import origin_table, result_table
from kesos_sim.forum.agreement_tables import (
    action_table,
    answer_table,
    decision_table,
    gain_table,
    guess_table,
    package_table,
    settings_words,
)
from kesos_sim.forum.draft import Clause, Draft, say
from kesos_sim.forum.scenario_link import package_ending
from kesos_sim.i18n import numbers
from kesos_sim.model.identity import code_hash, data_hash
from kesos_sim.reports.office.document import (
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    LinkCode,
    Listing,
    Note,
    PageBreak,
    Paragraph,
    SignatureBoxes,
    Table,
)
from kesos_sim.reports.plans.annex import left_out, tables_as_sources
from kesos_sim.reports.plans.common import say_plan
from kesos_sim.reports.provenance import Provenance
from kesos_sim.reports.tables import TextTable
from kesos_sim.units import Month

if TYPE_CHECKING:
    from kesos_sim.emulator import Surface
    from kesos_sim.forum.room import Room

__all__ = ["agreement", "compare_command", "provenance"]

_LOG: Final = logging.getLogger(__name__)
_ACTION_SHARES: Final = (6.0, 22.0, 19.0, 10.0, 15.0, 16.0, 10.0, 14.0)
_FILL: Final = frozenset({2, 3, 4, 5, 6, 7})
_GAIN_SHARES: Final = (10.0, 20.0, 25.0, 20.0, 25.0)
_DECISION_SHARES: Final = (8.0, 18.0, 12.0, 22.0, 21.0, 22.0)


def agreement(room: Room, lang: str) -> Document:
    """Make the agreement of a meeting.

    Parameters
    ----------
    room : Room
        State of the meeting; a draft that is not frozen says so.
    lang : str
        ``id`` or ``en``; what people typed stays in their language.

    Returns
    -------
    Document
        For DOCX and PDF; as XLSX it also holds packages, answers and guesses.
    """
    draft = room.draft(lang)
    blocks = (
        *_opening(room, draft),
        *_clauses(room, draft),
        *_decisions(room, draft),
        *_dissent(draft),
        *_actions(draft),
        *_signatures(room, draft),
        *_annex(room, draft),
    )
    return Document(
        name=f"{say('file', lang)}-{room.session.code}",
        title=say("title", lang),
        lang=lang,
        provenance=provenance(room),
        blocks=blocks,
        subtitle=draft.title,
        commands=(compare_command(),),
        sources=tables_as_sources(lang),
        data=(
            package_table(room, lang),
            *_results(room, lang),
            answer_table(room, lang),
            guess_table(room, lang),
        ),
    )


def _results(room: Room, lang: str) -> tuple[TextTable, ...]:
    """Return what the model says of every package; nothing where there is no surface to ask."""
    surface = _surface()
    if surface is None:
        return ()
    return (
        result_table(room, surface, lang), origin_table(surface, lang), error_table(surface, lang),
    )  # fmt: skip


def _surface() -> Surface | None:
    """Return the fitted surface, or None where there is none to ask."""
    try:
        return load_surface()
    except InputError as error:
        _LOG.warning("no results of packages: %s", error)
        return None


def compare_command() -> str:
    """Return the command that runs the full model on the agreed package."""
    return f"kesos compare {USUAL}.yaml {AGREED}.yaml"


def _opening(room: Room, draft: Draft) -> Iterator[Block]:
    lang = draft.lang
    statement = say("draft_statement", lang)
    if not room.frozen:
        statement = f"{statement} {say('not_frozen', lang)}"
    yield Note(f"{statement} {say('figures_statement', lang)}")
    yield Facts(
        (
            (say_plan("fact_date", lang), draft.day),
            (say_plan("fact_place", lang), draft.place),
            (say_plan("fact_parties", lang), ", ".join(draft.parties) or numbers.EN_DASH),
            *([(say("fact_absent", lang), ", ".join(draft.absent))] if draft.absent else []),
            (say("fact_session", lang), room.session.code),
        )
    )
    yield Heading(say_plan("renaksi_considering", lang))
    usual = ("consider_law", "consider_2008", "consider_results")
    yield Bullets(tuple(say_plan(key, lang) for key in usual), numbered=True)


def _clauses(room: Room, draft: Draft) -> Iterator[Block]:
    """Yield the points in the order of 2008, what was agreed about each, and the model's figure."""
    lang = draft.lang
    yield Heading(say_plan("renaksi_points", lang))
    for clause in draft.clauses:
        yield Heading(say_plan("point", lang, number=clause.point, name=clause.name), 2)
        yield Paragraph(clause.text)
        yield Bullets(tuple(_below(clause, lang)))
    yield Heading(say("package_figure", lang), 2)
    yield Bullets(draft.totals)
    if gains := room.figures.get("gains"):
        yield Table(gain_table(gains, lang), shares=_GAIN_SHARES)
    yield Paragraph(say("figure_note", lang), quiet=True)


def _below(clause: Clause, lang: str) -> Iterator[str]:
    if clause.carried:
        yield say("responsible", lang, who=clause.responsible)
        yield from clause.figures
    yield clause.outcome
    yield from clause.names
    for note in clause.notes:
        yield say("note", lang, note=note)
    for words in clause.questions:
        yield say("question", lang, words=words)


def _decisions(room: Room, draft: Draft) -> Iterator[Block]:
    lang = draft.lang
    yield Heading(say("decisions", lang))
    yield Bullets(settings_words(room, lang))
    yield Table(decision_table(draft, room), shares=_DECISION_SHARES)


def _dissent(draft: Draft) -> Iterator[Block]:
    lang = draft.lang
    yield Heading(say_plan("renaksi_dissent", lang))
    words = [
        say("dissent_of_point", lang, point=clause.point, words=words)
        for clause in draft.clauses
        for words in clause.dissent
    ]
    if words:
        yield Bullets(tuple(words))
    else:
        yield Paragraph(say("no_dissent", lang))


def _actions(draft: Draft) -> Iterator[Block]:
    lang = draft.lang
    table = action_table(draft)
    if table.rows:
        # Upright: paper that turns leaves the page before it as empty as the words happen to end.
        yield Table(table, say("action_note", lang), fill=_FILL, shares=_ACTION_SHARES)
    else:
        yield Heading(say("action_table", lang))
        yield Paragraph(say("no_action", lang))


def _signatures(room: Room, draft: Draft) -> Iterator[Block]:
    lang = draft.lang
    yield Heading(say_plan("renaksi_signatures", lang))
    yield Paragraph(say("draft_statement", lang))
    signed = [one.name[lang] for one in room.session.tables if one.code in room.signed]
    if signed:
        yield Paragraph(say("signed_with_code", lang, tables=", ".join(signed)))
    fields = tuple(say_plan(f"signature_{name}", lang) for name in ("name", "office", "date"))
    there = set(room.counted)
    boxes = (
        one.name[lang] if one.code in there else say("absent_party", lang, name=one.name[lang])
        for one in room.session.tables
    )
    yield SignatureBoxes(tuple(boxes), fields)


def _annex(room: Room, draft: Draft) -> Iterator[Block]:
    """Yield where the figures come from, what they leave out, and the scenario files."""
    lang, made = draft.lang, _made(room)
    yield PageBreak()
    yield Heading(say_plan("annex", lang))
    yield Paragraph(say("annex_text", lang))
    if older := _older(room, lang):
        yield Note(older)
    yield Facts(
        (
            (say_plan("fact_command", lang), compare_command()),
            (say_plan("fact_version", lang), str(made["version"])),
            (say_plan("fact_code", lang), str(made["code"])),
            (say_plan("fact_data", lang), str(made["data"])),
            (say_plan("fact_base", lang),
             numbers.month_name(Month.parse(str(made["vintage"])), lang)),
            (say_plan("fact_seed", lang), f"{made['seed']:.0f}"),
            (say_plan("fact_households", lang), numbers.number(made["households"], lang)),
            (say("fact_runs", lang), numbers.number(made.get("runs"), lang)),
            (say("fact_error", lang), _error(room, lang)),
            (say("fact_start", lang), numbers.month_name(START, lang)),
            (say("fact_digest", lang), room.digest or say("not_frozen", lang)),
        )
    )  # fmt: skip
    yield Paragraph(say("digest_text", lang), quiet=True)
    yield from _link(room, lang)
    yield Heading(say_plan("left_out", lang), 2)
    yield Bullets((*left_out(lang), i18n.text("record.limits_text", lang)))
    for name, text in scenario_files(room).items():
        yield Listing(name, text)


def _link(room: Room, lang: str) -> Iterator[Block]:
    """Yield the agreed package as a link: to scan where the meeting has an address, else to add."""
    ending, address = package_ending(room, _surface()), room.address
    yield Heading(say("link_title", lang), 2)
    if address:
        yield LinkCode(say("link_text", lang), address + ending)
    else:
        yield Paragraph(say("link_ending", lang))
        yield Listing(say("link_name", lang), ending)


def _older(room: Room, lang: str) -> str:
    """Say which parts changed after the surface that answered was made; empty where none did."""
    made = room.figures.get("made", {})
    parts = [
        say(f"made_{part}", lang)
        for part, own in hashes().items()
        if made.get(part) not in (None, own)
    ]
    return say("surface_older", lang, parts=", ".join(parts)) if parts else ""


def _error(room: Room, lang: str) -> str:
    """Write how wrong the surface is, as its cross-validation found; a dash without figures."""
    error = room.figures.get("error")
    if not error:
        return numbers.EN_DASH
    size = numbers.points(error["mae"], lang, 2)
    share = numbers.percent(100.0 * error["coverage"], lang, 0)
    return say("error", lang, size=size, share=share)


def _made(room: Room) -> dict[str, Any]:
    """Return how the figures were made; without any, what would make them now."""
    scenario = agreed_scenario(room)
    usual = {
        "version": __version__,
        "code": code_hash(),
        "data": data_hash(),
        "vintage": str(scenario.start),
        "seed": scenario.seed,
        "households": scenario.households,
        "runs": None,
    }
    made = room.figures.get("made", {})
    return {**usual, **{name: value for name, value in made.items() if value is not None}}


def provenance(room: Room) -> Provenance:
    """Return the record of the figures of a meeting: of the surface when it made them.

    Parameters
    ----------
    room : Room
        State of the meeting.

    Returns
    -------
    Provenance
        Complete.
    """
    made = _made(room)
    return Provenance(
        model_version=str(made["version"]),
        code_hash=str(made["code"]),
        data_hash=str(made["data"]),
        scenario_hash=agreed_scenario(room).hash,
        seed=int(made["seed"]),
        households=int(made["households"]),
        base_month=str(made["vintage"]),
        created=dt.datetime.fromtimestamp(room.at / 1000, dt.UTC),
        seconds=0.0,
    )
