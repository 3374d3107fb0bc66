"""Stopping a run in the middle and going on as if nothing had happened."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import numpy as np

from kesos_sim.errors import InputError
from kesos_sim.model.files import UNREADABLE, read_arrays, write_arrays
from kesos_sim.model.identity import code_hash, data_hash
from kesos_sim.model.model import WelfareModel
from kesos_sim.model.state import restore_state, state_arrays
from kesos_sim.scenario.scenario import Scenario

__all__ = ["load_checkpoint", "save_checkpoint"]

_VERSION: Final = 2


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
        If the file is not a checkpoint of this scenario, code and data.
    """
    try:
        kept = read_arrays(path)
        about = json.loads(str(kept["about"]))
    except UNREADABLE as error:
        raise InputError("KS2201", "model.no_checkpoint", file=path) from error
    for name, value in _about(model.scenario).items():
        if about.get(name) != value:
            raise InputError(
                "KS2202",
                "model.other_checkpoint",
                file=path,
                field=name,
                got=about.get(name),
                expected=value,
            )
    restore_state(model, kept)
    return model


def _about(scenario: Scenario) -> dict[str, object]:
    return {
        "version": _VERSION,
        "scenario": scenario.hash,
        "code": code_hash(),
        "data": data_hash(),
    }
