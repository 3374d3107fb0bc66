"""What is seen of one social organisation in a month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["OrsosMonth"]


@dataclass(frozen=True, slots=True)
class OrsosMonth:
    """One month of a social organisation.

    Attributes
    ----------
    row : int
        Months since the base month.
    working, member, accredited, community : bool
        Whether it works, is a member of its coordinating body, is accredited, and serves people
        where they live.
    body_awake : bool
        Whether that body works.
    trust : float
        Its trust in the body, 0 to 1.
    places, clients : int
        Real people for whom it has places now, and those it serves: a place may stand for several.
    affordable, planned : int or None
        Clients for whom its money is enough in this month, and for how many it wants to care so
        that its money lasts; None in the base month.
    arrived, sent_away : int
        Clients of this month who were not its clients before, and those whom it sent away since
        it had no money for them; none in the base month.
    shared : int
        Those of its clients whom another organisation serves too.
    elsewhere : int
        Those of its clients who live in another district.
    income : float
        Rupiah of the price year per month, what it got on average of the last year or so.
    received : mapping of str to float
        Rupiah of the price year that came in this month, by source; empty in the base month.
    through_forum, from_youth : float
        Rupiah of the price year of this month's money: of firms, what came through the business
        forum and coordinating bodies; of own business, what enterprises of youth groups give
        beyond what is usual, below zero where they give less.
    usual : mapping of str to float
        Rupiah of the price year per month, what each source brings on average of many years.
    paying : tuple of str
        Sources that do not pay in every year and pay in this one.
    running, per_client : float
        Rupiah of the price year per month, what it costs whoever is served, and each client.
    spent : float
        Rupiah of the price year that left its reserve in this month; none in the base month.
    reserve : int
        Rupiah of the price year that it has left.
    volunteers : float
        Its volunteers against usual, a ratio.
    short : int
        Months in a row in which it had hardly any money for clients.
    """

    row: int
    working: bool
    member: bool
    accredited: bool
    community: bool
    body_awake: bool
    trust: float
    places: int
    clients: int
    affordable: int | None
    planned: int | None
    arrived: int
    sent_away: int
    shared: int
    elsewhere: int
    income: float
    received: Mapping[str, float]
    through_forum: float
    from_youth: float
    usual: Mapping[str, float]
    paying: tuple[str, ...]
    running: float
    per_client: float
    spent: float
    reserve: int
    volunteers: float
    short: int
