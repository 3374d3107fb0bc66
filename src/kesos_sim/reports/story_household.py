"""The story of a household: what befell it, what it needed, what it got and why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kesos_sim.data.regions import region_name
from kesos_sim.experiments.household_life import HouseholdFollower
from kesos_sim.experiments.household_month import HouseholdMonth, Need
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import programme_label
from kesos_sim.institutions.programmes import ProgrammeSchedule
from kesos_sim.institutions.rules import Kind
from kesos_sim.reports.story import Chapter, hundred, school_kept, tell, years_of
from kesos_sim.units import Month

__all__ = ["household_chapters", "household_intro"]

_NOTABLE = 0.1
"""Change of the served share that is told."""
_NOTABLE_RUPIAH = 10_000.0
"""What neighbours give or take in a month, from which on it is told."""


def household_intro(follower: HouseholdFollower, lang: str) -> str:
    """Say who the household is.

    Parameters
    ----------
    follower : HouseholdFollower
        What was seen.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
    """
    code, rural = follower.place
    return tell(
        "household",
        lang,
        number=str(follower.number),
        place=region_name(code, lang),
        area=tell("area_rural" if rural else "area_urban", lang),
        members=_members(follower.months[0].members, lang),
        real=numbers.number(follower.stands_for, lang),
        year=follower.model.scenario.start.year,
    )


def household_chapters(
    follower: HouseholdFollower, rows: Sequence[int], lang: str
) -> tuple[Chapter, ...]:
    """Tell the months of a household.

    Parameters
    ----------
    follower : HouseholdFollower
        What was seen.
    rows : sequence of int
        Months to tell, in months since the base month, in order.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of Chapter
        One for each of the months; the first says how things stand, the others what changes.
    """
    start = follower.model.scenario.start
    teller = _Teller(follower.model.schedule, lang)
    shown = [month for month in follower.months if month.row in set(rows)]
    ends = years_of(shown, start)
    found = []
    for number, month in enumerate(shown):
        if number == 0:
            told = [*teller.befell(month), *teller.stands(month)]
        else:
            told = [*teller.befell(month), *teller.changes(shown[number - 1], month)]
        if month.row in ends:
            told += teller.year(ends[month.row], start)
        found.append(Chapter(month.row, tuple(told)))
    return tuple(found)


def _members(members: Mapping[str, int], lang: str) -> str:
    """Write a composition."""
    return ", ".join(
        tell(f"member.{name}", lang, n=count) for name, count in members.items() if count
    )


class _Teller:
    """Words for the months of one household."""

    def __init__(self, plan: ProgrammeSchedule, lang: str) -> None:
        self.lang = lang
        kinds = plan.kind == int(Kind.PREMIUM)
        self.premium = {name for name, yes in zip(plan.names, kinds, strict=True) if yes}

    def stands(self, month: HouseholdMonth) -> Iterator[str]:
        """Say how things stand in the first month that is told."""
        yield self._living("living_poor" if month.welfare < 1.0 else "living", month)
        yield self._registry(month)
        yield self._group(month)
        for name, given in month.programmes.items():
            fields = {"programme": self._label(name), "due": self._rupiah(given.due)}
            if name in self.premium:
                yield tell("insured", self.lang, **fields)
            else:
                received, late = self._rupiah(given.received), hundred(given.late, self.lang)
                yield tell("gets", self.lang, **fields, received=received, late=late)
        for name in month.refused:
            yield self._refused("refused", name, month)
        for need in month.needs:
            months = numbers.span(need.months, self.lang)
            yield tell("need_open", self.lang, need=self._need(need.kind), months=months)
            yield self._served(need)

    def befell(self, month: HouseholdMonth) -> Iterator[str]:
        """Say what shocks the month brought."""
        for kind, loss in month.shocks.items():
            yield tell(f"shock.{kind}", self.lang, loss=numbers.number(100.0 * loss, self.lang))

    def changes(self, before: HouseholdMonth, month: HouseholdMonth) -> Iterator[str]:
        """Say what is otherwise than in the month before."""
        if month.members != before.members:
            yield tell("members_now", self.lang, members=_members(month.members, self.lang))
        yield from self._changed_needs(before, month)
        if month.listed != before.listed:
            yield tell("put_on_list" if month.listed else "taken_off_list", self.lang)
        if month.record_months <= before.record_months:
            key = "visited" if month.listed else "visited_unlisted"
            yield tell(key, self.lang, place=hundred(month.record_place, self.lang))
        for name, given in month.programmes.items():
            if name not in before.programmes:
                key = "insured" if name in self.premium else "starts"
                rupiah = (
                    {"due": given.due} if name in self.premium else {"received": given.received}
                )
                fields = {field: self._rupiah(value) for field, value in rupiah.items()}
                yield tell(key, self.lang, programme=self._label(name), **fields)
        for name in before.programmes:
            if name in month.refused:
                yield self._refused("ends", name, month)
            elif name not in month.programmes:
                yield tell("ends_all", self.lang, programme=self._label(name))
        if lost := round(100.0 * month.school_missed, 1):
            yield tell("school_missed", self.lang, lost=numbers.number(lost, self.lang, 1))
            yield from school_kept(month.school_kept, self.lang)
        if month.enterprise != before.enterprise:
            yield tell("enterprise_starts" if month.enterprise else "enterprise_fails", self.lang)
        if month.house_repaired and not before.house_repaired:
            yield tell("house_repaired", self.lang)
        yield from self._neighbourhood(before, month)
        if (month.welfare < 1.0) != (before.welfare < 1.0):
            yield self._living("became_poor" if month.welfare < 1.0 else "left_poverty", month)

    def year(self, months: Sequence[HouseholdMonth], start: Month) -> Iterator[str]:
        """Sum up a year, or the part of it that was lived."""
        lang, year = self.lang, (start + months[0].row).year
        totals: dict[str, float] = {}
        for month in months:
            for name, given in month.programmes.items():
                if name not in self.premium:  # a premium is paid for it and never in its hands
                    totals[name] = totals.get(name, 0.0) + given.received
        parts = ", ".join(
            tell("year_part", lang, programme=self._label(name), rupiah=self._rupiah(rupiah))
            for name, rupiah in totals.items()
        )
        span = numbers.months(len(months), lang)
        total = self._rupiah(sum(round(rupiah) for rupiah in totals.values()))
        parts = f" ({parts})" if parts else ""
        yield tell("year_received", lang, year=year, months=span, total=total, parts=parts)
        yield tell(
            "year_mean",
            lang,
            year=year,
            ratio=numbers.number(sum(m.welfare for m in months) / len(months), lang, 2),
            poor=sum(m.welfare < 1.0 for m in months),
            months=len(months),
            savings=self._rupiah(months[-1].savings),
        )
        for need in months[-1].needs:
            if need.why is not None and need.months and len(months) > 1:
                yield self._unserved("still_unserved", need)

    def _changed_needs(self, before: HouseholdMonth, month: HouseholdMonth) -> Iterator[str]:
        """Say which needs arose, which ended, and where service has changed."""
        old = {need.kind: need for need in before.needs}
        for need in month.needs:
            known = old.get(need.kind)
            if known is None or need.months < known.months:
                yield tell("need_arises", self.lang, need=self._need(need.kind))
                known = None
            if known is None or self._turned(known.served, need.served):
                yield self._served(need)
            if known is not None and need.helped - known.helped >= _NOTABLE:
                helped = hundred(need.helped, self.lang)
                yield tell("need_helped", self.lang, need=self._need(need.kind), helped=helped)
            if need.at_home - (known.at_home if known else 0.0) >= _NOTABLE:
                away = hundred(need.at_home, self.lang)
                yield tell("need_at_home", self.lang, need=self._need(need.kind), away=away)
        for kind in old.keys() - {need.kind for need in month.needs}:
            yield tell("need_ends", self.lang, need=self._need(kind))

    @staticmethod
    def _turned(before: float, now: float) -> bool:
        """Return whether a served share is told: it changes much, begins or ends."""
        return abs(now - before) >= _NOTABLE or (now > 0.0) != (before > 0.0)

    def _served(self, need: Need) -> str:
        """Say who serves a need."""
        if need.why is not None:
            return self._unserved("unserved", need)
        if not need.servers:
            away = hundred(need.at_home, self.lang)
            return tell("need_at_home", self.lang, need=self._need(need.kind), away=away)
        return tell(
            "served",
            self.lang,
            need=self._need(need.kind),
            served=hundred(need.served, self.lang),
            doubled=hundred(need.doubled / need.served if need.served else 0.0, self.lang),
            servers=", ".join(map(str, need.servers)),
        )

    def _unserved(self, key: str, need: Need) -> str:
        """Say why nobody serves a need."""
        counts = {"organisations": need.organisations, "free": need.free, "people": need.unserved}
        counted = {name: numbers.number(count, self.lang) for name, count in counts.items()}
        return tell(
            key,
            self.lang,
            need=self._need(need.kind),
            months=numbers.span(need.months, self.lang),
            reason=tell(f"unserved_since.{need.why}", self.lang, **counted),
        )

    def _refused(self, key: str, name: str, month: HouseholdMonth) -> str:
        """Say why a programme does not reach the household."""
        ghosts = numbers.number(100.0 * month.ghosts, self.lang, 1)
        reason = tell(f"reason.{month.refused[name]}", self.lang, ghosts=ghosts)
        return tell(key, self.lang, programme=self._label(name), reason=reason)

    def _neighbourhood(self, before: HouseholdMonth, month: HouseholdMonth) -> Iterator[str]:
        """Say what its neighbourhood group became, gives and takes."""
        if (month.group, month.group_works) != (before.group, before.group_works):
            yield self._group(month)
        if abs(month.neighbours) >= _NOTABLE_RUPIAH:
            key = "neighbours_give" if month.neighbours > 0.0 else "neighbours_take"
            yield tell(key, self.lang, rupiah=self._rupiah(abs(month.neighbours)))

    def _group(self, month: HouseholdMonth) -> str:
        """Say to which neighbourhood group the household belongs."""
        if not month.group:
            return tell("no_group", self.lang)
        key = "group_works" if month.group_works else "group_sleeps"
        return tell(key, self.lang, number=numbers.number(month.group, self.lang))

    def _registry(self, month: HouseholdMonth) -> str:
        """Say what the registry knows."""
        if not month.listed:
            return tell("not_listed", self.lang)
        age = numbers.span(month.record_months, self.lang)
        return tell("listed", self.lang, age=age, place=hundred(month.record_place, self.lang))

    def _living(self, key: str, month: HouseholdMonth) -> str:
        """Say how the household lives."""
        return tell(
            key,
            self.lang,
            consumption=self._rupiah(month.consumption),
            ratio=numbers.number(month.welfare, self.lang, 2),
            poorer=hundred(month.true_place, self.lang),
        )

    def _label(self, programme: str) -> str:
        return programme_label(programme.lower(), self.lang)

    def _need(self, kind: str) -> str:
        return tell(f"need.{kind}", self.lang)

    def _rupiah(self, value: float) -> str:
        return numbers.rupiah(round(value), self.lang)
