"""Regions in a scenario file: ``mpu``, ``indonesia``, names or BPS codes.

Names count in any spelling of capitals; a scenario keeps the codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kesos_sim.data.regions import (
    codes_named,
    districts,
    districts_of,
    expand_region,
    mpu_provinces,
    provinces,
)
from kesos_sim.errors import InputError
from kesos_sim.scenario.kinds import Places, Schema, wrong_type
from kesos_sim.scenario.nodes import Node, Place

Region = str | tuple[int, ...]

NATION: Final = "indonesia"
NAMED: Final = ("mpu", NATION)
_MOST: Final = 600


@dataclass(frozen=True, slots=True)
class RegionKind:
    """A named group of regions, a name or code, or a list of those.

    Attributes
    ----------
    only_districts : bool
        Accept only districts.
    """

    only_districts: bool = False

    def check(self, node: Node, places: Places) -> Region:
        """Return ``mpu``, ``indonesia`` or the sorted codes.

        Parameters
        ----------
        node : Node
            What was read.
        places : dict of str to Place
            Filled with the place of the value.

        Returns
        -------
        str or tuple of int
            The region in one form, however it was written.
        """
        places[node.place.field] = node.place
        if node.value is None:
            raise wrong_type(node, "text", "3316" if self.only_districts else "mpu, 33, [3316]")
        if node.items is None:
            codes = self._codes(node)
            named = {mpu_provinces(): NAMED[0], (0,): NATION}
            return named.get(codes, codes)
        if not node.items:
            raise node.place.error("KS1231", "scenario.empty_region")
        if len(node.items) > _MOST:
            raise node.place.error("KS1226", "scenario.too_many", got=len(node.items), most=_MOST)
        found: dict[int, Node] = {}
        for item in node.items:
            code, *more = self._codes(item)
            if more or code in found or code == 0:
                raise item.place.error("KS1232", "scenario.region_twice", got=item.shown)
            found[code] = item
        for code, item in found.items():
            if code in districts() and districts()[code].province in found:
                raise item.place.error("KS1232", "scenario.region_twice", got=item.shown)
        return tuple(sorted(found))

    def _codes(self, node: Node) -> tuple[int, ...]:
        """Return the BPS code of one region, or those of a group; 0 is the nation."""
        value = node.value
        if isinstance(value, str):
            text = value.strip()
            if not (text.isascii() and text.isdigit()):
                return self._named(node, text)
            value = int(text[:9])
        if isinstance(value, int) and not isinstance(value, bool):
            if self._fits(value):
                return (value,)
            raise self._no_code(node, value)
        raise self._unknown(node)

    def _fits(self, code: int) -> bool:
        """Return whether a code may stand here."""
        wide = not self.only_districts and (code == 0 or code in provinces())
        return wide or code in districts()

    def _named(self, node: Node, name: str) -> tuple[int, ...]:
        """Return the codes of a name, or say which name is near or which districts share it."""
        try:
            codes = codes_named(name)
        except InputError as error:
            if error.expected is not None:
                raise node.place.error(
                    "KS1235", "scenario.shared_region", got=name, expected=error.expected
                ) from None
            near = error.suggestion
            fits = near is not None and all(map(self._fits, codes_named(near)))
            raise self._unknown(node, near if fits else None) from None
        if not all(map(self._fits, codes)):
            raise self._unknown(node)
        return codes

    def _no_code(self, node: Node, code: int) -> InputError:
        """Say that there is no such code, and which codes its province has."""
        province = code // 100 if len(str(code)) == len("3316") else 0
        if province not in provinces():
            return self._unknown(node)
        return node.place.error(
            "KS1234",
            "scenario.no_such_district",
            got=node.shown,
            province=f"{province}",
            codes=_runs(districts_of(province)),
        )

    def _unknown(self, node: Node, near: str | None = None) -> InputError:
        """Say that there is no such region, with the nearest name."""
        code, key = "KS1230", "scenario.unknown_region"
        if self.only_districts:
            code, key = "KS1279", "scenario.unknown_district"
        return node.place.error(code, key, got=node.shown, suggestion=near)

    def schema(self) -> Schema:
        """Return the JSON Schema of the value."""
        return {"$ref": "#/$defs/district" if self.only_districts else "#/$defs/region"}


def definitions() -> Schema:
    """Return the parts of the JSON Schema that hold the codes.

    Returns
    -------
    dict
        ``region`` and ``district``, for ``$defs``; names as the tables spell them.
    """
    of_provinces = [name for province in provinces().values() for name in province.name.values()]
    of_districts = [name for code in districts() for name in _names_of(code)]
    codes: Schema = {
        "enum": [*provinces(), *districts(), *dict.fromkeys((*of_provinces, *of_districts))]
    }
    only_districts: Schema = {"enum": [*districts(), *of_districts]}
    return {
        "code": codes,
        "district_code": only_districts,
        "region": {"anyOf": [{"enum": list(NAMED)}, *_one_or_many("#/$defs/code")]},
        "district": {"anyOf": _one_or_many("#/$defs/district_code")},
    }


def _one_or_many(code: str) -> list[Schema]:
    many: Schema = {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"$ref": code}}
    return [{"$ref": code}, many]


def expand(region: Region, year: int, place: Place) -> tuple[int, ...]:
    """Return the districts of a checked region in the boundaries of a year.

    Parameters
    ----------
    region : str or tuple of int
        As `RegionKind` returns it.
    year : int
        Calendar year.
    place : Place
        Where the region stands, for the message.

    Returns
    -------
    tuple of int
        Four-digit codes, ascending.

    Raises
    ------
    InputError
        If a province did not exist in that year.
    """
    try:
        return expand_region(region, year)
    except InputError as error:
        raise place.error(
            "KS1233", "scenario.no_such_province_yet", got=error.got, year=year
        ) from None


def canonical(codes: Iterable[int]) -> Region:
    """Return the shortest way to write a set of districts.

    Parameters
    ----------
    codes : iterable of int
        Four-digit codes.

    Returns
    -------
    str or tuple of int
        A named group, a province, or the codes themselves.

    Examples
    --------
    >>> canonical([3316, 3401])
    (3316, 3401)
    """
    wanted = tuple(sorted(codes))
    for name in NAMED:
        if wanted == expand_region(name):
            return name
    for province in provinces():
        if wanted == expand_region(province):
            return (province,)
    return wanted


def region_words(region: Region) -> str:
    """Return a region as a scenario file has it.

    Parameters
    ----------
    region : str or tuple of int
        As `RegionKind` returns it.

    Returns
    -------
    str
        For instance ``mpu`` or ``33, 3571``.
    """
    return region if isinstance(region, str) else ", ".join(str(code) for code in region)


def as_document(region: Region) -> str | list[int]:
    """Return a region as JSON and YAML have it.

    Parameters
    ----------
    region : str or tuple of int
        As `RegionKind` returns it.

    Returns
    -------
    str or list of int
        The same region.
    """
    return region if isinstance(region, str) else list(region)


def _names_of(code: int) -> Iterator[str]:
    """Yield the names under which a district, and nothing else, is found."""
    district = districts()[code]
    for name in dict.fromkeys((district.name, district.full_name)):
        try:
            if codes_named(name) == (code,):
                yield name
        except InputError:
            continue


def _runs(codes: Iterable[int]) -> str:
    """Write ascending codes with a dash for those that follow each other."""
    runs: list[list[int]] = []
    for code in codes:
        if runs and code == runs[-1][-1] + 1:
            runs[-1].append(code)
        else:
            runs.append([code])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
