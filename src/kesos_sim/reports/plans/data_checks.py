"""Whether the tables of the package agree with each other and with themselves."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Final

from kesos_sim.data.catalogue import Check, run_checks
from kesos_sim.i18n import numbers
from kesos_sim.reports.checks import found_words
from kesos_sim.reports.plans.chapters import say
from kesos_sim.reports.tables import Column, TableBuilder, TextTable

__all__ = ["check_sentences", "check_tables"]

_ORDER: Final = ("failed", "skipped", "known", "ok")


def check_sentences(lang: str = "id") -> tuple[str, ...]:
    """Say how many consistency checks of the tables hold.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str
        Failures first, if there are any.

    Examples
    --------
    >>> print(check_sentences("en")[0].split(":")[0])
    No check failed
    """
    counts = Counter(check.status for check in _checks())
    fields = {name: numbers.number(counts[name], lang) for name in _ORDER}
    wrong = counts["failed"] + counts["skipped"]
    said = say("checks_failed" if wrong else "checks_fine", lang, **fields)
    return said, say("checks_known", lang, **fields)


def check_tables(lang: str = "id") -> list[TextTable]:
    """List the consistency checks of the tables, one table for each outcome.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of TextTable
        Failures first, then disagreements of the sources, then what holds.

    Examples
    --------
    >>> [table.name for table in check_tables("en")]
    ['checks_known', 'checks_ok']
    """
    names = ("check", "found")
    columns = [Column(say(f"column_{name}", lang), numeric=False) for name in names]
    tables = []
    for status in _ORDER:
        checks = [check for check in _checks() if check.status == status]
        if checks:
            title = say(f"checks_title_{status}", lang, count=numbers.number(len(checks), lang))
            builder = TableBuilder(f"checks_{status}", title, columns, ("check", "found"))
            for check in checks:
                found = found_words(check, lang)
                builder.add((check.title(lang), found), (check.name, found_words(check, "en")))
            tables.append(builder.table())
    return tables


@cache
def _checks() -> tuple[Check, ...]:
    """Run the checks once; the tables do not change."""
    return tuple(run_checks())
