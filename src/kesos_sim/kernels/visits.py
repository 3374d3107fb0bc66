"""Teams of helpers look for people who were hit, and find some whom others have helped already.

Nothing here says how much help is doubled. Each team looks by itself, sees the easily seen first
and visits nobody twice; whom another team has helped it recognises only when it checks. What is
doubled follows from hands over people, from how unevenly people are seen, and from how often teams
check.

Derivation. Let people be met at random moments, each at a rate v, how easily it is seen. A team
that meets whom it has not visited yet spends a hand on it, unless somebody else has helped it and
the team knows that from the list, which it does of a share c of those who were helped. While a team
has looked for a time s, it has visited a person without help with the chance 1 - exp(-s v), one
with help with the chance (1 - c) (1 - exp(-s v)). The teams before it have left each person without
help with the chance exp(-t v) for some t, whatever their number, so that the state of a place is t
alone, or as well the share of people without help, the mean of exp(-t v). A team whose hands are a
share h of the people stops at the s with

    h = mean of exp(-t v) (1 - exp(-s v)) + (1 - exp(-t v)) (1 - c) (1 - exp(-s v)),

and leaves t + s; with hands for all whom it may visit it has helped everybody. With equal
visibility and c = 0 that is the random search whose share without help is the product of 1 - h over
the teams, exact for any number of people; otherwise it is exact but for an error of the order of
one person.
"""

from __future__ import annotations

import numba as nb
import numpy as np

__all__ = ["visit"]

_STEPS = 60
_CLOSE = 1e-12


@nb.njit(error_model="numpy")
def _time(done, checked, share, visibility):  # type: ignore[no-untyped-def]
    """Return how long a team looks until it has spent hands on a share of the people.

    The share of hands not yet spent is a sum of falling exponentials and a constant, so that
    Newton's steps in its logarithm come to the root from below and never pass it.
    """
    time, n = 0.0, visibility.size
    goal = np.log1p(-share)
    for _ in range(_STEPS):
        left, slope = 0.0, 0.0
        for i in range(n):
            v = visibility[i]
            first = np.exp(-time * v)
            if done > 0.0 and checked > 0.0:
                known = checked * (1.0 - np.exp(-done * v))
                left += (1.0 - known) * first + known
                slope += v * (1.0 - known) * first
            else:
                left += first
                slope += v * first
        step = (np.log(left / n) - goal) * left / slope
        time += max(step, 0.0)
        if step <= _CLOSE * time:
            break
    return time


@nb.njit(cache=True, nogil=True, error_model="numpy")
def visit(people, hands, checked, visibility, helped, spent):  # type: ignore[no-untyped-def]
    """Let the teams of each place look for people, one after the other.

    Parameters
    ----------
    people : float64[n], persons, who were hit
    hands : float64[n, n_teams], persons, whom each team can visit
    checked : float64[n], share, of those whom others have helped, of whom a team knows it
    visibility : float64[n_levels], ratio, how easily people are seen, as many people on each level
    helped : float64[n], persons, helped before, at most the people; written: helped after
    spent : float64[n], persons, written: visits, those to people helped already among them

    Examples
    --------
    Two teams that can visit half of the people each reach three quarters, where all are seen
    alike and nobody checks; with one list they reach all:

    >>> import numpy as np
    >>> people, hands = np.full(2, 100.0), np.full((2, 2), 50.0)
    >>> helped, spent = np.zeros(2), np.zeros(2)
    >>> visit(people, hands, np.array([0.0, 1.0]), np.ones(1), helped, spent)
    >>> helped.round(6).tolist(), spent.tolist()
    ([75.0, 100.0], [100.0, 100.0])
    """
    for place in range(people.size):
        everyone = people[place]
        spent[place] = 0.0
        if everyone <= 0.0:
            continue
        done, checks = -1.0, checked[place]
        for team in range(hands.shape[1]):
            # Whoever is known to have help is visited by no other team, however many hands it has.
            most = everyone - checks * helped[place]
            able = hands[place, team]
            if able >= most:
                spent[place] += most
                helped[place] = everyone
            elif able > 0.0:
                spent[place] += able
                if helped[place] >= everyone:
                    continue
                if done < 0.0:
                    done = _time(0.0, 0.0, helped[place] / everyone, visibility)
                done += _time(done, checks, able / everyone, visibility)
                left = 0.0
                for i in range(visibility.size):
                    left += np.exp(-done * visibility[i])
                found = everyone * (1.0 - left / visibility.size)
                helped[place] = min(max(found, helped[place]), helped[place] + able)
