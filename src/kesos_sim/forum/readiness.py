"""Is this machine ready for a meeting: looked at, and rehearsed with real pages."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from kesos_sim.errors import InputError
from kesos_sim.forum.limits import raise_descriptors
from kesos_sim.forum.provisioner import Zygote
from kesos_sim.forum.rehearsal import Course, Figures, rehearse
from kesos_sim.forum.settings import load_session
from kesos_sim.forum.sockets import join_address, listening
from kesos_sim.forum.store import Store
from kesos_sim.forum.supervisor import Meeting, Plan, limits_of
from kesos_sim.i18n import numbers

__all__ = ["Check", "course_of", "look", "rehearsed"]

Status = Literal["ok", "note", "mend"]

_GIB: Final = 1 << 30
_PER_ATTENDEE: Final = 45 << 20
_BESIDE: Final = 1 << 30
_ENOUGH_DISK: Final = 1 << 30
_SLOW_COMMIT: Final = 0.25
_FONTS: Final = 2
_SECONDS_PER_ARRIVAL: Final = 0.4
_LONGEST_ARRIVAL: Final = 60.0
_LOOPBACK: Final = "127."
_MEMORY: Final = Path("/proc/meminfo")
_CODE: Final = re.compile(r"^code:.*$", re.M)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Parameters
    ----------
    subject : str
        What; its words are ``forum_server.check_<subject>`` of the catalogue, and what to do
        about it ``forum_server.check_<subject>_do``.
    status : {"ok", "note", "mend"}
        Whether something has to be done.
    found : str
        What was found.
    """

    subject: str
    status: Status
    found: str


def look(plan: Plan, attendees: int, lang: str) -> Iterator[Check]:
    """Look at everything that a meeting needs of a machine.

    Parameters
    ----------
    plan : Plan
        What would be started.
    attendees : int
        How many are expected.
    lang : str
        ``id`` or ``en``, for figures.

    Yields
    ------
    Check
        One by one.
    """
    yield Check("settings", "ok", f"{plan.session.code}, {plan.settings.name}")
    yield _day(plan)
    yield _ports(plan)
    yield _network(plan)
    yield _kernels()
    needed = limits_of(attendees).descriptors
    allowed = raise_descriptors(needed)
    yield Check("descriptors", "ok" if allowed >= needed else "mend", f"{allowed} / {needed}")
    yield _memory(attendees, lang)
    yield _disk(plan, lang)
    yield _fonts()
    yield _surface()


def course_of(attendees: int) -> Course:
    """Return how a rehearsal with some number of attendees goes.

    Parameters
    ----------
    attendees : int
        How many.

    Returns
    -------
    Course
        They come within a minute and hand in packages for twenty seconds.
    """
    arrive = min(_LONGEST_ARRIVAL, _SECONDS_PER_ARRIVAL * attendees)
    return Course(attendees, arrive_seconds=arrive, active_seconds=20.0)


def rehearsed(plan: Plan, course: Course) -> Figures:
    """Hold a rehearsal with servers, pages and entries that are real, and a store of its own.

    Parameters
    ----------
    plan : Plan
        The meeting; its ports and its events are left alone.
    course : Course
        How it goes.

    Returns
    -------
    Figures

    Raises
    ------
    KesosError
        If a server does not come up.
    """
    code = f"UJI-{secrets.token_hex(3).upper()}"
    beside = _store_folder(plan.store)
    with tempfile.TemporaryDirectory(prefix="kesos-uji-", dir=beside) as folder:
        settings = Path(folder) / "sesi.yaml"
        text = plan.settings.read_text(encoding="utf-8")
        settings.write_text(_CODE.sub(f"code: {code}", text, count=1), encoding="utf-8")
        url = plan.store if beside is None else f"sqlite:///{folder}/{code}.sqlite"
        trial = replace(
            plan,
            session=load_session(settings),
            settings=settings,
            store=url,
            ip="127.0.0.1",
            port=0,
            facilitator_ip="127.0.0.1",
            facilitator_port=0,
            address="",
            limits=plan.limits or limits_of(course.attendees),
            logs=Path(folder) / "logs",
        )
        raise_descriptors(limits_of(course.attendees).descriptors)
        meeting = Meeting(trial)
        meeting.start()
        try:
            store = Store(url, trial.session.code)
            found = asyncio.run(
                rehearse(
                    meeting.join, meeting.facilitator, meeting.secret, trial.session, store,
                    course, meeting.pids().values(),
                )
            )  # fmt: skip
            store.close()
        finally:
            meeting.stop()
    return found


def _day(plan: Plan) -> Check:
    """Look whether the day that the agreement will bear is today."""
    day = plan.session.date
    return Check("date", "ok" if day == dt.date.today() else "note", day.isoformat())


def _ports(plan: Plan) -> Check:
    """Try both ports."""
    found = []
    doors = (
        (plan.ip, plan.port, ""),
        (plan.facilitator_ip, plan.facilitator_port, "facilitator-"),
    )
    for ip, port, whose in doors:
        try:
            listening(ip, port, whose).close()
        except InputError as error:
            return Check("ports", "mend", f"{error.fields['field']} {ip}:{port}")
        found.append(f"{ip}:{port}")
    return Check("ports", "ok", ", ".join(found))


def _network(plan: Plan) -> Check:
    """Look whether others in the room can come in."""
    address = plan.address or join_address(plan.ip, plan.port)
    host = urlsplit(address).hostname or ""
    return Check("network", "note" if host.startswith(_LOOPBACK) else "ok", address)


def _kernels() -> Check:
    """Look whether kernels can be forked."""
    usable = Zygote.usable()
    return Check("kernels", "ok" if usable else "note", "fork" if usable else "spawn")


def _memory(attendees: int, lang: str) -> Check:
    """Look whether there is memory for everybody."""
    needed = _BESIDE + _PER_ATTENDEE * attendees
    try:
        free = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_AVPHYS_PAGES")
        lines = _MEMORY.read_text(encoding="ascii").splitlines()
        known = {line.split(":")[0]: line.split()[1] for line in lines}
        free = 1024 * int(known.get("MemAvailable", free // 1024))
    except (OSError, ValueError):
        return Check("memory", "note", "?")
    status: Status = "ok" if free >= needed else "mend"
    sizes = (numbers.number(size / _GIB, lang, 1) for size in (free, needed))
    return Check("memory", status, f"{' / '.join(sizes)} GiB")


def _disk(plan: Plan, lang: str) -> Check:
    """Look for room beside the store, and how long a write takes until it is on disk."""
    folder = _store_folder(plan.store)
    if folder is None:
        return Check("disk", "ok", urlsplit(plan.store).scheme)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
        began = time.perf_counter()
        with tempfile.NamedTemporaryFile(dir=folder) as probe:
            probe.write(b"\0" * 4096)
            probe.flush()
            os.fsync(probe.fileno())
        took = time.perf_counter() - began
    except OSError as error:
        return Check("disk", "mend", f"{folder}: {error.strerror}")
    status: Status = "ok" if took < _SLOW_COMMIT else "note"
    if free < _ENOUGH_DISK:
        status = "mend"
    return Check(
        "disk", status, f"{numbers.number(free / _GIB, lang, 1)} GiB, {1000 * took:.0f} ms"
    )


def _fonts() -> Check:
    """Look for the fonts and the program of the printed agreement."""
    folder = files("kesos_sim.reports") / "fonts"
    fonts = [entry.name for entry in folder.iterdir() if entry.name.endswith(".ttf")]
    missing = [name for name in ("typst", "docx", "openpyxl") if find_spec(name) is None]
    if len(fonts) < _FONTS or missing:
        return Check("fonts", "mend", ", ".join(missing) or f"{len(fonts)} / {_FONTS}")
    return Check("fonts", "ok", ", ".join(sorted(fonts)))


def _surface() -> Check:
    """Look whether the fitted surface is there and still answers for this model."""
    from kesos_sim.emulator import load_surface

    try:
        stale = load_surface().stale()
    except InputError as error:
        return Check("surface", "mend", str(error).partition("\n")[0])
    return Check("surface", "mend" if stale else "ok", ", ".join(stale) or "mpu.json")


def _store_folder(url: str) -> Path | None:
    """Return the folder of a SQLite file; None for other databases."""
    from kesos_sim.forum.database import address

    parts = address(url)
    if parts.get_backend_name() != "sqlite" or not parts.database:
        return None
    return Path(parts.database).absolute().parent
