"""What a model is between two months, as arrays: all that its later months depend on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.model.model import WelfareModel
from kesos_sim.units import Month

__all__ = ["restore_state", "state_arrays"]

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


def state_arrays(model: WelfareModel) -> dict[str, NDArray[Any]]:
    """Return the state of a model after its base month or a later one.

    Parameters
    ----------
    model : a model between two months

    Returns
    -------
    dict of any[n], by owner and name; of what was observed only the months lived so far
    """
    arrays = {name: array for name, array in _fixed(model)}
    arrays |= {name: array[: model.row + 1] for name, array in _observed(model)}
    arrays |= {f"treasury.{k}": np.asarray(v) for k, v in model.treasury.snapshot().items()}
    arrays |= {f"ledger.{k}": v for k, v in model.ledger.snapshot().items()}
    for name, part in model.parts.items():
        arrays |= {f"{name}.{k}": v for k, v in part.arrays().items()}
    arrays["month"] = np.array(model.month.ordinal)
    return arrays


def restore_state(model: WelfareModel, kept: Mapping[str, NDArray[Any]]) -> None:
    """Put a model into a state, wherever it was before.

    Parameters
    ----------
    model : a model of the same scenario, with an observer
    kept : mapping of str to any[n], what `state_arrays` returned

    Raises
    ------
    KeyError, ValueError
        If something is missing or of another shape; the model is of no use then.
    """
    for name, array in _fixed(model):
        array[...] = kept[name]
    model.month = Month.from_ordinal(int(kept["month"]))
    for name, array in _observed(model):
        array[: model.row + 1] = kept[name]
    model.follow()
    model.treasury.restore(_part(kept, "treasury."))
    model.ledger.restore(_part(kept, "ledger."))
    for name, part in model.parts.items():
        part.restore(_part(kept, f"{name}."))


def _fixed(model: WelfareModel) -> Iterator[tuple[str, NDArray[Any]]]:
    """Return the arrays that keep their shape for a whole run."""
    for name, array in model.world.households.arrays().items():
        yield f"households.{name}", array
    for name in _WORLD_ARRAYS:
        yield f"world.{name}", getattr(model.world, name)
    for name in _MODEL_ARRAYS:
        yield f"model.{name}", getattr(model, name)


def _observed(model: WelfareModel) -> Iterator[tuple[str, NDArray[Any]]]:
    """Return what was observed, arrays with a row for each month of the run."""
    observer = model.observer
    if observer is None:
        raise ValueError("a model has a state once it has lived its base month")
    for name in _OBSERVER_ARRAYS:
        yield f"observer.{name}", getattr(observer, name)
    for name, counts in observer.counted.items():
        yield f"counted.{name}", counts


def _part(kept: Mapping[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    return {k.removeprefix(prefix): kept[k] for k in kept if k.startswith(prefix)}
