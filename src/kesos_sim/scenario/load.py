"""From a file, a document or options to a checked scenario."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from kesos_sim.data.own.figures import OwnData
from kesos_sim.errors import InputError, nearest
from kesos_sim.scenario.format import FORMAT, PROGRAMMES
from kesos_sim.scenario.kinds import Places
from kesos_sim.scenario.nodes import Place, from_python
from kesos_sim.scenario.options import changed_draft, checked_options, world_overrides
from kesos_sim.scenario.own_data import own_file, read_own_file
from kesos_sim.scenario.rules import Draft, build
from kesos_sim.scenario.scenario import Scenario
from kesos_sim.scenario.source import read_scenario_file

LONGEST_CHAIN: Final = 16
_APPENDED: Final = ("events", "programmes")
_OVERRIDDEN: Final = ("funding_sources", "parameters")


def load_scenario(
    path: str | os.PathLike[str], overrides: Mapping[str, object] | None = None
) -> Scenario:
    """Read a scenario file with everything that it extends.

    The file is checked whole before any option applies. `overrides` hold what the command line
    sets: ``region``, ``start``, ``months``, ``households``, ``seed``, or dotted names such as
    ``levers.apbd_poverty_share.value``, ``funding_sources.belanja_barang`` and
    ``parameters.household.propensity_to_consume``.

    Parameters
    ----------
    path : path-like
        The YAML file.
    overrides : mapping of str to object, optional
        Settings by dotted name, as text or as values.

    Returns
    -------
    Scenario
        Complete and consistent.

    Raises
    ------
    InputError
        With file, line and field of the first thing that is wrong, or with the option.

    Examples
    --------
    >>> load_scenario("scenarios/apbd-10.yaml", {"region": "3316", "months": 60})
    <Scenario apbd-10: [3316], 2024-03 + 60 months; apbd_poverty_share=0.1>
    >>> half = load_scenario("scenarios/apbd-10.yaml", {"levers.apbd_poverty_share.value": 0.05})
    >>> half.levers["apbd_poverty_share"].value
    0.05
    """
    draft, root = _chain(Path(path))
    scenario = build(draft, root)
    if not overrides:
        return scenario
    return _with_options(draft, scenario, overrides)


def from_document(document: Mapping[str, Any], name: str | None = None) -> Scenario:
    """Make a scenario of a document, checking it like a file.

    Parameters
    ----------
    document : mapping
        As `Scenario.document` returns it.
    name : str, optional
        What to call the document in messages.

    Returns
    -------
    Scenario
        Complete and consistent.

    Raises
    ------
    InputError
        With the field of the first thing that is wrong.

    Examples
    --------
    >>> document = load_scenario("scenarios/blora.yaml").document()
    >>> shorter = from_document(document | {"months": 12})
    >>> str(shorter.end)
    '2025-03'
    """
    return build(_draft_of(document, Place(name)), None)


def changed(scenario: Scenario, overrides: Mapping[str, object]) -> Scenario:
    """Return a scenario with some settings changed.

    Parameters
    ----------
    scenario : Scenario
        Where to start from. It anchors the world of the result, unless its own root does.
    overrides : mapping of str to object
        As for `load_scenario`.

    Returns
    -------
    Scenario
        Complete and consistent.

    Raises
    ------
    InputError
        With the option that is wrong.

    Examples
    --------
    >>> today = load_scenario("scenarios/blora.yaml")
    >>> more = changed(today, {"levers.pkh_amount.value": 1.5})
    >>> list(more.levers), more.anchor == today.anchor
    (['pkh_amount'], True)
    """
    draft = _draft_of(scenario.document(), Place(None))
    return _with_options(draft, scenario, overrides) if overrides else scenario


def with_own_data(
    scenario: Scenario, own: OwnData | None, programmes: Sequence[Mapping[str, Any]] = ()
) -> Scenario:
    """Return a scenario whose base month rests on other figures.

    Parameters
    ----------
    scenario : Scenario
        Where to start from.
    own : OwnData or None
        Figures of a planner, for instance of `kesos_sim.data.own.read_own`; None for published
        figures alone.
    programmes : sequence of mapping
        Local programmes to add, as a scenario file has them.

    Returns
    -------
    Scenario
        Complete and consistent.

    Raises
    ------
    InputError
        If the figures are of another base year, or a programme does not fit.
    """
    document = scenario.document()
    document.pop("own_data", None)
    if own is not None:
        document["own_data"] = own.document()
    if programmes:
        document["programmes"] = [*document.get("programmes", []), *programmes]
    return from_document(document)


def _draft_of(document: Mapping[str, Any], place: Place) -> Draft:
    """Check the shape of a document."""
    places: Places = {}
    node = from_python(dict(document), place)
    data = FORMAT.check(node, places)
    if "extends" in data:
        raise places["extends"].error("KS1251", "scenario.extends_in_document")
    if isinstance(data.get("own_data"), str):
        raise places["own_data"].error("KS6097", "own_data.file_in_document")
    return Draft(data, places, place)


def _with_options(draft: Draft, scenario: Scenario, overrides: Mapping[str, object]) -> Scenario:
    """Apply options to values that are right without them."""
    options = checked_options(overrides)
    fresh = changed_draft(draft, options)
    try:
        world = world_overrides(overrides)
        root = scenario.root
        if root is not None and world:
            root = changed(root, world)
        result = build(fresh, root)
    except InputError as error:
        if error.file in options.labels or error.field in options.labels:
            raise
        fields = {**error.fields, "file": ", ".join(options.labels), "line": None}
        raise InputError(error.code, error.key, **fields) from None  # type: ignore[arg-type]
    if scenario.root is None and result.levers != scenario.levers:
        return replace(result, root=changed(scenario, world) if world else scenario)
    return result


def _chain(path: Path) -> tuple[Draft, Scenario | None]:
    """Read a file and everything it extends; return the merged values and the root."""
    drafts: list[Draft] = []
    seen: dict[Path, Path] = {}
    current = path
    while True:
        node = read_scenario_file(current)
        seen[_resolved(current)] = current
        places: Places = {}
        data = FORMAT.check(node, places)
        _take_own_data(current.parent, data, places)
        drafts.append(Draft(data, places, node.place))
        if "extends" not in data:
            break
        place = places["extends"]
        if "anchor" in data:
            raise places["anchor"].error("KS1252", "scenario.anchor_and_extends")
        current = _extended(current, data["extends"], place)
        if _resolved(current) in seen:
            raise place.error("KS1250", "scenario.cycle", names=" → ".join(_names(seen, current)))
        if len(seen) >= LONGEST_CHAIN:
            raise place.error("KS1255", "scenario.long_chain", most=LONGEST_CHAIN)
    root: Scenario | None = None
    if len(drafts) > 1:
        last = build(drafts[-1], None)
        root = last.root or last
    merged = drafts[-1]
    for draft in reversed(drafts[:-1]):
        merged = _merged(merged, draft)
    return merged, root


def _take_own_data(folder: Path, data: dict[str, Any], places: Places) -> None:
    """Put the content of a file of own data where its name stands, its programmes to the others."""
    name = data.get("own_data")
    if not isinstance(name, str):
        return
    path = own_file(folder, name, places["own_data"])
    data["own_data"], programmes = read_own_file(path, PROGRAMMES)
    if programmes:
        data["programmes"] = [*data.get("programmes", []), *programmes]


def _names(seen: Mapping[Path, Path], again: Path) -> list[str]:
    """Return the files of a cycle in order."""
    return [path.name for path in seen.values()] + [again.name]


def _resolved(path: Path) -> Path:
    """Return what a path really points to."""
    return Path(os.path.realpath(path))


def _extended(path: Path, name: str, place: Place) -> Path:
    """Return the file that another one extends: a regular file of the same folder."""
    target = path.parent / name
    if target.is_symlink():
        raise place.error("KS1253", "scenario.extends_link", got=name)
    if not target.is_file():
        present = [p.name for p in path.parent.glob("*.y*ml") if p.name != path.name]
        near = nearest(name, present)
        raise place.error("KS1254", "scenario.extends_missing", got=name, suggestion=near)
    return target


def _merged(below: Draft, above: Draft) -> Draft:
    """Lay the values of a file over those it extends."""
    data = {k: v for k, v in below.data.items() if k != "anchor"}
    places = dict(below.places)
    for name, value in above.data.items():
        if name == "extends":
            continue
        if name == "levers":
            old = data.get("levers", {})
            data["levers"] = old | {k: {**old.get(k, {}), **v} for k, v in value.items()}
        elif name in _OVERRIDDEN:
            data[name] = data.get(name, {}) | value
        elif name in _APPENDED:
            before = data.get(name, [])
            data[name] = [*before, *value]
            _shift(above.places, places, name, len(before))
            continue
        else:
            data[name] = value
        places |= {
            field: place
            for field, place in above.places.items()
            if field == name or field.startswith((f"{name}.", f"{name}["))
        }
    return Draft(data, places, above.whole)


def _shift(new: Places, places: Places, name: str, by: int) -> None:
    """Add the places of list items behind those that are there."""
    for field, place in new.items():
        if field == name:
            places[field] = place
        elif field.startswith(f"{name}["):
            index, _, rest = field[len(name) + 1 :].partition("]")
            places[f"{name}[{int(index) + by}]{rest}"] = place
