"""Choosing regions by typing a part of a name or code."""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from html import escape
from typing import Any, Final

import ipywidgets as widgets  # type: ignore[import-untyped]
import traitlets

from kesos_sim import i18n
from kesos_sim.data.regions import districts, provinces, region_name
from kesos_sim.scenario.places import NAMED
from kesos_sim.workbench.look import own_keys, style

__all__ = ["RegionPicker", "matches", "named"]

_SHOWN: Final = 12
_NEAR: Final = 0.6
_PROVINCE_DIGITS: Final = 2
_WIDE: Final = widgets.Layout(width="auto")
_LATE_SECONDS: Final = 1.0
"""How long after Enter the rest of a text may come: while a kernel is busy, pages hold it back."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A region that can be chosen.

    Attributes
    ----------
    code : its code, ``mpu`` or ``indonesia``
    words : its name with province and code
    names : what it is found by, reduced to lower-case letters
    """

    code: str
    words: str
    names: tuple[str, ...]


@cache
def _places(lang: str) -> tuple[_Place, ...]:
    """Return every region: the named groups, provinces by name, districts by name."""
    found = [
        _Place(name, i18n.text(f"planner.region_{name}", lang), (name, *_all_names(name)))
        for name in NAMED
    ]
    by_name = sorted(provinces().values(), key=lambda province: province.name[lang])
    for province in by_name:
        words = _worded("province", lang, name=province.name[lang], code=province.code)
        names = tuple(dict.fromkeys(_plain(name) for name in province.name.values()))
        found.append(_Place(str(province.code), words, names))
    for district in sorted(districts().values(), key=lambda one: (one.name, one.code)):
        words = _worded(
            "district",
            lang,
            name=district.full_name,
            province=provinces()[district.province].name[lang],
            code=district.code,
        )
        known = (district.name, district.full_name, district.other_name)
        names = tuple(dict.fromkeys(_plain(name) for name in known if name))
        found.append(_Place(str(district.code), words, names))
    return tuple(found)


def _all_names(group: str) -> tuple[str, ...]:
    """Return what a named group is found by in either language."""
    words = (i18n.text(f"planner.region_{group}", lang) for lang in i18n.LANGUAGES)
    return tuple(dict.fromkeys(map(_plain, words)))


def _worded(kind: str, lang: str, **fields: object) -> str:
    return i18n.text(f"planner.region_{kind}", lang, **fields)


def _plain(name: str) -> str:
    """Reduce a name to lower-case letters and single spaces."""
    return " ".join(re.findall(r"[a-z0-9]+", name.casefold()))


def matches(text: str, lang: str, most: int = _SHOWN) -> list[tuple[str, str]]:
    """Find regions by a part of a name or the beginning of a code.

    Parameters
    ----------
    text : str
        What was typed; nothing finds the groups and the provinces.
    lang : str
        ``id`` or ``en``.
    most : int
        Most regions to return.

    Returns
    -------
    list of (str, str)
        Words and code, the best first: whole names, beginnings, parts; names that only look alike
        where nothing else is found.
    """
    wanted = _plain(text)
    places = _places(lang)
    if not wanted:
        return [(one.words, one.code) for one in places if len(one.code) != len("3316")][:most]
    ranked = [(rank, place) for place in places if (rank := _rank(wanted, place)) is not None]
    if not ranked:
        alike = [(_likeness(wanted, place), place) for place in places]
        ranked = [(1.0 - share, place) for share, place in alike if share >= _NEAR]
    ranked.sort(key=lambda one: one[0])
    return [(place.words, place.code) for _, place in ranked[:most]]


def _rank(wanted: str, place: _Place) -> float | None:
    """Return how well a region fits what was typed, 0 the best; None where it does not."""
    if place.code == wanted or wanted in place.names:
        return 0.0
    if place.code.startswith(wanted):
        return 1.0
    if any(name.startswith(wanted) for name in place.names):
        return 2.0
    if any(f" {wanted}" in name for name in place.names):
        return 3.0
    compact = wanted.replace(" ", "")
    if any(compact in name.replace(" ", "") for name in place.names):
        return 4.0
    return None


def _likeness(wanted: str, place: _Place) -> float:
    """Return how much a name of a region, or one of its words, looks like what was typed."""
    sound = _spelt_anew(wanted)
    words = {*place.names, *(word for name in place.names for word in name.split())}
    known = {_spelt_anew(word) for word in words}
    beginnings = {word[: len(sound) + 1] for word in known} | {word[: len(sound)] for word in known}
    return max(SequenceMatcher(None, sound, word).ratio() for word in known | beginnings)


def _spelt_anew(name: str) -> str:
    """Write old and new spelling alike: Soerabaja and Surabaya, Djogja and Yogya."""
    for old, new in (("oe", "u"), ("dj", "j"), ("tj", "c"), ("j", "y")):
        name = name.replace(old, new)
    return name


def named(value: str, lang: str) -> str:
    """Return the names of chosen regions.

    Parameters
    ----------
    value : str
        ``mpu``, ``indonesia``, a code or several with commas between them.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Names with commas between them.
    """
    if value in NAMED:
        return i18n.text(f"planner.region_{value}", lang)
    return ", ".join(region_name(code, lang) for code in _codes(value))


def _codes(value: str) -> list[str]:
    return [code.strip() for code in value.split(",") if code.strip()]


class RegionPicker(traitlets.HasTraits):
    """Pick the nation, Mitra Praja Utama, a province or one of the 514 districts by typing.

    Type a part of a name or code, then press Enter for the first match or choose from the list.
    With the box for several regions, each choice is added to the earlier ones.

    Parameters
    ----------
    value : str
        Region at the start: ``mpu``, ``indonesia``, a code, or several with commas between them.
    bahasa : {"id", "en"}
        Language of names and words.

    Attributes
    ----------
    value : str
        What is chosen, in the same form; `load_scenario` takes it as ``region``. Observe it as
        usual: ``picker.observe(function, "value")``.
    typed : ipywidgets.Text
        The search.
    found : ipywidgets.Select
        What it finds.
    several : ipywidgets.Checkbox
        Whether choices are added to each other.
    view : ipywidgets.Box
        Everything together.

    Examples
    --------
    >>> picker = RegionPicker("33", bahasa="en")
    >>> picker.typed.value = "blora"
    >>> [words for words, code in picker.found.options]
    ['✓ Central Java', 'Kabupaten Blora, Central Java (3316)']
    >>> picker.found.value = "3316"
    >>> picker.value
    '3316'
    """

    value = traitlets.Unicode("mpu")

    def __init__(self, value: str = "mpu", bahasa: str = "id") -> None:
        super().__init__(value=value)
        self.lang = bahasa
        self.typed = widgets.Text(layout=_WIDE)
        self.found = widgets.Select(rows=5, layout=_WIDE)
        self.several = widgets.Checkbox(value="," in value, indent=False, layout=_WIDE)
        self.chosen = widgets.HTML()
        self.view = widgets.VBox(
            [style("planner.css"), own_keys(), self.typed, self.found, self.several, self.chosen]
        )
        for name in ("kesos", "kesos-form", "kesos-region"):
            self.view.add_class(name)
        self._listing = False
        self._matches: list[tuple[str, str]] = []
        # What Enter found: the text so far, what was chosen, and when.
        self._entry = ("", value, -math.inf)
        self.speak(bahasa)
        self.typed.observe(lambda _: self._read(), "value")
        self.typed.on_msg(self._entered)
        self.found.observe(lambda change: self._choose(change["new"]), "value")
        self.observe(lambda _: self._say(), "value")

    @traitlets.validate("value")
    def _known(self, proposal: dict[str, Any]) -> str:
        """Take only regions that exist, in one form."""
        codes = _codes(proposal["value"])
        known = {place.code for place in _places("id")}
        wrong = [code for code in codes if code not in known]
        alone = len(codes) > 1 and any(code in NAMED for code in codes)
        if not codes or wrong or alone or len(set(codes)) != len(codes):
            got = wrong[0] if wrong else proposal["value"]
            raise traitlets.TraitError(i18n.text("planner.no_region", self._spoken(), got=got))
        return ",".join(codes)

    def _spoken(self) -> str:
        return str(getattr(self, "lang", i18n.default_language()))

    def speak(self, lang: str) -> None:
        """Change the language.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.
        """
        self.lang = lang
        self.typed.description = i18n.text("planner.region_search", lang)
        self.typed.placeholder = i18n.text("planner.region_example", lang)
        self.found.description = i18n.text("planner.region_found", lang)
        self.several.description = i18n.text("planner.region_several", lang)
        self._list()
        self._say()

    def _list(self) -> None:
        """List what is chosen and what the search finds; listing chooses nothing."""
        self._matches = [
            (words, code)
            for words, code in matches(self.typed.value, self.lang)
            if code != self.value
        ]
        self._listing = True
        self.found.options = [(f"✓ {named(self.value, self.lang)}", self.value), *self._matches]
        self.found.value = self.value
        self._listing = False
        self._say()

    def _read(self) -> None:
        """List what the search finds; the rest of a text that follows its Enter counts too."""
        self._list()
        text, value, when = self._entry
        if time.monotonic() - when < _LATE_SECONDS and self.typed.value.startswith(text):
            self.value = value
            self._list()
            self._take()

    def _entered(self, _: object, content: dict[str, Any], __: object) -> None:
        """Choose the best match when Enter is pressed in the search."""
        if content.get("event") == "submit":
            self._entry = (self.typed.value, self.value, time.monotonic())
            self._take()

    def _take(self) -> None:
        """Choose the best match of what is typed."""
        if self.typed.value.strip() and self._matches:
            self._choose(self._matches[0][1])
            self._list()

    def _choose(self, code: str) -> None:
        """Take a choice from the list."""
        if self._listing or code == self.value:
            return
        if self.several.value and code not in NAMED and self.value not in NAMED:
            chosen = _codes(self.value)
            self.value = ",".join([*chosen, code] if code not in chosen else chosen)
        else:
            self.value = code

    def _say(self) -> None:
        """Say what is chosen, and when nothing is found."""
        found = self._matches or matches(self.typed.value, self.lang, 1)
        none = "" if found else i18n.text("planner.region_none", self.lang)
        words = i18n.text("planner.region_chosen", self.lang, names=named(self.value, self.lang))
        said = f'<p class="quiet" role="status" lang="{self.lang}">{escape(words)}</p>'
        if none:
            said = f'<p class="error" role="alert" lang="{self.lang}">⚠ {escape(none)}</p>{said}'
        self.chosen.value = said

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Show the picker in a notebook."""
        return self.view._repr_mimebundle_(**options)
