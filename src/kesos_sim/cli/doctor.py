"""``kesos doctor``: is this machine ready, and what to do if it is not."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final, Literal

import click

from kesos_sim import i18n
from kesos_sim.cli.kinds import Word
from kesos_sim.cli.output import FORMATS, show
from kesos_sim.cli.words import Command, option
from kesos_sim.errors import InputError
from kesos_sim.experiments.executors import usable_workers
from kesos_sim.i18n import numbers

_GIB: Final = 1 << 30
_ENOUGH_MEMORY: Final = 2 * _GIB
_ENOUGH_DISK: Final = _GIB

Status = Literal["ok", "note", "mend"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Parameters
    ----------
    subject : str
        What; its words are ``cli.doctor.<subject>`` of the catalogue.
    status : {"ok", "note", "mend"}
        Whether something has to be done.
    found : str
        What was found.
    """

    subject: str
    status: Status
    found: str

    def record(self, lang: str) -> dict[str, str]:
        """Return the finding as a row in one language.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        dict of str to str
            Status, check, found and advice; no advice where nothing has to be done.
        """
        advice = "" if self.status == "ok" else i18n.text(f"cli.doctor.{self.subject}.do", lang)
        return {
            "status": i18n.text(f"cli.doctor.status.{self.status}", lang),
            "check": i18n.text(f"cli.doctor.{self.subject}.what", lang),
            "found": self.found,
            "advice": advice,
        }


def command(lang: str) -> click.Command:
    """Build the command in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Command
        ``doctor``.
    """
    form = option(lang, "--format", "form", type=Word(FORMATS), default="table")
    return Command("doctor", lang, [form], lambda form: _doctor(form, lang))


def examine(lang: str) -> Iterator[Finding]:
    """Look at everything that the model needs of a machine.

    Parameters
    ----------
    lang : str
        Language of messages that are part of a finding.

    Yields
    ------
    Finding
        One by one.
    """
    version = platform.python_version()
    yield Finding("python", "ok" if sys.version_info >= (3, 11) else "mend", version)
    yield _packages()
    yield _data(lang)
    yield _cache()
    yield _room(lang)
    yield _memory(lang)
    yield Finding("cores", "ok", str(usable_workers()))


def _doctor(form: str, lang: str) -> None:
    """Print the findings."""
    findings = list(examine(lang))
    columns = ("status", "check", "found", "advice")
    headings = {name: i18n.text(f"cli.heading.{name}", lang) for name in columns}
    machine = {"platform": platform.platform(), "python": platform.python_version()}
    records = (finding.record(lang) for finding in findings)
    show(records, columns, form, provenance=machine, headings=headings)
    count = sum(finding.status == "mend" for finding in findings)
    if count:
        raise InputError("KS1941", "cli.doctor.mend", count=count)
    click.echo(i18n.text("cli.doctor.ready", lang), err=form != "table")


def _packages() -> Finding:
    """Compare what is installed with what the package asks for."""
    from packaging.requirements import Requirement

    wrong = []
    listed = [Requirement(line) for line in metadata.requires("kesos-sim") or []]
    needed = [one for one in listed if one.marker is None or one.marker.evaluate({"extra": ""})]
    for requirement in needed:
        try:
            installed = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            wrong.append(requirement.name)
            continue
        if not requirement.specifier.contains(installed, prereleases=True):
            wrong.append(f"{requirement.name} {installed} ({requirement.specifier})")
    return Finding("packages", "mend" if wrong else "ok", ", ".join(wrong) or str(len(needed)))


def _data(lang: str) -> Finding:
    """Compare the tables with their checksums."""
    from kesos_sim.data import registry
    from kesos_sim.data.checksums import checksum, data_hash, stored_checksums
    from kesos_sim.data.reading import path_of

    try:
        stored = stored_checksums()
        damaged = [
            name
            for name in registry()
            if stored.get(name) != checksum(name, path_of(name).read_bytes())
        ]
        return Finding("data", "mend" if damaged else "ok", ", ".join(damaged) or data_hash())
    except InputError as error:
        return Finding("data", "mend", error.text(lang))
    except OSError as error:
        return Finding("data", "mend", str(error))


def _cache() -> Finding:
    """Look whether the compiled kernels are there, or can be put there."""
    from kesos_sim.kernels import cache_folder

    folder = cache_folder()
    if any(folder.rglob("*.nbi")):
        return Finding("cache", "ok", str(folder))
    return Finding("cache", "note" if _writable(folder) else "mend", str(folder))


def _room(lang: str) -> Finding:
    """Look whether results can be written here."""
    here = Path.cwd()
    free = shutil.disk_usage(here).free
    status: Status = "ok" if free >= _ENOUGH_DISK and _writable(here) else "note"
    return Finding("room", status, f"{numbers.number(free / _GIB, lang, 1)} GiB")


def _memory(lang: str) -> Finding:
    """Look how much memory there is."""
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return Finding("memory", "note", "?")
    status: Status = "ok" if size >= _ENOUGH_MEMORY else "note"
    return Finding("memory", status, f"{numbers.number(size / _GIB, lang, 1)} GiB")


def _writable(folder: Path) -> bool:
    """Say whether a file can be made in a folder, or in the nearest parent that exists."""
    place = next(parent for parent in (folder, *folder.parents) if parent.exists())
    try:
        with tempfile.TemporaryFile(dir=place):
            return True
    except OSError:
        return False
