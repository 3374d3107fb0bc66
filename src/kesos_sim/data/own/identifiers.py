"""What would tell who somebody is: found by heading and by content, never repeated."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final

__all__ = ["identifying", "sensitive"]

_NIK: Final = re.compile(r"(?<!\d)\d{16}(?!\d)")
_PHONE: Final = re.compile(r"(?:\+62|(?<!\d)0)8\d{7,11}(?!\d)")
_BARE_PHONE: Final = re.compile(r"(?:62)?8\d{8,11}")
# Looked for only where a word begins: from every letter of a long text would take minutes.
_EMAIL: Final = re.compile(r"(?<![^\s@])[^\s@]+@[^\s@]+\.[a-z]{2,}", re.IGNORECASE)
_DATE: Final = re.compile(
    r"(?:[0-3]?\d[-/. ](?:[01]?\d|[a-z]{3,9})[-/. ](?:19|20)\d\d"
    r"|(?:19|20)\d\d[-/.][01]?\d[-/.][0-3]?\d)"
    r"(?:[ T].*)?",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(
    r"\b(?:jl|jln|jalan|gang|gg|dusun|dsn|rt|rw|kel|blok|no)\b\.?\s*\S", re.IGNORECASE
)
_WORDS: Final = re.compile(r"[^\W\d_][^\d_]*[ .'][^\d]*|[^\W\d_]{3,}")
_SPACERS: Final = str.maketrans("", "", " .-'\u00a0")

_HEADINGS: Final = (
    ("number", r"nik|no ?kk|nokk|kk|nomor kk|kartu keluarga|no ?ktp|ktp|idpel|npwp|paspor|bpjs"
               r"|no ?peserta|no ?rekening|rekening|family card|national id|id card"),
    ("name", r"nama|name|nama (?:krt|kepala|ayah|ibu|lengkap|art|anggota|suami|istri|pemohon"
             r"|penerima).*|nm|krt|full ?name|head name"),
    ("phone", r"(?:no ?|nomor ?)?(?:hp|tele?p\w*|handphone|wa|whatsapp|ponsel|phone|mobile)"
              r"(?:[ \d].*)?"),
    ("address", r"alamat.*|address.*|jalan|rt|rw|rt rw|dusun|blok|no ?rumah"),
    ("birth", r"(?:tgl|tanggal|tempat).*lahir.*|lahir|ttl|birth.*|date of birth|dob"),
    ("place", r"lat(?:itude)?|lon(?:g(?:itude)?)?|lintang|bujur|koordinat.*|coordinate.*|gps.*"
              r"|geotag.*|titik.*"),
    ("mail", r"e ?mail.*|surel"),
)  # fmt: skip
_FEW: Final = 0.2
_HALF: Final = 0.5
_MOST: Final = 0.9
_LEAST_LATITUDE, _LARGEST_LATITUDE = -11.5, 6.5
_LEAST_LONGITUDE, _LARGEST_LONGITUDE = 94.5, 141.5
_FINE: Final = 4
_DISTINCT: Final = 0.5
_FEWEST: Final = 5
_SHORTEST: Final = 10
"""Characters of the shortest telephone number."""
_JUDGED: Final = 2_000
"""Values by which a column is judged; numbers of people are looked for in all of them."""
_LONGEST: Final = 300
"""Characters by which a cell is judged; numbers of people are looked for in all of them."""


def sensitive(value: object) -> bool:
    """Return whether one cell holds a number of a person, a phone or an e-mail.

    Parameters
    ----------
    value : object
        Text or number.

    Returns
    -------
    bool
        Spaces, points and dashes inside a number do not hide it.
    """
    text = _text(value)
    if len(text) < _SHORTEST and "@" not in text:
        return False
    bare = text.translate(_SPACERS)
    return bool(
        _NIK.search(text)
        or (bare.isdigit() and _NIK.fullmatch(bare))
        or _PHONE.search(text if not bare.lstrip("+").isdigit() else bare)
        or _EMAIL.search(text)
    )


def identifying(heading: str, values: Sequence[object]) -> str | None:
    """Return in which way a column could tell who somebody is.

    Parameters
    ----------
    heading : str
        Heading of the column.
    values : sequence of object
        What stands in it, without empty cells.

    Returns
    -------
    str or None
        ``number``, ``name``, ``phone``, ``address``, ``birth``, ``place`` or ``mail``; None if
        nothing points that way.
    """
    plain = re.sub(r"[^a-z0-9]+", " ", heading.casefold()).strip()
    for kind, pattern in _HEADINGS:
        if re.fullmatch(pattern, plain):
            return kind
    return _by_content(values)


def _by_content(values: Sequence[object]) -> str | None:
    """Return what the content of a column points to."""
    if not values:
        return None
    if any(sensitive(value) for value in values):
        telling = [value for value in values if sensitive(value)][:_JUDGED]
        texts = [_text(value) for value in telling]
        return _kind_of_number(
            *(
                sum(pattern.search(text) is not None for text in texts)
                for pattern in (_EMAIL, _PHONE, _NIK)
            )
        )
    values = values[:_JUDGED]
    texts = [_text(value)[:_LONGEST] for value in values]
    count = len(texts)

    def share(pattern: re.Pattern[str], whole: bool = False) -> float:
        look = pattern.fullmatch if whole else pattern.search
        return sum(look(text) is not None for text in texts) / count

    dated = sum(isinstance(value, dt.date) for value in values) / count
    words = len(set(texts)) > _FEWEST and len(set(texts)) / count > _DISTINCT
    found = (
        ("phone", share(_BARE_PHONE, whole=True) >= _HALF),
        ("birth", max(dated, share(_DATE, whole=True)) >= _HALF),
        ("place", _coordinates(values)),
        ("address", share(_ADDRESS) >= _FEW),
        ("name", words and share(_WORDS, whole=True) >= _HALF),
    )
    return next((kind for kind, there in found if there), None)


def _kind_of_number(mail: float, phone: float, nik: float) -> str:
    """Return which kind of single number a column mostly holds."""
    if mail:
        return "mail"
    return "phone" if phone > nik else "number"


def _coordinates(values: Sequence[object]) -> bool:
    """Return whether nearly all values are places in Indonesia to some ten metres."""
    fine = 0
    for value in values:
        text = _text(value).replace(",", ".")
        whole, _, digits = text.partition(".")
        try:
            number = float(text)
        except ValueError:
            continue
        inside = (
            _LEAST_LATITUDE <= number <= _LARGEST_LATITUDE
            or _LEAST_LONGITUDE <= number <= _LARGEST_LONGITUDE
        )
        fine += bool(whole) and inside and len(digits) >= _FINE
    return fine / len(values) >= _MOST


def _text(value: object) -> str:
    """Return a cell as text; whole numbers without a point."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
