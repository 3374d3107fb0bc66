"""Who lives in each household: a pure function of household, year and permanent score.

Every household runs through a life cycle of fixed length: a couple founds it,
children are born and leave, a parent may live along, partners are lost, and at
the end the next generation takes over with new draws. The phase in the epoch
year is uniform over the cycle and moves on by one each January, so that mean
size, age structure and births stay constant by construction: nothing is
remembered from year to year and nothing can drift.

A composition is the state on 1 January and holds for the year. Ages are whole
years on that day. A household counts as pregnant in the year before a child
first appears, with the chance that stands for the part of a year.

Draws of a household and generation (bytes and halves count from the low end):

====  ==================================================================
draw  use
====  ==================================================================
0     phase in the epoch year; the only draw without generation
1     four halves: wish for children, summed to a bell-shaped score
2     bytes 0-6: first birth and spacing; byte 7: partner's age
3     bytes 0-6: leaving of the children; byte 7: head's age at founding
4     halves 0, 2, 3: no partner, loss of the partner, elder;
      bytes 2, 3: year of the loss, elder's age
5     bytes 0-6: pregnancies; byte 7: second elder
6     halves: disability of head, partner, elder, second elder
7, 8  halves 0-6: disability of the children; last bytes: elder's entry, stay
====  ==================================================================
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from kesos_sim.kernels.philox import philox2x32
from kesos_sim.rng import MONTH_BITS, Stream

__all__ = [
    "ADULT",
    "CHILDREN_MAX",
    "ELDERLY",
    "EPOCH",
    "FIELDS",
    "Rule",
    "compose",
    "field",
]

EPOCH = 1900
"""First year that can be asked for."""

CHILDREN_MAX = 7
"""Most children of a couple."""

SCHOOL, JUNIOR, SENIOR, ADULT, ELDERLY, OLD = 7, 13, 16, 19, 60, 70
"""First ages of primary, junior, senior secondary, working age, 60 and 70 and over."""

TODDLER = 2
"""First age for which disability is known."""

FIELDS = {
    "size": (0, 4),
    "age_0_6": (4, 3),
    "primary": (7, 3),
    "junior": (10, 2),
    "senior": (12, 2),
    "elderly_60": (14, 2),
    "elderly_70": (16, 2),
    "disabled_under_60": (18, 2),
    "disabled_elderly": (20, 2),
    "pregnant": (22, 1),
}
"""Persons in the packed word: first bit and width. ``elderly_70`` is part of
``elderly_60``; working age is the size less the five age groups. Bit 23 is zero
and bits 24-31 belong to whoever holds the word."""

_SMALL_BIT = np.uint32(1 << FIELDS["age_0_6"][0])
_PRIMARY_BIT = np.uint32(1 << FIELDS["primary"][0])
_JUNIOR_BIT = np.uint32(1 << FIELDS["junior"][0])
_SENIOR_BIT = np.uint32(1 << FIELDS["senior"][0])
_ELDERLY_BIT = np.uint32(1 << FIELDS["elderly_60"][0])
_OLD_BIT = np.uint32(1 << FIELDS["elderly_70"][0])
_UNABLE_SHIFT = np.uint32(FIELDS["disabled_under_60"][0])
_FRAIL_SHIFT = np.uint32(FIELDS["disabled_elderly"][0])
_PREGNANT_SHIFT = np.uint32(FIELDS["pregnant"][0])
_OTHERS = np.uint32(0xFF000000)
_NONE = np.uint32(0)
_MOST = np.uint32(3)

# The sum of four uniform 16-bit numbers less its mean, over its standard deviation.
_SCORE_MEAN = np.int32(4 * 0xFFFF // 2)
_SCORE_UNIT = np.float32(np.sqrt(3.0) / (1 << 16))

_BLOCK = 256
"""Households at a time: what is known of them meanwhile fits the first-level cache."""
_WHO, _COUNTER, _PHASE, _KIDS, _SPAN, _BORN, _WORD, _UNABLE, _FRAIL, _PREGNANT = range(10)
_STATE_ROWS = 10
_DRAWS = 8
_SCORE, _BIRTHS, _LEAVING, _PARTNER, _PREGNANCIES, _ADULT_HEALTH, _CHILD_HEALTH = range(0, 14, 2)


class Rule(NamedTuple):
    """Numbers of the life cycle as the kernel reads them.

    Spans are in 1/256 year: a random byte times a span, shifted by 16 bits, is a
    whole number of years from 0 up to the span.

    Attributes
    ----------
    cycle : int32, years, length of a generation
    head_low, head_span : int32 and uint32, years, age of the head at founding
    partner_gap_low, partner_gap_span : int32 and uint32, years the partner is younger
    single : uint32, 1/65536, chance of never having a partner or children
    loss, loss_low, loss_span : uint32 1/65536, int32 and uint32 years, loss of the partner
    spread_base, spread_slope : float32, children and children per child, spread of the wish
    score_slope : float32, children per standard deviation of the permanent score
    birth_low, birth_span : int32 and uint32, year of the cycle, first birth
    spacing_low : int32, years, shortest time between births
    spacing_span : uint32[8], 1/256 year, span of that time by number of children
    leaving_low, leaving_span : int32 and uint32, years, age at leaving home
    elder, second_elder : uint32, 1/65536 and 1/256, chance of an elder and of a couple
    elder_gap_low, elder_gap_span : int32 and uint32, years the elder is older than the head
    elder_entry_low, elder_entry_span : int32 and uint32, years, elder's age at moving in
    elder_stay_low, elder_stay_span : int32 and uint32, years the elder stays
    disabled_2_6, disabled_7_18, disabled_19_59, disabled_60 : uint32, 1/65536, chance
    pregnancy : uint32, 1/256, chance that the year before a birth counts as pregnant
    """

    cycle: np.int32
    head_low: np.int32
    head_span: np.uint32
    partner_gap_low: np.int32
    partner_gap_span: np.uint32
    single: np.uint32
    loss: np.uint32
    loss_low: np.int32
    loss_span: np.uint32
    spread_base: np.float32
    spread_slope: np.float32
    score_slope: np.float32
    birth_low: np.int32
    birth_span: np.uint32
    spacing_low: np.int32
    spacing_span: NDArray[np.uint32]
    leaving_low: np.int32
    leaving_span: np.uint32
    elder: np.uint32
    second_elder: np.uint32
    elder_gap_low: np.int32
    elder_gap_span: np.uint32
    elder_entry_low: np.int32
    elder_entry_span: np.uint32
    elder_stay_low: np.int32
    elder_stay_span: np.uint32
    disabled_2_6: np.uint32
    disabled_7_18: np.uint32
    disabled_19_59: np.uint32
    disabled_60: np.uint32
    pregnancy: np.uint32


def field(word: NDArray[np.uint32], name: str) -> NDArray[np.uint32]:
    """Return one field of packed compositions.

    Parameters
    ----------
    word : uint32[n_households], bits, packed composition
    name : str, one of `FIELDS`

    Returns
    -------
    uint32[n_households], persons, or 0 and 1 for ``pregnant``

    Examples
    --------
    >>> import numpy as np
    >>> field(np.array([4, 2], np.uint32), "size").tolist()
    [4, 2]
    """
    shift, width = FIELDS[name]
    return (word >> np.uint32(shift)) & np.uint32((1 << width) - 1)


@nb.njit(forceinline=True)
def _at(row, i):  # type: ignore[no-untyped-def]
    return row * _BLOCK + i


@nb.njit(forceinline=True)
def _byte(word, index):  # type: ignore[no-untyped-def]
    return np.uint32(np.uint32(word >> np.uint32(8 * index)) & np.uint32(0xFF))


@nb.njit(forceinline=True)
def _half(word, index):  # type: ignore[no-untyped-def]
    return np.uint32(np.uint32(word >> np.uint32(16 * index)) & np.uint32(0xFFFF))


@nb.njit(forceinline=True)
def _years(low, byte, span):  # type: ignore[no-untyped-def]
    return np.int32(low + np.int32(np.uint32(byte * span) >> np.uint32(16)))


@nb.njit(forceinline=True)
def _person(age):  # type: ignore[no-untyped-def]
    """Return what a person of this age adds to the word."""
    word = np.uint32(1)
    word += _SMALL_BIT if age < SCHOOL else _NONE
    word += _PRIMARY_BIT if (age >= SCHOOL) & (age < JUNIOR) else _NONE
    word += _JUNIOR_BIT if (age >= JUNIOR) & (age < SENIOR) else _NONE
    word += _SENIOR_BIT if (age >= SENIOR) & (age < ADULT) else _NONE
    word += _ELDERLY_BIT if age >= ELDERLY else _NONE
    word += _OLD_BIT if age >= OLD else _NONE
    return np.uint32(word)


@nb.njit(forceinline=True)
def _disability(age, rule):  # type: ignore[no-untyped-def]
    """Return the chance of severe disability at this age."""
    chance = rule.disabled_60 if age >= ELDERLY else rule.disabled_19_59
    chance = rule.disabled_7_18 if age < ADULT else chance
    chance = rule.disabled_2_6 if age < SCHOOL else chance
    return chance if age >= TODDLER else _NONE


@nb.njit(error_model="numpy")
def _begin(state, first_id, year, rule, count, key):  # type: ignore[no-untyped-def]
    """Set household number, phase of the cycle and counter of the generation."""
    base = np.uint32(np.uint32(Stream.COMPOSITION) << np.uint32(MONTH_BITS))
    elapsed = np.int32(year - EPOCH)
    turns = np.int32(elapsed // rule.cycle)
    rest = np.int32(elapsed - turns * rule.cycle)
    for i in range(count):
        who = np.uint32(first_id + np.uint32(i))
        bits, _ = philox2x32(who, base, key)
        start = np.int32((np.uint64(bits) * np.uint64(rule.cycle)) >> np.uint64(32))
        phase = np.int32(start + rest)
        next_one = phase >= rule.cycle
        state[_at(_WHO, i)] = who
        state[_at(_COUNTER, i)] = np.uint32(base + np.uint32(turns) + np.uint32(next_one))
        state[_at(_PHASE, i)] = np.uint32(np.int32(phase - rule.cycle) if next_one else phase)


@nb.njit(error_model="numpy")
def _draw(state, draws, number, count, key):  # type: ignore[no-untyped-def]
    """Fill the two rows of one draw; counters keep generation and draw in separate bytes."""
    one = draws[_at(2 * number, 0) : _at(2 * number + 1, 0)]
    two = draws[_at(2 * number + 1, 0) : _at(2 * number + 2, 0)]
    for i in range(count):
        c1 = np.uint32(state[_at(_COUNTER, i)] + np.uint32((number + 1) << 8))
        one[i], two[i] = philox2x32(state[_at(_WHO, i)], c1, key)


@nb.njit(error_model="numpy")
def _adults(state, draws, rule, count):  # type: ignore[no-untyped-def]
    """Count head, partner and elders."""
    for i in range(count):
        phase = np.int32(state[_at(_PHASE, i)])
        couple, bonds = draws[_at(_PARTNER, i)], draws[_at(_PARTNER + 1, i)]
        own_health, elder_health = draws[_at(_ADULT_HEALTH, i)], draws[_at(_ADULT_HEALTH + 1, i)]
        stays = draws[_at(_CHILD_HEALTH + 3, i)]

        age = _byte(draws[_at(_LEAVING + 1, i)], 3)
        head = np.int32(_years(rule.head_low, age, rule.head_span) + phase)
        word = _person(head)
        sick_head = np.uint32(_half(own_health, 0) < _disability(head, rule))

        younger = _byte(draws[_at(_BIRTHS + 1, i)], 3)
        mate = np.int32(head - _years(rule.partner_gap_low, younger, rule.partner_gap_span))
        lost = _half(bonds, 0) < rule.loss
        until = _years(rule.loss_low, _byte(couple, 2), rule.loss_span) if lost else rule.cycle
        here = (_half(couple, 0) >= rule.single) & (phase < until)
        word += _person(mate) if here else _NONE
        sick_mate = np.uint32(here & (_half(own_health, 1) < _disability(mate, rule)))

        elder = np.int32(head + _years(rule.elder_gap_low, _byte(couple, 3), rule.elder_gap_span))
        entry = _years(rule.elder_entry_low, _byte(stays, 2), rule.elder_entry_span)
        stay = _years(rule.elder_stay_low, _byte(stays, 3), rule.elder_stay_span)
        here = (_half(bonds, 1) < rule.elder) & (head < ELDERLY)
        here = here & (elder >= entry) & (elder < np.int32(entry + stay))
        grown = _person(elder)
        chance = _disability(elder, rule)
        word += grown if here else _NONE
        frail = np.uint32(here & (_half(elder_health, 0) < chance))
        half_way = np.int32(entry + (stay >> np.int32(1)))
        second = _byte(draws[_at(_PREGNANCIES + 1, i)], 3) < rule.second_elder
        here = here & second & (elder < half_way)
        word += grown if here else _NONE
        frail += np.uint32(here & (_half(elder_health, 1) < chance))

        frail += sick_head if head >= ELDERLY else _NONE
        frail += sick_mate if mate >= ELDERLY else _NONE
        unable = _NONE if head >= ELDERLY else sick_head
        unable += _NONE if mate >= ELDERLY else sick_mate
        state[_at(_WORD, i)] = word
        state[_at(_FRAIL, i)] = frail
        state[_at(_UNABLE, i)] = unable


@nb.njit(error_model="numpy")
def _wish(state, draws, fertility, permanent, rule, count):  # type: ignore[no-untyped-def]
    """Set the number of children and the spacing of their births."""
    spread = np.float32(rule.spread_base + rule.spread_slope * np.float32(fertility))
    for i in range(count):
        one, two = draws[_at(_SCORE, i)], draws[_at(_SCORE + 1, i)]
        total = np.int32(_half(one, 0) + _half(one, 1) + _half(two, 0) + _half(two, 1))
        z = np.float32(np.int32(total - _SCORE_MEAN)) * _SCORE_UNIT
        wish = np.float32(fertility) + spread * z - rule.score_slope * permanent[i]
        wish = min(max(wish + np.float32(0.5), np.float32(0.0)), np.float32(CHILDREN_MAX))
        kids = np.int32(wish) if _half(draws[_at(_PARTNER, i)], 0) >= rule.single else np.int32(0)
        state[_at(_KIDS, i)] = np.uint32(kids)
        state[_at(_BORN, i)] = _NONE
        state[_at(_PREGNANT, i)] = _NONE
    for i in range(count):
        state[_at(_SPAN, i)] = rule.spacing_span[state[_at(_KIDS, i)]]


@nb.njit(error_model="numpy")
def _child(state, draws, number, rule, count):  # type: ignore[no-untyped-def]
    """Count one child and the pregnancy before its birth."""
    word4, byte4, word2, half2 = number >> 2, number & 3, number >> 1, number & 1
    births = draws[_at(_BIRTHS + word4, 0) : _at(_BIRTHS + word4 + 1, 0)]
    leaving = draws[_at(_LEAVING + word4, 0) : _at(_LEAVING + word4 + 1, 0)]
    pregnancies = draws[_at(_PREGNANCIES + word4, 0) : _at(_PREGNANCIES + word4 + 1, 0)]
    health = draws[_at(_CHILD_HEALTH + word2, 0) : _at(_CHILD_HEALTH + word2 + 1, 0)]
    low = rule.birth_low if number == 0 else rule.spacing_low
    for i in range(count):
        span = rule.birth_span if number == 0 else state[_at(_SPAN, i)]
        wait = _years(low, _byte(births[i], byte4), span)
        born = np.int32(np.int32(state[_at(_BORN, i)]) + wait)
        state[_at(_BORN, i)] = np.uint32(born)
        age = np.int32(np.int32(state[_at(_PHASE, i)]) - born)
        until = _years(rule.leaving_low, _byte(leaving[i], byte4), rule.leaving_span)
        real = number < np.int32(state[_at(_KIDS, i)])
        here = real & (age >= 0) & (age < until)
        state[_at(_WORD, i)] += _person(age) if here else _NONE
        state[_at(_UNABLE, i)] += np.uint32(
            here & (_half(health[i], half2) < _disability(age, rule))
        )
        state[_at(_PREGNANT, i)] |= np.uint32(
            real & (age == -1) & (_byte(pregnancies[i], byte4) < rule.pregnancy)
        )


@nb.njit(nogil=True, error_model="numpy")
def _compose_range(key, year, first_id, fertility, rule, permanent, word):  # type: ignore[no-untyped-def]
    """Compose neighbouring households of one stratum."""
    state = np.empty(_STATE_ROWS * _BLOCK, np.uint32)
    draws = np.empty(2 * _DRAWS * _BLOCK, np.uint32)
    for start in range(0, word.size, _BLOCK):
        count = min(_BLOCK, word.size - start)
        _begin(state, np.uint32(first_id + np.uint32(start)), year, rule, count, key)
        for number in range(_DRAWS):
            _draw(state, draws, number, count, key)
        _adults(state, draws, rule, count)
        _wish(state, draws, fertility, permanent[start : start + count], rule, count)
        for number in range(CHILDREN_MAX):
            _child(state, draws, number, rule, count)
        for i in range(count):
            packed = state[_at(_WORD, i)]
            packed += np.uint32(min(state[_at(_UNABLE, i)], _MOST) << _UNABLE_SHIFT)
            packed += np.uint32(min(state[_at(_FRAIL, i)], _MOST) << _FRAIL_SHIFT)
            packed += np.uint32(state[_at(_PREGNANT, i)] << _PREGNANT_SHIFT)
            word[start + i] = (word[start + i] & _OTHERS) | packed


@nb.njit(cache=True, nogil=True, error_model="numpy")
def compose(  # type: ignore[no-untyped-def]
    from_stratum, to_stratum, key, year, first_id, stratum_start, fertility, rule, permanent, word
):
    """Write who lives in each household in a calendar year.

    Parameters
    ----------
    from_stratum, to_stratum : int64, index, first of the strata to do, and one past the last
    key : uint32, key: hash of the seed
    year : int32, calendar year, `EPOCH` or later
    first_id : uint32, number of the first household
    stratum_start : int64[n_strata + 1], household, first household of each stratum
    fertility : float32[n_strata], children, centre of the wish for children
    rule : Rule, numbers of the life cycle
    permanent : float32[n_households], normal score, permanent welfare score
    word : uint32[n_households], bits, packed composition; the low 24 bits are written
    """
    for stratum in range(from_stratum, to_stratum):
        begin, end = stratum_start[stratum], stratum_start[stratum + 1]
        if begin < end:
            _compose_range(
                key,
                year,
                np.uint32(first_id + begin),
                fertility[stratum],
                rule,
                permanent[begin:end],
                word[begin:end],
            )
