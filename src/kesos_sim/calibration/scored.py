"""How often sealed figures were scored: one line for each calibration, beside the kept runs.

What is sealed proves less with every look at it. The log stays when kept runs are deleted.
"""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kesos_sim.errors import InputError
from kesos_sim.experiments.store import FOLDER

if TYPE_CHECKING:
    from kesos_sim.calibration.calibrate import Calibration

__all__ = ["LOG", "note"]

LOG: Final = "calibrations.jsonl"
"""File in the folder of a store."""


def note(found: Calibration, folder: Path) -> int:
    """Write down that a calibration scored the sealed figures.

    Parameters
    ----------
    found : Calibration
        The calibration. The same one again, with the same code, data, scenario, parameters and
        number of lives, sees what it saw before and is not written down twice.
    folder : path
        Of a store.

    Returns
    -------
    int
        Different calibrations that scored sealed figures of these data, this one included.

    Raises
    ------
    InputError
        If the log cannot be written.
    """
    about = found.provenance
    what = {
        "scenario_hash": about["scenario_hash"],
        "code_hash": about["code_hash"],
        "data_hash": about["data_hash"],
        "parameters": list(found.parameters),
        "lives": found.lives,
    }
    key = sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()
    line = {
        "key": key,
        "created": f"{found.created:%Y-%m-%dT%H:%M:%SZ}",
        "scenario": found.scenario.name,
        **what,
        "sealed": found.sealed,
        "sealed_before": found.sealed_before,
        "sealed_after": found.sealed_after,
    }
    path = folder / LOG
    try:
        known = _known(path)
        if key not in known:
            # One write at the end of the file: two processes do not mix their lines.
            with path.open("ab", buffering=0) as file:
                file.write(f"\n{json.dumps(line, sort_keys=True)}".encode())
                os.fsync(file.fileno())
    except OSError as error:
        raise InputError(
            "KS3020", "experiments.store_unwritable", file=folder, got=error, field=FOLDER
        ) from error
    known[key] = str(about["data_hash"])
    return sum(data == about["data_hash"] for data in known.values())


def _known(path: Path) -> dict[str, str]:
    """Return the data of each calibration in a log by its key; half-written lines are nothing."""
    found = {}
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        try:
            row = json.loads(line)
            found[str(row["key"])] = str(row["data_hash"])
        except (ValueError, KeyError, TypeError):
            continue
    return found
