"""Stopping a run in the middle and going on as if nothing had happened."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.errors import InputError
from kesos_sim.model.files import UNREADABLE, read_arrays, write_arrays
from kesos_sim.model.identity import code_hash, data_hash
from kesos_sim.model.model import WelfareModel
from kesos_sim.scenario.scenario import Scenario
from kesos_sim.units import Month

__all__ = ["load_checkpoint", "save_checkpoint"]

_VERSION: Final = 1
_MODEL_ARRAYS: Final = (
    "recipients",
    "recipient_persons",
    "yearly_rupiah",
    "usual_gain",
    "ghosts",
)
_OBSERVER_ARRAYS: Final = (
    "sums",
    "people",
    "size",
    "recipients",
    "age",
    "ghosts",
    "tenths",
)
_WORLD_ARRAYS: Final = ("log_before", "shift", "weight")


def save_checkpoint(model: WelfareModel, path: Path) -> None:
    """Write the state of a run between two months; the file appears whole or not at all.

    Parameters
    ----------
    model : a model after its base month
    path : file to write, replaced if it is there
    """
    if model.observer is None:
        raise ValueError("a checkpoint is taken after the base month")
    arrays: dict[str, NDArray[Any]] = {}
    arrays |= {f"households.{k}": v for k, v in model.world.households.arrays().items()}
    arrays |= {f"world.{name}": getattr(model.world, name) for name in _WORLD_ARRAYS}
    arrays |= {f"model.{name}": getattr(model, name) for name in _MODEL_ARRAYS}
    arrays |= {f"observer.{name}": getattr(model.observer, name) for name in _OBSERVER_ARRAYS}
    arrays |= {f"treasury.{k}": np.asarray(v) for k, v in model.treasury.snapshot().items()}
    arrays |= {f"ledger.{k}": v for k, v in model.ledger.snapshot().items()}
    arrays |= {f"counted.{name}": counts for name, counts in model.observer.counted.items()}
    for name, part in model.parts.items():
        arrays |= {f"{name}.{k}": v for k, v in part.arrays().items()}
    arrays["about"] = np.array(json.dumps(_about(model.scenario, model.month)))
    write_arrays(path, arrays)


def load_checkpoint(model: WelfareModel, path: Path) -> WelfareModel:
    """Put a model back to where a checkpoint was taken.

    Parameters
    ----------
    model : the scenario's model as `kesos_sim.model.opening.open_model` returns it
    path : file of `save_checkpoint`

    Returns
    -------
    WelfareModel
        The same model; its next step lives the month after the checkpoint.

    Raises
    ------
    InputError
        If the file is not a checkpoint of this scenario, code and data.
    """
    if model.observer is None:
        raise ValueError("the model has to be opened first")
    try:
        kept = read_arrays(path)
        about = json.loads(str(kept["about"]))
    except UNREADABLE as error:
        raise InputError("KS2201", "model.no_checkpoint", file=path) from error
    month = Month.parse(about.get("month"))
    expected = _about(model.scenario, month)
    for name, value in expected.items():
        if about.get(name) != value:
            raise InputError(
                "KS2202",
                "model.other_checkpoint",
                file=path,
                field=name,
                got=about.get(name),
                expected=value,
            )
    for name, array in model.world.households.arrays().items():
        array[:] = kept[f"households.{name}"]
    for name in _WORLD_ARRAYS:
        setattr(model.world, name, kept[f"world.{name}"])
    for name in _MODEL_ARRAYS:
        setattr(model, name, kept[f"model.{name}"])
    for name in _OBSERVER_ARRAYS:
        setattr(model.observer, name, kept[f"observer.{name}"])
    model.treasury.restore(_part(kept, "treasury."))
    model.ledger.restore(_part(kept, "ledger."))
    model.observer.counted = _part(kept, "counted.")
    for name, part in model.parts.items():
        part.restore(_part(kept, f"{name}."))
    model.month = month
    model.forget_plans()
    return model


def _part(kept: dict[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    return {k.removeprefix(prefix): v for k, v in kept.items() if k.startswith(prefix)}


def _about(scenario: Scenario, month: Month) -> dict[str, object]:
    return {
        "version": _VERSION,
        "scenario": scenario.hash,
        "code": code_hash(),
        "data": data_hash(),
        "month": str(month),
    }
