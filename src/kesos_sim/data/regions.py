"""Provinces and districts: codes, names, what belongs to what, and when.

Codes are BPS codes: two digits for a province, four for a district, 0 for Indonesia. The four
provinces carved out of Papua and Papua Barat count from 2024 on; before that year their
districts belong to the undivided provinces 94 and 91.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from kesos_sim.data.reading import read_table
from kesos_sim.errors import InputError, nearest

NATION: Final = 0
# Source: table poverty_province, rows 91-97: the first figures of the divided provinces.
FIRST_YEAR_DIVIDED: Final = 2024
_MPU: Final = -1
_KINDS: Final = {"kabupaten": "Kabupaten", "kota": "Kota"}

Region = str | int


@dataclass(frozen=True, slots=True)
class Province:
    """A province in the boundaries of 2024.

    Parameters
    ----------
    code : int
        BPS code, two digits.
    name : mapping of str to str
        Name in ``id`` and ``en``.
    mpu : bool
        Whether it belongs to Mitra Praja Utama.
    undivided : int
        Code of the province it was part of until 2023; its own code if nothing changed.
    """

    code: int
    name: Mapping[str, str]
    mpu: bool
    undivided: int


@dataclass(frozen=True, slots=True)
class District:
    """A kabupaten or kota.

    Parameters
    ----------
    code : int
        BPS code, four digits, as used since 2024.
    name : str
        Name without the word Kabupaten; a city has Kota in its name.
    kind : str
        ``kabupaten`` or ``kota``.
    province : int
        Province since 2024.
    undivided : int
        Province until 2023.
    code_until_2023 : int
        Code in older statistics.
    other_name : str
        Another name in use; empty if there is none.
    """

    code: int
    name: str
    kind: str
    province: int
    undivided: int
    code_until_2023: int
    other_name: str

    @property
    def full_name(self) -> str:
        """Name with Kabupaten or Kota."""
        kind = _KINDS[self.kind]
        return self.name if self.name.startswith(f"{kind} ") else f"{kind} {self.name}"


@cache
def provinces() -> Mapping[int, Province]:
    """Return the 38 provinces.

    Returns
    -------
    mapping of int to Province
        By code, ascending.
    """
    found = {
        row["bps_code"]: Province(
            row["bps_code"],
            MappingProxyType({"id": row["name_id"], "en": row["name_en"]}),
            bool(row["mpu"]),
            row["parent_code_34"],
        )
        for row in read_table("provinces").rows()
    }
    return MappingProxyType(found)


@cache
def districts() -> Mapping[int, District]:
    """Return the 514 districts.

    Returns
    -------
    mapping of int to District
        By code, ascending.
    """
    found = {
        row["bps_code"]: District(
            row["bps_code"],
            row["name"],
            row["kind"],
            row["province_code"],
            row["parent_code_34"],
            row["code_before_2023"],
            row["other_name"],
        )
        for row in read_table("districts").rows()
    }
    return MappingProxyType(found)


@cache
def mpu_provinces() -> tuple[int, ...]:
    """Return the codes of the ten provinces of Mitra Praja Utama.

    Returns
    -------
    tuple of int
        Ascending.
    """
    return tuple(province.code for province in provinces().values() if province.mpu)


def province_codes(year: int = FIRST_YEAR_DIVIDED) -> tuple[int, ...]:
    """Return the provinces that statistics of a year know.

    Parameters
    ----------
    year : int
        Calendar year.

    Returns
    -------
    tuple of int
        38 codes from 2024 on, 34 before, ascending.
    """
    if year >= FIRST_YEAR_DIVIDED:
        return tuple(provinces())
    return tuple(sorted({province.undivided for province in provinces().values()}))


def province_of(district: int, year: int = FIRST_YEAR_DIVIDED) -> int:
    """Return the province in which the statistics of a year count a district.

    Parameters
    ----------
    district : int
        Four-digit code.
    year : int
        Calendar year.

    Returns
    -------
    int
        Two-digit code.

    Raises
    ------
    InputError
        If there is no such district.

    Examples
    --------
    >>> province_of(3316)
    33
    """
    found = districts().get(district)
    if found is None:
        raise _unknown(district)
    return found.province if year >= FIRST_YEAR_DIVIDED else found.undivided


def districts_of(province: int, year: int = FIRST_YEAR_DIVIDED) -> tuple[int, ...]:
    """Return the districts that statistics of a year count in a province.

    Parameters
    ----------
    province : int
        Two-digit code of a province of that year.
    year : int
        Calendar year.

    Returns
    -------
    tuple of int
        Four-digit codes, ascending.

    Raises
    ------
    InputError
        If the year has no such province.

    Examples
    --------
    >>> districts_of(34)
    (3401, 3402, 3403, 3404, 3471)
    """
    if province not in province_codes(year):
        raise _unknown(province)
    return tuple(code for code in districts() if province_of(code, year) == province)


def region_name(region: Region, lang: str) -> str:
    """Return the name of a region.

    Parameters
    ----------
    region : str or int
        Code: ``00`` or 0 for Indonesia, two digits for a province, four for a district.
    lang : str
        ``id`` or ``en``; districts have one name.

    Returns
    -------
    str
        For instance ``Jawa Tengah`` or ``Kabupaten Blora``.

    Raises
    ------
    InputError
        If there is no such code.

    Examples
    --------
    >>> region_name(3316, "id"), region_name(33, "en")
    ('Kabupaten Blora', 'Central Java')
    """
    try:
        code = int(region)
    except ValueError:
        raise _unknown(region) from None
    if code == NATION:
        return "Indonesia"
    if code in provinces():
        return provinces()[code].name[lang]
    if code in districts():
        return districts()[code].full_name
    raise _unknown(region)


def expand_region(
    region: Region | Iterable[Region], year: int = FIRST_YEAR_DIVIDED
) -> tuple[int, ...]:
    """Return the districts that a region consists of.

    Parameters
    ----------
    region : str, int or iterable of those
        ``mpu``, ``indonesia``, a code (``33``, ``3316``) or a name (``Jawa Tengah``, ``Blora``,
        ``Kota Semarang``), or several of them.
    year : int
        Year whose provinces are meant; before 2024 code 94 is undivided Papua.

    Returns
    -------
    tuple of int
        Four-digit codes, ascending, each once.

    Raises
    ------
    InputError
        If a name or code is unknown, or a name belongs to a kabupaten and a kota.
    """
    parts = (region,) if isinstance(region, str | int) else tuple(region)
    if not parts:
        raise InputError("KS1110", "data.empty_region")
    found: set[int] = set()
    for part in parts:
        found.update(_expand(part, year))
    return tuple(sorted(found))


def codes_named(name: str) -> tuple[int, ...]:
    """Return the codes that a name stands for, without going down to districts.

    Parameters
    ----------
    name : str
        ``mpu``, ``indonesia``, or the name of a province or district.

    Returns
    -------
    tuple of int
        The ten provinces for ``mpu``, else one code.

    Raises
    ------
    InputError
        If the name is unknown or belongs to more than one district.

    Examples
    --------
    >>> codes_named("Blora")
    (3316,)
    """
    code = _code_of_name(name)
    return mpu_provinces() if code == _MPU else (code,)


def _expand(part: Region, year: int) -> tuple[int, ...]:
    """Return the districts of one code or name."""
    if isinstance(part, bool) or not isinstance(part, str | int):
        raise _unknown(part)
    text = str(part).strip()
    if text.isascii() and text.isdigit():
        code = int(text)
    else:
        code = _code_of_name(text)
        if code in districts():
            return (code,)
        if code == _MPU:
            return tuple(d for p in mpu_provinces() for d in districts_of(p))
    if code == NATION:
        return tuple(districts())
    if code in districts():
        return (code,)
    if code in province_codes(year):
        return districts_of(code, year)
    raise _unknown(part)


def _plain(name: str) -> str:
    """Reduce a name to what matters: lower case, letters only, the kinds of district in full."""
    lower = name.casefold().strip()
    lower = re.sub(r"^(provinsi|province of)\s+", "", lower)
    lower = re.sub(r"^kab(\.|upaten)?\s+", "kabupaten ", lower)
    return re.sub(r"[^a-z]", "", lower)


@cache
def _names() -> Mapping[str, tuple[int, ...]]:
    """Return which codes a reduced name may mean."""
    names: dict[str, tuple[int, ...]] = {
        "indonesia": (NATION,),
        "nasional": (NATION,),
        "national": (NATION,),
        "mpu": (_MPU,),
        "mitraprajautama": (_MPU,),
    }
    for province in provinces().values():
        for name in province.name.values():
            names[_plain(name)] = (province.code,)
    shared: dict[str, list[int]] = {}
    for district in districts().values():
        for name in filter(None, (district.name, district.other_name, district.full_name)):
            names.setdefault(_plain(name), (district.code,))
            bare = _plain(re.sub(r"^(Kota|Kabupaten) ", "", name))
            if district.code not in shared.setdefault(bare, []):
                shared[bare].append(district.code)
    for bare, codes in shared.items():
        if bare not in names or names[bare][0] in codes:
            names[bare] = tuple(codes)
    return MappingProxyType(names)


def _code_of_name(name: str) -> int:
    """Return the one code that a name means."""
    codes = _names().get(_plain(name), ())
    if not codes:
        raise _unknown(name)
    if len(codes) > 1:
        raise InputError(
            "KS1109",
            "data.shared_region",
            got=name,
            expected=", ".join(f"{districts()[code].full_name} ({code})" for code in codes),
        )
    return codes[0]


def _unknown(region: object) -> InputError:
    """Say that there is no such region, with the nearest name."""
    valid = ["mpu", "indonesia"]
    valid += [name for province in provinces().values() for name in province.name.values()]
    valid += [district.name for district in districts().values()]
    valid += [district.full_name for district in districts().values()]
    return InputError(
        "KS1108", "data.unknown_region", got=region, suggestion=nearest(region, valid)
    )
