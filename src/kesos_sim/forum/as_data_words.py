"""A meeting as data in words and tables, for the researcher's notebook."""

from __future__ import annotations

from collections.abc import Sequence

from kesos_sim import i18n
from kesos_sim.forum.as_data import Meeting, Score, Support, published_rate
from kesos_sim.i18n import numbers
from kesos_sim.reports.tables import Column, TableBuilder, TextTable

__all__ = ["meeting_sentences", "score_sentences", "score_table", "support_table"]

_SEEN = 0.05
"""Percentage points below which room and model say the same, in one decimal."""


def meeting_sentences(meeting: Meeting, lang: str = "id") -> list[str]:
    """Say what the data are, and first of all if nobody was there.

    Parameters
    ----------
    meeting : Meeting
        The meeting.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of str
        Sentences.

    Examples
    --------
    >>> from kesos_sim.emulator import load_surface
    >>> from kesos_sim.forum.as_data import meeting_of
    >>> print(meeting_sentences(meeting_of(surface=load_surface()), "en")[0].split(".")[0])
    SIMULATION, no meeting: nobody was there
    """
    room = meeting.room
    first = _say("simulated" if meeting.simulated else "held", lang, code=meeting.session.code)
    counts = _say(
        "counts",
        lang,
        people=numbers.number(len(room.members), lang),
        tables=numbers.number(len(room.present), lang),
        guesses=numbers.number(sum(map(len, room.guesses.values())), lang),
        answers=numbers.number(sum(map(len, room.stances.values())), lang),
    )
    return [first, counts, _say("no_evidence", lang)]


def score_sentences(found: Sequence[Score], year: int, lang: str = "id") -> list[str]:
    """Say how the room compares with the model, and with what was published.

    Parameters
    ----------
    found : sequence of Score
        As `kesos_sim.forum.as_data.scores` returns them.
    year : int
        Year that was asked about.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of str
        Sentences.

    Examples
    --------
    >>> from kesos_sim.emulator import load_surface
    >>> from kesos_sim.forum.as_data import meeting_of, scores
    >>> surface = load_surface()
    >>> found = scores(meeting_of(surface=surface), surface)
    >>> [sentence.split(":")[0] for sentence in score_sentences(found, surface.headline, "en")][:3]
    ['Poverty rate with 10% of the APBD', 'Poverty rate if only coordination is
    strengthened', 'Poverty rate with both']
    """
    lines = [_compared(one, lang) for one in found]
    lines += [_published(one, lang) for one in found if one.observed is not None]
    rate = published_rate(year)
    key = "not_published" if rate is None else "published"
    lines.append(_say(key, lang, year=str(year), rate=numbers.percent(rate, lang, 2)))
    return [*lines, _say("prior_caution", lang)]


def score_table(found: Sequence[Score], lang: str = "id") -> TextTable:
    """Set predictions, model and both together beside each other.

    Parameters
    ----------
    found : sequence of Score
        As `kesos_sim.forum.as_data.scores` returns them.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        One row per question; percent and percentage points.

    Examples
    --------
    >>> from kesos_sim.emulator import load_surface
    >>> from kesos_sim.forum.as_data import meeting_of, scores
    >>> surface = load_surface()
    >>> table = score_table(scores(meeting_of(surface=surface), surface), "en")
    >>> print(table.title)
    Predictions of the room beside the model
    """
    fields = ("question", "guesses", "median", "mean", "sd", "model_low", "model_middle",
              "model_high", "bias", "inside", "distance", "prior_mean", "prior_sd", "observed",
              "crps_room", "crps_model")  # fmt: skip
    shown = ("question", "guesses", "median", "room", "model", "bias", "inside", "distance",
             "prior", "crps_room", "crps_model")  # fmt: skip
    heads = [Column(_say(f"column_{name}", lang), name != "question") for name in shown]
    builder = TableBuilder("skor", _say("score_table", lang), heads, fields)
    for one in found:
        name = i18n.text(f"agreement.question_{one.question}", lang)
        builder.add(
            (
                name,
                numbers.number(one.guesses, lang),
                numbers.percent(one.median, lang),
                _plus_minus(one.mean, one.sd, lang),
                numbers.interval(one.model[0], one.model[2], lang, "percent"),
                numbers.points(one.bias, lang, 2, signed=True),
                numbers.percent(100.0 * one.inside, lang, 0),
                numbers.points(one.distance, lang, 2),
                _plus_minus(*one.prior, lang) if one.prior else numbers.percent(None, lang),
                numbers.points(one.crps_room, lang, 2),
                numbers.points(one.crps_model, lang, 2),
            ),
            (name, one.guesses, one.median, one.mean, one.sd, *one.model, one.bias, one.inside,
             one.distance, *(one.prior or (None, None)), one.observed, one.crps_room,
             one.crps_model),
        )  # fmt: skip
    return builder.table()


def support_table(found: Sequence[Support], lang: str = "id") -> TextTable:
    """List what the answers say of the support of each point.

    Parameters
    ----------
    found : sequence of Support
        As `kesos_sim.forum.as_data.support` returns them.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        One row per point.

    Examples
    --------
    >>> from kesos_sim.emulator import load_surface
    >>> from kesos_sim.forum.as_data import meeting_of, support
    >>> table = support_table(support(meeting_of(surface=load_surface())), "en")
    >>> len(table.rows), [column.label for column in table.columns][:3]
    (9, ['Point', 'Tables agree', 'Not understood'])
    """
    shown = ("point", "agree", "other", "object", "support", "range")
    fields = ("point", "agree", "other", "object", "mean", "low", "high")
    heads = [Column(_say(f"column_{name}", lang), name != "point") for name in shown]
    builder = TableBuilder("dukungan", _say("support_table", lang), heads, fields)
    for one in found:
        name = f"{one.point}. {i18n.text(f'forum_page.point_{one.point}', lang)}"
        builder.add(
            (
                name,
                *(numbers.number(n, lang) for n in (one.agree, one.other, one.object)),
                numbers.percent(100.0 * one.mean, lang, 0),
                numbers.interval(100.0 * one.low, 100.0 * one.high, lang, "percent", 0),
            ),
            (one.point, one.agree, one.other, one.object, one.mean, one.low, one.high),
        )
    return builder.table()


def _say(key: str, lang: str, /, **fields: object) -> str:
    return i18n.text(f"forum_data.{key}", lang, **fields)


def _plus_minus(mean: float, sd: float, lang: str) -> str:
    deviation = numbers.number(sd, lang, 2)
    return _say("plus_minus", lang, mean=numbers.percent(mean, lang, 2), sd=deviation)


def _compared(one: Score, lang: str) -> str:
    way = "same" if abs(one.bias) < _SEEN else "higher" if one.bias > 0 else "lower"
    return _say(
        f"room_{way}",
        lang,
        question=i18n.text(f"agreement.question_{one.question}", lang),
        room=numbers.percent(one.median, lang),
        model=numbers.percent(one.model[1], lang),
        range=numbers.interval(one.model[0], one.model[2], lang, "percent"),
        bias=numbers.points(abs(one.bias), lang),
        inside=numbers.number(100.0 * one.inside, lang),
    )


def _published(one: Score, lang: str) -> str:
    closer = "room" if (one.crps_room or 0.0) < (one.crps_model or 0.0) else "model"
    return _say(
        f"closer_{closer}",
        lang,
        question=i18n.text(f"agreement.question_{one.question}", lang),
        observed=numbers.percent(one.observed, lang, 2),
        room=numbers.points(one.crps_room, lang, 2),
        model=numbers.points(one.crps_model, lang, 2),
    )
