"""Lists of households, anonymous: read, checked, weighted to known totals, summarised, kept.

Columns that could tell who somebody is are found by heading and by content and left out before
anything else happens to them; no message repeats what stood in them.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kesos_sim.data.own.figures import OwnData
from kesos_sim.data.own.household_columns import RECEIPTS, propose_mapping
from kesos_sim.data.own.household_rows import Listed, look_at, read_rows
from kesos_sim.data.own.household_summary import Summary, summarised
from kesos_sim.data.own.importing import BASE_YEAR
from kesos_sim.data.own.layout import AREAS
from kesos_sim.data.own.problems import Problem, Problems
from kesos_sim.data.regions import province_of, region_name
from kesos_sim.errors import InputError
from kesos_sim.i18n import default_language, numbers, text
from kesos_sim.whole_files import replacing

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Households", "mapping_of", "read_households"]

_MEMBERS: Final = ("children", "adults", "elderly")
_META: Final = b"kesos"
_FORMAT: Final = 1


@dataclass(frozen=True)
class Households:
    """A list of households after reading.

    Attributes
    ----------
    frame : pandas.DataFrame or None
        One row per household: size, members by age, area, district, receipts, expenditure per
        person and month, line, poor, weights; nothing that tells who it is. None when something
        is wrong.
    summary : Summary or None
        What the sample says of its region.
    problems : tuple of Problem
        What is wrong, row by row; at most 500.
    problem_count : int
        All problems.
    left_out : int
        Rows left out because of a problem, where that was asked for.
    dropped : mapping of str to int
        Columns left out because they could tell who somebody is, by kind.
    unused : int
        Other columns that no role asks for, not kept either.
    """

    frame: pd.DataFrame | None
    summary: Summary | None
    problems: tuple[Problem, ...]
    problem_count: int
    left_out: int
    dropped: Mapping[str, int]
    unused: int

    def notes(self, lang: str) -> tuple[str, ...]:
        """Say what was left out, how the sample is weighted and what it finds.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        tuple of str
            Sentences.
        """
        return tuple(_notes(self, lang))

    def write(self, path: str | os.PathLike[str]) -> Path:
        """Keep the frame and its summary as a Parquet file, whole or not at all.

        Parameters
        ----------
        path : path-like
            File to write; an earlier one is replaced.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        InputError
            If there is no frame, or the file cannot be written.
        """
        if self.frame is None or self.summary is None:
            raise InputError("KS6086", "own_data.no_households", file=path)
        import pyarrow as pa
        import pyarrow.parquet as pq

        target = Path(path)
        about = json.dumps({"format": _FORMAT, "summary": dataclasses.asdict(self.summary)})
        table = pa.Table.from_pandas(self.frame, preserve_index=False)
        table = table.replace_schema_metadata({_META: about})
        try:
            with replacing(target) as stream:
                pq.write_table(table, stream)
        except OSError as error:
            raise InputError("KS6087", "own_data.unwritable_list", file=target,
                             reason=error) from None  # fmt: skip
        return target


def mapping_of(path: str | os.PathLike[str]) -> dict[str, str]:
    """Propose which column of a list tells what, from its headings and some of its values.

    Parameters
    ----------
    path : path-like
        An XLSX or CSV file.

    Returns
    -------
    dict of str to str
        Heading by role; empty if the file cannot be read.
    """
    return propose_mapping(*look_at(Path(path), Problems()))


def read_households(
    path: str | os.PathLike[str],
    mapping: Mapping[str, str] | None = None,
    *,
    region: int | None = None,
    year: int = BASE_YEAR,
    own: OwnData | None = None,
    skip_rows: bool = False,
    decimal: str = "",
    lang: str | None = None,
) -> Households:
    """Read an anonymous list of households and weight it to known totals.

    Parameters
    ----------
    path : path-like
        An XLSX or CSV file of up to 300,000 households.
    mapping : mapping of str to str, optional
        Heading by role, see `household_columns.ROLES`; as `mapping_of` proposes when left out.
    region : int, optional
        BPS code of the province or district that the sample is of; found from its district codes
        when left out.
    year : int
        Base year of totals, lines and rates; expenditure should be of its March.
    own : OwnData, optional
        Figures of a planner that replace published ones.
    skip_rows : bool
        Leave out rows with a problem instead of refusing the list.
    decimal : str
        ``,`` or ``.``: decimal sign of numbers written as text, needed only where they do not
        show it themselves.
    lang : str, optional
        Language in which problems name columns; the user's when left out.

    Returns
    -------
    Households
        The sample, or every problem.
    """
    said = lang or default_language()
    problems = Problems()
    chosen = mapping_of(path) if mapping is None else mapping
    listed = read_rows(Path(path), chosen, problems, said, decimal)
    good = listed.good.copy()
    _check_members(Path(path).name, listed, good, problems)
    if not listed.numbers and not problems:
        problems.add("no_households", Path(path).name)
    spoilt = not listed.columns or "size" not in listed.columns
    if spoilt or (problems and not skip_rows) or not good.any():
        return _refused(problems, listed)
    columns = {name: values[good] for name, values in listed.columns.items()}
    where = region if region is not None else _region(columns, year)
    if where is None:
        problems.add("missing_role", Path(path).name, role=_role_words("district"))
        return _refused(problems, listed)
    full, summary = summarised(columns, where, year, own)
    return Households(
        _frame(full),
        summary,
        tuple(problems),
        problems.count,
        int((~good).sum()),
        listed.dropped,
        listed.unused,
    )


def _refused(problems: Problems, listed: Listed) -> Households:
    """Return a result without households."""
    return Households(None, None, tuple(problems), problems.count, 0, listed.dropped, listed.unused)


def _role_words(role: str) -> dict[str, str]:
    return {lang: text(f"own_data.role.{role}", lang) for lang in ("id", "en")}


def _check_members(file: str, listed: Listed, good: np.ndarray, problems: Problems) -> None:
    """Refuse rows whose members by age do not add up to the size of the household, in place."""
    known = [name for name in _MEMBERS if name in listed.columns]
    if len(known) < len(_MEMBERS) or "size" not in listed.columns:
        return
    total = np.sum([np.nan_to_num(listed.columns[name]) for name in known], axis=0)
    size = listed.columns["size"]
    for row in np.flatnonzero(good & (total != size)).tolist():
        good[row] = False
        problems.add(
            "members_differ",
            file,
            listed.numbers[row],
            got=f"{total[row]:.0f}",
            size=f"{size[row]:.0f}",
        )


def _region(columns: Mapping[str, Any], year: int) -> int | None:
    """Return the one district or province that the districts of a sample lie in."""
    if "district" not in columns:
        return None
    codes = sorted({int(code) for code in columns["district"].tolist()})
    if len(codes) == 1:
        return codes[0]
    provinces = {province_of(code, year) for code in codes}
    return provinces.pop() if len(provinces) == 1 else None


def _frame(columns: Mapping[str, Any]) -> pd.DataFrame:
    """Return the sample as a frame, sorted so that the order of the list tells nothing."""
    import pandas as pd

    whole = {name: pd.array(columns[name], dtype="Int32") for name in columns if name in _WHOLE}
    rest = {name: values for name, values in columns.items() if name not in _WHOLE}
    if "area" in rest:
        rest["area"] = np.array(AREAS[:-1])[rest["area"].astype(int)]
    for name in _FLAGS:
        if name in rest:
            rest[name] = pd.array(
                [None if np.isnan(value) else bool(value) for value in rest[name]], dtype="boolean"
            )
    frame = pd.DataFrame({**whole, **rest})
    order = [name for name in ("district", "area", "size", "spending") if name in frame]
    return frame.sort_values(order, kind="stable", ignore_index=True)


_WHOLE: Final = ("size", *_MEMBERS, "district")
_FLAGS: Final = ("poor", *(f"receives_{name}" for name in RECEIPTS))


def _notes(found: Households, lang: str) -> list[str]:
    """Return what there is to say of a list."""

    def say(key: str, **fields: object) -> str:
        return text(f"own_data.households.{key}", lang, **fields)

    said = []
    if found.dropped:
        kinds = ", ".join(
            text(f"own_data.identifier.{kind}", lang) for kind in sorted(found.dropped)
        )
        said.append(say("dropped", count=sum(found.dropped.values()), kinds=kinds))
    if found.unused:
        said.append(say("unused", count=found.unused))
    if found.left_out:
        said.append(say("left_out", count=numbers.number(found.left_out, lang)))
    summary = found.summary
    if summary is None:
        return said
    said.append(
        say(
            "weights",
            households=numbers.number(summary.households, lang),
            effective=numbers.number(summary.effective, lang),
            largest=numbers.number(summary.largest_weight / summary.mean_weight, lang, 1),
        )
    )
    if summary.margins:
        said.append(say("met" if summary.met else "not_met"))
    if summary.unreachable:
        places = ", ".join(sorted({region_name(code, lang) for code, _, _ in summary.unreachable}))
        said.append(say("unreachable", places=places))
    if np.isfinite(summary.low):
        said.append(
            say(
                "rate",
                rate=numbers.percent(summary.poverty_rate, lang, 1),
                interval=numbers.interval(summary.low, summary.high, lang),
                own=text(f"own_data.households.{'own' if summary.published_own else 'published'}",
                         lang),
                published=numbers.percent(summary.published_rate, lang, 2),
            )
        )  # fmt: skip
    elif not np.isfinite(summary.poverty_rate):
        said.append(say("no_spending"))
    return said
