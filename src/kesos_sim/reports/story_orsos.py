"""The story of a social organisation: its clients, its money, and why it sends people away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from kesos_sim import i18n
from kesos_sim.data.regions import region_name
from kesos_sim.experiments.orsos_life import OrsosFollower
from kesos_sim.experiments.orsos_month import OrsosMonth
from kesos_sim.i18n import numbers
from kesos_sim.reports.story import Chapter, hundred, tell, years_of
from kesos_sim.units import Month

__all__ = ["orsos_chapters", "orsos_intro"]

_AT_ONCE: Final = ("csr", "international")
"""Sources whose money of a year comes in one month."""
_GOVERNMENT: Final = "government"
_CLEARLY: Final = 0.1
"""Part by which what it plans is other than what it serves, from which on it is told."""
_MANY: Final = 0.25
"""Part of the clients of the month before that are told each time they are sent away."""
_HALF: Final = 0.5
"""Part of its places that its money must be enough for before a want of money is over."""
_LEAST: Final = 1_000.0
"""Rupiah of a year, from which on its way is told."""
_VOLUNTEERS: Final = 0.1
"""Change of the volunteers, against usual, that is told."""


def orsos_intro(follower: OrsosFollower, lang: str) -> str:
    """Say what the organisation is.

    Parameters
    ----------
    follower : OrsosFollower
        What was seen.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
    """
    said = tell(
        "orsos",
        lang,
        number=follower.number,
        place=region_name(follower.district, lang),
        need=tell(f"need.{follower.field}", lang),
        places=numbers.number(follower.months[0].places, lang),
        ego=hundred(follower.ego, lang),
    )
    if follower.stands_for == 1:
        return said
    return f"{said} {tell('orsos_stands_for', lang, n=follower.stands_for)}"


def orsos_chapters(follower: OrsosFollower, rows: Sequence[int], lang: str) -> tuple[Chapter, ...]:
    """Tell the months of an organisation; parameters as for `household_chapters`.

    Parameters
    ----------
    follower : OrsosFollower
        What was seen.
    rows : sequence of int
        Months to tell, in months since the base month, in order.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of Chapter
    """
    start = follower.model.scenario.start
    shown = [month for month in follower.months if month.row in set(rows)]
    ends, turns = years_of(shown, start), _turns(follower.months, lang)
    found = []
    for number, month in enumerate(shown):
        told = [] if number else [*_stands(follower, month, lang)]
        if number:
            told += turns[month.row]
        if (not number or month.row in ends) and month.working:
            told += [_clients(month, lang), _money(month, lang)]
            if not number:
                told.append(_usual(month, lang))
            told += _year(ends.get(month.row, ()), start, lang)
        found.append(Chapter(month.row, tuple(told)))
    return tuple(found)


def _turns(months: Sequence[OrsosMonth], lang: str) -> Mapping[int, list[str]]:
    """Return what has changed in each month, by its row; what goes on is told once."""
    watch = _Watch(lang, months[0].volunteers)
    found: dict[int, list[str]] = {}
    for before, month in pairwise(months):
        told = [*_work(before, month, lang), *_body(before, month, lang)]
        if month.working and before.working:
            told += [*_sources(before, month, lang), *watch.changes(before, month)]
        found[month.row] = told
    return found


class _Watch:
    """Tells turning points of money and clients, and remembers which were told."""

    def __init__(self, lang: str, volunteers: float) -> None:
        self.lang, self.volunteers = lang, volunteers
        self.holds = self.short = self.gone = False

    def changes(self, before: OrsosMonth, month: OrsosMonth) -> Iterator[str]:
        """Say where money or clients turn."""
        lang = self.lang
        if month.places > before.places:
            yield tell("orsos_builds", lang, before=before.places, places=month.places)
        if month.community != before.community:
            yield tell("orsos_community" if month.community else "orsos_residential", lang)
        if abs(month.volunteers - self.volunteers) >= _VOLUNTEERS:
            self.volunteers = month.volunteers
            per_client = _rupiah(month.per_client, lang)
            share = hundred(month.volunteers, lang)
            yield tell("orsos_volunteers", lang, volunteers=share, per_client=per_client)
        yield from self._money(before, month)

    def _money(self, before: OrsosMonth, month: OrsosMonth) -> Iterator[str]:
        """Say where money runs out or is enough again, and what clients feel of it."""
        lang, planned = self.lang, month.planned or 0
        fields = {
            "received": _rupiah(sum(month.received.values()), lang),
            "spent": _rupiah(month.spent, lang),
            "reserve": _rupiah(month.reserve, lang),
            "planned": numbers.number(planned, lang),
        }
        all_of_it = planned >= month.places
        if not self.gone and month.reserve < month.per_client:
            self.gone = self.holds = True
            yield tell("orsos_reserve_gone", lang, **fields)
        elif month.reserve > month.running + month.per_client * month.clients:
            self.gone = False
        if month.sent_away and (not self.short or month.sent_away >= _MANY * before.clients):
            yield tell(
                "orsos_sends_away",
                lang,
                affordable=numbers.number(month.affordable, lang),
                sent=numbers.number(month.sent_away, lang),
                clients=numbers.number(month.clients, lang),
            )
        if month.sent_away:
            self.short = self.holds = True
        elif not self.holds and not all_of_it and planned < (1.0 - _CLEARLY) * before.clients:
            self.holds = True
            yield tell("orsos_holds", lang, **fields)
        elif self.holds and (all_of_it or self._enough(before, planned, month.places)):
            self.holds = self.short = False
            yield tell("orsos_recovers", lang, arrived=month.arrived, **fields)

    def _enough(self, before: OrsosMonth, planned: int, places: int) -> bool:
        """Return whether it cares for clearly more than it serves, after a want for many."""
        if self.short and planned < _HALF * places:
            return False
        return planned > (1.0 + _CLEARLY) * before.clients


def _work(before: OrsosMonth, month: OrsosMonth, lang: str) -> Iterator[str]:
    """Say whether it closed or began."""
    if before.working and not month.working:
        yield tell("orsos_closes", lang, months=numbers.months(before.short, lang))
    elif month.working and not before.working:
        yield tell("orsos_opens", lang)


def _body(before: OrsosMonth, month: OrsosMonth, lang: str) -> Iterator[str]:
    """Say what became of its membership and of the body."""
    if month.body_awake != before.body_awake:
        yield tell("body_wakes" if month.body_awake else "body_sleeps", lang)
    if month.member != before.member:
        key = "orsos_joins" if month.member else "orsos_leaves"
        yield tell(key, lang, trust=hundred(month.trust, lang))


def _sources(before: OrsosMonth, month: OrsosMonth, lang: str) -> Iterator[str]:
    """Say which money begins, stops or comes at once."""
    if month.accredited != before.accredited:
        key = "orsos_accreditation_lapses"
        if month.accredited:
            key = "orsos_accredited" if _GOVERNMENT in month.paying else "orsos_accredited_only"
        yield tell(key, lang, part=_part(month, _GOVERNMENT, lang))
    for source in (_GOVERNMENT, *_AT_ONCE):
        if source == _GOVERNMENT and not (month.accredited and before.accredited):
            continue  # without accreditation it would get nothing anyway
        if source in before.paying and source not in month.paying:
            part = _part(month, source, lang)
            yield tell("orsos_stops", lang, source=_source(source, lang), part=part)
        elif source in month.paying and source not in before.paying:
            yield tell("orsos_begins", lang, source=_source(source, lang))
    for source in _AT_ONCE:
        rupiah = month.received.get(source, 0.0)
        if rupiah > 0.0:
            fields = {"source": _source(source, lang), "rupiah": _rupiah(rupiah, lang)}
            yield tell("orsos_yearly_money", lang, **fields)
    grant = month.received.get(_GOVERNMENT, 0.0)
    if before.received and grant > 0.0 and not before.received[_GOVERNMENT]:
        yield tell("orsos_grants_begin", lang, rupiah=_rupiah(grant, lang))


def _stands(follower: OrsosFollower, month: OrsosMonth, lang: str) -> Iterator[str]:
    """Say how it stands in the first month that is told."""
    if not month.working:
        yield tell("orsos_idle", lang, other=follower.active)
        return
    key = "orsos_member" if month.member else "orsos_outside"
    yield tell(key, lang, trust=hundred(month.trust, lang))
    if not month.accredited:
        yield tell("orsos_not_accredited", lang, part=_part(month, _GOVERNMENT, lang))
    for source in (_GOVERNMENT, *_AT_ONCE):
        if source not in month.paying and (month.accredited or source != _GOVERNMENT):
            part = _part(month, source, lang)
            yield tell("orsos_stops", lang, source=_source(source, lang), part=part)


def _clients(month: OrsosMonth, lang: str) -> str:
    """Say whom it serves."""
    return tell(
        "orsos_clients",
        lang,
        clients=numbers.number(month.clients, lang),
        places=numbers.number(month.places, lang),
        shared=numbers.number(month.shared, lang),
        elsewhere=numbers.number(month.elsewhere, lang),
    )


def _money(month: OrsosMonth, lang: str) -> str:
    """Say what money it has."""
    return tell(
        "orsos_money",
        lang,
        income=_rupiah(month.income, lang),
        reserve=_rupiah(month.reserve, lang),
    )


def _usual(month: OrsosMonth, lang: str) -> str:
    """Say from whom its money comes in the long run, and what its services cost."""
    return tell(
        "orsos_usual",
        lang,
        usual=_rupiah(sum(month.usual.values()), lang),
        parts=_parts(month.usual, lang),
        running=_rupiah(month.running, lang),
        per_client=_rupiah(month.per_client, lang),
    )


def _year(months: Sequence[OrsosMonth], start: Month, lang: str) -> Iterator[str]:
    """Sum up money and clients of a year, or the part of it that was seen."""
    seen = [month for month in months if month.received]
    if not seen:
        return
    received = {source: sum(m.received[source] for m in seen) for source in seen[0].received}
    yield tell(
        "orsos_year",
        lang,
        year=(start + seen[0].row).year,
        months=numbers.months(len(seen), lang),
        received=_rupiah(sum(received.values()), lang),
        parts=_parts(received, lang),
        usual=_rupiah(sum(sum(month.usual.values()) for month in seen), lang),
        spent=_rupiah(sum(month.spent for month in seen), lang),
        arrived=numbers.number(sum(month.arrived for month in seen), lang),
        sent=numbers.number(sum(month.sent_away for month in seen), lang),
    )
    yield from _givers(seen, received, lang)


def _givers(seen: Sequence[OrsosMonth], received: Mapping[str, float], lang: str) -> Iterator[str]:
    """Say which way money of firms, zakat and gifts of youth groups came in a year."""
    if received["csr"] >= _LEAST:
        forum = sum(month.through_forum for month in seen)
        fields = {"csr": _rupiah(received["csr"], lang), "forum": _rupiah(forum, lang)}
        yield tell("orsos_year_forum", lang, **fields)
    if received["zakat"] >= _LEAST:
        usual = sum(month.usual["zakat"] for month in seen)
        fields = {"zakat": _rupiah(received["zakat"], lang), "usual": _rupiah(usual, lang)}
        yield tell("orsos_year_zakat", lang, **fields)
    youth = sum(month.from_youth for month in seen)
    if abs(youth) >= _LEAST:
        key = "orsos_year_youth" if youth > 0.0 else "orsos_year_youth_less"
        yield tell(key, lang, rupiah=_rupiah(abs(youth), lang))


def _parts(money: Mapping[str, float], lang: str) -> str:
    """List money by source."""
    return ", ".join(
        tell("year_part", lang, programme=_source(source, lang), rupiah=_rupiah(rupiah, lang))
        for source, rupiah in money.items()
    )


def _part(month: OrsosMonth, source: str, lang: str) -> str:
    """Write which part of its money a source usually brings, out of a hundred."""
    return hundred(month.usual[source] / max(sum(month.usual.values()), 1.0), lang)


def _source(name: str, lang: str) -> str:
    return i18n.text(f"measures.fund.{name}", lang)


def _rupiah(value: float, lang: str) -> str:
    return numbers.rupiah(value, lang, digits=3)
