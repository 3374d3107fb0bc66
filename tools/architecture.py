"""The picture of the parts and their imports: ``python -m tools.architecture`` draws it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise, permutations
from pathlib import Path
from typing import Final

from tools.imports import LAYERS, ROOT, SHOWN_BY_METHODS, graph

PICTURE: Final = ROOT / "docs" / "pictures" / "architecture.svg"
_WIDTH: Final = 900.0
_ROW: Final = 92.0
_BOX: Final = (122.0, 36.0)
_MARGIN: Final = 24.0
_STYLE: Final = (
    "text{font:15px 'Liberation Sans',Arial,Helvetica,sans-serif;fill:#17313b}"
    ".box{fill:#e8f1f2;stroke:#2c6e7f}.edge{fill:none;stroke:#5b7883;stroke-width:1.2}"
    ".shown{stroke-dasharray:5 4}.head{fill:#5b7883}"
)

Places = Mapping[str, tuple[float, float]]


def needed_edges(uses: Mapping[str, set[str]]) -> list[tuple[str, str]]:
    """Return the imports that do not follow from others, so that a picture can be read.

    Parameters
    ----------
    uses : mapping of str to set of str
        What every part imports; without circles.

    Returns
    -------
    list of (str, str)
        Importing and imported part, sorted. Whatever a part imports can be reached along them.
    """
    reach: dict[str, set[str]] = {}

    def below(part: str) -> set[str]:
        if part not in reach:
            direct = uses.get(part, set())
            reach[part] = direct.union(*(below(one) for one in direct))
        return reach[part]

    return sorted(
        (part, used)
        for part, direct in uses.items()
        for used in direct
        if not any(used in below(other) for other in direct - {used})
    )


def picture() -> str:
    """Draw the parts in their rows, and the imports between them.

    Returns
    -------
    str
        SVG; the same text for the same imports.
    """
    edges = needed_edges(graph())
    places = _places(edges)
    height = _MARGIN * 2 + _ROW * (len(LAYERS) - 1) + _BOX[1]
    words = "; ".join(f"{by} → {used}" for by, used in edges)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {height:g}" role="img">',
        "<title>Parts of kesos-sim and what they import</title>",
        f"<desc>{escape(words)}</desc>",
        f"<style>{_STYLE}</style>",
        '<marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto"><path class="head" d="M0 0 8 4 0 8z"/></marker>',
        f'<rect width="{_WIDTH:g}" height="{height:g}" fill="#ffffff"/>',
        *(_edge(places, by, used) for by, used in edges),
        *(_edge(places, by, used, " shown") for by, used in sorted(SHOWN_BY_METHODS)),
        *(_box(name, *places[name]) for name in sorted(places)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _places(edges: Sequence[tuple[str, str]]) -> dict[str, tuple[float, float]]:
    """Give every part its place: rows from the lowest up, each in the order of shortest lines."""
    places: dict[str, tuple[float, float]] = {}
    for row in reversed(range(len(LAYERS))):
        y = _MARGIN + _ROW * row
        options = (_row(order, y) for order in permutations(sorted(LAYERS[row])))
        places |= min(options, key=lambda tried: _length({**places, **tried}, edges))
    return places


def _row(order: Sequence[str], y: float) -> dict[str, tuple[float, float]]:
    """Spread parts evenly over a row."""
    step = (_WIDTH - 2 * _MARGIN) / len(order)
    return {name: (_MARGIN + step * (i + 0.5), y) for i, name in enumerate(order)}


def _length(places: Places, edges: Sequence[tuple[str, str]]) -> float:
    """Return how far lines go sideways; within a row twice, because they pass other parts."""
    total = 0.0
    for by, used in edges:
        if by in places and used in places:
            (x, y), (u, v) = places[by], places[used]
            total += abs(x - u) * (3.0 if y == v else 1.0)
    return total


def _edge(places: Places, by: str, used: str, kind: str = "") -> str:
    """Draw one import: down to a lower row, beside the row to a neighbour, or up where shown."""
    (x, y), (u, v) = places[by], places[used]
    half, tall = _BOX[0] / 2, _BOX[1]
    if y == v:
        side = 1.0 if u > x else -1.0
        row = sorted((n for n in places if places[n][1] == y), key=lambda n: places[n])
        if any({by, used} == set(pair) for pair in pairwise(row)):
            path = f"M{x + side * half:.0f} {y + tall / 2:.0f}H{u - side * half:.0f}"
        else:
            dip = y + tall + 30.0
            foot = y + tall
            path = f"M{x:.0f} {foot:.0f}C{x:.0f} {dip:.0f} {u:.0f} {dip:.0f} {u:.0f} {foot:.0f}"
    elif y < v:
        shift = max(-half + 14.0, min(half - 14.0, (x - u) * 0.16))
        start, end = (x - shift, y + tall), (u + shift, v)
        bend = min(44.0, (end[1] - start[1]) * 0.5)
        path = (
            f"M{start[0]:.0f} {start[1]:.0f}C{start[0]:.0f} {start[1] + bend:.0f} "
            f"{end[0]:.0f} {end[1] - bend:.0f} {end[0]:.0f} {end[1]:.0f}"
        )
    else:
        path = f"M{x + 20:.0f} {y:.0f}L{u + 20:.0f} {v + tall:.0f}"
    return f'<path class="edge{kind}" d="{path}" marker-end="url(#head)"/>'


def _box(name: str, x: float, y: float) -> str:
    """Draw one part."""
    wide, tall = _BOX
    return (
        f'<rect class="box" x="{x - wide / 2:.1f}" y="{y:.1f}" width="{wide:g}" height="{tall:g}" '
        f'rx="6"/><text x="{x:.1f}" y="{y + tall / 2 + 5:.1f}" text-anchor="middle">{name}</text>'
    )


def write(path: Path = PICTURE) -> None:
    """Write the picture into a file.

    Parameters
    ----------
    path : Path
        Where it goes.
    """
    path.write_text(picture(), encoding="utf-8")


if __name__ == "__main__":
    write()
