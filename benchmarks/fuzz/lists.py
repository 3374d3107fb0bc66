"""A made-up list of households with everything in it that must never leave."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

__all__ = ["DISTRICTS", "HEADER", "NAMES", "household", "nik", "write_csv"]

DISTRICTS: Final = (3401, 3402, 3403, 3404, 3471)
NAMES: Final = (
    "Siti Aminah", "Budi Santoso", "Sri Lestari", "Agus Wibowo", "Dewi Anggraini", "Joko P.",
)  # fmt: skip
HEADER: Final = [
    "No", "Nama KRT", "NIK", "Alamat", "No HP", "Tgl lahir", "Lintang", "Bujur", "Email",
    "Catatan", "Kode Kab/Kota", "Klasifikasi", "Jumlah ART", "Anak", "Dewasa", "Lansia",
    "Pengeluaran per kapita", "Penimbang", "Terima PKH",
]  # fmt: skip


def nik(number: int) -> str:
    """Return a number as identity cards have them.

    Parameters
    ----------
    number : int
        Of the household.

    Returns
    -------
    str
        16 digits of nobody.
    """
    return f"34040101{number:08d}"


def household(number: int, rng: np.random.Generator) -> list[object]:
    """Return one row.

    Parameters
    ----------
    number : int
        Of the household.
    rng : numpy.random.Generator
        What sizes and spending are drawn from.

    Returns
    -------
    list of object
        As `HEADER` has the columns.
    """
    size = int(rng.integers(1, 7))
    children = int(rng.integers(0, size))
    spending = float(np.round(np.exp(rng.normal(13.8, 0.6))))
    return [
        number,
        f"{NAMES[number % 6]} {number}",
        nik(number),
        f"Jl. Melati {number} RT 0{number % 9}",
        f"0812{number:08d}",
        f"0{number % 9 + 1}/05/19{60 + number % 40}",
        -7.8 - number / 1e5,
        110.3 + number / 1e5,
        f"warga{number}@example.org",
        f"lihat {nik(number)}",
        DISTRICTS[number % 5],
        1 + int(rng.random() < 0.3),
        size,
        children,
        size - children,
        0,
        spending,
        round(float(rng.uniform(200, 900)), 3),
        "ya" if rng.random() < 0.2 else "tidak",
    ]


def write_csv(
    path: Path, rows: Sequence[Sequence[object]], header: Sequence[object] = HEADER
) -> Path:
    """Write a list as offices here do: semicolons between the cells.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    rows : sequence of sequence of object
        Its rows.
    header : sequence of object
        Its headings.

    Returns
    -------
    pathlib.Path
        The file.
    """
    with path.open("w", encoding="utf-8", newline="", errors="surrogatepass") as stream:
        csv.writer(stream, delimiter=";").writerows([header, *rows])
    return path
