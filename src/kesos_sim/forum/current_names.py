"""Names that have been replaced since 2008: what people still type is given with today's name."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["replaced_names"]

_NOW: Final = {
    "PMKS": "PPKS",
    "DTKS": "DTSEN",
    "BPNT": "Sembako",
    "Departemen Sosial": "Kementerian Sosial",
}
"""Today's names; as `kesos_sim.i18n.glossary` has them."""


def replaced_names(*texts: str) -> dict[str, str]:
    """Return the old names in some texts that stand there without their current one.

    Parameters
    ----------
    *texts : str
        What people typed.

    Returns
    -------
    dict of str to str
        Today's name by the old one, in the order of a fixed list.

    Examples
    --------
    >>> replaced_names("Rujukan PMKS lintas provinsi", "pemutakhiran DTKS (kini DTSEN)")
    {'PMKS': 'PPKS'}
    """
    words = "\n".join(texts)
    return {old: now for old, now in _NOW.items() if _has(old, words) and not _has(now, words)}


def _has(name: str, words: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", words, re.I) is not None
