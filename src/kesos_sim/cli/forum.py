"""``kesos forum``: a consultation meeting on this machine, from the rehearsal to the agreement."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kesos_sim import i18n
from kesos_sim.cli.kinds import Folder, Text, Whole, Word
from kesos_sim.cli.output import FORMATS, data_provenance, show
from kesos_sim.cli.progress import Progress
from kesos_sim.cli.words import Command, Group, option
from kesos_sim.errors import InputError, reason
from kesos_sim.experiments.executors import usable_workers
from kesos_sim.i18n import numbers
from kesos_sim.whole_files import replacing

if TYPE_CHECKING:
    from kesos_sim.forum.readiness import Check
    from kesos_sim.forum.rehearsal import Figures
    from kesos_sim.forum.session import Session
    from kesos_sim.forum.supervisor import Meeting, Plan

_DEFAULT: Final = "open"
_LOWEST_PORT, _LAST_PORT = 1, 65_535
_MOST_ATTENDEES: Final = 1000
_SOME: Final = 5
_LOOPBACK: Final = "127.0.0.1"
_WIDEST: Final = 120
FIGURES: Final = (
    "attendees", "admitted", "errors", "join_p50_s", "join_p95_s", "submitted", "submit_p50_s",
    "submit_p95_s", "memory_gib", "megabytes_per_page", "first_error",
)  # fmt: skip
CHECKS: Final = ("status", "check", "found", "advice")


class _Forum(Group):
    """Begins the meeting when no other command is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command in that is meant when none is named."""
        return super().parse_args(ctx, args if self._names_one(args) else [_DEFAULT, *args])

    def _names_one(self, args: Sequence[str]) -> bool:
        """Say whether the first word that is no option is a command, or help is asked for."""
        words = iter(args)
        for word in words:
            if word == "--lang":
                next(words, None)
            elif not word.startswith("--lang="):
                return word == "--help" or word in self.commands
        return False


def command(lang: str) -> click.Command:
    """Build the command in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Command
        ``forum`` with ``open`` (which is meant when nothing is named), ``export``, ``backup``,
        ``restore``, ``static``, ``cards`` and ``guide``.
    """

    def session() -> click.Argument:
        return click.Argument(["session"], type=Text("file"), required=False)

    store = option(lang, "--store", text="forum_store", type=Text("address"))
    out = option(lang, "--out", text="forum_out", type=Folder())
    begin = Command(
        _DEFAULT,
        lang,
        [
            session(),
            option(lang, "--check", text="forum_check", is_flag=True),
            option(lang, "--attendees", text="forum_attendees", type=Whole(1, _MOST_ATTENDEES)),
            option(lang, "--ip", text="forum_ip", type=Text("address"), default=_LOOPBACK),
            option(
                lang, "--port", text="forum_port", type=Whole(_LOWEST_PORT, _LAST_PORT),
                default=8866,
            ),
            option(
                lang, "--facilitator-ip", text="forum_facilitator_ip", type=Text("address"),
                default=_LOOPBACK,
            ),
            option(
                lang, "--facilitator-port", text="forum_facilitator_port",
                type=Whole(_LOWEST_PORT, _LAST_PORT), default=8867,
            ),
            option(lang, "--address", text="forum_address", type=Text("address"), default=""),
            option(lang, "--proxy-ip", text="forum_proxy_ip", type=Text("address")),
            store,
            option(lang, "--format", "form", type=Word(FORMATS), default=FORMATS[0]),
        ],
        lambda **asked: _open(lang=lang, **asked),
        key="forum.open",
    )  # fmt: skip
    others = [
        Command("export", lang, [session(), store, out],
                lambda **asked: _export(lang=lang, **asked), key="forum.export"),
        Command("backup", lang, [session(), store, option(
                lang, "--out", text="forum_out_file", type=Text("file"))],
                lambda **asked: _backup(lang=lang, **asked), key="forum.backup"),
        Command("restore", lang, [click.Argument(["file"], type=Text("file")), session(), store],
                lambda **asked: _restore(lang=lang, **asked), key="forum.restore"),
        Command("static", lang, [session(), out],
                lambda **asked: _static(lang=lang, **asked), key="forum.static"),
        Command("cards", lang, [session(), out],
                lambda **asked: _cards(lang=lang, **asked), key="forum.cards"),
        Command("guide", lang, [out],
                lambda **asked: _guide(lang=lang, **asked), key="forum.guide"),
    ]  # fmt: skip
    return _Forum("forum", lang, commands=[begin, *others])


def _open(
    session: str | None, check: bool, attendees: int | None, ip: str, port: int,
    facilitator_ip: str, facilitator_port: int, address: str, proxy_ip: str | None,
    store: str | None, form: str, lang: str,
) -> None:  # fmt: skip
    """Begin the meeting, or rehearse it."""
    plan = _plan(
        session, store, ip=ip, port=port, facilitator_ip=facilitator_ip,
        facilitator_port=facilitator_port, address=_address(address),
        proxy=_proxy(address, proxy_ip),
    )  # fmt: skip
    if check:
        _check(plan, attendees or min(_SOME, plan.session.attendees), form, lang)
        return
    _needed()
    from kesos_sim.forum.supervisor import Meeting

    def say(key: str, fields: Mapping[str, object]) -> None:
        click.echo(i18n.text(f"forum_server.{key}", lang, **fields), err=True)

    meeting = Meeting(plan, say)
    click.echo(i18n.text("forum_server.starting", lang), err=True)
    meeting.start()
    try:
        _welcome(meeting, lang)
        meeting.watch()
    finally:
        meeting.stop()
        click.echo(i18n.text("forum_server.stopped", lang, store=_shown(plan.store)), err=True)


def _address(named: str) -> str:
    """Return the address of a proxy as attendees type it; empty where none is named."""
    from urllib.parse import urlsplit

    parts = urlsplit(named)
    if named and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.query):
        raise InputError(
            "KS9406", "forum_server.no_address", field="--address", got=named,
            expected="https://forum.example/",
        )  # fmt: skip
    return named.rstrip("/") + "/" if named else ""


def _proxy(address: str, named: str | None) -> str:
    """Return the IP address of the proxy: this computer's own unless another one is named."""
    from ipaddress import ip_address

    if named is None:
        return _LOOPBACK if address else ""
    try:
        return str(ip_address(named))
    except ValueError as error:
        raise InputError(
            "KS9407", "forum_server.no_proxy", field="--proxy-ip", got=named, expected=_LOOPBACK
        ) from error


def _welcome(meeting: Meeting, lang: str) -> None:
    """Print how to come in."""
    from kesos_sim.forum.supervisor import SHORTEST_SECRET

    plan = meeting.plan
    click.echo(i18n.text("forum_server.join", lang, address=meeting.join))
    click.echo(_code(meeting.join))
    key = "facilitator_generated" if meeting.generated else "facilitator_known"
    click.echo(
        i18n.text(f"forum_server.{key}", lang, address=meeting.facilitator, secret=meeting.secret)
    )
    if meeting.generated:
        click.echo(i18n.text("forum_server.secret_is_new", lang, least=SHORTEST_SECRET))
    click.echo(i18n.text("forum_server.kept", lang, store=_shown(plan.store)))
    if meeting.join.startswith("http://127."):
        click.echo(i18n.text("forum_server.only_here", lang), err=True)


def _code(address: str) -> str:
    """Draw an address as a QR code of characters; nothing where the terminal has none of them."""
    import segno

    drawn = io.StringIO()
    segno.make(address, error="m", micro=False).terminal(drawn, compact=True)
    try:
        drawn.getvalue().encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return ""
    return drawn.getvalue()


def _check(plan: Plan, attendees: int, form: str, lang: str) -> None:
    """Look at the machine, rehearse, and print what was found."""
    _needed()
    from kesos_sim.forum.readiness import course_of, look, rehearsed

    checks = list(look(plan, attendees, lang))
    rows = [_row(one, lang) for one in checks]
    wrong = sum(one.status == "mend" for one in checks)
    if form == "table":
        headings = {name: i18n.text(f"cli.heading.{name}", lang) for name in CHECKS}
        show(rows, CHECKS, form, headings=headings, widest=_WIDEST)
        click.echo()
    with Progress(i18n.text("forum_server.rehearsing", lang, count=attendees), lang):
        figures = rehearsed(plan, course_of(attendees))
    _report(figures, rows, form, lang)
    if wrong:
        raise InputError("KS9402", "forum_server.mend", count=wrong)
    if figures.errors or figures.admitted < attendees:
        raise InputError(
            "KS9403", "forum_server.rehearsal_failed", admitted=figures.admitted,
            count=attendees, errors=figures.errors, first=figures.first_error,
        )  # fmt: skip


def _report(figures: Figures, rows: list[dict[str, str]], form: str, lang: str) -> None:
    """Print the figures of a rehearsal."""
    record = figures.record()
    if form != "table":
        machine = {"checks": rows, "cores": usable_workers(), "load": os.getloadavg()[0]}
        show([record], FIGURES, form, provenance=data_provenance() | machine)
        return
    words = {"measure": "cli.heading.measure", "value": "cli.heading.value"}
    lines = [
        {
            "measure": i18n.text(f"forum_server.figure_{name}", lang),
            "value": _said(record[name], lang),
        }
        for name in FIGURES
        if record[name] not in (None, "")
    ]
    headings = {name: i18n.text(key, lang) for name, key in words.items()}
    show(lines, tuple(words), form, headings=headings)


def _said(value: float | str, lang: str) -> str:
    """Write a figure of a rehearsal as people read it."""
    if isinstance(value, str):
        return value
    return numbers.number(value, lang, 0 if float(value).is_integer() else 3)


def _row(check: Check, lang: str) -> dict[str, str]:
    """Write a check as a row in one language."""
    advice = f"forum_server.check_{check.subject}_do"
    return {
        "status": i18n.text(f"cli.doctor.status.{check.status}", lang),
        "check": i18n.text(f"forum_server.check_{check.subject}", lang),
        "found": check.found,
        "advice": "" if check.status == "ok" else i18n.text(advice, lang),
    }


def _export(session: str | None, store: str | None, out: Path | None, lang: str) -> None:
    """Write everything that a meeting leaves behind."""
    from kesos_sim.forum.exporting import export
    from kesos_sim.forum.store import open_store

    chosen = _session(session)
    written = export(chosen, open_store(store, chosen), out or Path(chosen.code), lang)
    for path in written:
        click.echo(i18n.text("forum_server.written", lang, place=path))


def _backup(session: str | None, store: str | None, out: str | None, lang: str) -> None:
    """Write the events of a meeting into one file."""
    from kesos_sim.forum.store import open_store

    chosen = _session(session)
    target = Path(out or f"{chosen.code}.jsonl.gz").expanduser()
    try:
        count = open_store(store, chosen).backup(target)
    except OSError as error:
        raise InputError(
            "KS9404", "forum_server.not_written", file=target, reason=reason(error, lang)
        ) from error
    click.echo(i18n.text("forum_server.backed_up", lang, count=count, place=target))


def _restore(file: str, session: str | None, store: str | None, lang: str) -> None:
    """Put the events of a backup into a store."""
    from kesos_sim.forum.backup import restore
    from kesos_sim.forum.store import store_url

    chosen = _session(session)
    url = store_url(store, chosen)
    found = restore(Path(file).expanduser(), url)
    count = found.version()
    click.echo(i18n.text("forum_server.restored", lang, count=count, place=_shown(url)))


def _static(session: str | None, out: Path | None, lang: str) -> None:
    """Write the attendee page as one file without a server."""
    from kesos_sim.forum.static_copy import static_copy

    chosen = _session(session)
    page = static_copy(chosen, lang).encode()
    _put(page, out, f"{chosen.code}-{lang}.html", lang)


def _cards(session: str | None, out: Path | None, lang: str) -> None:
    """Write the cards on paper: answers for a failed network, roles for the game."""
    from kesos_sim.forum.cards import cards

    chosen = _session(session)
    _put(cards(chosen, lang), out, f"{chosen.code}-{lang}-cards.pdf", lang)


def _guide(out: Path | None, lang: str) -> None:
    """Write the facilitator's guide to print."""
    from kesos_sim.forum.guide_print import guide_pdf

    name = i18n.text("forum_room.guide.print_name", lang)
    _put(guide_pdf(lang), out, f"{name}.pdf", lang)


def _put(content: bytes, folder: Path | None, name: str, lang: str) -> None:
    """Write a file into a folder, whole or not at all, and say where."""
    target = (folder or Path()) / name
    try:
        with replacing(target) as stream:
            stream.write(content)
    except OSError as error:
        raise InputError(
            "KS9404", "forum_server.not_written", file=target, reason=reason(error, lang)
        ) from error
    click.echo(i18n.text("forum_server.written", lang, place=target))


def _plan(session: str | None, store: str | None, **places: Any) -> Plan:
    """Return what a command line asks for."""
    from kesos_sim.forum.settings import SETTINGS_VARIABLE
    from kesos_sim.forum.store import store_url
    from kesos_sim.forum.supervisor import Plan, page_notebook

    named = session or os.environ.get(SETTINGS_VARIABLE, "").strip()
    path = Path(named).expanduser() if named else page_notebook("sesi.yaml")
    chosen = _session(str(path))
    return Plan(chosen, path, store_url(store, chosen), **places)


def _session(named: str | None) -> Session:
    """Read the settings that are named, or those of the environment, or the shipped ones."""
    from kesos_sim.forum.settings import example_session, load_session

    return load_session(Path(named).expanduser()) if named else example_session()


def _needed() -> None:
    """Refuse to go on without the packages of the extras that a meeting needs."""
    from importlib.util import find_spec

    missing = [name for name in ("anywidget", "segno", "voila") if find_spec(name) is None]
    if missing:
        raise InputError("KS9405", "forum_server.no_packages", got=", ".join(missing))


def _shown(url: str) -> str:
    """Return the address of a store without its password."""
    from kesos_sim.forum.database import address

    return address(url).render_as_string(hide_password=True)
