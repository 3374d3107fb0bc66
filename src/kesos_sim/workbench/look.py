"""How everything from the workbench looks: style sheets for JupyterLab and for pages."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, Final

import ipywidgets as widgets  # type: ignore[import-untyped]

from kesos_sim.palette import variables

__all__ = ["own_keys", "style", "style_tag"]

_COLOURS: Final = {
    "ink": "ink",
    "quiet": "quiet",
    "line": "line",
    "moved": "package_a",
    "usual": "baseline",
    "mark": "target",
    "action": "package_a",
    "on-action": "ground",
    "ground": "ground",
    "alarm": "alarm",
}
"""Custom properties of the style sheets and what they stand for."""

# JupyterLab takes single keys as commands wherever nothing can be written, also from a list that
# is being walked through: the arrows change the cell, and D twice deletes it.
_OWN_KEYS: Final = """
(function mark(left) {
  const form = element.closest(".kesos-form");
  const own = (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true");
  if (form) form.addEventListener("focusin", own);
  else if (left) requestAnimationFrame(() => mark(left - 1));
})(600);
"""


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
    sheet = (
        f".kesos {{ {variables(_COLOURS, dark=False)} }}\n"
        f'[data-jp-theme-light="false"] .kesos {{ {variables(_COLOURS, dark=True)} }}\n'
    )
    sheet += "".join((folder / name).read_text(encoding="utf-8") for name in ("look.css", *more))
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


def own_keys() -> Any:
    """Return a widget that takes no room and leaves the keys of the form around it to the form.

    Returns
    -------
    ipywidgets.Output
    """
    script = {
        "output_type": "display_data",
        "data": {"application/javascript": _OWN_KEYS},
        "metadata": {},
    }
    keys = widgets.Output(outputs=(script,))
    keys.add_class("kesos-keys")
    return keys
