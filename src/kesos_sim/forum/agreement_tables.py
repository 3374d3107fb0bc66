"""Tables of the agreement: how points were decided, the plan of action, packages and guesses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kesos_sim.forum.actions import source_words
from kesos_sim.forum.draft import Draft, say
from kesos_sim.forum.gains import gain_bands
from kesos_sim.forum.lever_words import setting_words
from kesos_sim.forum.proposals import heard, kept
from kesos_sim.forum.session import FORUM_LEVERS
from kesos_sim.i18n import numbers
from kesos_sim.reports.plans.common import say_plan
from kesos_sim.reports.tables import Column, TableBuilder, TextTable
from kesos_sim.scenario.format import FUNDING_SOURCES
from kesos_sim.scenario.levers import LEVERS, POINTS

if TYPE_CHECKING:
    from kesos_sim.forum.room import Room

__all__ = [
    "action_table", "answer_table", "decision_table", "gain_table", "guess_table", "package_table",
]  # fmt: skip


def decision_table(draft: Draft, room: Room) -> TextTable:
    """List how each point was decided.

    Parameters
    ----------
    draft : Draft
        The draft.
    room : Room
        State of the meeting.

    Returns
    -------
    TextTable
        One row per point.
    """
    lang = draft.lang
    heads = [
        Column(say_plan("column_point", lang), numeric=False),
        Column(say("column_status", lang), numeric=False),
        Column(say("column_agreeing", lang), numeric=False),
        Column(say("column_objecting", lang), numeric=False),
        Column(say("column_silent", lang), numeric=False),
        Column(say("column_unconfirmed", lang), numeric=False),
    ]
    fields = ("point", "status", "agreeing", "objecting", "silent", "unconfirmed")
    builder = TableBuilder("keputusan", say("decision_table", lang), heads, fields)
    for clause in draft.clauses:
        state = room.point(clause.point)
        there = len({*room.counted, *state.tables})
        agreeing = round(state.share * there)
        status = say(f"status_{clause.status}", lang)
        objecting, silent = _names(room, state.objections, lang), _names(room, state.silent, lang)
        unconfirmed = _names(room, state.unconfirmed, lang)
        builder.add(
            (clause.point, status, say("of", lang, part=agreeing, whole=there),
             *(words or numbers.EN_DASH for words in (objecting, silent, unconfirmed))),
            (int(clause.point), status, agreeing, objecting or None, silent or None,
             unconfirmed or None),
        )  # fmt: skip
    return builder.table()


def gain_table(gains: Mapping[str, Any], lang: str) -> TextTable:
    """List the change of spending of every decile with the agreed package.

    Parameters
    ----------
    gains : mapping
        As `kesos_sim.forum.gains.gains_of` found them.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        A row per decile: the change with its range, and both if coordination had no effect, rupiah
        per person and month.
    """
    words = ("decile", "change", "range", "idle", "idle_range")
    heads = [Column(say(f"column_gain_{name}", lang)) for name in words]
    fields = ("decile", *(f"{case}{end}" for case in ("change", "idle")
                          for end in ("", "_low", "_high")))  # fmt: skip
    builder = TableBuilder("desil_paket", say("gain_table", lang), heads, fields)
    for tenth in sorted(gains["deciles"], key=int):  # a store sorts them as words
        bands = gains["deciles"][tenth]
        cells = [bands[case][at] for case in ("change", "idle") for at in (1, 0, 2)]
        builder.add((tenth, *gain_bands(bands, lang)), (int(tenth), *cells))
    return builder.table()


def action_table(draft: Draft) -> TextTable:
    """List the plan of action; an empty cell is a field to be filled in by hand.

    Parameters
    ----------
    draft : Draft
        The draft.

    Returns
    -------
    TextTable
        Point, activity, responsible, years, funds, indicator, target, range of the model.
    """
    lang = draft.lang
    fields = ("point", "activity", "responsible", "years", "fund", "indicator", "target", "range")
    keys = ("point", "activity", "responsible", "years", "fund", "indicator", "indicator_target",
            "model_range")  # fmt: skip
    heads = [Column(say_plan(f"column_{key}", lang), numeric=False) for key in keys]
    builder = TableBuilder("renaksi", say("action_table", lang), heads, fields)
    for row in draft.rows:
        cells = tuple(getattr(row, name) for name in fields)
        builder.add(cells, tuple(cell or None for cell in cells))
    return builder.table()


def package_table(room: Room, lang: str) -> TextTable:
    """List the packages of the tables and the agreed one: levers, then the lines that pay.

    Parameters
    ----------
    room : Room
        State of the meeting.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        One row per package; what has steps as words, shares as percent, the rest as numbers in the
        unit of the lever; a dash, or nothing, where a package has no opinion on a lever, and where
        nothing is agreed.
    """
    heads = [Column(say("column_table", lang), numeric=False),
             Column(say("column_name", lang), numeric=False),
             *(Column(LEVERS[name].label(lang), numeric=not _in_steps(name), unit=_unit(name, lang))
               for name in FORUM_LEVERS),
             *(Column(source_words(name, lang), unit="%") for name in FUNDING_SOURCES),
             Column(say("column_balanced", lang), numeric=False)]  # fmt: skip
    fields = ("table", "name", *FORUM_LEVERS, *FUNDING_SOURCES, "balanced")
    builder = TableBuilder("paket", say("package_table", lang), heads, fields)
    agreed = room.agreed()
    stays = {one for point in POINTS if room.carried(str(point)) for one in kept(room, point)}
    open_ = frozenset(FORUM_LEVERS) - set(agreed["levers"]) - stays
    rows = [
        (
            table.name[lang],
            one.name,
            one.levers,
            one.silent,
            one.sources,
            say_yes(lang, yes=one.balanced),
        )
        for table in room.session.tables
        if (one := room.packages.get(table.code)) is not None
    ]
    rows.append((say("all_tables", lang), say("agreed_package", lang), agreed["levers"],
                 open_, agreed["sources"], ""))  # fmt: skip
    for table_name, name, levers, silent, sources, balanced in rows:
        settings = [levers.get(lever, LEVERS[lever].default) for lever in FORUM_LEVERS]
        shares = [_percent(sources.get(source)) for source in FUNDING_SOURCES]
        words = [numbers.EN_DASH if lever in silent else setting_words(lever, value, lang)
                 for lever, value in zip(FORUM_LEVERS, settings, strict=True)]  # fmt: skip
        values = [
            None if lever in silent else word if _in_steps(lever) else _number(lever, value)
            for lever, word, value in zip(FORUM_LEVERS, words, settings, strict=True)
        ]
        builder.add(
            (table_name, name, *words,
             *(numbers.percent(one, lang, 0) for one in shares), balanced),
            (table_name, name, *values, *shares, balanced or None),
        )  # fmt: skip
    return builder.table()


def _in_steps(lever: str) -> bool:
    """Whether the settings of a lever have names: numbers would say nothing to a reader."""
    return LEVERS[lever].kind in ("step", "switch")


def _unit(lever: str, lang: str) -> str:
    """Return the unit of a lever's numbers; steps have names instead."""
    if _in_steps(lever):
        return ""
    return "%" if LEVERS[lever].kind == "share" else LEVERS[lever].unit_words(lang)


def _number(lever: str, value: float | None) -> float | None:
    """Return a setting in that unit; None is what each government does today."""
    return _percent(value) if LEVERS[lever].kind == "share" else value


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100.0 * share, 10)


def answer_table(room: Room, lang: str) -> TextTable:
    """List the answers of the tables to the points, and who has signed.

    Parameters
    ----------
    room : Room
        State of the meeting.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        One row per table, a column per point, 3 for agreed to 0 for an objection; nothing where
        the table has to confirm its answer. The last column says whether the table has signed.
    """
    states = {point: room.point(point) for point in map(str, POINTS)}
    heads = [Column(say("column_table", lang), numeric=False),
             *(Column(say("column_nth", lang, point=point)) for point in states),
             Column(say("column_signed", lang), numeric=False)]  # fmt: skip
    fields = ("table", *(f"point_{point}" for point in states), "signed")
    signed = room.signed
    builder = TableBuilder("jawaban", say("answer_table", lang), heads, fields)
    for table in room.session.tables:
        cells = [
            None if table.code in state.unconfirmed else state.tables.get(table.code)
            for state in states.values()
        ]
        yes = say_yes(lang, yes=table.code in signed)
        builder.add(
            (table.name[lang], *(numbers.number(cell, lang) for cell in cells), yes),
            (table.name[lang], *cells, yes),
        )
    return builder.table()


def guess_table(room: Room, lang: str) -> TextTable:
    """List the predictions that came before the answers, without saying whose they are.

    Parameters
    ----------
    room : Room
        State of the meeting.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        Question and percent, rising.
    """
    heads = [Column(say("column_question", lang), numeric=False), Column(say("column_guess", lang))]
    builder = TableBuilder("tebakan", say("guess_table", lang), heads, ("question", "percent"))
    for question in room.session.questions:
        words = say(f"question_{question.name}", lang)
        for value in room.guessed(question.name):
            builder.add((words, numbers.percent(value, lang)), (words, value))
    return builder.table()


def say_yes(lang: str, *, yes: bool) -> str:
    """Return yes or no."""
    return say("yes" if yes else "no", lang)


def _names(room: Room, codes: tuple[str, ...], lang: str) -> str:
    tables = (room.session.table(code) for code in codes)
    return ", ".join(one.name[lang] for one in tables if one is not None)


def settings_words(room: Room, lang: str) -> tuple[str, ...]:
    """Return the rule by which points were decided, in words of this meeting.

    Parameters
    ----------
    room : Room
        State of the meeting.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str
        Sentences.
    """
    rule = room.session.thresholds
    return (
        say("rule", lang, share=numbers.percent(100.0 * rule.mufakat, lang, 0)),
        say(f"rule_{rule.objection}", lang),
        say("rule_middle", lang),
        say("rule_heard", lang, heard="; ".join(_heard(room, lang))),
    )


def _heard(room: Room, lang: str) -> Iterator[str]:
    """Write of how many tables each proposal is the middle."""
    for point in POINTS:
        for lever, count in heard(room, point).items():
            yield f"{LEVERS[lever].label(lang)} {numbers.number(count, lang)}"
