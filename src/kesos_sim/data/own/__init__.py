r"""A planner's own data: template, reader, figures, and lists of households.

``template`` writes the form and ``read_own`` reads it; ``write_own`` keeps what was read as a file
for scenarios. ``propose_mapping`` and ``read_households`` take anonymous lists of households.
Names load when they are used, so that a scenario without own data needs none of this.

Examples
--------
The form of a region comes with what is published; figures that are changed in it replace
that:

>>> from pathlib import Path
>>> from kesos_sim.data.own import read_own, template, template_region, write_own
>>> form = template(template_region("Blora"), "blora-form", "en")
>>> sorted(path.name for path in form.iterdir())
['budget.csv', 'guide.csv', 'organisations.csv', 'population.csv', 'poverty.csv',
'programmes.csv', 'top-ups.csv']
>>> sheet = form / "poverty.csv"
>>> written = sheet.read_text("utf-8-sig").replace(";11,42;", ";10,9;", 1)
>>> size = sheet.write_text(written, "utf-8-sig")
>>> found = read_own(form, source="Bappeda Blora, a survey of its own")
>>> found.problems, [figure.document()["value"] for figure in found.own.figures]
((), [10.9])
>>> write_own(found.own, found.programmes, Path("blora-own.yaml")).name
'blora-own.yaml'

The classes can be made without files:

>>> from kesos_sim.data.own import Imported, OwnData, OwnFigure, Problem
>>> figure = OwnFigure(3316, "p0", "total", 10.9, 2024)
>>> own = OwnData("Blora", "Bappeda Blora", 2024, (figure,))
>>> imported = Imported(own, (), (), 0, unchanged=12, idle=(), absent=())
>>> [one.label("en") for one in imported.own.figures]
['P0']
>>> problem = Problem("not_number", "poverty", 7, "P0", {"got": "eleven"})
>>> problem.code, problem.found("en")
('KS6026', '"eleven"')

Lists of households have no names, numbers or addresses in them:

>>> from kesos_sim.data.own import Households, mapping_of, read_households
>>> path = Path("blora.csv")
>>> rows = ["Jumlah anggota;Pengeluaran per kapita", "4;650000", "3;420000"]
>>> size = path.write_text("\n".join(rows), "utf-8")
>>> mapping_of(path)
{'size': 'Jumlah anggota', 'spending_person': 'Pengeluaran per kapita'}
>>> listed = read_households(path, region=3316)
>>> len(listed.frame), listed.summary.households
(2, 2)
>>> nothing = Households(None, None, (), 0, 0, {}, 0)
>>> nothing.notes("en")
()
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
