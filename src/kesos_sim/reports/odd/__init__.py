"""The description of the model by the ODD protocol, made from code, declarations and tables.

Sections follow Grimm et al. 2020 (Journal of Artificial Societies and Social Simulation 23 (2) 7).
Lists come from the code; prose is in ``paragraphs.toml``, and `missing` says what has none.
``python -m kesos_sim.reports.odd`` writes ``docs/ODD.md``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from importlib.resources import files
from typing import Any, Final

from kesos_sim import __version__
from kesos_sim.data.catalogue import list_tables
from kesos_sim.data.parameters import Parameter, parameter_table
from kesos_sim.indicators.definitions import indicator, indicators
from kesos_sim.institutions.accounts import Stage
from kesos_sim.institutions.rules import NATIONAL
from kesos_sim.kernels.ahead import AHEAD
from kesos_sim.model.month import STAGES
from kesos_sim.model.parts import Parts
from kesos_sim.population.households import Households
from kesos_sim.reports.odd.agents import agent_kinds
from kesos_sim.rng import Stream
from kesos_sim.scenario.levers import LEVERS

__all__ = ["missing", "odd_page", "subjects"]

_CONCEPTS: Final = (
    ("Basic principles", "basic_principles"),
    ("Emergence", "emergence"),
    ("Adaptation", "adaptation"),
    ("Objectives", "objectives"),
    ("Learning", "learning"),
    ("Prediction", "prediction"),
    ("Sensing", "sensing"),
    ("Interaction", "interaction"),
    ("Stochasticity", "stochasticity"),
    ("Collectives", "collectives"),
    ("Observation", "observation"),
)
_TEXTS: Final = (
    "purpose",
    "patterns",
    "entities",
    "scales",
    "scheduling",
    *(name for _, name in _CONCEPTS),
    "initialization",
    "input",
    "submodels",
    "households",
    "growth",
    "money",
)


@cache
def _paragraphs() -> Mapping[str, Mapping[str, str]]:
    """Return the prose by kind of subject and name."""
    source = files("kesos_sim.reports.odd") / "paragraphs.toml"
    document: Mapping[str, Mapping[str, str]] = tomllib.loads(source.read_text(encoding="utf-8"))
    return document


def subjects() -> dict[str, tuple[str, ...]]:
    """Return everything that needs a paragraph.

    Returns
    -------
    dict of str to tuple of str
        Names by kind: ``text``, ``stage``, ``part``, ``agent``, ``kernel``, ``group``.

    Examples
    --------
    >>> subjects()["stage"][:3]
    ('move_world', 'fill_treasuries', 'fund_organisations')
    """
    return {
        "text": _TEXTS,
        "stage": tuple(stage.__name__ for stage in STAGES),
        "part": tuple(item.name for item in fields(Parts)),
        "agent": agent_kinds(),
        "kernel": tuple(kernel.__name__ for kernel, _ in AHEAD),
        "group": tuple(_groups()),
    }


def missing() -> list[str]:
    """Return the subjects without a paragraph, and the paragraphs without a subject.

    Returns
    -------
    list of str
        For instance ``stage.observe`` and ``stage.no_such_stage (left over)``.

    Examples
    --------
    >>> missing()
    []
    """
    found = []
    for kind, names in subjects().items():
        written = {name for name, text in _paragraphs().get(kind, {}).items() if text.strip()}
        found += [f"{kind}.{name}" for name in names if name not in written]
        found += [f"{kind}.{name} (left over)" for name in sorted(written - set(names))]
    return found


def odd_page() -> str:
    """Return the page ``docs/ODD.md``.

    Returns
    -------
    str
        Markdown in the order of the protocol, the parameter table at its end.

    Examples
    --------
    >>> [line for line in odd_page().splitlines() if line.startswith("## ")][:3]
    ['## 1. Purpose and patterns', '## 2. Entities, state variables and scales', '## 3. Process
    overview and scheduling']
    """
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    """Yield the lines of the page."""
    yield from (
        f"# ODD description of kesos-sim {__version__}",
        "",
        "Overview, Design concepts and Details (Grimm et al. 2020). The page is written by",
        "`python -m kesos_sim.reports.odd` from the code, the declarations of levers and",
        "indicators and the tables; a test holds that it is up to date.",
        "",
        "## 1. Purpose and patterns",
        "",
        *_text("purpose"),
        *_text("patterns"),
        "## 2. Entities, state variables and scales",
        "",
        *_text("entities"),
        "### Households",
        "",
        *_text("households"),
        *_table(("state variable", "what it is"), _state_of(Households)),
        "### Institutions that are agents",
        "",
        *_definitions("agent", ((name, "") for name in agent_kinds())),
        "### Parts with a state of their own",
        "",
        *_definitions("part", ((name, "") for name in subjects()["part"])),
        "### Programmes",
        "",
        "National programmes follow the rule table by year; scenarios add local ones.",
        "",
        *_table(
            ("programme", "paid from", "who can be selected", "quota counts"),
            (
                (
                    each.name,
                    each.stream,
                    each.eligibility.name.lower(),
                    "persons" if each.by_person else "households",
                )
                for each in NATIONAL
            ),
        ),
        "### Money",
        "",
        *_text("money"),
        "Stages of money: " + ", ".join(stage.name.lower() for stage in Stage) + ".",
        "",
        "### Scales",
        "",
        *_text("scales"),
        "## 3. Process overview and scheduling",
        "",
        *_text("scheduling"),
    )
    for number, stage in enumerate(STAGES, 1):
        yield f"{number}. **`{stage.__name__}`**. {_first(stage)} {_one('stage', stage.__name__)}"
    yield from ("", "## 4. Design concepts", "")
    for title, name in _CONCEPTS:
        yield from (f"### {title}", "", *_text(name))
        if name == "stochasticity":
            streams = ((stream.name, str(int(stream))) for stream in Stream)
            yield from _table(("stream", "number"), streams)
        if name == "observation":
            yield from _table(
                ("indicator", "what it tells", "formula", "unit", "SDG"), _indicators()
            )
    yield from (
        "## 5. Initialization",
        "",
        *_text("initialization"),
        "## 6. Input data",
        "",
        *_text("input"),
        *_table(
            ("table", "holds", "coverage", "origin", "used for"),
            (
                (
                    info.name,
                    info.meta.title["en"],
                    info.meta.coverage["en"],
                    info.meta.origin["en"],
                    info.meta.used_for["en"],
                )
                for info in list_tables()
            ),
        ),
        "## 7. Submodels",
        "",
        *_text("submodels"),
        "### Growth",
        "",
        *_text("growth"),
        "### Kernels",
        "",
        *_definitions("kernel", ((kernel.__name__, _first(kernel)) for kernel, _ in AHEAD)),
        "### Levers",
        "",
        *_table(
            ("lever", "what it is", "range", "default", "cost", "grade", "point of 2008"),
            _levers(),
        ),
        "### Parameters",
        "",
    )
    for group, parameters in _groups().items():
        yield from (f"#### `{group}`", "", *_paragraph("group", group))
        yield from _table(
            ("parameter", "value", "range", "unit", "grade", "source"),
            ((*_range(row), row.unit, row.grade, _source(row)) for row in parameters),
        )


def _text(name: str) -> tuple[str, ...]:
    """Return a paragraph of the page with the blank line after it."""
    return _paragraph("text", name)


def _paragraph(kind: str, name: str) -> tuple[str, ...]:
    """Return the paragraph of a subject with the blank line after it."""
    return (_one(kind, name), "")


def _one(kind: str, name: str) -> str:
    """Return the paragraph of a subject on one line; nothing when it has none."""
    return " ".join(_paragraphs().get(kind, {}).get(name, "").split())


def _definitions(kind: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield a list of subjects, each with what the code says of it and its paragraph."""
    for name, doc in rows:
        yield " ".join(f"* **`{name}`**. {doc} {_one(kind, name)}".split())
    yield ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a Markdown table with the blank line after it."""
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        cells = (" ".join(cell.split()).replace("|", "\\|") for cell in row)
        yield f"| {' | '.join(cells)} |"
    yield ""


def _first(thing: Any) -> str:
    """Return the first sentence of a docstring."""
    doc = getattr(thing, "py_func", thing).__doc__ or ""
    return " ".join(doc.strip().split("\n\n")[0].split())


def _state_of(kind: type) -> Iterator[tuple[str, str]]:
    """Yield the arrays of a class and what its docstring says of them."""
    attributes = (kind.__doc__ or "").partition("Attributes\n")[2]
    for names, meaning in re.findall(r"^ *([\w, ]+) : (.+(?:\n {8,}.+)*)", attributes, re.M):
        yield f"`{'`, `'.join(names.split(', '))}`", meaning


def _indicators() -> Iterator[tuple[str, str, str, str, str]]:
    """Yield what every indicator is; families are told once, by their first member."""
    told = set()
    for found in (*indicators().values(), indicator("programme_recipients.pkh")):
        if found.family not in told:
            told.add(found.family)
            yield (
                f"`{found.name}`",
                found.meaning("en"),
                found.formula("en"),
                found.unit_label("en"),
                ", ".join(found.sdg),
            )


def _levers() -> Iterator[tuple[str, ...]]:
    """Yield what every lever is."""
    from kesos_sim.scenario.words import lever_range, lever_value

    for lever in LEVERS.values():
        default = lever.default
        yield (
            f"`{lever.name}`",
            lever.label("en"),
            lever_range(lever.name, "en"),
            "today's" if default is None else lever_value(lever.name, default, "en"),
            lever.cost_rule("en"),
            lever.grade,
            "" if lever.point is None else str(lever.point),
        )


def _groups() -> dict[str, list[Parameter]]:
    """Return the parameters by the first word of their ids."""
    found: dict[str, list[Parameter]] = {}
    for row in parameter_table().values():
        found.setdefault(row.id.partition(".")[0], []).append(row)
    return found


def _range(row: Parameter) -> tuple[str, str, str]:
    """Return id, value and range of a parameter."""
    return f"`{row.id}`", f"{row.value:.6g}", f"{row.low:.6g} to {row.high:.6g}"


def _source(row: Parameter) -> str:
    """Return where a parameter comes from, with its note."""
    return f"{row.source}; {row.note}" if row.note else row.source
