"""How a command ends: exit codes, one message, and where the log is."""

from __future__ import annotations

import datetime as dt
import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import click

from kesos_sim import __version__, i18n
from kesos_sim.errors import InputError, KesosError, reason, shown

DONE: Final = 0
FAILED: Final = 1
MENDABLE: Final = 2
INTERRUPTED: Final = 130


def exit_code(action: Callable[[], object], words: Sequence[str], lang: str) -> int:
    """Run an action and turn however it ends into an exit code and one message on stderr.

    Parameters
    ----------
    action : callable
        What to do.
    words : sequence of str
        The command line, for the log.
    lang : str
        Language of the message.

    Returns
    -------
    int
        0 when done, 1 after a failure, 2 for what the user can mend, 130 after Ctrl-C.
    """
    code, message = DONE, ""
    failure: BaseException | None = None
    try:
        action()
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        code = end.exit_code
    except (KeyboardInterrupt, click.Abort):
        code, message = INTERRUPTED, i18n.text("cli.end.interrupted", lang)
    except BrokenPipeError:
        # The reader of our output has seen enough; Python must not flush into it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except InputError as error:
        code, message = MENDABLE, f"{error.text(lang)} [{error.code}]"
    except Exception as error:  # the last line of defence: no traceback on the user's screen
        code, message, failure = FAILED, _described(error, lang), error
    if failure is not None:
        message += "\n" + i18n.text("cli.end.log", lang, place=_write_log(words, failure))
    if message:
        click.echo(message, err=True)
    return code


def _described(error: Exception, lang: str) -> str:
    """Say what failed, without a traceback."""
    if isinstance(error, KesosError):
        return f"{error.text(lang)} [{error.code}]"
    if isinstance(error, MemoryError):
        return i18n.text("cli.end.memory", lang)
    if isinstance(error, OSError):
        if error.filename is None:
            return i18n.text("cli.end.output", lang, reason=reason(error, lang))
        place = shown(str(error.filename))
        return i18n.text("cli.end.system", lang, place=place, reason=reason(error, lang))
    return i18n.text("cli.end.unexpected", lang, kind=type(error).__name__)


def _write_log(words: Sequence[str], error: BaseException) -> Path:
    """Write what happened to a new file in the user's log folder, or a temporary one."""
    from platformdirs import user_log_path

    now = dt.datetime.now().astimezone()
    lines = [
        now.isoformat(timespec="seconds"),
        f"kesos-sim {__version__}, Python {platform.python_version()}, {platform.platform()}",
        "kesos " + " ".join(map(shown, words)),
        "".join(traceback.format_exception(error)),
    ]
    name = f"kesos-{now:%Y%m%d-%H%M%S}-{os.getpid()}.log"
    for folder in (user_log_path("kesos-sim", appauthor=False), Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text("\n".join(lines), encoding="utf-8")
        except OSError:
            continue
        return folder / name
    return Path(os.devnull)
