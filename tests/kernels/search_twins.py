"""Slow twins of the search kernels: one organisation and place after the other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kesos_sim.kernels.cases import FREE, LEFT_CARE, LEFT_HOME
from kesos_sim.kernels.places import COMMUNITY, EMPTY, MEMBER, WORKING
from kesos_sim.testing import Village
from tests.kernels.case_twins import State
from tests.kernels.twins import exp32, normal

F = np.float32
_WORD = 0xFFFFFFFF


@dataclass(frozen=True)
class Field:
    """Where organisations are, how they work and what they can pay; clients are in the state.

    Provinces, districts and organisations follow on each other; ``place_start`` says which
    places of ``place_case`` and ``place_number`` are an organisation's.
    """

    province_orsos: NDArray[np.int64]
    province_district: NDArray[np.int64]
    home: NDArray[np.int64]
    field: NDArray[np.uint8]
    state: NDArray[np.uint8]
    place_start: NDArray[np.int64]
    shared_list: NDArray[np.float32]
    routing: NDArray[np.float32]
    referred: NDArray[np.float32]
    most: NDArray[np.int32]
    room: NDArray[np.int32]
    ready: NDArray[np.int16]
    effort: np.float32
    spread: np.float32
    looks: int = 4
    tries: int = 4

    @property
    def place_orsos(self) -> NDArray[np.int32]:
        """Whose places they are: int32[n_places]."""
        return np.repeat(np.arange(self.home.size, dtype=np.int32), np.diff(self.place_start))


def words(c0: int, c1: int, key: int) -> tuple[int, int]:
    """Return the two words of a counter, in whole numbers."""
    c0, c1, key = int(c0) & _WORD, int(c1) & _WORD, int(key)
    for _ in range(10):
        product = c0 * 0xD256D193
        c0, c1 = (product >> 32) ^ key ^ c1, product & _WORD
        key = (key + 0x9E3779B9) & _WORD
    return c0, c1


def _share(bits: int, width: int) -> np.float32:
    return (F(bits) + F(0.5)) * F(2.0**-width)


@cache
def visibility(key: int, household: int, kind: int, number: int, spread: float) -> np.float32:
    """Return how easily a client is seen: one of 256 levels, each in the middle of its share."""
    bits, _ = words(household, (number & 0x7FFFFF) | (kind << 24), key ^ 0x9E3779B9)
    middle = np.array([((2 * (bits >> 24) + 1) << 24) // 512], np.uint32)
    return exp32(F(spread) * normal(middle))[0]


def hold_clients(
    village: Village,
    own: Field,
    state: State,
    month_word: int,
    finish: NDArray[np.float32],
    success: NDArray[np.float32],
    checked: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """End services in place; return those helped and sent away by district, and the finished."""
    ended = np.zeros((own.shared_list.size, 2), np.int64)
    finished = np.zeros((own.home.size, 3), np.int64)
    state["held"][:] = 0
    for orsos, (home, kind) in enumerate(zip(own.home, own.field, strict=True)):
        if not own.state[orsos] & WORKING:
            continue
        for place in range(own.place_start[orsos], own.place_start[orsos + 1]):
            case = state["place_case"][place]
            if case == EMPTY or state["household"][case] == FREE:
                state["place_case"][place] = EMPTY
                if case != EMPTY:
                    client = state["case_client"][case] + state["place_number"][place]
                    told = checked[orsos] and state["servers"][client] == LEFT_HOME
                    finished[orsos, 2] += not told
                    if checked[orsos]:
                        state["servers"][client] = LEFT_HOME
                continue
            luck, outcome = words(place, month_word, int(village.key))
            done = luck & 0xFFFF < int(finish[kind] * F(65536))
            if not done and state["held"][orsos] < own.most[orsos]:
                state["held"][orsos] += 1
                continue
            ended[home, 1] += not done
            finished[orsos, 0] += done
            state["place_case"][place] = EMPTY
            client = state["case_client"][case] + state["place_number"][place]
            state["servers"][client] -= 1
            state["helpers"][case] -= 1
            if state["servers"][client] == 0:
                state["served"][case] -= 1
                mode = int(bool(own.state[orsos] & COMMUNITY))
                if done and outcome & 0xFFFF < int(success[mode, kind] * F(65536)):
                    state["servers"][client] = (LEFT_HOME, LEFT_CARE)[mode]
                    state["active"][case] -= 1
                    state["helped"][case] += 1
                    ended[home, 0] += 1
                    finished[orsos, 1] += 1
    return ended, finished


def _servers(state: State, met: tuple[int, int]) -> int:
    """Return how many serve a client of a case."""
    return int(state["servers"][state["case_client"][met[0]] + met[1]])


def _meet(
    state: State, people: NDArray[np.int64], one: int, two: int, until: int
) -> tuple[int, int] | None:
    """Return case and number of somebody in need for long enough whom two words pick, if any."""
    if not people.size:
        return None
    case = int(people[(one * people.size) >> 32])
    row = int(state["case_client"][case + 1] - state["case_client"][case])
    number = (two * row) >> 32
    if number >= state["people"][case] or _servers(state, (case, number)) >= LEFT_CARE:
        return None
    if state["since"][case] > until:
        return None
    return case, number


def _take(
    state: State, found: NDArray[np.int64], met: tuple[int, int], place: int, now: int
) -> None:
    """Give a place to a client; count who is reached and who is doubled."""
    case, number = met
    if _servers(state, met):
        found[1] += 1
    else:
        state["served"][case] += 1
        found[4] += 1
        found[5] += now - int(state["since"][case])
    state["servers"][state["case_client"][case] + number] += 1
    state["helpers"][case] += 1
    state["place_case"][place], state["place_number"][place] = met
    found[0] += 1


def _chosen(until: list[np.float32], luck: np.float32) -> int:
    """Return which of those who are seen is taken, the last one if none."""
    point = until[-1] * luck
    return next((i for i, limit in enumerate(until[1:]) if point < limit), -1)


def _ways(own: Field, home: int, how: int, member: bool) -> tuple[bool, bool, bool]:
    """Return whether a place looks into the list, the body sends, the body or a group brings."""
    sent, near = own.routing[home] if member else F(0), own.referred[home]
    checks, luck = _share(how & 0xFFFF, 16) < own.shared_list[home], _share(how >> 16, 16)
    return bool(member and checks), bool(luck < sent), bool(luck < sent + (F(1) - sent) * near)


def find_clients(
    village: Village,
    own: Field,
    state: State,
    month_word: int,
    now: int,
    n_kinds: int,
) -> NDArray[np.int64]:
    """Fill free places in place; return counts by district."""
    n = own.shared_list.size
    key, found = int(village.key), np.zeros((n, 6), np.int64)
    state["eased"][:] = 0
    open_ = np.flatnonzero(state["household"] != FREE)
    of_district = np.searchsorted(state["case_start"], open_, side="right") - 1
    lists = {
        (district, kind): open_[(of_district == district) & (state["kind"][open_] == kind)]
        for district in range(n)
        for kind in range(n_kinds)
    }
    for orsos, (home, kind) in enumerate(zip(own.home, own.field.tolist(), strict=True)):
        if not own.state[orsos] & WORKING:
            continue
        member = bool(own.state[orsos] & MEMBER)
        own_ = slice(*own.place_start[orsos : orsos + 2].tolist())
        places = range(own_.start, own_.stop)
        province = int(np.searchsorted(own.province_district, home, side="right")) - 1
        neighbours = range(*own.province_district[province : province + 2])
        for place in places:
            if state["held"][orsos] >= own.room[orsos]:
                break
            luck, how = words(place, month_word, key)
            if state["place_case"][place] != EMPTY or _share(luck >> 9, 23) >= own.effort:
                continue
            checks, by_body, brought = _ways(own, home, how, member)
            spared = 0
            for attempt in range(own.tries):
                seen, until = [], [F(0)]
                for look in range(own.looks):
                    turn = 1 + attempt * own.looks + look
                    one, two = words(place, month_word ^ (turn << 24), key)
                    where = home
                    if by_body and 2 * attempt >= own.tries:
                        where = neighbours[((one & 0xFFFF) * len(neighbours)) >> 16]
                    met = _meet(state, lists[where, kind], one, two, now - int(own.ready[kind]))
                    if met is None or (brought and _servers(state, met)):
                        continue
                    h = int(village.households.first_id) + int(state["household"][met[0]])
                    seen_as = (key, h & _WORD, kind, met[1], float(own.spread))
                    until.append(until[-1] + (F(1) if brought else visibility(*seen_as)))
                    seen.append(met)
                if not seen:
                    continue
                bits, _ = words(place, month_word ^ ((128 + attempt) << 24), key)
                case, number = seen[_chosen(until, _share(bits >> 9, 23))]
                others = _servers(state, (case, number))
                mine = zip(state["place_case"][own_], state["place_number"][own_], strict=True)
                if others and checks:
                    found[home, 2] += 1
                    spared = 1
                elif not others or (others < LEFT_CARE - 1 and (case, number) not in set(mine)):
                    _take(state, found[home], (case, number), place, now)
                    found[home, 3] += by_body
                    state["held"][orsos] += 1
                    state["eased"][orsos, 0] += by_body
                    break
            state["eased"][orsos, 1] += spared
    return found


def field_of(places: NDArray[np.int64], **changes: Any) -> Field:
    """Return organisations of one district, kind and province, with so many places each."""
    start = np.concatenate([[0], np.cumsum(places)]).astype(np.int64)
    n, one = places.size, np.ones(1, F)
    given = {
        "province_orsos": np.array([0, n]),
        "province_district": np.array([0, 1]),
        "home": np.zeros(n, np.int64),
        "field": np.zeros(n, np.uint8),
        "state": np.full(n, WORKING, np.uint8),
        "place_start": start,
        "shared_list": 0 * one,
        "routing": 0 * one,
        "referred": 0 * one,
        "most": places.astype(np.int32),
        "room": places.astype(np.int32),
        "ready": np.zeros(1, np.int16),
        "effort": F(1),
        "spread": F(0),
    }
    return Field(**(given | changes))
