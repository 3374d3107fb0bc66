"""What commands say and ask about checkpoints of long runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from kesos_sim import i18n
from kesos_sim.cli.kinds import Whole
from kesos_sim.cli.words import option
from kesos_sim.i18n import dates

if TYPE_CHECKING:
    from kesos_sim.experiments.checkpoints import Checkpoints

__all__ = ["checkpoint_option", "checkpoints_of"]

_MOST_MONTHS: Final = 1200


def checkpoint_option(lang: str) -> click.Option:
    """Declare how often a run leaves a checkpoint.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    click.Option
        ``--checkpoint-months``.
    """
    return option(lang, "--checkpoint-months", type=Whole(0, _MOST_MONTHS))


def checkpoints_of(months: int | None, lang: str) -> Checkpoints:
    """Return the user's checkpoints, which say on stderr what becomes of them.

    Parameters
    ----------
    months : int or None
        Value of the option.
    lang : str
        Language of the words.

    Returns
    -------
    Checkpoints
    """
    from kesos_sim.experiments.checkpoints import Checkpoints

    def tell(event: str, month: dates.YearMonth) -> None:
        words = {"month": dates.month_name(month, lang)}
        click.echo(i18n.text(f"cli.checkpoint.{event}", lang, **words), err=True)

    return Checkpoints.default(months, tell)
