"""What a description that no run stands behind comes from."""

from __future__ import annotations

from typing import Final

from kesos_sim import __version__, i18n
from kesos_sim.model.identity import code_hash, data_hash

__all__ = ["versions"]

_SHOWN_HASH: Final = 8


def versions(lang: str) -> str:
    """Return the versions of model and data as one line of text.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Version, and the beginning of the hashes of code and data.
    """
    return i18n.text(
        "description.versions",
        lang,
        version=__version__,
        code=code_hash()[:_SHOWN_HASH],
        data=data_hash()[:_SHOWN_HASH],
    )
