"""Bylaws on social welfare (perda): the way of a bill from its academic draft to its signing.

A council takes a bill up because its region has decided so, or by itself. A bill passes five
stages. Each takes a month or more by chance and may end in failure; support in the council shortens
all of them and saves bills. What failed waits for the next council, which begins anew where that
was decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.kernels.draws import draw_words
from kesos_sim.rng import Stream, month_word
from kesos_sim.units import Month

__all__ = ["STAGES", "Bills", "Step"]


class Step(IntEnum):
    """Where a bill is; the order is that of the way, and failure comes last."""

    NONE = 0
    DRAFT = 1
    LIST = 2
    DEBATE = 3
    REVIEW = 4
    SIGNING = 5
    LAW = 6
    DROPPED = 7


STAGES: Final = (Step.DRAFT, Step.LIST, Step.DEBATE, Step.REVIEW, Step.SIGNING)
"""Stages on the way: naskah akademik, Propemperda, pembahasan, fasilitasi, penetapan."""

Parameter = Callable[[str], float]


class Bills:
    """The bills of all regions of a run, one for each council.

    Parameters
    ----------
    codes : int64[n], BPS code, regions with a council
    parameter : function
        Value of a model parameter by id.
    key : int
        Key of the seed and replicate.

    Attributes
    ----------
    step : uint8[n], code, see `Step`
    since : int64[n], month, ordinal of the month in which the bill was taken up; 0 for none
    enacted : int64[n], month, ordinal of the month from which the bylaw holds; 0 for none
    """

    def __init__(self, codes: NDArray[np.int64], parameter: Parameter, key: int) -> None:
        self._codes = codes.astype(np.uint32)
        self._parameter, self._key = parameter, key
        self.step = np.zeros(codes.size, np.uint8)
        self.since = np.zeros(codes.size, np.int64)
        self.enacted = np.zeros(codes.size, np.int64)

    @property
    def law(self) -> NDArray[np.bool_]:
        """Whether a bylaw holds: bool[n], flag."""
        return np.asarray(self.step == int(Step.LAW))

    @property
    def underway(self) -> NDArray[np.bool_]:
        """Whether a bill is at one of its stages: bool[n], flag."""
        return np.asarray((self.step >= int(Step.DRAFT)) & (self.step <= int(Step.SIGNING)))

    def live(
        self,
        month: Month,
        support: NDArray[np.float64],
        wanted: NDArray[np.bool_],
        initiative: NDArray[np.float64],
    ) -> None:
        """Let bills move on, fail or begin.

        Parameters
        ----------
        month : Month
            The month.
        support : float64[n], share, political support in the council
        wanted : bool[n], flag, regions that have decided to make a bylaw
        initiative : float64[n], share per month, of councils that take a bill up by themselves
        """
        moving = self.underway
        if not (wanted.any() or initiative.any() or self.step.any()):
            return
        words = np.empty((self._codes.size, 2), np.uint32)
        draw_words(
            np.uint32(self._key), month_word(month.ordinal, Stream.BYLAW), self._codes, words
        )
        luck = (words + 0.5) * 2.0**-32
        if self.new_council(month):
            # What the old council had before it has to be listed again, unless it is taken over.
            lost = luck[:, 0] >= self._parameter("politics.bills_carried")
            again = moving & lost & (self.step <= Step.DEBATE) & (self.step >= Step.LIST)
            self.step[again] = Step.LIST
            dropped = self.step == Step.DROPPED
            self.step[dropped] = np.where(wanted[dropped], Step.DRAFT, Step.NONE)
        elif moving.any():
            ended, failed = self._chances(support)
            done = moving & (luck[:, 0] < ended)
            dropped = done & (luck[:, 1] < failed)
            self.step[done] += 1
            self.step[dropped] = Step.DROPPED
            self.enacted[done & (self.step == Step.LAW)] = month.ordinal
        taken_up = (self.step == Step.NONE) & (wanted | (luck[:, 0] < initiative))
        self.step[taken_up] = Step.DRAFT
        self.since[taken_up] = month.ordinal

    def new_council(self, month: Month) -> bool:
        """Return whether new councils begin in a month.

        Parameters
        ----------
        month : Month
            The month.

        Returns
        -------
        bool
            The same for every region: councils are elected together.
        """
        since = month.year - int(self._parameter("politics.council_year"))
        in_turn = since % int(self._parameter("politics.council_term")) == 0
        return in_turn and month.month == int(self._parameter("politics.council_month"))

    def _chances(
        self, support: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return how likely each stage ends in a month, and then in failure: float64[n], share."""
        parameter = self._parameter
        names = [stage.name.lower() for stage in STAGES]
        # Places before and after the way keep the numbers of the stages as indices.
        months = np.array(
            [1.0, *(parameter(f"politics.{name}_months") for name in names), 1.0, 1.0]
        )
        fails = np.array(
            [0.0, *(parameter(f"politics.{name}_dropped") for name in names), 0.0, 0.0]
        )
        shorter = 1.0 - parameter("politics.support_speed") * support
        safer = 1.0 - parameter("politics.support_passes") * support
        return 1.0 / np.maximum(months[self.step] * shorter, 1.0), fails[self.step] * safer

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a checkpoint needs.

        Returns
        -------
        dict of any[n], see the attributes
        """
        return {"step": self.step, "since": self.since, "enacted": self.enacted}

    def restore(self, kept: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a checkpoint.

        Parameters
        ----------
        kept : mapping of str to any[n], what `arrays` returned
        """
        self.step, self.since, self.enacted = (kept[name] for name in self.arrays())
