"""Regions in a scenario file: ``mpu``, ``indonesia``, or BPS codes of provinces and districts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kesos_sim.data.regions import districts, expand_region, provinces
from kesos_sim.errors import InputError
from kesos_sim.scenario.kinds import Places, Schema, wrong_type
from kesos_sim.scenario.nodes import Node, Place

Region = str | tuple[int, ...]

NATION: Final = "indonesia"
NAMED: Final = ("mpu", NATION)
_MOST: Final = 600


@dataclass(frozen=True, slots=True)
class RegionKind:
    """A named group of regions, a code, or a list of codes.

    Attributes
    ----------
    only_districts : bool
        Accept only codes of four digits.
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
            if node.value in NAMED and not self.only_districts:
                return str(node.value)
            code = self._code(node)
            return (code,) if code else NATION
        if not node.items:
            raise node.place.error("KS1231", "scenario.empty_region")
        if len(node.items) > _MOST:
            raise node.place.error("KS1226", "scenario.too_many", got=len(node.items), most=_MOST)
        found: dict[int, Node] = {}
        for item in node.items:
            code = self._code(item)
            if code in found or code == 0:
                raise item.place.error("KS1232", "scenario.region_twice", got=item.shown)
            found[code] = item
        for code, item in found.items():
            if code in districts() and districts()[code].province in found:
                raise item.place.error("KS1232", "scenario.region_twice", got=item.shown)
        return tuple(sorted(found))

    def _code(self, node: Node) -> int:
        """Return one BPS code; 0 is the nation."""
        value = node.value
        if isinstance(value, str) and value.isascii() and value.isdigit():
            value = int(value[:9])
        if isinstance(value, int) and not isinstance(value, bool):
            wide = not self.only_districts and (value == 0 or value in provinces())
            if wide or value in districts():
                return value
        raise self._unknown(node)

    def _unknown(self, node: Node) -> InputError:
        """Say that there is no such region, with the code of the nearest name."""
        near: str | None = None
        if isinstance(node.value, str) and node.value not in NAMED:
            try:
                near = region_words(canonical(expand_region(node.value)))
            except InputError as error:
                near = error.suggestion or (str(error.expected) if error.expected else None)
        elif isinstance(node.value, int) and not isinstance(node.value, bool):
            near = _near_code(node.value, self.only_districts)
        if self.only_districts:
            return node.place.error(
                "KS1279", "scenario.unknown_district", got=node.shown, suggestion=near
            )
        return node.place.error(
            "KS1230", "scenario.unknown_region", got=node.shown, suggestion=near
        )

    def schema(self) -> Schema:
        """Return the JSON Schema of the value."""
        return {"$ref": "#/$defs/district" if self.only_districts else "#/$defs/region"}


def definitions() -> Schema:
    """Return the parts of the JSON Schema that hold the codes.

    Returns
    -------
    dict
        ``region`` and ``district``, for ``$defs``.
    """
    codes: Schema = {"enum": [*provinces(), *districts()]}
    only_districts: Schema = {"enum": [*districts()]}
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


def _near_code(code: int, only_districts: bool) -> str | None:
    """Return the numerically nearest code of the same length."""
    digits = len(str(abs(code)))
    pool = [*districts()] if only_districts else [*provinces(), *districts()]
    same = [known for known in pool if len(str(known)) == digits]
    same = [known for known in same if str(known)[:2] == str(code)[:2]] or same
    return str(min(same, key=lambda known: abs(known - code))) if same else None
