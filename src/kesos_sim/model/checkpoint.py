"""Stopping a run in the middle and going on as if nothing had happened."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import numpy as np

from kesos_sim.errors import InputError
from kesos_sim.model.files import UNREADABLE, opened_arrays, write_arrays
from kesos_sim.model.identity import code_hash, data_hash
from kesos_sim.model.model import WelfareModel
from kesos_sim.model.state import restore_state, state_arrays
from kesos_sim.scenario.scenario import Scenario

__all__ = ["load_checkpoint", "save_checkpoint"]

_VERSION: Final = 3


def save_checkpoint(model: WelfareModel, path: Path) -> None:
    """Write the state of a run between two months; the file appears whole or not at all.

    Parameters
    ----------
    model : a model after its base month
    path : file to write, replaced if it is there
    """
    about = np.array(json.dumps(_about(model.scenario)))
    write_arrays(path, state_arrays(model) | {"about": about})


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
        If the file is not a whole checkpoint of this scenario, code and data; where it was found
        to be damaged only on the way, the model is of no use any more.
    """
    try:
        with opened_arrays(path) as kept:
            _check(json.loads(str(kept["about"])), model.scenario, path)
            restore_state(model, kept)
    except UNREADABLE as error:
        raise InputError("KS2201", "model.no_checkpoint", file=path) from error
    return model


def _check(about: dict[str, object], scenario: Scenario, path: Path) -> None:
    """Refuse what another scenario, other code or other data have left."""
    for name, value in _about(scenario).items():
        if about.get(name) != value:
            raise InputError(
                "KS2202",
                "model.other_checkpoint",
                file=path,
                field=name,
                got=about.get(name),
                expected=value,
            )


def _about(scenario: Scenario) -> dict[str, object]:
    return {
        "version": _VERSION,
        "scenario": scenario.hash,
        "code": code_hash(),
        "data": data_hash(),
    }
