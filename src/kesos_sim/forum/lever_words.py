"""Settings of the levers in words: the same on phones, on the wall, on cards and in documents."""

from __future__ import annotations

from typing import Final

from kesos_sim import i18n
from kesos_sim.forum.session import FORUM_LEVERS
from kesos_sim.i18n import numbers
from kesos_sim.scenario.levers import LEVERS

__all__ = ["setting_texts", "setting_words"]

_DOMAIN: Final = "forum_page."
_MOST_DECIMALS: Final = 2
_NOTHING: Final = 1e-9


def setting_words(name: str, value: float | None, lang: str) -> str:
    """Write a setting of a lever; ``setting.js`` writes the same on the pages.

    Parameters
    ----------
    name : str
        A lever of the nine points.
    value : float or None
        The setting in the unit of the lever; None is what each government does today.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        As it stands inside a sentence, for instance ``10%``, ``4 kali setahun`` or ``Perda``.

    Examples
    --------
    >>> setting_words("bkkks_standing", 3.0, "id")
    'Perda'
    >>> setting_words("apbd_poverty_share", 0.075, "id")
    '7,5%'
    """
    if value is None:
        return i18n.text(f"{_DOMAIN}lever_as_now", lang)
    kind = LEVERS[name].kind
    if kind in ("step", "switch"):
        return i18n.text(f"{_DOMAIN}step_{name}_{round(value)}", lang)
    if kind == "count":
        key = "lever_times_one" if value == 1 else "lever_times"
        return i18n.text(f"{_DOMAIN}{key}", lang, count=numbers.number(value, lang))
    if kind == "amount":
        return i18n.text(f"{_DOMAIN}lever_campaign", lang, money=numbers.rupiah(value, lang))
    percent = 100.0 * value
    tight = (at for at in range(_MOST_DECIMALS) if abs(round(percent, at) - percent) < _NOTHING)
    return numbers.percent(percent, lang, next(tight, _MOST_DECIMALS))


def setting_texts(lang: str) -> dict[str, str]:
    """Return the texts with which a page writes settings.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    dict of str to str
        By key, with open placeholders.
    """
    steps = tuple(f"{_DOMAIN}step_{name}_" for name in FORUM_LEVERS)
    known = i18n.keys()
    keys = [key for key in known if key.startswith(steps)]
    keys += [f"{_DOMAIN}{one}" for one in ("lever_times", "lever_times_one", "lever_campaign")]
    return {key.removeprefix(_DOMAIN): i18n.template(key, lang) for key in keys}
