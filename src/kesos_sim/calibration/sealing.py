"""Which published figures fitting must not read: they are scored once, when all is fitted."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from kesos_sim.calibration.figures import Figure

__all__ = ["FITTED_PARTS", "SEALED_YEARS", "is_sealed"]

FITTED_PARTS: Final = ("targeting", "budgets", "mobility")
"""Parts of the validation whose figures fitting reads, beside paths."""
SEALED_YEARS: Final = frozenset({2023, 2024})
"""Years of paths that are sealed in all provinces."""
_PATHS: Final = "path"
_ONE_IN: Final = 4
"""One place or study in so many is sealed in all years."""


def is_sealed(figure: Figure) -> bool:
    """Return whether fitting must not read what was published.

    Parameters
    ----------
    figure : Figure
        A published figure.

    Returns
    -------
    bool
        Of paths the last years. Otherwise the same for all figures of a place; of the nation, the
        region and studies by their row.
    """
    if figure.part == _PATHS and figure.detail[1] in SEALED_YEARS:
        return True
    own = figure.code if figure.level in {"province", "district"} else figure.source
    own = own if figure.level != "region" else f"{figure.source}/{figure.measure}"
    digest = blake2b(f"sealed/{own}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") % _ONE_IN == 0
