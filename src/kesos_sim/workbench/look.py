"""How everything from the workbench looks: style sheets for JupyterLab and for pages."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]

__all__ = ["style", "style_tag"]


@cache
def style_tag(*more: str) -> str:
    """Return the style sheet as an HTML element.

    Parameters
    ----------
    *more : str
        File names of further sheets of this package, laid over it.

    Returns
    -------
    str
        A ``style`` element; it applies inside elements of the class ``kesos``.
    """
    folder = files("kesos_sim.workbench")
    sheet = "".join((folder / name).read_text(encoding="utf-8") for name in ("look.css", *more))
    return f"<style>\n{sheet}</style>"


def style(*more: str) -> Any:
    """Return the style sheet as a widget that takes no room.

    Parameters
    ----------
    *more : str
        As for `style_tag`.

    Returns
    -------
    ipywidgets.HTML
    """
    sheet = widgets.HTML(style_tag(*more), layout=widgets.Layout(display="none"))
    sheet.add_class("kesos-look")
    return sheet
