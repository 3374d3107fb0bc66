"""Ways to damage bytes, texts and values, drawn from a numbered generator."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, Final

__all__ = ["NASTY", "STRANGE_TEXTS", "bent", "damaged", "strange", "strange_text"]

NASTY: Final = [
    b"\xff\xfe", b"\xef\xbb\xbf", b"\x00", b"\r", b"\x85", b"\xe2\x80\xa8", b"---\n", b"...\n",
    b"%YAML 9.9\n", b"!!", b"!<", b"&a ", b"*a", b"<<: ", b"? ", b": ", b"- ", b"[", b"]", b"{",
    b"}", b"\t", b"|", b">", b"'", b'"', b"#", b"@", b"`", b"%", b"~", b"null", b"1e400",
    b"99999999999999999999", b"0o7", b"0x1F", b"1:30", b"-0.0", b".inf", b"\\x41", b"{}", b"[]",
]  # fmt: skip
"""Bytes that mean something to a parser."""

STRANGE_TEXTS: Final = [
    "", " ", "\t", "\n", "\r\n", "\x00", "\x1b[31m", "\u202e", "\u200b", "\ud800", "\ufeff", "é",
    "İ", "\uff11\uff12", "\U0001d7d9", "\ufdfa", "NaN", "inf", "-Infinity", "1e400", "-1", "0",
    "1_000", "1.000,5", "1,5", "7%", "true", "ya", "null", "None", "=1+1", "+1", "@x", "-", "'",
    '"', ";", ",", "<script>", "{x}", "{0}", "%s", "../../etc/passwd", "2024-13", "2024-02-30",
    "3404010101900001", "08123456789", "a@b.id", "a" * 70_000, "9" * 5_000, "[" * 3_000, "{" * 200,
]  # fmt: skip
"""Texts that mean something to somebody."""

_NUMBERS: Final = [
    0, -0.0, 1, -1, 2, 0.5, 1.5, 7, 33, 3404, 2**31, 2**53 + 1, 2**63, -(2**63), 10**400, 1e308,
    5e-324, float("nan"), float("inf"), float("-inf"),
]  # fmt: skip
_DEEP: Final = 3_000
_LEVELS: Final = 3


def damaged(raw: bytes, draw: Random) -> bytes:
    """Put one to four wrong places into some bytes.

    Parameters
    ----------
    raw : bytes
        What is right.
    draw : random.Random
        The generator of the case.

    Returns
    -------
    bytes
    """
    wrong = bytearray(raw)
    for _ in range(draw.randint(1, 4)):
        start = draw.randint(0, len(wrong))
        end = draw.randint(start, min(len(wrong), start + 30))
        match draw.randrange(4):
            case 0:
                wrong[start:end] = draw.randbytes(draw.randint(0, 8))
            case 1:
                wrong[start:end] = draw.choice(NASTY)
            case 2:
                wrong[start:end] = wrong[start:end] * draw.choice((2, 3, 50))
            case _:
                other = draw.randint(0, len(wrong))
                wrong[start:end] = wrong[other : other + end - start]
    if draw.random() < 0.05:
        del wrong[draw.randint(0, len(wrong)) :]
    return bytes(wrong)


def strange_text(draw: Random) -> str:
    """Return a text that nobody expects.

    Parameters
    ----------
    draw : random.Random
        The generator of the case.

    Returns
    -------
    str
        It may hold a surrogate without its partner.
    """
    if draw.random() < 0.7:
        return draw.choice(STRANGE_TEXTS)
    return "".join(chr(draw.randrange(0x250)) for _ in range(draw.randint(1, 12)))


def strange(draw: Random, levels: int = _LEVELS) -> Any:
    """Return a value as JSON can bring it, of any kind.

    Parameters
    ----------
    draw : random.Random
        The generator of the case.
    levels : int
        Most levels of lists and mappings; with any, few values have thousands of them.

    Returns
    -------
    object
        None, a logical value, number, text, list or mapping.
    """
    made: list[Callable[[], Any]] = [
        lambda: draw.choice((None, True, False)),
        lambda: draw.choice(_NUMBERS),
        lambda: draw.choice(_NUMBERS),
        lambda: strange_text(draw),
        lambda: strange_text(draw),
        lambda: draw.uniform(-1e6, 1e6),
        lambda: _deep() if draw.random() < 0.02 else _list(draw, levels),
        lambda: dict(zip(_list(draw, 0, strange_text), _list(draw, levels), strict=False)),
    ]
    return made[draw.randrange(8 if levels else 6)]()


def bent(value: Any, draw: Random, share: float = 0.15) -> Any:
    """Return a value of which some parts are strange, gone, or there twice.

    Parameters
    ----------
    value : object
        Lists, mappings and plain values.
    draw : random.Random
        The generator of the case.
    share : float
        Share of the parts that become strange.

    Returns
    -------
    object
    """
    if draw.random() < share:
        return strange(draw)
    if isinstance(value, dict):
        kept = {
            (strange_text(draw) if draw.random() < share / 4 else key): bent(part, draw, share)
            for key, part in value.items()
            if draw.random() > share / 4
        }
        return kept | ({strange_text(draw): strange(draw)} if draw.random() < share / 4 else {})
    if isinstance(value, list):
        kept_parts = [bent(part, draw, share) for part in value if draw.random() > share / 4]
        return kept_parts * draw.choice((1, 1, 1, 1, 1, 2, 40)) if kept_parts else kept_parts
    return value


def _list(draw: Random, levels: int, make: Callable[[Random], Any] | None = None) -> list[Any]:
    """Return up to four values, one level down if they are lists themselves."""
    return [make(draw) if make else strange(draw, levels - 1) for _ in range(draw.randint(0, 4))]


def _deep() -> list[Any]:
    """Return lists in lists, deeper than any recursion goes."""
    whole: list[Any] = []
    for _ in range(_DEEP):
        whole = [whole]
    return whole
