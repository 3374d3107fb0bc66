"""The months of one social organisation, read from a model that lives for everybody.

Nothing of the model is written a second time: what the organisation received from whom, and which
clients it sent away, is asked of the kernels themselves, with copies in which nobody else acts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.errors import InputError
from kesos_sim.experiments.orsos_month import OrsosMonth
from kesos_sim.institutions.orsos_sources import CHANGING, Sources
from kesos_sim.institutions.orsos_standards import with_paperwork
from kesos_sim.institutions.youth import part_of_gifts
from kesos_sim.kernels.cases import FREE
from kesos_sim.kernels.funding import SOURCES, fund_orsos
from kesos_sim.kernels.places import ACCREDITED, COMMUNITY, EMPTY
from kesos_sim.kernels.search import hold_clients
from kesos_sim.model.cases import Cases
from kesos_sim.model.model import WelfareModel
from kesos_sim.population.needs import KINDS
from kesos_sim.rng import Stream, month_word
from kesos_sim.units import MONTHS_PER_YEAR

__all__ = ["OrsosFollower"]

_GOVERNMENT: Final = "government"
_ROUNDING: Final = 100.0
"""Rupiah that may be left of a month's money by rounding."""


@dataclass(frozen=True)
class _Before:
    """The organisation before a month: money, the clients of its places, and their cases."""

    reserve: int
    smoothed: float
    place_case: NDArray[np.int32]
    place_number: NDArray[np.int32]
    cases: Cases


class OrsosFollower:
    """Follows one social organisation.

    Parameters
    ----------
    model : WelfareModel
        The model, in its base month.
    number : int
        The organisation, counted from 0.

    Attributes
    ----------
    field : str
        Kind of need that it serves.
    ego : float
        Trust that it needs before it shares.
    months : list of OrsosMonth
        What was seen so far.
    """

    def __init__(self, model: WelfareModel, number: int) -> None:
        orsos = model.parts.serving.orsos
        most = orsos.home.size - 1
        if not 0 <= number <= most:
            raise InputError("KS1972", "explain.no_orsos", field="--orsos", got=number, most=most)
        self.model, self.number = model, number
        self.home = int(orsos.home[number])
        self.field = KINDS[int(orsos.field[number])]
        self.ego = float(orsos.ego[number])
        self.months: list[OrsosMonth] = []
        self._own = slice(int(orsos.place_start[number]), int(orsos.place_start[number + 1]))
        self._before: _Before | None = None

    @property
    def district(self) -> int:
        """BPS code of its home district."""
        return int(self.model.places.codes[self.home])

    @property
    def active(self) -> int:
        """Number of another organisation that works, the nearest to its own."""
        others = np.flatnonzero(self.model.parts.serving.orsos.working)
        others = others[others != self.number]
        return int(others[np.abs(others - self.number).argmin()]) if others.size else self.number

    @property
    def stands_for(self) -> int:
        """Real people that one of its places stands for."""
        return self.model.parts.serving.unit

    def before(self) -> None:
        """Keep what the coming month changes."""
        serving, i = self.model.parts.serving, self.number
        money = serving.funding.money
        self._before = _Before(
            int(money.reserve[i]),
            float(money.smoothed[i]),
            serving.orsos.place_case.copy(),
            serving.orsos.place_number.copy(),
            Cases(
                **{item.name: getattr(serving.cases, item.name).copy() for item in fields(Cases)}
            ),
        )

    def after(self) -> None:
        """Take the month that the model has lived."""
        serving, i = self.model.parts.serving, self.number
        orsos, cases, unit = serving.orsos, serving.cases, serving.unit
        own = self._own
        held = np.flatnonzero(orsos.place_case[own] != EMPTY) + own.start
        case = orsos.place_case[held]
        client = cases.case_client[case] + orsos.place_number[held]
        where = np.searchsorted(cases.case_start, case, side="right") - 1
        money, working = serving.funding.money, bool(orsos.working[i])
        received = self._received() if working else {}
        forum, youth = self._from_others(received)
        running, place = self._costs()
        stayed, sent_away = self._stayed()
        spent = 0.0
        if self._before is not None:
            spent = self._before.reserve + sum(received.values()) - float(money.reserve[i])
        self.months.append(
            OrsosMonth(
                row=self.model.row,
                working=working,
                member=bool(orsos.members[i]),
                accredited=bool(orsos.state[i] & ACCREDITED),
                community=bool(orsos.state[i] & COMMUNITY),
                body_awake=bool(serving.bodies.awake[self.home]),
                trust=float(orsos.trust[i]),
                places=unit * int(float(money.capacity[i]) + float(orsos.rounding[i])),
                clients=unit * int(held.size),
                affordable=unit * int(serving.funding.most[i]) if self._before else None,
                planned=unit * int(serving.funding.room[i]) if self._before else None,
                arrived=unit * (int(held.size) - stayed) if self._before else 0,
                sent_away=unit * sent_away,
                shared=unit * int((cases.servers[client] > 1).sum()),
                elsewhere=unit * int((where != self.home).sum()),
                income=float(money.smoothed[i]),
                received=received,
                through_forum=forum,
                from_youth=youth,
                usual=dict(zip(SOURCES, money.usual[i].tolist(), strict=True)),
                paying=tuple(n for n in CHANGING if money.pays[i] >> SOURCES.index(n) & 1),
                running=running,
                per_client=place / unit,
                spent=max(spent, 0.0),
                reserve=int(money.reserve[i]),
                volunteers=float(money.volunteers[i]),
                short=int(serving.funding.short[i]),
            )
        )

    # What the model is asked

    def _costs(self) -> tuple[float, float]:
        """Return rupiah per month: whoever is served, and for each place taken."""
        serving, parameter = self.model.parts.serving, self.model.scenario.parameter
        saved = parameter("coordination.capacity.strength") * parameter("orsos.training_effect")
        money = serving.funding.money
        running, place = money.costs(serving.orsos, parameter, serving.unit, saved)
        running = with_paperwork(parameter, self.model.lever, running)
        return float(running[self.number]), float(place[self.number])

    def _received(self) -> dict[str, float]:
        """Return the money of the month by source.

        The whole of it is what its yearly mean has moved by. Sources other than governments give
        it its part of what they give in its district; governments give the rest.
        """
        if self._before is None:
            return {}
        model, i, was = self.model, self.number, self._before.smoothed
        serving, parameter = model.parts.serving, model.scenario.parameter
        orsos, money = serving.orsos, serving.funding.money
        sources, n = Sources.of(parameter), orsos.home.size
        everybody = slice(*np.searchsorted(orsos.home, [self.home, self.home + 1]).tolist())
        mine = (np.arange(n) == i).astype(np.int64)
        income = np.zeros((2, len(SOURCES)), np.int64)
        nothing, empty = np.zeros(n), np.zeros((2, n), np.int32)
        fund_orsos(
            0,
            1,
            np.uint32(int(model.world.key)),
            month_word(model.month.ordinal, Stream.FUNDS),
            np.int64(model.month.month - 1),
            np.array([everybody.start, everybody.stop]),
            mine,
            orsos.field,
            orsos.state,
            orsos.identity,
            money.own_month,
            money.pays,
            money.usual,
            np.ones((2, len(SOURCES)), np.float32),
            sources.timing,
            sources.spread,
            np.zeros(len(KINDS), np.float32),
            np.float32(1.0),
            np.zeros(2, np.int64),
            nothing,
            np.zeros(2),
            nothing,
            np.ones(n),
            nothing,
            nothing,
            1.0,
            0.0,
            money.reserve.copy(),
            money.smoothed.copy(),
            income,
            np.zeros(n),
            np.zeros(n),
            empty[0],
            empty[1],
        )
        part = income[1] / np.maximum(income.sum(axis=0), 1)
        rupiah = part * serving.funding.income[self.home]
        found = dict(zip(SOURCES, np.rint(rupiah).tolist(), strict=True))
        whole = MONTHS_PER_YEAR * (float(money.smoothed[i]) - was) + was
        rest = whole - sum(found[name] for name in SOURCES if name != _GOVERNMENT)
        found[_GOVERNMENT] = float(round(rest)) if rest > _ROUNDING else 0.0
        return found

    def _from_others(self, received: Mapping[str, float]) -> tuple[float, float]:
        """Return what of the month's money came through the forum, and from youth groups."""
        funding, home = self.model.parts.serving.funding, self.home
        firms = float(funding.income[home, SOURCES.index("csr")])
        part = float(funding.giving.through_forum[home]) / firms if firms else 0.0
        given = part_of_gifts(float(funding.with_gifts[home]))
        return received.get("csr", 0.0) * part, received.get("own_business", 0.0) * given

    def _stayed(self) -> tuple[int, int]:
        """Return the places whose clients stayed, and those whose clients were sent away."""
        kept = self._before
        if kept is None:
            return 0, 0
        model, serving, i = self.model, self.model.parts.serving, self.number
        orsos, cases, n = serving.orsos, kept.cases, serving.orsos.home.size
        self._close_ended(kept)
        held, ended = np.zeros(n, np.int32), np.zeros((model.places.codes.size, 2), np.int64)
        hold_clients(
            0,
            1,
            model.world.key,
            month_word(model.month.ordinal, Stream.SERVICE),
            np.array([i, i + 1]),
            orsos.home,
            orsos.field,
            orsos.state,
            serving.monitoring.checked,
            serving.needs.finish,
            model.parts.linking.success(serving.needs.success_by_mode),
            serving.funding.most,
            orsos.place_start,
            orsos.place_orsos,
            kept.place_case,
            kept.place_number,
            cases.household,
            cases.case_client,
            cases.active,
            cases.served,
            cases.helpers,
            cases.helped,
            cases.servers,
            held,
            ended,
            np.zeros((n, 3), np.int64),
        )
        return int(held[i]), int(ended[self.home, 1])

    def _close_ended(self, kept: _Before) -> None:
        """Close the cases of its clients that ended by themselves in the month."""
        now = self.model.parts.serving.cases
        own = np.unique(kept.place_case[self._own])
        for case in own[own != EMPTY].tolist():
            district = int(np.searchsorted(kept.cases.case_start, case, side="right")) - 1
            first, stop = now.case_start[district : district + 2]
            same = np.ones(int(stop - first), np.bool_)
            for name in ("household", "kind", "since"):
                same &= getattr(now, name)[first:stop] == getattr(kept.cases, name)[case]
            if not same.any():
                kept.cases.household[case] = FREE
