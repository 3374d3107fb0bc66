"""The agreed package as the ending of an address, as the attendee page writes and reads it."""

from __future__ import annotations

import base64
import json
import os
from typing import TYPE_CHECKING, Final

from kesos_sim.forum.room_boot import ADDRESS_VARIABLE

if TYPE_CHECKING:
    from kesos_sim.emulator import Surface
    from kesos_sim.forum.room import Room

__all__ = ["LINK_MARK", "meeting_address", "package_ending"]

LINK_MARK: Final = "#paket="
"""What stands before a package in an address; ``package.js`` has the same."""

_MILLION: Final = 1e6
_ONLY_HERE: Final = ("http://127.", "http://localhost", "http://[::1]")


def package_ending(room: Room, surface: Surface | None) -> str:
    """Return the ending of an address that opens the agreed package.

    Parameters
    ----------
    room : Room
        State of the meeting.
    surface : Surface, optional
        Says what the package costs; without it the lines that pay are left out.

    Returns
    -------
    str
        For instance ``#paket=W3siYXBiZ...``.
    """
    agreed = room.agreed()
    cost = surface.cost(agreed["levers"], surface.places[0]).get("change", 0.0) if surface else 0.0
    taken = {
        name: round(share * cost / _MILLION)
        for name, share in agreed["sources"].items()
        if share * cost >= _MILLION
    }
    text = json.dumps([agreed["levers"], taken], separators=(",", ":"))
    return LINK_MARK + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def meeting_address() -> str:
    """Return the address of the attendee page, for others than this computer.

    Returns
    -------
    str
        As the environment has it; empty where no meeting is open or nobody else could reach it.
    """
    address = os.environ.get(ADDRESS_VARIABLE, "").strip()
    return "" if address.startswith(_ONLY_HERE) else address
