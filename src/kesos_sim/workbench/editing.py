"""A scenario that is being edited: what it says now, what is wrong with it, undo and redo.

The state is the document of a scenario, not a page: whatever shows it can be thrown away and built
again. A value that is wrong stays as it was typed, with the loader's message, until it is mended.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kesos_sim.errors import InputError
from kesos_sim.scenario import Scenario, dump_scenario, from_document, load_scenario
from kesos_sim.scenario.coordination import STRENGTHS
from kesos_sim.scenario.parts import Document
from kesos_sim.whole_files import replacing

__all__ = ["KEPT", "Checked", "Editing", "check"]

KEPT: Final = ("events", "programmes", "parameters", "growth")
"""Parts of a file for which the editor has no control, or not for all of it."""
_USUAL_GROWTH: Final = "forward"
_SUFFIXES: Final = (".yaml", ".yml")
_MOST_PROBLEMS: Final = 20
_LEVER_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class Checked:
    """What the loader says of a document.

    Attributes
    ----------
    scenario : Scenario or None
        The scenario, if nothing is wrong.
    problems : mapping of str to InputError
        What is wrong, by the field in which it stands; empty for the document as a whole.
    """

    scenario: Scenario | None
    problems: Mapping[str, InputError]


def check(document: Mapping[str, Any], good: Mapping[str, Any]) -> Checked:
    """Ask the loader about a document, and what else is wrong beside the first thing.

    Parameters
    ----------
    document : mapping
        As `Scenario.document` returns it, perhaps with wrong values.
    good : mapping
        A document without mistakes; what is wrong is set aside as there, to look further.

    Returns
    -------
    Checked
    """
    problems: dict[str, InputError] = {}
    tried: Document | None = dict(document)
    while tried is not None and len(problems) < _MOST_PROBLEMS:
        try:
            scenario = from_document(tried)
        except InputError as error:
            field = error.field or ""
            problems.setdefault(field, error)
            tried = _set_aside(tried, field, good)
        else:
            return Checked(None if problems else scenario, problems)
    return Checked(None, problems)


class Editing:
    """One scenario on the way from one state to another.

    Parameters
    ----------
    scenario : Scenario
        Where to begin.
    path : path, optional
        The file it comes from.

    Attributes
    ----------
    path : Path or None
        The file it comes from, or was saved to last.
    """

    def __init__(self, scenario: Scenario, path: str | os.PathLike[str] | None = None) -> None:
        self.path = None if path is None else Path(path)
        self._watchers: list[Callable[[], None]] = []
        self._begin(scenario)

    @classmethod
    def opened(
        cls, path: str | os.PathLike[str], world: Mapping[str, object] | None = None
    ) -> Editing:
        """Begin with a scenario file.

        Parameters
        ----------
        path : path
            The file.
        world : mapping of str to object, optional
            Settings to lay over it, as for `load_scenario`.

        Returns
        -------
        Editing

        Raises
        ------
        InputError
            If the file cannot be read or something in it is wrong.
        """
        return cls(load_scenario(path, world), path)

    # What it is now

    @property
    def document(self) -> Document:
        """A copy of the document, with what may be wrong in it."""
        return copy.deepcopy(self._states[self._now])

    @property
    def scenario(self) -> Scenario | None:
        """The scenario; None while something is wrong with it."""
        return self._checked.scenario

    @property
    def problems(self) -> Mapping[str, InputError]:
        """What is wrong, by field."""
        return self._checked.problems

    @property
    def first(self) -> Scenario:
        """The scenario as it was opened or last saved."""
        return self._first

    @property
    def saved(self) -> bool:
        """Whether the file holds what is shown."""
        return self.scenario == self._first

    def value(self, field: str) -> Any:
        """Return a value of the document.

        Parameters
        ----------
        field : str
            Dotted name as in messages, for instance ``levers.pkh_amount.value``.

        Returns
        -------
        object
            What stands there, right or wrong; None where nothing does.
        """
        held: Any = self._states[self._now]
        for part in _parts(field):
            if not isinstance(held, Mapping) or part not in held:
                return None
            held = held[part]
        return copy.deepcopy(held)

    def kept(self) -> dict[str, Any]:
        """Return what the file holds beyond the controls of an editor, which stays as it is.

        Returns
        -------
        dict
            By section: its content.
        """
        document = self._states[self._now]
        found = {name: document[name] for name in KEPT if document.get(name)}
        others = {k: v for k, v in found.get("parameters", {}).items() if k not in STRENGTHS}
        found["parameters"] = others
        if found.get("growth") == _USUAL_GROWTH:
            del found["growth"]
        return {name: content for name, content in found.items() if content}

    # What is done to it

    def set(self, field: str, value: object) -> None:
        """Change one value; see `set_all`.

        Parameters
        ----------
        field : str
            Dotted name as in messages.
        value : object
            The new value; None takes it away.
        """
        self.set_all({field: value})

    def set_all(self, values: Mapping[str, object]) -> None:
        """Change values in one step that one undo takes back.

        Parameters
        ----------
        values : mapping of str to object
            New values by dotted name; None takes a value away. A lever without a value is gone.
        """
        document = self.document
        for field, value in values.items():
            _put(document, _parts(field), copy.deepcopy(value))
        if document == self._states[self._now]:
            return
        del self._states[self._now + 1 :]
        self._states.append(document)
        self._go(self._now + 1)

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier state."""
        return self._now > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is a state that was taken back."""
        return self._now + 1 < len(self._states)

    def undo(self) -> None:
        """Go back one step, if there is one."""
        if self.can_undo:
            self._go(self._now - 1)

    def redo(self) -> None:
        """Go forward again one step, if there is one."""
        if self.can_redo:
            self._go(self._now + 1)

    def reset(self) -> None:
        """Go back to what was opened, as a step that can be taken back."""
        if self._states[self._now] == self._states[0]:
            return
        del self._states[self._now + 1 :]
        self._states.append(copy.deepcopy(self._states[0]))
        self._go(self._now + 1)

    def open(self, path: str | os.PathLike[str]) -> None:
        """Begin again with another file; on an error everything stays as it is.

        Parameters
        ----------
        path : path
            A scenario file.

        Raises
        ------
        InputError
            If the file cannot be read or something in it is wrong.
        """
        scenario = load_scenario(path)
        self.path = Path(path)
        self._begin(scenario)
        self._tell()

    def save(self, path: str | os.PathLike[str], *, replace: bool = False) -> Path:
        """Write the scenario as one complete file, whole or not at all.

        Parameters
        ----------
        path : path
            The file; its folder is there already. A name without an ending gets ``.yaml``.
        replace : bool
            Whether a file of that name may be replaced. A file that already asks the same under
            the same name is left as it is, with its comments.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        InputError
            If something is wrong with the scenario, or the file cannot be written there.
        """
        target = Path(path)
        if target.name and not target.suffix:
            target = target.with_name(f"{target.name}.yaml")
        if self.scenario is None:
            raise InputError("KS9001", "planner.not_valid", count=len(self.problems))
        if target.suffix not in _SUFFIXES:
            raise InputError("KS9002", "planner.not_yaml", got=str(path), expected="*.yaml")
        if not (target.exists() and _asks_the_same(target, self.scenario)):
            if target.exists() and not replace:
                raise InputError("KS9003", "planner.exists", file=str(path))
            _write(target, dump_scenario(self.scenario))
        self.path, self._first = target, self.scenario
        self._tell()
        return target

    def watch(self, told: Callable[[], None]) -> None:
        """Have something called after every change.

        Parameters
        ----------
        told : callable
            Called without arguments.
        """
        self._watchers.append(told)

    def _begin(self, scenario: Scenario) -> None:
        self._first = scenario
        self._states = [_whole(scenario)]
        self._now = 0
        self._good = self._states[0]
        self._checked = Checked(scenario, {})

    def _go(self, number: int) -> None:
        """Show another state."""
        self._now = number
        self._checked = check(self._states[number], self._good)
        if self._checked.scenario is not None:
            self._good = self._states[number]
        self._tell()

    def _tell(self) -> None:
        for told in self._watchers:
            told()


def _whole(scenario: Scenario) -> Document:
    """Return a document that names its anchor, so that edits do not move the base month."""
    document = scenario.document()
    if "anchor" not in document:
        held = {name: document[name] for name in ("levers", "programmes") if name in document}
        document["anchor"] = copy.deepcopy(held)
    return document


def _parts(field: str) -> list[str]:
    """Split a dotted name; ids of parameters keep their dots."""
    group, dot, rest = field.partition(".")
    if group in {"levers", "title"}:
        return field.split(".")
    return [group, rest] if dot else [group]


def _put(document: Document, parts: list[str], value: object) -> None:
    """Put a value into a document, or take it away."""
    *way, last = parts
    if value is None:
        if parts[0] == "levers" and (len(parts) < _LEVER_PARTS or last == "value"):
            way, last = ["levers"], parts[1]
        held: Any = document
        for part in way:
            held = held.get(part, {})
        held.pop(last, None)
        if way and way[0] in document and not document[way[0]]:
            del document[way[0]]
        return
    held = document
    for part in way:
        held = held.setdefault(part, {})
    held[last] = value


def _set_aside(document: Mapping[str, Any], field: str, good: Mapping[str, Any]) -> Document | None:
    """Return the document without what stands in a field, or None where that is no use."""
    other = copy.deepcopy(dict(document))
    parts = _parts(field)
    if parts[0] == "levers" and len(parts) > 1:
        _put(other, parts[:2], None)
    elif parts[0] in good:
        other[parts[0]] = copy.deepcopy(good[parts[0]])
    else:
        other.pop(parts[0], None)
    return None if other == document else other


def _asks_the_same(path: Path, scenario: Scenario) -> bool:
    """Return whether a file already holds the scenario, names and all."""
    try:
        return load_scenario(path) == scenario
    except InputError:
        return False


def _write(path: Path, text: str) -> None:
    """Write a file that appears whole or not at all."""
    try:
        # A folder that is not there is a slip of the pen, and is not made.
        path.parent.stat()
        with replacing(path) as stream:
            stream.write(text.encode())
    except OSError as error:
        raise InputError("KS9004", "planner.unwritable", file=str(path), reason=error) from error
