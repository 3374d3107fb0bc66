"""Settings that the command line or a notebook lays over a scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kesos_sim.errors import nearest
from kesos_sim.scenario.format import FORMAT, WORLD_KEYS
from kesos_sim.scenario.kinds import Places
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.scenario.nodes import Node, Place, from_python, plain_scalar
from kesos_sim.scenario.places import Region, canonical, expand
from kesos_sim.scenario.records import Entry, Record
from kesos_sim.scenario.rules import Draft
from kesos_sim.units import Month

_GROUPS: Final = ("levers", "funding_sources", "parameters")
_SETTABLE: Final = (*WORLD_KEYS, "growth", "calibration", *_GROUPS)
_SET: Final = "--set"
_LEVER_PARTS: Final = 3
_OPTIONS: Final = Record(lambda: {name: Entry(FORMAT.keys()[name].kind) for name in _SETTABLE})


@dataclass(frozen=True, slots=True)
class Typed:
    """A value that was given by ``--set``, though the setting has an option of its own.

    Attributes
    ----------
    text : str
        What stands behind the equals sign.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Options:
    """Options with checked values.

    Attributes
    ----------
    data : dict
        Values as `FORMAT` returns them, only those that were given.
    places : dict of str to Place
        Which option each of them is.
    labels : tuple of str
        The options as the user typed them, for instance ``--months``.
    """

    data: dict[str, Any]
    places: Places
    labels: tuple[str, ...]


def checked_options(overrides: Mapping[str, object]) -> Options:
    """Check options by themselves.

    Parameters
    ----------
    overrides : mapping of str to object
        Settings by dotted name, as text or as values.

    Returns
    -------
    Options
        The checked settings.

    Raises
    ------
    InputError
        Naming the option.
    """
    root = Node({}, Place(_SET))
    labels: list[str] = []
    for name, value in overrides.items():
        own = name in WORLD_KEYS and not isinstance(value, Typed)
        place = Place(f"--{name}" if own else _SET, field=name)
        labels.append(str(place.file))
        given = value.text if isinstance(value, Typed) else value
        _put(root, _parts(name, place), _value(name, given, place), place)
    places: Places = {}
    data = _OPTIONS.check(root, places)
    return Options(data, places, tuple(dict.fromkeys(labels)))


def changed_draft(draft: Draft, options: Options) -> Draft:
    """Lay checked options over checked values.

    Parameters
    ----------
    draft : Draft
        Values that are right without the options.
    options : Options
        The options.

    Returns
    -------
    Draft
        New values; whether they agree with each other is still to be checked. Where the region
        becomes smaller, events keep the part inside it, and programmes that lie outside go.
    """
    data = dict(draft.data)
    for name, value in options.data.items():
        if name == "levers":
            old = data.get(name, {})
            data[name] = old | {k: {**old.get(k, {}), **v} for k, v in value.items()}
        elif name in _GROUPS:
            data[name] = data.get(name, {}) | value
        else:
            data[name] = value
    if "region" in options.data:
        _cut(data, options.places["region"])
    return Draft(data, draft.places | options.places, draft.whole)


def world_overrides(overrides: Mapping[str, object]) -> dict[str, object]:
    """Return the options that also change the world a scenario is anchored in.

    Parameters
    ----------
    overrides : mapping of str to object
        Settings by dotted name.

    Returns
    -------
    dict of str to object
        Only region, start, months, households and seed.
    """
    return {name: value for name, value in overrides.items() if name in WORLD_KEYS}


def _parts(name: str, place: Place) -> list[str]:
    """Split a dotted name; ids of parameters keep their dots."""
    group, dot, rest = name.partition(".")
    if group not in _SETTABLE or (dot and group not in _GROUPS):
        raise place.error(
            "KS1260",
            "scenario.unknown_option",
            expected=", ".join(_SETTABLE),
            suggestion=nearest(group, _SETTABLE),
        )
    if group in _GROUPS and not rest:
        raise place.error("KS1261", "scenario.option_group", example=f"{group}.<…>=0.5")
    if group != "levers":
        return [group, rest] if dot else [group]
    parts = name.split(".")
    if len(parts) == _LEVER_PARTS - 1 and parts[1] in LEVERS:
        raise place.error("KS1261", "scenario.option_group", example=f"{name}.value=…")
    return parts


def _value(name: str, value: object, place: Place) -> Node:
    """Return what an option is set to, resolving text as a file does."""
    if not isinstance(value, str):
        return from_python(value, place)
    text = value.strip()
    if name == "region" and "," in text:
        codes = [code.strip() for code in text.split(",")]
        items = [Node(plain_scalar(code), place, code) for code in codes]
        return Node(items, place)
    return Node(plain_scalar(text), place, text)


def _put(root: Node, parts: list[str], value: Node, place: Place) -> None:
    """Place a value in a tree of mappings."""
    node = root
    for index, part in enumerate(parts[:-1]):
        field = ".".join(parts[: index + 1])
        if node.entries is not None:
            node = node.entries.setdefault(part, Node({}, Place(place.file, field=field)))
    if node.entries is not None:
        node.entries[parts[-1]] = value


def _cut(data: dict[str, Any], place: Place) -> None:
    """Keep what lies in a region that became smaller."""
    start: Month = data["start"]
    inside = set(expand(data["region"], start.year, place))
    if "events" in data:
        data["events"] = list(_events_inside(data["events"], start, inside, place))
    if "programmes" in data:
        data["programmes"] = _programmes_inside(data["programmes"], start, inside, place)
    if "programmes" in data.get("anchor", {}):
        held = data["anchor"]
        kept = _programmes_inside(held["programmes"], start, inside, place)
        data["anchor"] = {**held, "programmes": kept}


def _events_inside(
    events: list[dict[str, Any]], start: Month, inside: set[int], place: Place
) -> Iterable[dict[str, Any]]:
    """Yield the events, each with the part of its region that is left."""
    for event in events:
        region = event.get("region", event.get("district"))
        if region is None:
            yield event
            continue
        left = set(expand(region, start.year, place)) & inside
        if left:
            rest = {k: v for k, v in event.items() if k not in ("region", "district")}
            yield {**rest, "region": canonical(left)}


def _programmes_inside(
    programmes: list[dict[str, Any]], start: Month, inside: set[int], place: Place
) -> list[dict[str, Any]]:
    """Return the programmes that lie in the region; one that is cut in two is refused later."""
    kept: list[dict[str, Any]] = []
    for programme in programmes:
        region: Region = programme["district" if "district" in programme else "region"]
        if inside & set(expand(region, start.year, place)):
            kept.append(programme)
    return kept
