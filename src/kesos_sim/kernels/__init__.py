"""Compiled steps: arrays in, arrays out.

Importing this package points the compiler's cache at a folder of the user whose
name carries a hash of these sources, because the compiler itself does not notice
when a function that another file calls has changed.

A step that walks over many households or clients takes a range of places first, and a
`kesos_sim.kernels.team.Team` shares such ranges among threads; what is done to organisations and
groups, or seldom, is done in one go.
"""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

import numba
from platformdirs import user_cache_path

from kesos_sim.kernels.machine import use_whole_vectors

__all__ = ["cache_folder"]


def cache_folder() -> Path:
    """Return the folder that holds the compiled kernels of exactly these sources.

    Examples
    --------
    >>> cache_folder().name.startswith("kernels-")
    True
    """
    digest = blake2b(digest_size=8)
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return user_cache_path("kesos-sim") / f"kernels-{digest.hexdigest()}"


if not numba.config.CACHE_DIR:
    numba.config.CACHE_DIR = str(cache_folder())
use_whole_vectors()
