"""What the source documents name, and where each of it is in the model, or why it is not.

The table ``systems.csv`` has one line for each of the 133 rows of the acceptance list. A row is
in the model when it names a module, a test and an indicator; otherwise it says by one word why
it is left out. Its note says the reason in words, or what a row that is there still lacks.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from kesos_sim import i18n

__all__ = ["LEFT_OUT", "SECTIONS", "STATUSES", "System", "coverage_page", "record", "systems"]

LEFT_OUT: Final = ("not_modelled_yet", "out_of_scope", "text_only")
"""Why a row can be left out."""
STATUSES: Final = ("in_model", "partly", *LEFT_OUT)
"""Where a row can stand; ``partly`` is in the model, with a note on what is missing."""
SECTIONS: Final = tuple(f"B{number}" for number in range(1, 10))
"""Groups of the acceptance list."""


@dataclass(frozen=True, slots=True)
class System:
    """One row of the acceptance list.

    Attributes
    ----------
    row : int
        Its number, from 1.
    section : str
        Its group, for instance ``B1``.
    seeds : tuple of str
        Source documents that name it.
    core : bool
        Whether it belongs to the core set.
    names : mapping of str to str
        Its name in ``id`` and ``en``.
    module : str
        Where it lives, ``package.module:Name`` below ``kesos_sim``; empty when left out.
    test : str
        Test that touches it, ``file::function``; empty when left out.
    indicator : str
        Indicator that shows it; empty when left out.
    left_out : str
        One of `LEFT_OUT`, or empty.
    notes : mapping of str to str
        In ``id`` and ``en``: why it is left out, or what is missing.
    """

    row: int
    section: str
    seeds: tuple[str, ...]
    core: bool
    names: Mapping[str, str]
    module: str
    test: str
    indicator: str
    left_out: str
    notes: Mapping[str, str]

    @property
    def status(self) -> str:
        """One of `STATUSES`."""
        if self.left_out:
            return self.left_out
        return "partly" if self.notes["id"] else "in_model"


@cache
def systems() -> tuple[System, ...]:
    """Return every row of the acceptance list.

    Returns
    -------
    tuple of System
        In the order of the list.
    """
    source = files("kesos_sim.reports") / "systems.csv"
    rows = csv.DictReader(source.read_text(encoding="utf-8").splitlines())
    return tuple(
        System(
            row=int(row["row"]),
            section=row["section"],
            seeds=tuple(row["seed"].split(";")),
            core=row["core"] == "1",
            names={lang: row[f"name_{lang}"] for lang in i18n.LANGUAGES},
            module=row["module"],
            test=row["test"],
            indicator=row["indicator"],
            left_out=row["left_out"],
            notes={lang: row[f"note_{lang}"] for lang in i18n.LANGUAGES},
        )
        for row in rows
    )


def record(system: System, lang: str) -> dict[str, Any]:
    """Return a row as programs and tables take it.

    Parameters
    ----------
    system : System
        The row.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    dict of str to object
        ``left_out`` says why in words, ``missing`` what a row that is there still lacks; None
        where there is nothing to say.
    """
    note = system.notes[lang]
    reason = None
    if system.left_out:
        reason = i18n.text(f"systems.reason.{system.left_out}", lang, note=note)
    return {
        "row": system.row,
        "section": system.section,
        "section_words": i18n.text(f"systems.section.{system.section.lower()}", lang),
        "name": system.names[lang],
        "seed": list(system.seeds),
        "core": system.core,
        "status": system.status,
        "status_words": i18n.text(f"systems.status.{system.status}", lang),
        "module": f"kesos_sim.{system.module}" if system.module else None,
        "test": system.test or None,
        "indicator": system.indicator or None,
        "left_out": reason,
        "missing": note if note and not system.left_out else None,
    }


def summary(rows: Sequence[System], lang: str) -> str:
    """Return in one sentence how many rows stand where.

    Parameters
    ----------
    rows : sequence of System
        The rows.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        For instance "133 baris (inti 70): ada dalam model 20, ...".
    """
    count = Counter(system.status for system in rows)
    parts = [
        i18n.text("systems.count", lang, status=word, rows=count[status])
        for status in STATUSES
        if count[status]
        for word in (i18n.text(f"systems.status.{status}", lang),)
    ]
    core = sum(system.core for system in rows)
    return i18n.text("systems.summary", lang, rows=len(rows), core=core, parts=", ".join(parts))


def coverage_page() -> str:
    """Return the page ``docs/COVERAGE.md``.

    Returns
    -------
    str
        Markdown: the counts, then one table for each group of the list.
    """
    rows = systems()
    core = [system for system in rows if system.core]
    lines = [
        "# Coverage of the acceptance list",
        "",
        "Every institution, programme, mechanism and agreement point that the five source",
        "documents name: where it lives in the model, which test touches it and which indicator",
        "shows it, or why it is left out. `kesos systems` prints the same in both languages.",
        "This page is written by `python -m kesos_sim.reports.documents` from",
        "`src/kesos_sim/reports/systems.csv`, one line per row.",
        "",
        f"* All: {summary(rows, 'en')}",
        f"* Core set: {summary(core, 'en')}",
        "",
        "**partly** means that the code changes something with it and that the remark says what",
        "is missing. Row numbers in bold belong to the core set.",
    ]
    for section in SECTIONS:
        title = i18n.text(f"systems.section.{section.lower()}", "en")
        lines += [
            "",
            f"## {section}. {title}",
            "",
            "| # | Indonesian | English | status | module | test | indicator | remark |",
            "|---|---|---|---|---|---|---|---|",
        ]
        lines += [_line(system) for system in rows if system.section == section]
    return "\n".join(lines) + "\n"


def _line(system: System) -> str:
    """Write one row of the page."""
    found = record(system, "en")
    number = f"**{system.row}**" if system.core else str(system.row)
    coded = [f"`{found[name]}`" if found[name] else "" for name in ("module", "test", "indicator")]
    remark = found["left_out"] or found["missing"] or ""
    cells = [number, system.names["id"], system.names["en"], found["status_words"], *coded, remark]
    return f"| {' | '.join(cells)} |"
