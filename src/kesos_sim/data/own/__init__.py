"""A planner's own data: template, reader, figures, and lists of households.

``template`` writes the form and ``read_own`` reads it; ``write_own`` keeps what was read as a file
for scenarios. ``propose_mapping`` and ``read_households`` take anonymous lists of households.
Names load when they are used, so that a scenario without own data needs none of this.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from kesos_sim.data.own.figures import OwnData, OwnFigure, write_own
    from kesos_sim.data.own.household_columns import ROLES, propose_mapping
    from kesos_sim.data.own.households import Households, mapping_of, read_households
    from kesos_sim.data.own.importing import Imported, read_own
    from kesos_sim.data.own.layout import LAYOUT
    from kesos_sim.data.own.problems import COLUMNS, Problem
    from kesos_sim.data.own.template_file import template, template_region

__all__ = [
    "COLUMNS",
    "LAYOUT",
    "ROLES",
    "Households",
    "Imported",
    "OwnData",
    "OwnFigure",
    "Problem",
    "mapping_of",
    "propose_mapping",
    "read_households",
    "read_own",
    "template",
    "template_region",
    "write_own",
]

_WHERE: Final = {
    "COLUMNS": "problems",
    "LAYOUT": "layout",
    "ROLES": "household_columns",
    "Households": "households",
    "Imported": "importing",
    "OwnData": "figures",
    "OwnFigure": "figures",
    "Problem": "problems",
    "mapping_of": "households",
    "propose_mapping": "household_columns",
    "read_households": "households",
    "read_own": "importing",
    "template": "template_file",
    "template_region": "template_file",
    "write_own": "figures",
}


def __getattr__(name: str) -> Any:
    """Load a name when it is used."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
