"""Living a model to its end, and telling whether two lives were the same to the bit."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kesos_sim.model.ledger import Ledger
from kesos_sim.model.model import WelfareModel

STEADY = {
    f"parameters.{name}.strength": 0.0
    for name in (
        "orsos.turnover",
        "coordination.business",
        "coordination.experience",
        "coordination.forum_experience",
        "coordination.forum_giving",
        "coordination.members",
    )
}
"""Organisations, members and firms stay as they are, whoever is served and whatever money comes."""


def live(model: WelfareModel, months: int | None = None) -> WelfareModel:
    """Live some months, or all that are left."""
    left = model.scenario.months - model.row
    for _ in range(left if months is None else months):
        model.step()
    return model


def state(model: WelfareModel) -> dict[str, NDArray[Any]]:
    """Everything that a month leaves behind, by name."""
    assert model.observer is not None
    found: dict[str, NDArray[Any]] = {}
    found |= {f"households.{k}": v for k, v in model.world.households.arrays().items()}
    for owner, parts in (("model", vars(model)), ("observer", vars(model.observer))):
        for name, value in parts.items():
            if isinstance(value, np.ndarray) and not name.startswith("_"):
                found[f"{owner}.{name}"] = value
    found |= {f"ledger.{k}": v for k, v in columns_of(model.ledger).items()}
    found |= {f"observer.counted.{k}": v for k, v in model.observer.counted.items()}
    for name, part in model.parts.items():
        found |= {f"{name}.{k}": v for k, v in part.arrays().items()}
    found |= {f"treasury.{k}": np.asarray(v) for k, v in model.treasury.snapshot().items()}
    return found


def columns_of(ledger: Ledger) -> dict[str, NDArray[Any]]:
    """Lines of a ledger as columns of text, and their rupiah."""
    lines = ledger.entries()
    words = {name: np.array(known)[lines.codes[name]] for name, known in lines.words.items()}
    return words | {"rupiah": lines.rupiah}


def fingerprint(model: WelfareModel) -> dict[str, str]:
    """Hash of every array, so that a difference has a name."""
    return {
        name: blake2b(np.ascontiguousarray(array).tobytes()).hexdigest()[:16]
        for name, array in state(model).items()
    }


def figures(model: WelfareModel) -> dict[str, NDArray[np.float64]]:
    """Every indicator by month and region."""
    assert model.observer is not None
    return model.observer.values(model.world.reference_line)
