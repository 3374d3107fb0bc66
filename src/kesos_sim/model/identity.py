"""What a result depends on: the code that makes it and the data it is made from."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from kesos_sim.data.checksums import data_hash

__all__ = ["code_hash", "data_hash"]

_PACKAGES = (
    "scenario",
    "data",
    "population",
    "kernels",
    "institutions",
    "indicators",
    "model",
)
_MODULES = ("errors.py", "units.py", "rng.py")


@cache
def code_hash() -> str:
    """Return the hash of the sources from `errors` up to `model`."""
    root = Path(__file__).parents[1]
    digest = sha256()
    sources = [root / name for name in _MODULES]
    for package in _PACKAGES:
        sources += sorted((root / package).rglob("*.py"))
    for source in sources:
        digest.update(source.relative_to(root).as_posix().encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()
