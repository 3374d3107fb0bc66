"""The money of a year from its sources through its channels to where it ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import programme_label
from kesos_sim.reports.charts import parts, style
from kesos_sim.reports.charts.chart import Chart, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.context import ReportContext, in_language
from kesos_sim.reports.frames import Results
from kesos_sim.reports.streams import CHANNELS_OF_THEIR_OWN, ENDS, Flow
from kesos_sim.reports.tables import Cell, Column, TableBuilder, TextTable, heading
from kesos_sim.reports.values import say_money

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import Rectangle

_WHOLE_YEAR: Final = 12
_DIGITS: Final = 3
_SMALL: Final = 0.01
"""Share of all money below which channels are put together."""
_REST: Final = "rest"
_HEIGHT: Final = 280.0
_GAP: Final = 5.0
"""Points between two nodes of a column."""
_NODE: Final = 7.0
"""Width of a node, points."""
_ROOM: Final = {False: 122.0, True: 84.0}
"""Width of the words beside the first and the last column, points."""
_PANELS: Final = {False: ((0, 1, 2),), True: ((0, 1), (1, 2))}
"""Columns of each panel: on a narrow sheet one panel for each step."""
_LETTER: Final = style.SMALL
_HALO: Final = 3.0
"""Width of the paper around letters that stand on a band, points."""
_LEAST: Final = 0.8
"""Least height of a node, points: every rupiah that flows is seen."""

_Links = dict[tuple[int, str, str], float]


@dataclass(frozen=True, slots=True)
class _Node:
    """A place through which money goes: column, name, height and top, in points."""

    column: int
    name: str
    rupiah: float
    height: float
    top: float


def money_streams(results: Results, context: ReportContext, lang: str) -> Chart | None:
    """Draw where the money of the last whole year comes from, goes through and ends.

    Parameters
    ----------
    results : Results
        The indexed run or comparison.
    context : ReportContext
        With the flows of every scenario.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Chart or None
        None without flows. Of several scenarios the one with the most money is drawn.
    """
    year = _last_year(results, context)
    found = {
        scenario: _folded([flow for flow in flows if flow.year == year])
        for scenario, flows in context.flows.items()
    }
    if not any(found.values()):
        return None
    scenario = max(found, key=lambda name: _whole(found[name]))
    links = found[scenario]
    title = _sentence(scenario, year, context, lang)
    lines = [
        i18n.text(
            "charts.item", lang, name=_say(name, context, lang), value=say_money(rupiah, lang)
        )
        for (column, name), rupiah in _columns(links).items()
        if column != 1
    ]
    key = "charts.streams_axis" if len(found) == 1 else "charts.streams_axis_one"

    def layout(sheet: Sheet) -> Layout:
        said = _said(links, sheet, context, lang)
        return Layout(
            rows=len(_PANELS[sheet.narrow]),
            height=_depth(_nodes(links, said), said),
            left=0.0,
            right=0.0,
            bottom=8.0,
        )

    return Chart(
        name="money_streams",
        lang=lang,
        title=title,
        note=i18n.text(key, lang, year=str(year)),
        alt=i18n.text("charts.streams_alt", lang, lines="; ".join(lines)),
        table=_table(year, context, lang, title),
        source=parts.source_line(context, lang),
        provenance=parts.provenance_line(context, lang),
        layout=layout,
        draw=_draw(links, context, lang),
    )


def _last_year(results: Results, context: ReportContext) -> int:
    """Return the last year of which all months are there, or else the last one."""
    years = sorted({flow.year for flows in context.flows.values() for flow in flows})
    last = results.horizon
    whole = [year for year in years if year < last.year or last.month == _WHOLE_YEAR]
    return whole[-1] if whole else years[-1] if years else last.year


def _folded(flows: Sequence[Flow]) -> _Links:
    """Put small channels together; every source, and what is no government's, stays by itself."""
    whole = sum(flow.rupiah for flow in flows if flow.step == 0)
    through: dict[str, float] = defaultdict(float)
    for flow in flows:
        if flow.step == 1:
            through[flow.origin] += flow.rupiah
    small = {
        channel
        for channel, rupiah in through.items()
        if rupiah < _SMALL * whole and channel not in CHANNELS_OF_THEIR_OWN
    }
    links: _Links = defaultdict(float)
    for flow in flows:
        origin = _REST if flow.step == 1 and flow.origin in small else flow.origin
        target = _REST if flow.step == 0 and flow.target in small else flow.target
        links[flow.step, origin, target] += flow.rupiah
    return dict(links)


def _say(name: str, context: ReportContext, lang: str) -> str:
    """Return the name of a source, a channel or an end."""
    if name in context.programmes:
        return in_language(context.programmes[name], lang)
    try:
        return i18n.text(f"charts.stream_{name.lower()}", lang)
    except KeyError:
        return programme_label(name.lower(), lang)


def _sentence(scenario: str, year: int, context: ReportContext, lang: str) -> str:
    """Say how much of a scenario's money reaches households."""
    flows = [flow for flow in context.flows[scenario] if flow.year == year and flow.step == 1]
    reached = sum(flow.rupiah for flow in flows if flow.target == ENDS[0])
    return i18n.text(
        "charts.streams_title",
        lang,
        title=context.title(scenario, lang),
        whole=numbers.rupiah(sum(flow.rupiah for flow in flows), lang, digits=_DIGITS),
        reached=numbers.rupiah(reached, lang, digits=_DIGITS),
    )


def _table(year: int, context: ReportContext, lang: str, title: str) -> TextTable:
    """Return every flow, nothing put together: on pages of the drawn year, as data of all."""
    columns = [
        heading("scenario", lang, numeric=False),
        Column(i18n.text("charts.streams_year", lang), numeric=False),
        Column(i18n.text("charts.streams_from", lang), numeric=False),
        Column(i18n.text("charts.streams_to", lang), numeric=False),
        Column(i18n.text("charts.streams_amount", lang)),
    ]
    fields = ("scenario", "year", "step", "from", "to", "rupiah")
    builder = TableBuilder("money_streams", title, columns, fields)
    data: list[tuple[Cell, ...]] = []
    for scenario, flows in context.flows.items():
        for flow in flows:
            cells = (scenario, flow.year, flow.step, flow.origin, flow.target, flow.rupiah)
            data.append(cells)
            if flow.year == year:
                ends = [_say(name, context, lang) for name in (flow.origin, flow.target)]
                amount = say_money(flow.rupiah, lang)
                builder.add((context.title(scenario, lang), str(year), *ends, amount), cells)
    return replace(builder.table(), data=tuple(data))


def _columns(links: _Links) -> dict[tuple[int, str], float]:
    """Return the money of the nodes of the three columns, the largest first, the rest last."""
    size: dict[tuple[int, str], float] = defaultdict(float)
    for (step, origin, target), rupiah in links.items():
        size[step, origin] += rupiah
        if step == 1:
            size[2, target] += rupiah
    return {key: size[key] for key in sorted(size, key=lambda k: (k[0], k[1] == _REST, -size[k]))}


def _whole(links: _Links) -> float:
    """Return the money of the column through which most goes."""
    size = _columns(links)
    return max(
        (sum(size[key] for key in size if key[0] == column) for column in range(3)), default=0.0
    )


def _nodes(
    links: _Links, said: Mapping[tuple[int, str], list[str]]
) -> dict[tuple[int, str], _Node]:
    """Place the nodes of the three columns, each with room for its words; tops fall from 0."""
    size = _columns(links)
    scale = _HEIGHT / _whole(links)
    room = {key: max(size[key] * scale + _LEAST, _tall(said[key])) + _GAP for key in size}
    whole = [sum(room[key] for key in size if key[0] == column) for column in range(3)]
    nodes, tops = {}, [(own - max(whole)) / 2.0 for own in whole]
    for key, rupiah in size.items():
        own = rupiah * scale + _LEAST
        top = tops[key[0]] - (room[key] - own) / 2.0
        nodes[key] = _Node(*key, rupiah, own, top)
        tops[key[0]] -= room[key]
    return nodes


def _text(
    key: tuple[int, str], rupiah: float, sheet: Sheet, context: ReportContext, lang: str
) -> list[str]:
    """Return the words beside a node, in lines that fit."""
    name = _say(key[1], context, lang)
    room = _ROOM[sheet.narrow] - 6.0
    if not sheet.narrow and key[0] == 1:
        room = (sheet.inner - 2.0 * _ROOM[False] - 3.0 * _NODE) / 2.0 - 8.0
    amount = numbers.rupiah(rupiah, lang, digits=_DIGITS)
    lines = style.wrap(f"{name[:1].upper()}{name[1:]}", room, _LETTER)
    joined = f"{lines[-1]} {amount}"
    fits = style.text_width(joined, _LETTER) <= room
    return [*lines[:-1], joined] if fits else [*lines, amount]


def _tall(lines: Sequence[str]) -> float:
    """Return how much room words need above each other, points."""
    return len(lines) * _LETTER * style.LEADING + 2.0


def _said(
    links: _Links, sheet: Sheet, context: ReportContext, lang: str
) -> dict[tuple[int, str], list[str]]:
    """Return the words beside all nodes."""
    columns = _columns(links)
    return {key: _text(key, rupiah, sheet, context, lang) for key, rupiah in columns.items()}


def _depth(
    nodes: Mapping[tuple[int, str], _Node], said: Mapping[tuple[int, str], list[str]]
) -> float:
    """Return how high a panel has to be for its nodes and words, points."""
    ends = [
        max(node.height / 2.0, _tall(said[key]) / 2.0) - (node.top - node.height / 2.0)
        for key, node in nodes.items()
    ]
    return max(ends) + _GAP


def _draw(
    links: _Links, context: ReportContext, lang: str
) -> Callable[[Sequence[Axes], Sheet], None]:
    """Return what draws the streams: on a narrow sheet each step by itself."""

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        said = _said(links, sheet, context, lang)
        nodes = _nodes(links, said)
        for panel, columns in zip(axes, _PANELS[sheet.narrow], strict=True):
            panel.set_axis_off()
            panel.set_xticks([])
            panel.set_yticks([])
            width, side = parts.axes_width(panel), _ROOM[sheet.narrow]
            panel.set_xlim(0.0, width)
            panel.set_ylim(-parts.axes_height(panel), 0.0)
            step = (width - 2.0 * side - _NODE) / (len(columns) - 1)
            left = {column: side + place * step for place, column in enumerate(columns)}
            shown = {key: rupiah for key, rupiah in links.items() if key[0] + 1 in columns[1:]}
            _ribbons(panel, shown, nodes, left)
            for node in nodes.values():
                if node.column in left:
                    panel.add_patch(_bar(node, left[node.column]))
                    words = "\n".join(said[node.column, node.name])
                    _write(panel, node, words, left[node.column], before=node.column == columns[0])

    return draw


def _write(panel: Axes, node: _Node, words: str, left: float, *, before: bool) -> None:
    """Write the words of a node before or behind its bar, clear of the bands that go on there."""
    from matplotlib.patheffects import withStroke  # matplotlib loads where it is used

    panel.text(
        left - 4.0 if before else left + _NODE + 4.0,
        node.top - node.height / 2.0,
        words,
        ha="right" if before else "left",
        va="center",
        fontsize=_LETTER,
        color=style.INK,
        path_effects=[withStroke(linewidth=_HALO, foreground=style.PAPER)],
    )


def _bar(node: _Node, left: float) -> Rectangle:
    """Return the bar of a node."""
    from matplotlib.patches import Rectangle  # matplotlib loads where it is used

    colour = style.PACKAGES[0] if node.name in ENDS[:2] else style.BASELINE
    return Rectangle(
        (left, node.top - node.height), _NODE, node.height, facecolor=colour, linewidth=0.0
    )


def _ribbons(
    panel: Axes,
    links: Mapping[tuple[int, str, str], float],
    nodes: Mapping[tuple[int, str], _Node],
    left: Mapping[int, float],
) -> None:
    """Draw a band for every link, as wide as its money."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    used: dict[tuple[int, str, int], float] = defaultdict(float)
    order = sorted(
        links, key=lambda key: (key[0], -nodes[key[0], key[1]].top, -nodes[key[0] + 1, key[2]].top)
    )
    for step, origin, target in order:
        rupiah = links[step, origin, target]
        ends = []
        for column, name, side in ((step, origin, 1), (step + 1, target, 0)):
            node = nodes[column, name]
            thick = node.height * rupiah / node.rupiah
            start = node.top - used[column, name, side]
            used[column, name, side] += thick
            ends.append((start, start - thick))
        (top0, low0), (top1, low1) = ends
        x0, x1 = left[step] + _NODE, left[step + 1]
        half = (x0 + x1) / 2.0
        points = [
            (x0, top0), (half, top0), (half, top1), (x1, top1),
            (x1, low1), (half, low1), (half, low0), (x0, low0), (x0, top0),
        ]  # fmt: skip
        curve = Path.CURVE4
        codes = [Path.MOVETO, curve, curve, curve, Path.LINETO, curve, curve, curve, Path.CLOSEPOLY]
        colour = style.PACKAGES[0] if target in ENDS[:2] else style.BASELINE
        panel.add_patch(PathPatch(Path(points, codes), facecolor=colour, alpha=0.28, linewidth=0.0))
