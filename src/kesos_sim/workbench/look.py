"""How everything from the workbench looks: one style sheet for JupyterLab and for pages."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]

__all__ = ["style", "style_tag"]


@cache
def style_tag() -> str:
    """Return the style sheet as an HTML element.

    Returns
    -------
    str
        A ``style`` element; it applies inside elements of the class ``kesos``.
    """
    sheet = (files("kesos_sim.workbench") / "look.css").read_text(encoding="utf-8")
    return f"<style>\n{sheet}</style>"


def style() -> Any:
    """Return the style sheet as a widget that takes no room.

    Returns
    -------
    ipywidgets.HTML
    """
    sheet = widgets.HTML(style_tag(), layout=widgets.Layout(display="none"))
    sheet.add_class("kesos-look")
    return sheet
