"""Who has more and who has less with the agreed package: figures of a draft, and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers

if TYPE_CHECKING:
    from kesos_sim.forum.figures import Answers, Band

__all__ = ["gain_bands", "gain_sentences", "gains_of"]

_FLOWS: Final = (
    "people_gaining", "people_losing", "people_gaining_much", "people_losing_much",
)  # fmt: skip
"""As `kesos_sim.emulator.question` names them, which is too much for an attendee's kernel."""
_GAINING, _LOSING, _MUCH_MORE, _MUCH_LESS = _FLOWS
_TENTHS: Final = tuple(range(1, 11))
_NOBODY: Final = 0.5
"""Percent of people that is written as 0."""
_HARDLY: Final = 100.0
"""Rupiah per person and month below which a decile counts as unchanged, as on phones."""


def gains_of(surface: Answers, levers: Mapping[str, float]) -> dict[str, Any]:
    """Return who has more and who has less with a package in the headline year.

    Parameters
    ----------
    surface : Surface
        The fitted surface.
    levers : mapping of str to float
        The package.

    Returns
    -------
    dict
        ``people``: by flow, percent of people, and ``deciles``: by number, the change of spending
        in rupiah per person and month; of each the low, middle and high figure as drawn
        (``change``) and if coordination had no effect (``idle``). Empty where the surface refuses
        the package or does not answer it.
    """
    strong = surface.answer(levers)
    if not strong["inside"] or not set(_FLOWS) <= set(strong["outcomes"]):
        return {}
    weak = surface.answer(levers, effect=False)["outcomes"]

    def both(name: str, band: str) -> dict[str, list[float]]:
        found = {"change": strong["outcomes"], "idle": weak}
        return {key: [float(f"{one:.6g}") for one in of[name][band][-1]]
                for key, of in found.items()}  # fmt: skip

    return {
        "people": {name: both(name, "package") for name in _FLOWS},
        "deciles": {str(tenth): both(f"decile_mean_{tenth}", "change") for tenth in _TENTHS},
    }


def gain_sentences(gains: Mapping[str, Any], lang: str) -> tuple[str, ...]:
    """Write who has more and who has less.

    Parameters
    ----------
    gains : mapping
        As `gains_of` found them.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str
        All people, then the deciles that change, each with range and the case without effect of
        coordination; none where there are no figures.
    """
    if not gains:
        return ()
    people = gains["people"]
    ends = _ends(gains["deciles"], lang)
    if all(band[-1] < _NOBODY for flow in people.values() for band in flow.values()):
        return (_say("gain_nobody", lang), *ends)
    fields = {
        key: _share(people[name][case], lang)
        for case, names in (("change", ("more", "less")), ("idle", ("idle_more", "idle_less")))
        for key, name in zip(names, (_GAINING, _LOSING), strict=True)
    }
    # Fits of their own: a part of few may come out larger than all of them.
    much = {
        key: numbers.number(min(_middle(people[part]), _middle(people[whole])), lang)
        for key, part, whole in (
            ("much_more", _MUCH_MORE, _GAINING), ("much_less", _MUCH_LESS, _LOSING),
        )
    }  # fmt: skip
    return (_say("gain_people", lang, **fields, **much), *ends)


def gain_bands(bands: Mapping[str, Band], lang: str) -> tuple[str, str, str, str]:
    """Write the change of spending of one decile.

    Parameters
    ----------
    bands : mapping
        ``change`` and ``idle`` of one decile, as `gains_of` found them.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str
        Change and range, then both if coordination had no effect; rupiah per person and month.
    """
    return (
        _rupiah(bands["change"][1], lang), _spread(bands["change"], lang),
        _rupiah(bands["idle"][1], lang), _spread(bands["idle"], lang),
    )  # fmt: skip


def _ends(deciles: Mapping[str, Mapping[str, Band]], lang: str) -> Iterator[str]:
    """Yield the decile that gains most and the one that loses most, where there are any."""
    ordered = sorted(deciles, key=lambda tenth: (deciles[tenth]["change"][1], int(tenth)))
    for key, tenth, sign in (("gain_most", ordered[-1], 1.0), ("loss_most", ordered[0], -1.0)):
        bands = deciles[tenth]
        if sign * bands["change"][1] < _HARDLY:
            continue
        names = ("money", "range", "idle", "idle_range")
        fields = zip(names, gain_bands(bands, lang), strict=True)
        yield _say(key, lang, decile=tenth, **dict(fields))


def _share(band: Sequence[float], lang: str) -> str:
    """Write people of a hundred with their range."""
    low, _, high = (max(0.0, one) for one in band)
    return _say("gain_share", lang, count=numbers.number(_middle({"change": band}), lang),
                range=numbers.interval(low, high, lang, "number", 0))  # fmt: skip


def _middle(flow: Mapping[str, Sequence[float]]) -> int:
    return max(0, round(flow["change"][1]))


def _rupiah(value: float, lang: str) -> str:
    return numbers.rupiah(value, lang, digits=2, signed=True, even=True)


def _spread(band: Sequence[float], lang: str) -> str:
    return numbers.interval(band[0], band[2], lang, "rupiah", even=True)


def _say(key: str, lang: str, **fields: object) -> str:
    return i18n.text(f"agreement.{key}", lang, **fields)
