"""The kinds of agents that the model has, found in the code."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import kesos_sim.institutions
import kesos_sim.model

__all__ = ["agent_kinds"]


def agent_kinds() -> tuple[str, ...]:
    """Return the names of the agent classes that no other extends.

    Returns
    -------
    tuple of str
        In the order of packages, modules and names.
    """
    found: dict[str, type] = {}
    for package in (kesos_sim.institutions, kesos_sim.model):
        for module in iter_modules(package.__path__, f"{package.__name__}."):
            loaded = import_module(module.name)
            for name, kind in sorted(vars(loaded).items()):
                if isinstance(kind, type) and kind.__module__ == module.name and _acts(kind):
                    found[name] = kind
    extended = {base for kind in found.values() for base in kind.__mro__[1:]}
    return tuple(name for name, kind in found.items() if kind not in extended)


def _acts(kind: type) -> bool:
    """Return whether a class is an agent of the simulation framework."""
    return any(base.__module__.startswith("mesa.") for base in kind.__mro__) and any(
        base.__name__ == "Agent" for base in kind.__mro__
    )
