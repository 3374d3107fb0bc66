"""A planner's own weighted list of households: deciles, who is poor, and who receives what.

The list is the file that the import of own data keeps: anonymous, weighted to known totals.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.data.regions import region_name
from kesos_sim.errors import InputError
from kesos_sim.i18n import numbers
from kesos_sim.i18n.vocabulary import word
from kesos_sim.population.targets_own import OWN
from kesos_sim.reports.analyses.analysis import Analysis
from kesos_sim.reports.analyses.bars import Bar, Limit, bars
from kesos_sim.reports.analyses.figures import Place, place_of, short_name
from kesos_sim.reports.analyses.groups import SIZES, Group, divided
from kesos_sim.reports.analyses.parts import Drawing, column, finished, tell
from kesos_sim.reports.charts import style
from kesos_sim.reports.charts.chart import Chart
from kesos_sim.reports.description.versions import versions
from kesos_sim.reports.tables import Column, TableBuilder, TextTable, known
from kesos_sim.units import Month

__all__ = ["household_list"]

Floats = NDArray[np.float64]

_META: Final = b"kesos"
_FORMAT: Final = 1
_LARGEST_FILE: Final = 200_000_000
_NEEDED: Final = ("size", "weight", "spending", "line", "poor")
_RECEIPTS: Final = ("pkh", "sembako", "pbi")
_TENTHS: Final = 10
_PERCENT: Final = 100.0
_DASHES: Final = (0, (5, 2))
_MARCH: Final = 3


@dataclass(frozen=True)
class _List:
    """A list as it was kept: columns, float64[n] or object[n], and what the import said."""

    columns: Mapping[str, NDArray[Any]]
    about: Mapping[str, Any]
    fingerprint: str

    @property
    def persons(self) -> Floats:
        """People that a household stands for: float64[n]."""
        return np.asarray(self.columns["weight"] * self.columns["size"], dtype=np.float64)


def household_list(region: str | int, file: str | os.PathLike[str], lang: str = "id") -> Analysis:
    """Show the deciles and the poor of a region as a planner's own list of households has them.

    Parameters
    ----------
    region : str or int
        Code or name of the province or district that the list is of.
    file : path
        ``rumah-tangga.parquet`` of a folder of own data.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Analysis
        Mean expenditure by decile, poverty by group, receipts by decile; all marked as own.

    Raises
    ------
    InputError
        If there is no such list, it is of another region, or it has no expenditure.

    Examples
    --------
    >>> import pandas as pd
    >>> from kesos_sim.data.own import read_households
    >>> spent = [400_000 + 5_000 * number for number in range(300)]
    >>> own = {"kabupaten": 3316, "daerah": 1, "jumlah anggota": 4, "pengeluaran per kapita": spent}
    >>> pd.DataFrame(own).to_csv("daftar.csv", index=False)
    >>> kept = read_households("daftar.csv", region=3316).write("rumah-tangga.parquet")
    >>> print(household_list("3316", kept, "en").charts[0].title)
    By the own list, decile 1 in Kabupaten Blora spends Rp472,500 per person and month on
    average and decile 10 Rp1,822,500
    """
    place = place_of(region)
    found = _read(Path(file), place)
    tenth = _tenths(found)
    about = found.about
    words = {
        "region": place.name(lang),
        "period": numbers.month_name(Month(int(about["year"]), _MARCH), lang),
        "households": numbers.number(about["households"], lang),
        "effective": numbers.number(about["effective"], lang),
        "people": numbers.people(float(found.persons.sum()), lang),
    }
    fingerprint = tell("list.record", lang, fingerprint=found.fingerprint)
    record = f"{versions(lang)} · {fingerprint}"
    groups = list(divided(_kinds(found), *_poor(found)))
    charts = (
        _deciles(found, tenth, words, place, lang, record),
        _by_group(groups, words, place, lang, record),
    )
    said = [tell("list.weighted", lang, **words), *_rate(about, words, lang)]
    said += [] if about["met"] else [tell("list.not_met", lang)]
    said.append(tell("list.not_read", lang))
    tables = tuple(_receipts(found, tenth, words, place, lang))
    return Analysis("household_list", lang, place, tuple(said), charts, tables)


def _read(path: Path, place: Place) -> _List:
    """Read a list that the import of own data has kept."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.is_file():
        raise InputError("KS7014", "analyses.list.absent", file=path)
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise InputError("KS7015", "analyses.list.foreign", file=path)
        table = pq.read_table(path)
        kept = json.loads((table.schema.metadata or {})[_META])
        about = kept["summary"]
        columns = {
            name: table.column(name).to_pandas().to_numpy(dtype=float, na_value=math.nan)
            for name in table.column_names
            if name != "area"
        }
        if "area" in table.column_names:
            columns["area"] = np.asarray(table.column("area").to_pylist(), dtype=object)
        whole = kept["format"] == _FORMAT and all(name in columns for name in _NEEDED)
    except (pa.ArrowInvalid, KeyError, TypeError, ValueError, OSError) as error:
        raise InputError("KS7015", "analyses.list.foreign", file=path) from error
    if not whole:
        raise InputError("KS7015", "analyses.list.foreign", file=path)
    if about["region"] != place.code:
        raise InputError(
            "KS7016",
            "analyses.list.elsewhere",
            file=path,
            place={lang: region_name(about["region"], lang) for lang in ("id", "en")},
            region=f"{about['region']:02d}",
        )
    if not np.isfinite(columns["spending"]).any():
        raise InputError("KS7017", "analyses.list.no_spending", file=path)
    told = np.isfinite(columns["spending"])
    columns = {name: values[told] for name, values in columns.items()}
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return _List(columns, about, digest[:8])


def _tenths(found: _List) -> NDArray[np.int64]:
    """Return the decile of people of every household by expenditure per person: 0 to 9."""
    order = np.argsort(found.columns["spending"], kind="stable")
    people = found.persons[order]
    middle = (np.cumsum(people) - 0.5 * people) / people.sum()
    tenth = np.empty(order.size, dtype=np.int64)
    tenth[order] = np.minimum((_TENTHS * middle).astype(np.int64), _TENTHS - 1)
    return tenth


def _poor(found: _List) -> tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    poor = found.columns["poor"] > 0.0
    return found.persons, poor, np.ones(poor.size, dtype=np.bool_)


def _kinds(found: _List) -> Iterator[tuple[str, str, NDArray[np.bool_]]]:
    """Yield the groups that the columns of the list allow."""
    columns = found.columns
    size = columns["size"]
    if "area" in columns:
        yield from (("area", area, columns["area"] == area) for area in ("urban", "rural"))
    for low, high in SIZES:
        open_end = (low, high) == SIZES[-1]
        yield "size", f"{low}-{high}", (size >= low) & ((size <= high) | open_end)
    for role, name in (("children", "children"), ("elderly", "old")):
        if role in columns:
            yield "members", name, columns[role] > 0.0
    if "district" in columns and np.unique(columns["district"]).size > 1:
        for code in np.unique(columns["district"]).astype(int).tolist():
            yield "district", str(code), columns["district"] == code


def _deciles(
    found: _List,
    tenth: NDArray[np.int64],
    words: Mapping[str, str],
    place: Place,
    lang: str,
    record: str,
) -> Chart:
    """Draw mean expenditure per person by decile with the poverty line."""
    people, spending = found.persons, found.columns["spending"]
    line = float(np.average(found.columns["line"], weights=people))
    means = [
        float(np.average(spending[tenth == number], weights=people[tenth == number]))
        if (tenth == number).any()
        else math.nan
        for number in range(_TENTHS)
    ]
    rows = [
        Bar(
            tell("list.decile", lang, number=str(number + 1)),
            mean if math.isfinite(mean) else 0.0,
            numbers.rupiah(mean, lang) if math.isfinite(mean) else numbers.EN_DASH,
            marked=math.isfinite(mean),
        )
        for number, mean in enumerate(means)
    ]
    limit = tell("list.line", lang, value=numbers.rupiah(line, lang))
    first, last = rows[0].words, rows[-1].words
    title = tell("list.title_deciles", lang, first=first, last=last, **words)
    columns = [
        column("group", lang, numeric=False),
        Column(tell("list.mean", lang), numeric=True),
        column("simulated_list", lang),
        column("quality", lang, numeric=False),
    ]
    name = f"list_deciles_{place.code:02d}"
    builder = TableBuilder(name, title, columns, ("decile", "mean", "households", "quality"))
    for number, (row, mean) in enumerate(zip(rows, means, strict=True)):
        count = int((tenth == number).sum())
        builder.add(
            (row.name, row.words, numbers.number(count, lang), word("quality", OWN, lang)),
            (number + 1, known(mean), count, OWN),
        )
    drawing = bars(rows, [Limit(line, limit, _DASHES, style.PACKAGES[1])], lang)
    return _finished(
        name, lang, (title, "list.note_deciles"), rows, words, builder, drawing, record
    )


def _by_group(
    groups: Sequence[Group], words: Mapping[str, str], place: Place, lang: str, record: str
) -> Chart:
    """Draw the poverty rate of every group with its range, and that of the whole list."""
    rows = [
        Bar(
            _name(one, lang),
            one.rate if math.isfinite(one.rate) else 0.0,
            _cell(one, lang),
            marked=math.isfinite(one.rate),
            low=max(0.0, one.rate - one.half),
            high=min(_PERCENT, one.rate + one.half),
        )
        for one in groups
    ]
    rated = [one for one in groups if math.isfinite(one.rate)]
    title = tell("list.title_few", lang, **words)
    if rated:
        high = max(rated, key=lambda one: one.rate)
        title = tell(
            "list.title_groups", lang, high=_name(high, lang), rate=_cell(high, lang), **words
        )
    columns = [
        column("group", lang, numeric=False),
        column("people_share", lang),
        column("rate", lang),
        column("range80", lang),
        column("poor_share", lang),
        column("simulated_list", lang),
        column("quality", lang, numeric=False),
    ]
    fields = ("group", "people_percent", "rate", "low", "high", "poor_percent", "households",
              "quality")  # fmt: skip
    name = f"list_groups_{place.code:02d}"
    builder = TableBuilder(name, title, columns, fields)
    for one, row in zip(groups, rows, strict=True):
        told = math.isfinite(one.rate)
        builder.add(
            (
                row.name,
                numbers.percent(one.people, lang),
                row.words,
                numbers.interval(row.low, row.high, lang) if told else numbers.EN_DASH,
                numbers.percent(one.poor, lang) if math.isfinite(one.poor) else numbers.EN_DASH,
                numbers.number(one.households, lang),
                word("quality", OWN, lang),
            ),
            (
                f"{one.kind}:{one.name}",
                one.people,
                known(one.rate),
                known(row.low) if told else None,
                known(row.high) if told else None,
                known(one.poor),
                one.households,
                OWN,
            ),
        )
    drawing = bars(rows, [], lang)
    return _finished(name, lang, (title, "list.note_groups"), rows, words, builder, drawing, record)


def _finished(
    name: str,
    lang: str,
    said: tuple[str, str],
    rows: Sequence[Bar],
    words: Mapping[str, str],
    builder: TableBuilder,
    drawing: Drawing,
    record: str,
) -> Chart:
    """Put a chart of the list together; every figure in it is own."""
    title, note = said
    lines = "; ".join(f"{row.name} {row.words}" for row in rows)
    texts = {
        "title": title,
        "note": f"{tell(note, lang, **words)} {tell('own.marked', lang)}",
        "alt": tell("list.alt", lang, lines=lines, **words),
        "source": tell("list.source", lang, **words),
    }
    return finished(name, lang, texts, builder.table(), drawing, record)


def _name(group: Group, lang: str) -> str:
    """Name a group."""
    if group.kind == "district":
        return short_name(int(group.name), lang)
    if group.kind == "size":
        low, high = group.name.split("-")
        if int(low) == SIZES[-1][0]:
            return tell("profile.size_over", lang, low=low)
        return tell("profile.size", lang, sizes=f"{low}{numbers.EN_DASH}{high}")
    return tell(f"profile.{group.kind}_{group.name}", lang)


def _cell(group: Group, lang: str) -> str:
    if math.isnan(group.rate):
        return tell("profile.too_few", lang)
    return numbers.percent(group.rate, lang)


def _rate(about: Mapping[str, Any], words: Mapping[str, str], lang: str) -> Iterator[str]:
    """Say the poverty rate of the list beside the known one, and whether they can both be."""
    rate, low, high = (float(about[name]) for name in ("poverty_rate", "low", "high"))
    usual = float(about["published_rate"])
    if not math.isfinite(low) or not math.isfinite(usual):
        return
    yield tell(
        "list.rate_own" if about["published_own"] else "list.rate",
        lang,
        rate=numbers.percent(rate, lang),
        interval=numbers.interval(low, high, lang),
        usual=numbers.percent(usual, lang, 2),
        **words,
    )
    yield tell("list.inside" if low <= usual <= high else "list.outside", lang)


def _receipts(
    found: _List,
    tenth: NDArray[np.int64],
    words: Mapping[str, str],
    place: Place,
    lang: str,
) -> Iterator[TextTable]:
    """List the people of every decile who live in households that receive a programme."""
    shown = [name for name in _RECEIPTS if f"receives_{name}" in found.columns]
    if not shown:
        return
    columns = [column("group", lang, numeric=False)]
    columns += [Column(tell(f"list.receives_{name}", lang), numeric=True) for name in shown]
    columns += [column("quality", lang, numeric=False)]
    title = tell("list.receipts", lang, **words)
    builder = TableBuilder(
        f"list_receipts_{place.code:02d}", title, columns, ("decile", *shown, "quality")
    )
    people = found.persons
    for number in range(_TENTHS):
        shares = []
        for name in shown:
            told = found.columns[f"receives_{name}"]
            here = (tenth == number) & np.isfinite(told)
            whole = float(people[here].sum())
            shares.append(
                _PERCENT * float(people[here] @ told[here]) / whole if whole else math.nan
            )
        cells = [numbers.percent(v, lang) if math.isfinite(v) else numbers.EN_DASH for v in shares]
        label = tell("list.decile", lang, number=str(number + 1))
        builder.add(
            (label, *cells, word("quality", OWN, lang)),
            (number + 1, *map(known, shares), OWN),
        )
    yield builder.table()
