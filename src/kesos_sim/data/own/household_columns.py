"""What a list of households can tell, and which of its columns tells it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kesos_sim import i18n
from kesos_sim.data.own.identifiers import identifying
from kesos_sim.data.own.layout import Column, plain
from kesos_sim.errors import nearest

__all__ = ["AREA_WORDS", "RECEIPTS", "ROLES", "Role", "propose_mapping"]

_MOST_PEOPLE: Final = 60


@dataclass(frozen=True, slots=True)
class Role:
    """One thing that is read of a household.

    Attributes
    ----------
    name : str
        Column of the result.
    column : Column
        Kind and range.
    headings : str
        Pattern of usual headings, in small letters and single spaces.
    """

    name: str
    column: Column
    headings: str

    def label(self, lang: str) -> str:
        """Return what it is on screens.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            For instance ``jumlah anggota``.
        """
        return i18n.text(f"own_data.role.{self.name}", lang)


def _role(
    name: str, headings: str, kind: str = "whole", low: float = 0.0, high: float = _MOST_PEOPLE
) -> Role:
    column = Column(
        "number", "number" if kind == "number" else "whole", low=low, high=high, required=False
    )
    return Role(name, column, headings)


RECEIPTS: Final = ("pkh", "sembako", "pbi")
_YES: Final = r"(?:terima|penerima|dapat|menerima|receives?|recipient|bantuan)? ?"
ROLES: Final[dict[str, Role]] = {
    role.name: role
    for role in (
        _role(
            "size",
            r"(?:jml|jumlah|banyak(?:nya)?)? ?(?:art|anggota(?: rumah tangga| keluarga| rt)?|jiwa)"
            r"|ukuran rumah tangga|household size|hh ?size|hhsize|size|members?|r301|ukuran",
            low=1.0,
        ),
        _role("children", r"(?:jml |jumlah )?anak(?: 0 17)?|umur 0 17|usia 0 17|children"),
        _role("adults", r"(?:jml |jumlah )?dewasa(?: 18 59)?|umur 18 59|usia 18 59|adults"),
        _role(
            "elderly",
            r"(?:jml |jumlah )?(?:lansia|lanjut usia)(?: 60)?|umur 60.*|usia 60.*|elderly",
        ),
        _role(
            "spending_person",
            r"(?:pengeluaran|konsumsi|expenditure|expend) (?:per ?)?(?:kapita|orang|capita|person)"
            r".*|kapita|perkapita|pcexp|per capita.*",
            "number",
            5_000.0,
            1e9,
        ),
        _role(
            "spending_total",
            r"(?:total )?(?:pengeluaran|konsumsi|expenditure|expend)(?: (?:total|rt|rumah tangga"
            r"|keluarga|bulanan|per bulan|sebulan|monthly))*|total expenditure",
            "number",
            5_000.0,
            1e11,
        ),
        _role(
            "area",
            r"(?:klasifikasi |tipe |jenis )?(?:desa kota|kota desa|daerah|perkotaan"
            r"|urban(?: rural)?|wilayah tinggal|r105|klasifikasi)|area",
        ),
        _role(
            "district",
            r"(?:kode |kd |id )?(?:kabupaten(?: kota)?|kab(?: kota)?|kabkota|district)"
            r"(?: code| kode| id)?|kode wilayah",
            low=1101.0,
            high=9999.0,
        ),
        _role(
            "weight",
            r"(?:penimbang|bobot|weight|wert|weind|fwt)(?: .*)?",
            "number",
            1e-6,
            1e7,
        ),
        *(
            _role(f"receives_{name}", rf"{_YES}{pattern}(?: ?jkn| ?bpnt)?", high=1.0)
            for name, pattern in zip(RECEIPTS, ("pkh", "(?:sembako|bpnt)", "pbi"), strict=True)
        ),
    )
}
"""What can be read of a household, by name; only the size is indispensable."""

AREA_WORDS: Final = {
    "1": "urban", "2": "rural", "k": "urban", "d": "rural", "kota": "urban", "desa": "rural",
    "perkotaan": "urban", "perdesaan": "rural", "pedesaan": "rural", "urban": "urban",
    "rural": "rural", "u": "urban", "r": "rural",
}  # fmt: skip
"""Words and codes of Susenas for urban and rural."""


def propose_mapping(
    headings: Sequence[str], samples: Sequence[Sequence[object]] = ()
) -> dict[str, str]:
    """Propose which column of a list tells what.

    Parameters
    ----------
    headings : sequence of str
        Headings of the list.
    samples : sequence of sequence, optional
        Some values of each column; columns that could tell who somebody is are not proposed.

    Returns
    -------
    dict of str to str
        Heading by role, only where a heading fits; for the user to confirm or change.

    Examples
    --------
    >>> propose_mapping(["Kabupaten", "Jumlah anggota", "Pengeluaran per kapita", "Catatan"])
    {'size': 'Jumlah anggota', 'spending_person': 'Pengeluaran per kapita', 'district':
    'Kabupaten'}
    """
    free = {
        heading: plain(re.sub(r"([a-z])([A-Z])", r"\1 \2", heading).replace("/", " "))
        for place, heading in enumerate(headings)
        if identifying(heading, samples[place] if place < len(samples) else ()) is None
    }
    found: dict[str, str] = {}
    for role in ROLES.values():
        fits = next((h for h, bare in free.items() if re.fullmatch(role.headings, bare)), None)
        if fits is None:
            near = nearest(role.label("id"), free.values()) if free else None
            close = next((h for h, bare in free.items() if bare == near), None)
            fits = close if close is not None and len(free[close]) > len("anak") else None
        if fits is not None:
            found[role.name] = fits
            del free[fits]
    return found
