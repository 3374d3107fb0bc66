"""Colours of charts, pages and forms on light and on dark ground; the only place that sets them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final, NamedTuple

__all__ = ["COLOURS", "Colour", "dark_rules", "variables"]


class Colour(NamedTuple):
    """One colour with its twin.

    Attributes
    ----------
    light, dark : str
        On light and on dark ground, as ``#RRGGBB``.
    """

    light: str
    dark: str


COLOURS: Final[Mapping[str, Colour]] = {
    "ground": Colour("#FFFFFF", "#14181F"),
    "soft": Colour("#F6F7F9", "#1C222B"),
    "ink": Colour("#1F2937", "#E5E7EB"),
    "quiet": Colour("#4B5563", "#B6BEC9"),
    "faint": Colour("#9CA3AF", "#6B7686"),
    "line": Colour("#D1D5DB", "#3B4552"),
    "hairline": Colour("#E5E7EB", "#2B333E"),
    "baseline": Colour("#6B7280", "#A7B0BD"),
    "package_a": Colour("#0072B2", "#5AA9E6"),
    "package_b": Colour("#B34700", "#FFB000"),
    "target": Colour("#3D3D3D", "#F2E27A"),
    "alarm": Colour("#9B1C1C", "#FCA5A5"),
    "gain": Colour("#12436D", "#9CCBF0"),
    "gain_pale": Colour("#7FB2D6", "#2A6592"),
    "even": Colour("#D9D9D9", "#4B5563"),
    "loss_pale": Colour("#F2B07A", "#8A5A00"),
    "other_bar": Colour("#B8C4D6", "#46546A"),
    # Shades of a map, of which the last is `gain`: more stands out more on either ground.
    "shade_1": Colour("#E8F1F8", "#1B2935"),
    "shade_2": Colour("#B3D1E8", "#1F4562"),
    "shade_3": Colour("#6FA8D3", "#2A6592"),
    "shade_4": Colour("#2E75AE", "#5596CC"),
}
"""By what they stand for. No two have the same light colour: by it the dark one is found."""


def variables(names: Mapping[str, str], *, dark: bool) -> str:
    """Return colours as custom properties of CSS.

    Parameters
    ----------
    names : mapping of str to str
        Name of the property, without the hyphens at its start, to one of `COLOURS`.
    dark : bool
        Whether the ground is dark.

    Returns
    -------
    str
        Declarations.

    Examples
    --------
    >>> variables({"ink": "ink"}, dark=True)
    '--ink: #E5E7EB;'
    """
    return " ".join(
        f"--{name}: {COLOURS[colour].dark if dark else COLOURS[colour].light};"
        for name, colour in names.items()
    )


@cache
def dark_rules() -> str:
    """Return what turns a chart dark where the page around it is.

    A picture inside a page takes the colour scheme of the element that shows it.

    Returns
    -------
    str
        A ``style`` element for inside an SVG that matplotlib wrote.
    """
    # The ground of hatching is an attribute, everything else is a style.
    rules = "".join(
        f'[style*="{kind}: {light}"],[{kind}="{light}"]{{{kind}:{dark}!important}}'
        for light, dark in ((colour.light.lower(), colour.dark) for colour in COLOURS.values())
        for kind in ("fill", "stroke")
    )
    return f"<style>@media (prefers-color-scheme: dark){{{rules}}}</style>"
