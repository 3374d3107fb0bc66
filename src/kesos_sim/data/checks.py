"""All checks of the tables in one list."""

from __future__ import annotations

from pathlib import Path

from kesos_sim.data.checking import Check, Checker, Tables
from kesos_sim.data.disagreements import KNOWN_DISAGREEMENTS
from kesos_sim.data.hazard_checks import HAZARD_CHECKS
from kesos_sim.data.other_checks import OTHER_CHECKS
from kesos_sim.data.poverty_checks import POVERTY_CHECKS
from kesos_sim.data.reading import FOLDER, registry
from kesos_sim.data.structure_checks import structure_checks
from kesos_sim.errors import InputError, shown


def run_checks(folder: Path = FOLDER) -> list[Check]:
    """Check the tables: bytes, cells, sums, means, orderings; measure what is known to differ.

    Parameters
    ----------
    folder : Path
        Folder of the tables.

    Returns
    -------
    list of Check
        Checks that hold or fail, then the known disagreements.
    """
    tables = Tables(tuple(registry()), folder)
    found = structure_checks(tables)
    for checker in (*POVERTY_CHECKS, *OTHER_CHECKS, *HAZARD_CHECKS, *KNOWN_DISAGREEMENTS):
        found.append(_run(checker, tables))
    return found


def _run(checker: Checker, tables: Tables) -> Check:
    """Run one check; without a readable table it is skipped, the reader having failed.

    Figures that a check takes for granted (a row, a figure above zero) may be gone from a changed
    table; then the check has failed.
    """
    try:
        return checker(tables)
    except InputError as error:
        return Check(checker.__name__, "skipped", (), problem=error)
    except (LookupError, ArithmeticError, ValueError) as error:
        return Check(checker.__name__, "failed", (), where=shown(error))
