"""A calibration becomes a numbered set of parameters that scenarios can use.

``python -m kesos_sim.calibration.keeping scenarios/baseline.yaml`` calibrates the scenario, which
takes the better part of an hour, and adds the next set to the package's tables. What was fitted
with the same code and data has a number already and is refused: sealed figures are scored once.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from kesos_sim.calibration.calibrate import Calibration, calibrate
from kesos_sim.data.calibrated import calibrated_versions
from kesos_sim.data.reading import FOLDER, read_table, registry
from kesos_sim.errors import InputError
from kesos_sim.experiments.store import Store
from kesos_sim.scenario import load_scenario

__all__ = ["keep", "main", "rows_of"]

_DIGITS: Final = 4
"""Significant digits that are kept."""
_TRUTHS: Final = 500
_SOURCE, _QUALITY = "own_calibration", "estimate"
_SETS, _PARAMETERS = "calibrations", "calibrated_parameters"


def rows_of(found: Calibration, version: int) -> dict[str, list[dict[str, Any]]]:
    """Return what the tables hold of a calibration.

    Parameters
    ----------
    found : Calibration
        The calibration.
    version : int
        Its number.

    Returns
    -------
    dict of str to list of dict
        By table: one row of the set, and one for each parameter of which figures say something.
    """
    about, trust = found.provenance, found.trust
    known = {
        "version": version,
        "created": f"{found.created:%Y-%m-%d}",
        "scenario": found.scenario.name,
        "households": found.scenario.households,
        "model_version": about["model_version"],
        "code_hash": about["code_hash"],
        "data_hash": about["data_hash"],
        "lives": found.lives,
        "figures": len(found.figures),
        "sealed": found.sealed,
        "error_before": _short(found.error_before),
        "error_after": _short(found.error_after),
        "sealed_before": _short(found.sealed_before),
        "sealed_after": _short(found.sealed_after),
        "within": _short(found.within),
        "plausible": _short(found.plausible),
        "truths": 0 if trust is None else trust.ranks.shape[0],
        "covered_low": "" if trust is None else _short(float(trust.covered.min())),
        "covered_high": "" if trust is None else _short(float(trust.covered.max())),
        "source": _SOURCE,
        "quality": _QUALITY,
    }
    own = [
        {
            "version": version,
            "parameter": row["parameter"],
            "value": _short(row["mean"]),
            "low": _short(row["from"]),
            "high": _short(row["to"]),
            "narrower": _short(row["narrower"]),
            "source": _SOURCE,
            "quality": _QUALITY,
        }
        for row in found.rows()
        if row["parameter"] in found.learned
    ]
    return {_SETS: [known], _PARAMETERS: own}


def keep(found: Calibration, folder: Path = FOLDER) -> int:
    """Add a calibration to the tables.

    Parameters
    ----------
    found : Calibration
        The calibration.
    folder : pathlib.Path
        Folder of the tables.

    Returns
    -------
    int
        Its number.

    Raises
    ------
    InputError
        If a set was fitted with the same code and data.
    """
    about = found.provenance
    for row in read_table(_SETS).rows():
        if (row["code_hash"], row["data_hash"]) == (about["code_hash"], about["data_hash"]):
            raise InputError("KS3034", "calibration.kept_before", got=row["version"])
    version = max(calibrated_versions(), default=0) + 1
    for name, rows in rows_of(found, version).items():
        _append(folder / f"{name}.csv", [column.name for column in registry()[name].columns], rows)
    return version


def main(arguments: Sequence[str]) -> None:
    """Calibrate a scenario and keep the set.

    Parameters
    ----------
    arguments : sequence of str
        File of the scenario.
    """
    found = calibrate(load_scenario(arguments[0]), store=Store.default(), truths=_TRUTHS)
    keep(found)


def _short(value: float) -> float:
    """Round to the digits that are kept."""
    return float(f"{value:.{_DIGITS}g}")


def _append(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows to a table."""
    with path.open("a", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writerows(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
