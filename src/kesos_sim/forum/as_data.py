"""A meeting as data: what people believed before they saw an answer, and how it compares.

Predictions are an elicited distribution of the poverty rate; answers to the points are a prior of
how much support each has. Neither is evidence about the world: they are what informed people
thought, and they are scored against the model and, once it is published, against the figure of BPS.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.data import read_table
from kesos_sim.data.regions import mpu_provinces
from kesos_sim.forum.backup import read_backup
from kesos_sim.forum.demo import simulated_meeting
from kesos_sim.forum.figures import Answers
from kesos_sim.forum.mufakat import AGREED, OBJECTS
from kesos_sim.forum.room import Room
from kesos_sim.forum.scoring import band_sample, crps, distance, pooled
from kesos_sim.forum.session import Session
from kesos_sim.forum.settings import example_session, load_session
from kesos_sim.scenario.levers import POINTS

__all__ = ["Meeting", "Score", "Support", "meeting_of", "published_rate", "scores", "support"]

Floats = NDArray[np.float64]

SURVEY_MONTH: Final = 3
"""Month of the survey whose poverty rates are published every year."""


@dataclass(frozen=True)
class Meeting:
    """A meeting that is read as data.

    Attributes
    ----------
    session : Session
        Its settings.
    room : Room
        Its state at the end.
    simulated : bool
        Whether nobody was there: events of a declared, seeded simulation.
    """

    session: Session
    room: Room
    simulated: bool


@dataclass(frozen=True, slots=True)
class Score:
    """The predictions of one question beside the model and what was published.

    Attributes
    ----------
    question : str
        Name of the question.
    guesses : int
        Predictions that came before the answer.
    median, mean, sd : float
        Of the predictions, percent; mean and deviation with each table counting once.
    model : tuple of float
        10th, 50th and 90th percentile of the model, percent.
    bias : float
        Median of the room less that of the model, percentage points.
    inside : float
        Predictions within the model's range, 0 to 1.
    distance : float
        Distance of both distributions, percentage points; see `kesos_sim.forum.scoring.distance`.
    prior : tuple of float or None
        Mean and standard deviation of room and model together, percent; see `scores`. None where
        the guesses do not differ: nobody knows how sure such a room is.
    observed : float or None
        The published rate, percent.
    crps_room, crps_model : float or None
        Score of either for what was published, percentage points; less is better.
    """

    question: str
    guesses: int
    median: float
    mean: float
    sd: float
    model: tuple[float, float, float]
    bias: float
    inside: float
    distance: float
    prior: tuple[float, float] | None
    observed: float | None
    crps_room: float | None
    crps_model: float | None


@dataclass(frozen=True, slots=True)
class Support:
    """What a meeting says beforehand of how much support a point has.

    Attributes
    ----------
    point : int
        1 to 9.
    agree, other, object : int
        Tables that agree, that do neither, and that object.
    mean, low, high : float
        Share of tables like these that would agree: mean, 5th and 95th percentile of a Beta
        distribution that begins even (Jeffreys), 0 to 1.
    """

    point: int
    agree: int
    other: int
    object: int
    mean: float
    low: float
    high: float


def meeting_of(
    backup: str | os.PathLike[str] | None = None,
    settings: str | os.PathLike[str] | None = None,
    *,
    surface: Answers | None = None,
    seed: int = 2008,
) -> Meeting:
    """Read a meeting, or simulate one to try the method on.

    Parameters
    ----------
    backup : path-like, optional
        A backup of the store; without it, people are simulated.
    settings : path-like, optional
        Settings of the meeting; the shipped example when left out.
    surface : Surface, optional
        The fitted surface, which the simulated people have in mind; needed without a backup.
    seed : int
        Seed of the simulated people.

    Returns
    -------
    Meeting
        It says whether anybody was there.

    Raises
    ------
    InputError
        If settings or backup cannot be read.

    Examples
    --------
    >>> from kesos_sim.emulator import load_surface
    >>> meeting = meeting_of(surface=load_surface())
    >>> meeting.session.code, meeting.simulated
    ('MPU26', True)
    """
    session = load_session(settings) if settings else example_session()
    room = Room(session)
    if backup:
        room.take(read_backup(backup)[1])
        return Meeting(session, room, simulated=False)
    if surface is None:
        from kesos_sim.emulator import load_surface

        surface = load_surface()
    room.take(simulated_meeting(session, surface, seed=seed))
    return Meeting(session, room, simulated=True)


def scores(
    meeting: Meeting, surface: Answers, observed: Mapping[str, float] | None = None
) -> tuple[Score, ...]:
    """Score the predictions of a meeting.

    The prior weighs room and model by their precision, as if they erred independently. People who
    were told the model's answers did not; the prior is then too sure, and a researcher may widen
    it.

    Parameters
    ----------
    meeting : Meeting
        The meeting.
    surface : Surface
        The model's answers.
    observed : mapping of str to float, optional
        Published poverty rate by question, percent; only a package that was carried out has one.

    Returns
    -------
    tuple of Score
        One for each question that somebody answered in time.

    Examples
    --------
    >>> from kesos_sim.emulator import load_surface
    >>> surface = load_surface()
    >>> [score.question for score in scores(meeting_of(surface=surface), surface)]
    ['apbd', 'coordination', 'both']
    """
    found = []
    for question in meeting.session.questions:
        guesses = meeting.room.guesses.get(question.name, {})
        kept = [one for _, one in sorted(guesses.items()) if not one.late]
        if kept:
            values = np.array([one.value for one in kept])
            tables = [one.table for one in kept]
            answer = surface.answer(question.levers)
            band = answer["outcomes"]["poverty_rate"]["package"][-1]
            seen = (observed or {}).get(question.name)
            found.append(_score(question.name, values, tables, band, seen))
    return tuple(found)


def support(meeting: Meeting) -> tuple[Support, ...]:
    """Return what a meeting says of the support of each point.

    Parameters
    ----------
    meeting : Meeting
        The meeting.

    Returns
    -------
    tuple of Support
        For every point that a table answered.

    Examples
    --------
    >>> from kesos_sim.emulator import load_surface
    >>> first = support(meeting_of(surface=load_surface()))[0]
    >>> first.point, first.agree + first.other + first.object, first.low < first.mean < first.high
    (1, 10, True)
    """
    from scipy.stats import beta

    found = []
    for point in POINTS:
        answers = list(meeting.room.point(str(point)).tables.values())
        if answers:
            agree = sum(one in AGREED for one in answers)
            against = sum(one == OBJECTS for one in answers)
            belief = beta(0.5 + agree, 0.5 + len(answers) - agree)
            low, high = (float(belief.ppf(part)) for part in (0.05, 0.95))
            other = len(answers) - agree - against
            mean = float(belief.mean())
            found.append(Support(point, agree, other, against, mean, low, high))
    return tuple(found)


def published_rate(year: int) -> float | None:
    """Return the published poverty rate of the ten provinces together.

    Parameters
    ----------
    year : int
        Calendar year; the survey of March.

    Returns
    -------
    float or None
        Percent; None as long as a province's figure is not in the data.
    """
    table = read_table("poverty_province").where(year=year, month=SURVEY_MONTH, area="total")
    rows = {int(row["bps_code"]): row for row in table.rows()}
    wanted = [rows.get(code) for code in mpu_provinces()]
    poor = [_number(row, "poor_thousand") for row in wanted]
    rate = [_number(row, "poverty_rate_p0") for row in wanted]
    if any(value is None or value <= 0.0 for value in (*poor, *rate)):
        return None
    people = sum(p / r for p, r in zip(poor, rate, strict=True) if p and r)
    return sum(p for p in poor if p) / people


def _number(row: Any, name: str) -> float | None:
    value = math.nan if row is None else float(row[name])
    return None if math.isnan(value) else value


def _score(
    name: str, values: Floats, tables: list[str], band: list[float], observed: float | None
) -> Score:
    low, middle, high = (float(one) for one in band)
    sample = band_sample((low, middle, high))
    mean, sd = pooled(values, tables)
    median = float(np.median(values))
    return Score(
        question=name,
        guesses=values.size,
        median=median,
        mean=mean,
        sd=sd,
        model=(low, middle, high),
        bias=median - middle,
        inside=float(np.mean((values >= low) & (values <= high))),
        distance=distance(values, sample),
        prior=_together((mean, sd), (float(sample.mean()), float(sample.std()))),
        observed=observed,
        crps_room=None if observed is None else crps(values, observed),
        crps_model=None if observed is None else crps(sample, observed),
    )


def _together(
    first: tuple[float, float], second: tuple[float, float]
) -> tuple[float, float] | None:
    """Weigh two normal beliefs by their precision, as far as both have one.

    A single guess, or guesses that are all the same, have no spread: that is not certainty.
    """
    (one, spread), (other, width) = first, second
    if spread == 0.0 or width == 0.0:
        return None
    weight, more = spread**-2.0, width**-2.0
    return (one * weight + other * more) / (weight + more), (weight + more) ** -0.5
