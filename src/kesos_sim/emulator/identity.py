"""What a surface depends on, as hashes: model code, data, parameters, and what was asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from kesos_sim.data.parameters import parameter_table
from kesos_sim.model.identity import code_hash, data_hash

__all__ = ["PARTS", "changed", "hashes"]

PARTS: Final = ("code", "data", "parameters", "question")
"""Parts of the identity: packages from errors up to model; tables; values and ranges of the
parameters; levers, years, shocks and worlds that are asked for."""
_ASKED: Final = (
    "emulator/question.py",
    "emulator/sample.py",
    "experiments/design.py",
    "experiments/futures.py",
)


@cache
def hashes() -> dict[str, str]:
    """Return the hashes of what is installed here.

    Returns
    -------
    dict of str to str
        SHA-256 in hexadecimal by part.
    """
    root = Path(__file__).parents[1]
    asked = sha256()
    for name in _ASKED:
        asked.update(name.encode())
        asked.update((root / name).read_bytes())
    rows = {name: (row.value, row.low, row.high) for name, row in parameter_table().items()}
    text = json.dumps(rows, sort_keys=True)
    return {
        "code": code_hash(),
        "data": data_hash(),
        "parameters": sha256(text.encode()).hexdigest(),
        "question": asked.hexdigest(),
    }


def changed(made: Mapping[str, object]) -> tuple[str, ...]:
    """Return which parts differ from what a surface was made with.

    Parameters
    ----------
    made : mapping of str to object
        What the surface says of itself.

    Returns
    -------
    tuple of str
        Some of `PARTS`; none for a surface of today.
    """
    return tuple(part for part, own in hashes().items() if made.get(part) != own)
