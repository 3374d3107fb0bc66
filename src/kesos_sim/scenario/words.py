"""Scenarios in words: what one is, and how two differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from html import escape
from typing import Any, Final

from kesos_sim import i18n
from kesos_sim.data.regions import region_name
from kesos_sim.i18n import numbers
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.scenario.parts import DISASTERS, Event, LeverSetting, LocalProgramme
from kesos_sim.scenario.places import Region
from kesos_sim.scenario.scenario import Scenario

_MOST_NAMES: Final = 4
_HUNDRED: Final = 100


def difference(a: Scenario, b: Scenario, lang: str) -> list[str]:
    """Say what changes from one scenario to another.

    Parameters
    ----------
    a : Scenario
        The scenario to start from, for instance the baseline.
    b : Scenario
        The other one.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of str
        One line per change; empty exactly when both ask the same, whatever their names are.
    """
    lines = [
        _change(i18n.text(f"scenario.word_{name}", lang), old, new, lang)
        for name, old, new in zip(_WORLD, _world(a, lang), _world(b, lang), strict=True)
        if getattr(a, name) != getattr(b, name)
    ]
    lines += _lever_lines(a.levers, b.levers, lang)
    if a.funding_sources != b.funding_sources:
        label = i18n.text("scenario.word_funding_sources", lang)
        lines.append(_change(label, _sources(a, lang), _sources(b, lang), lang))
    for name in sorted({*a.parameters, *b.parameters}):
        if a.parameter(name) != b.parameter(name):
            label = i18n.text("scenario.word_parameter", lang, name=name)
            old, new = (_number(which.parameter(name), lang) for which in (a, b))
            lines.append(_change(label, old, new, lang))
    if a.own_data != b.own_data:
        label = i18n.text("own_data.word.label", lang)
        lines.append(_change(label, _own_data(a, lang), _own_data(b, lang), lang))
    lines += _event_lines(a.events, b.events, lang)
    lines += _programme_lines(a.programmes, b.programmes, lang)
    first, second = a.root or a, b.root or b
    start = i18n.text("scenario.word_anchor", lang)
    lines += [
        f"{start}: {line}"
        for line in [
            *_lever_lines(first.levers, second.levers, lang),
            *_programme_lines(first.programmes, second.programmes, lang),
        ]
        if (first.levers, first.programmes) != (second.levers, second.programmes)
    ]
    return lines


def summary(scenario: Scenario, lang: str) -> list[tuple[str, str]]:
    """Describe a scenario in a few rows.

    Parameters
    ----------
    scenario : Scenario
        What to describe.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of (str, str)
        Label and content.
    """
    rows = [
        (i18n.text(f"scenario.word_{name}", lang), words)
        for name, words in zip(_WORLD, _world(scenario, lang), strict=True)
    ]
    rows += [
        (LEVERS[name].label(lang), lever_setting(name, setting, lang))
        for name, setting in scenario.levers.items()
    ]
    if scenario.funding_sources:
        label = i18n.text("scenario.word_funding_sources", lang)
        rows.append((label, _sources(scenario, lang)))
    rows += [
        (i18n.text("scenario.word_parameter", lang, name=name), _number(value, lang))
        for name, value in scenario.own_parameters.items()
    ]
    if scenario.own_data is not None:
        rows.append((i18n.text("own_data.word.label", lang), _own_data(scenario, lang)))
    label = i18n.text("scenario.word_event", lang)
    rows += [(label, _event(event, lang)) for event in scenario.events]
    label = i18n.text("scenario.word_programme", lang)
    rows += [(label, programme_words(programme, lang)) for programme in scenario.programmes]
    return rows


def as_text(scenario: Scenario, lang: str) -> str:
    """Return title and summary as plain lines.

    Parameters
    ----------
    scenario : Scenario
        What to describe.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Several lines.
    """
    rows = [f"{label}: {words}" for label, words in summary(scenario, lang)]
    return "\n".join([scenario.title[lang], *rows])


def as_html(scenario: Scenario, lang: str) -> str:
    """Return title and summary as an HTML table.

    Parameters
    ----------
    scenario : Scenario
        What to describe.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        A table; everything from the file is escaped.
    """
    rows = "".join(
        f'<tr><th scope="row">{escape(label)}</th><td>{escape(words)}</td></tr>'
        for label, words in summary(scenario, lang)
    )
    title = escape(scenario.title[lang])
    return f'<table lang="{lang}"><caption>{title}</caption><tbody>{rows}</tbody></table>'


_WORLD: Final = ("region", "start", "months", "households", "seed", "growth", "calibration")


def _world(scenario: Scenario, lang: str) -> list[str]:
    """Return the words for what `_WORLD` names."""
    return [
        _region(scenario.region, lang),
        numbers.month_name(scenario.start, lang),
        numbers.months(scenario.months, lang),
        numbers.number(scenario.households, lang),
        str(scenario.seed),
        i18n.text(f"scenario.word_growth_{scenario.growth}", lang),
        str(scenario.calibration or i18n.text("scenario.word_none", lang)),
    ]


def _change(label: str, old: str, new: str, lang: str) -> str:
    return i18n.text("scenario.word_change", lang, label=label, old=old, new=new)


def _number(value: float, lang: str) -> str:
    """Write a number with all its digits."""
    exact = _exact(value)
    return numbers.number(exact, lang, _decimals(exact))


def _percent(value: float, lang: str) -> str:
    """Write a share as a percentage with all its digits."""
    exact = _exact(value) * _HUNDRED
    return numbers.percent(exact, lang, _decimals(exact))


def _exact(value: float) -> Decimal:
    """Return the shortest decimal that means a number."""
    return Decimal(repr(float(value)))


def _decimals(*exact: Decimal) -> int:
    """Return how many digits after the decimal sign all numbers need."""
    return max(0, *(-int(one.normalize().as_tuple().exponent) for one in exact))


def _region(region: Region, lang: str) -> str:
    """Write a region by its names."""
    if isinstance(region, str):
        return i18n.text(f"scenario.word_region_{region}", lang)
    names = [region_name(code, lang) for code in region]
    if len(names) <= _MOST_NAMES:
        return ", ".join(names)
    shown = ", ".join(names[:_MOST_NAMES])
    return i18n.text("scenario.word_and_more", lang, names=shown, n=len(names) - _MOST_NAMES)


def beside_words(name: str, lang: str) -> list[str]:
    """Write the settings of other levers without which a lever moves nothing.

    Parameters
    ----------
    name : str
        A lever of `LEVERS`.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of str
        For instance ``Porsi APBD untuk kemiskinan 10%``; empty where it acts alone.
    """
    return [
        f"{LEVERS[other].label(lang)} {lever_value(other, value, lang)}"
        for other, value in LEVERS[name].beside.items()
    ]


def lever_value(name: str, value: float | None, lang: str) -> str:
    """Write a lever's setting in its unit.

    Parameters
    ----------
    name : str
        A lever of `LEVERS`.
    value : float or None
        The setting in the unit of the lever; None is what each government does today.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        For instance ``10%``, ``1,2 kali``, ``3 (perda)`` or ``berlaku``.
    """
    kind = LEVERS[name].kind
    if value is None:
        return i18n.text("scenario.word_today", lang)
    if kind == "switch":
        return i18n.text("scenario.word_on" if value else "scenario.word_off", lang)
    if kind == "share":
        return _percent(value, lang)
    if kind == "factor":
        return i18n.text("scenario.word_times", lang, n=_number(value, lang))
    if kind == "step" and float(value).is_integer():
        step = i18n.text(f"levers.{name}_step_{value:.0f}", lang)
        return i18n.text("scenario.word_step", lang, n=_number(value, lang), step=step)
    return numbers.rupiah(value, lang) if kind == "amount" else _number(value, lang)


def lever_range(name: str, lang: str) -> str:
    """Write which settings of a lever make sense.

    Parameters
    ----------
    name : str
        A lever of `LEVERS`.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        For instance ``0–15%``, ``0–3 kali`` or ``tidak berlaku atau berlaku``.
    """
    lever = LEVERS[name]
    if lever.kind == "switch":
        return lever.unit_words(lang)
    low, high = _exact(lever.low), _exact(lever.high)
    if lever.kind == "share":
        low, high = low * _HUNDRED, high * _HUNDRED
        return numbers.interval(low, high, lang, "percent", _decimals(low, high))
    written = numbers.interval(low, high, lang, "number", _decimals(low, high))
    return i18n.text("scenario.word_times", lang, n=written) if lever.kind == "factor" else written


def lever_setting(name: str, setting: LeverSetting | None, lang: str) -> str:
    """Write a setting of a lever with its timing; without a setting, the default."""
    if setting is None:
        return lever_value(name, LEVERS[name].default, lang)
    words = lever_value(name, setting.value, lang)
    if setting.start is not None:
        month = numbers.month_name(setting.start, lang)
        words = i18n.text("scenario.word_from", lang, what=words, month=month)
    if setting.ramp_months:
        words = i18n.text(
            "scenario.word_ramp", lang, what=words, length=numbers.months(setting.ramp_months, lang)
        )
    return words


def _lever_lines(
    old: Mapping[str, LeverSetting], new: Mapping[str, LeverSetting], lang: str
) -> Iterator[str]:
    """Yield a line for each lever that is set differently."""
    for name, lever in LEVERS.items():
        before, after = old.get(name), new.get(name)
        if before != after:
            words = lever_setting(name, before, lang), lever_setting(name, after, lang)
            yield _change(lever.label(lang), *words, lang)


def _sources(scenario: Scenario, lang: str) -> str:
    """Write the funding sources with their shares."""
    parts = [
        f"{i18n.text(f'scenario.field_source_{name}', lang)} {_percent(share, lang)}"
        for name, share in scenario.funding_sources.items()
    ]
    return ", ".join(parts) or i18n.text("scenario.word_none", lang)


def _own_data(scenario: Scenario, lang: str) -> str:
    own = scenario.own_data
    return i18n.text("own_data.word.none", lang) if own is None else own.words(lang)


def _event(event: Event, lang: str) -> str:
    """Write an event in one line."""
    disaster = event.hazard in DISASTERS
    return i18n.text(
        "scenario.word_disaster" if disaster else f"scenario.word_{event.hazard}",
        lang,
        name=i18n.text(f"scenario.word_hazard_{event.hazard}", lang),
        month=numbers.month_name(event.month, lang),
        length=numbers.months(event.months, lang),
        severity=_number(event.severity, lang),
        percent=_percent(event.severity, lang),
        share=_percent(event.share, lang),
        region=_where(event.region, lang),
    )


def programme_words(programme: LocalProgramme, lang: str) -> str:
    """Write a local programme in one line."""
    amount = (
        numbers.rupiah(programme.amount, lang)
        if programme.kind == "flat"
        else _percent(programme.amount, lang)
    )
    words = i18n.text(
        f"scenario.word_{programme.kind}",
        lang,
        label=programme.label(lang),
        amount=amount,
        quota=numbers.number(programme.quota, lang),
        who=i18n.text(f"scenario.word_who_{programme.eligibility}", lang),
        payer=i18n.text(f"scenario.word_payer_{programme.stream}", lang),
        region=_where(programme.region, lang),
    )
    for key, month in (("from", programme.start), ("to", programme.end)):
        if month is not None:
            name = numbers.month_name(month, lang)
            words = i18n.text(f"scenario.word_{key}", lang, what=words, month=name)
    return words


def _where(region: Region | None, lang: str) -> str:
    return i18n.text("scenario.word_everywhere", lang) if region is None else _region(region, lang)


def _event_lines(old: Iterable[Event], new: Iterable[Event], lang: str) -> Iterator[str]:
    """Yield a line for each event that goes or comes."""
    before, after = Counter(old), Counter(new)
    for event in (before - after).elements():
        yield i18n.text("scenario.word_without", lang, what=_event(event, lang))
    for event in (after - before).elements():
        yield i18n.text("scenario.word_with", lang, what=_event(event, lang))


def _programme_lines(
    old: Iterable[LocalProgramme], new: Iterable[LocalProgramme], lang: str
) -> Iterator[str]:
    """Yield a line for each local programme that goes, comes or changes."""
    before, after = ({p.name: p for p in programmes} for programmes in (old, new))
    for name in sorted({*before, *after}):
        first, second = before.get(name), after.get(name)
        if _rules(first) == _rules(second):
            continue
        if first is not None:
            yield i18n.text("scenario.word_without", lang, what=programme_words(first, lang))
        if second is not None:
            yield i18n.text("scenario.word_with", lang, what=programme_words(second, lang))


def _rules(programme: LocalProgramme | None) -> dict[str, Any] | None:
    """Return what a programme does, without its title."""
    if programme is None:
        return None
    document = programme.document()
    document.pop("title", None)
    return document
