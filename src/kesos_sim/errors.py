"""Errors that say what was found, where, what is allowed, and what to do.

Every error has a stable code and a key of the message catalogue; its words exist in both
languages and are chosen where the message is shown, not where the error is raised.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import partial
from typing import Any, ClassVar, Final

from kesos_sim import i18n
from kesos_sim.i18n.bounds import Bounds, as_written, number_in
from kesos_sim.i18n.numbers import number

_SHOWN_CHARACTERS: Final = 120
_OPTION: Final = "--"


def shown(value: object) -> str:
    """Return a value as one short printable line, whatever a file contained.

    Parameters
    ----------
    value : object
        Anything read from a user's file or command line.

    Returns
    -------
    str
        At most 120 characters; control characters are escaped.

    Examples
    --------
    >>> len(shown("x" * 5000)) < 500
    True
    """
    line = repr(value) if isinstance(value, bytes) else str(value)
    line = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
    return line if len(line) <= _SHOWN_CHARACTERS else line[: _SHOWN_CHARACTERS - 1] + "…"


def nearest(name: object, valid: Iterable[str]) -> str | None:
    """Find the valid name that looks most like a wrong one.

    Parameters
    ----------
    name : object
        What was found.
    valid : iterable of str
        The names that are allowed.

    Returns
    -------
    str or None
        The nearest valid name, or None when nothing is near.

    Examples
    --------
    >>> nearest("apbd_povrty_share", ["apbd_poverty_share", "apbn_poverty_share"])
    'apbd_poverty_share'
    """
    wanted = str(name).lower()[:_SHOWN_CHARACTERS]
    by_lower = {candidate.lower(): candidate for candidate in valid}
    found = get_close_matches(wanted, by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


def reason(error: OSError, lang: str) -> str:
    """Return why the system refused something.

    Parameters
    ----------
    error : OSError
        What it raised.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        In words of the catalogue where it has them, else as the system says it.
    """
    known = i18n.keys()
    key = f"errors.system_{errno.errorcode.get(error.errno or 0, '')}"
    if key in known:
        return i18n.text(key, lang)
    return shown(error.strerror or str(error) or type(error).__name__)


class KesosError(Exception):
    """An error with a stable code and a message in both languages.

    Parameters
    ----------
    code : str
        Stable code, for instance ``KS1203``.
    key : str
        Key of the message in the catalogue, for instance ``scenario.unknown_lever``.
    **fields : object
        What the message needs; an `OSError` stands for why the system refused, a mapping for
        words in both languages.

    Attributes
    ----------
    exit_code : int
        Exit code of a command that ends with this error.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, key: str, **fields: object) -> None:
        super().__init__(code, key)
        self.code = code
        self.key = key
        self.fields: dict[str, object] = fields

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes without losing the fields."""
        return _restore, (type(self), self.code, self.key, self.fields)

    def text(self, lang: str) -> str:
        """Return the message in one language.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            The message, one line per thought, beginning with what happened.
        """
        return i18n.text(self.key, lang, **_printable(self.fields, lang))

    def __str__(self) -> str:
        """Return the message in the user's language with its code."""
        return f"{self.text(i18n.default_language())} [{self.code}]"

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows in place of a traceback: what the command line says.

        IPython asks exceptions for this. The language is that of the notebook's ``bahasa``, else
        the user's. `__traceback__` holds where it was raised, for whoever has to know.
        """
        return [f"{self.in_notebook(_spoken())} [{self.code}]"]

    def in_notebook(self, lang: str) -> str:
        """Return the message as a notebook shows it.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
        """
        return self.text(lang)


class InputError(KesosError):
    """Something the user can mend: a file, a table or an option.

    Parameters
    ----------
    code, key : str
        As in `KesosError`.
    file : object, optional
        File in which it was found.
    line : int, optional
        Line in that file, counted from 1.
    field : str, optional
        Dotted name of the field, for instance ``levers.apbd_poverty_share.value``.
    got : object, optional
        What was found.
    expected : object, optional
        What is allowed: `Bounds`, or words that need no translation (names, examples).
    suggestion : str, optional
        The nearest valid name.
    **fields : object
        What else the message needs.
    """

    exit_code: ClassVar[int] = 2

    def __init__(
        self,
        code: str,
        key: str,
        *,
        file: object = None,
        line: int | None = None,
        field: str | None = None,
        got: object = None,
        expected: object = None,
        suggestion: str | None = None,
        **fields: object,
    ) -> None:
        super().__init__(
            code,
            key,
            file=file,
            line=line,
            field=field,
            got=got,
            expected=expected,
            suggestion=suggestion,
            **fields,
        )

    @property
    def file(self) -> object:
        """File in which the mistake was found, or None."""
        return self.fields["file"]

    @property
    def line(self) -> int | None:
        """Line of the mistake, counted from 1, or None."""
        line = self.fields["line"]
        return line if isinstance(line, int) else None

    @property
    def field(self) -> str | None:
        """Dotted name of the field, or None."""
        field = self.fields["field"]
        return None if field is None else str(field)

    @property
    def got(self) -> object:
        """What was found, or None."""
        return self.fields["got"]

    @property
    def expected(self) -> object:
        """What is allowed, or None."""
        return self.fields["expected"]

    @property
    def suggestion(self) -> str | None:
        """The nearest valid name, or None."""
        suggestion = self.fields["suggestion"]
        return None if suggestion is None else str(suggestion)

    def in_notebook(self, lang: str) -> str:
        """Return the message with the parameter of a notebook in the place of an option.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            For instance ``households: ... 2.000–80.000.000.``; a range is written for people.
        """
        known = dict(self.fields)
        if self.field is not None:
            known["field"] = self.field.removeprefix(_OPTION)
        if str(self.file).startswith(_OPTION):
            known["file"] = None
        told: Any = known
        wrong = InputError(self.code, self.key, **told)
        if isinstance(self.expected, Bounds) and self.expected.whole:
            wrong = wrong.for_people(partial(_for_people, lang=lang))
        return wrong.text(lang)

    def for_people(self, write: Callable[[float], str], unit: str = "") -> InputError:
        """Return the same error with its bounds, and a number beyond them, as people write them.

        Parameters
        ----------
        write : callable
            Writes a number.
        unit : str
            What follows behind numbers and ranges.

        Returns
        -------
        InputError
            The same where no bounds are known.
        """
        if not isinstance(self.expected, Bounds):
            return self
        known: Any = self.fields | {"expected": self.expected.words(write) + unit}
        found = number_in(self.got)
        if found is not None:
            known["got"] = write(found) + unit
        return InputError(self.code, self.key, **known)

    def text(self, lang: str) -> str:
        """Return the message with place, expectation and nearest valid name.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            For instance ``a.yaml:7: levers.apbd: unknown lever. ... Did you mean ...?``
        """
        place = ""
        if self.file is not None:
            place += shown(str(self.file)) + (f":{self.line}" if self.line is not None else "")
        elif self.line is not None:
            place += i18n.text("errors.line", lang, line=self.line)
        parts = [place, shown(self.field) if self.field is not None else "", super().text(lang)]
        message = ": ".join(part for part in parts if part)
        if self.got is not None and "{got}" not in i18n.template(self.key, lang):
            message += " " + i18n.text("errors.got", lang, got=shown(self.got))
        if self.expected is not None and "{expected}" not in i18n.template(self.key, lang):
            message += " " + i18n.text("errors.expected", lang, expected=shown(self.expected))
        if self.suggestion is not None and "{suggestion}" not in i18n.template(self.key, lang):
            message += " " + i18n.text("errors.suggestion", lang, suggestion=shown(self.suggestion))
        return message


def _printable(fields: dict[str, object], lang: str) -> dict[str, object]:
    """Make text from outside harmless; leave numbers for the template to format."""
    return {name: _field(value, lang) for name, value in fields.items()}


def _field(value: object, lang: str) -> object:
    """Return one field as a message takes it."""
    if isinstance(value, int | float):
        return value
    if isinstance(value, Mapping) and lang in value:
        return shown(value[lang])
    return reason(value, lang) if isinstance(value, OSError) else shown(value)


def _for_people(value: float, lang: str) -> str:
    """Write a number with as many decimals as it has."""
    return number(value, lang, len(as_written(value).partition(".")[2]))


def _spoken() -> str:
    """Return the language that a notebook has chosen, else the user's."""
    shell: Any = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    chosen = None if shell is None else shell.user_ns.get("bahasa")
    return chosen if chosen in i18n.LANGUAGES else i18n.default_language()


def _restore(kind: type[KesosError], code: str, key: str, fields: dict[str, Any]) -> KesosError:
    """Build an error again in another process."""
    return kind(code, key, **fields)
