"""What part of a budget counts as poverty money today, and how much room there is for more."""

from __future__ import annotations

from typing import Final

from kesos_sim.institutions.rules import Parameter, default_parameter

__all__ = ["DEFINITIONS", "room_share", "starting_share"]

DEFINITIONS: Final = ("function", "deciles", "ministry")
"""What may count as the poverty share: function social protection; money that reaches registry
deciles 1-4; Kemensos and its regional counterparts."""


def starting_share(
    level: str, parameter: Parameter = default_parameter, definition: str | None = None
) -> float:
    """Return what part of own net spending counts as poverty money today.

    Parameters
    ----------
    level : str
        ``nation``, ``province`` or ``district``.
    parameter : function
        Value of a model parameter by id.
    definition : str, optional
        One of `DEFINITIONS`; without it the one that ``fiscal.share_definition`` chooses.

    Returns
    -------
    float
        Share of own net spending.
    """
    if definition is None:
        definition = DEFINITIONS[round(parameter("fiscal.share_definition")) - 1]
    budget = "apbn" if level == "nation" else "apbd"
    return parameter(f"fiscal.start_{budget}_{definition}")


def room_share(level: str, parameter: Parameter = default_parameter) -> float:
    """Return what part of own net spending can be moved to poverty reduction.

    Mandatory spending (education, infrastructure, staff) leaves about a tenth, of which a part
    runs offices and cannot be moved.

    Parameters
    ----------
    level : str
        ``nation``, ``province`` or ``district``.
    parameter : function
        Value of a model parameter by id.

    Returns
    -------
    float
        Share of own net spending.
    """
    if level == "nation":
        left = parameter("fiscal.room_apbn")
    else:
        names = ("education", "infrastructure", "staff")
        left = 1.0 - sum(parameter(f"fiscal.mandatory_{name}") for name in names)
    return max(left, 0.0) * parameter("fiscal.room_movable")
