"""Colours, type and sizes of charts.

Charts are drawn in the colours for light ground; where the page is dark, `Chart.data_uri` has
them turned.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from kesos_sim.palette import COLOURS

PAPER: Final = COLOURS["ground"].light
INK: Final = COLOURS["ink"].light
QUIET: Final = COLOURS["quiet"].light
FAINT: Final = COLOURS["faint"].light
HAIRLINE: Final = COLOURS["hairline"].light
BASELINE: Final = COLOURS["baseline"].light
PACKAGES: Final = (COLOURS["package_a"].light, COLOURS["package_b"].light)
MARKS: Final = ("o", "s")
PUBLISHED: Final = COLOURS["target"].light

POINTS_PER_INCH: Final = 72.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A width that charts are drawn for; letters have the same size on every sheet.

    Attributes
    ----------
    width : float
        Width of the picture in points.
    margin : float
        Room at its edges in points.
    narrow : bool
        Whether names stand above their rows and panels below each other.
    """

    width: float
    margin: float
    narrow: bool

    @property
    def inner(self) -> float:
        """Width between the margins, points."""
        return self.width - 2.0 * self.margin


# On a screen 52 rem wide, and on a phone 350 pixels wide, 9 points are 14 pixels or more.
WIDE: Final = Sheet(7.0 * POINTS_PER_INCH, 14.0, narrow=False)
NARROW: Final = Sheet(3.125 * POINTS_PER_INCH, 6.0, narrow=True)

# Sizes in points.
TITLE: Final = 12.5
LABEL: Final = 9.5
SMALL: Final = 9.0
LEADING: Final = 1.32
LINE: Final = 2.0

REGULAR: Final = 400
BOLD: Final = 700
FAMILY: Final = "Kesos Inter"
_FONT_FILES: Final = {REGULAR: "KesosInter-Regular.ttf", BOLD: "KesosInter-Bold.ttf"}
_DRAWING: Final = frozenset(
    {"axes", "figure", "font", "grid", "hatch", "lines", "patch", "path", "savefig", "svg"}
    | {"text", "xtick", "ytick"}
)
_SUBPIXELS: Final = 64.0  # FreeType counts in 64ths of a pixel
_FINENESS: Final = 10.0  # measured enlarged, so that whole pixels do not distort
_HASH_SALT: Final = "kesos-sim"


@contextmanager
def styled() -> Iterator[None]:
    """Set matplotlib's options for one chart and give them back afterwards.

    Inside, every text is plain (no formulas), every SVG gets the same identifiers, and a letter
    that no font has is drawn as a box without a warning.

    Yields
    ------
    None
        While the options hold.
    """
    import matplotlib as mpl  # matplotlib loads where it is used

    _register_fonts()
    options: Any = {
        name: value
        for name, value in mpl.rcParamsDefault.items()
        if name.partition(".")[0] in _DRAWING
    }
    options |= {
        "font.family": [FAMILY, "DejaVu Sans"],
        "font.size": LABEL,
        "text.color": INK,
        "text.parse_math": False,
        "text.usetex": False,
        "axes.unicode_minus": True,
        "axes.edgecolor": QUIET,
        "axes.labelcolor": QUIET,
        "axes.linewidth": 0.8,
        "axes.axisbelow": True,
        "figure.facecolor": PAPER,
        "axes.facecolor": PAPER,
        "xtick.color": QUIET,
        "ytick.color": QUIET,
        "hatch.linewidth": 0.8,
        "path.simplify": False,
        "svg.fonttype": "path",
        "svg.hashsalt": _HASH_SALT,
    }
    with mpl.rc_context(options), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, weight: int = REGULAR) -> float:
    """Return how wide a text is when it is drawn.

    Parameters
    ----------
    text : str
        One line.
    size : float
        Size in points.
    weight : int
        400 or 700.

    Returns
    -------
    float
        Width in points.
    """
    font = _font(weight)
    font.set_size(size, POINTS_PER_INCH * _FINENESS)
    font.set_text(text, 0.0)
    width, _ = font.get_width_height()
    return float(width) / (_SUBPIXELS * _FINENESS)


def wrap(text: str, width: float, size: float, weight: int = REGULAR) -> list[str]:
    """Break a text into lines that fit.

    Parameters
    ----------
    text : str
        Words divided by spaces.
    width : float
        Room in points.
    size : float
        Size in points.
    weight : int
        400 or 700.

    Returns
    -------
    list of str
        At least one line; a word wider than the room is broken.
    """
    lines = [""]
    for word in text.split():
        candidate = f"{lines[-1]} {word}".strip()
        if text_width(candidate, size, weight) <= width:
            lines[-1] = candidate
            continue
        if lines[-1]:
            lines.append("")
        rest = word
        while text_width(rest, size, weight) > width and len(rest) > 1:
            cut = _fitting(rest, width, size, weight)
            lines[-1] = rest[:cut]
            lines.append("")
            rest = rest[cut:]
        lines[-1] = rest
    return lines


def _fitting(word: str, width: float, size: float, weight: int) -> int:
    """Return how many letters of a long word fit, at least one."""
    cut = len(word)
    while cut > 1 and text_width(word[:cut], size, weight) > width:
        cut -= 1
    return cut


@cache
def _register_fonts() -> None:
    """Make the bundled fonts known to matplotlib."""
    from matplotlib import font_manager  # matplotlib loads where it is used

    for name in _FONT_FILES.values():
        font_manager.fontManager.addfont(_font_path(name))


def _font_path(name: str) -> str:
    return str(files("kesos_sim.reports") / "fonts" / name)


@cache
def _font(weight: int) -> Any:
    from matplotlib.ft2font import FT2Font  # matplotlib loads where it is used

    return FT2Font(_font_path(_FONT_FILES[weight]))
