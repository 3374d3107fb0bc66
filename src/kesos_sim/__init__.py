"""kesos-sim: who is helped, how soon and at what cost, if welfare is coordinated differently.

The public names load on first use, so that ``import kesos_sim`` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from kesos_sim.experiments.attribution import attribute
    from kesos_sim.experiments.compare import compare
    from kesos_sim.experiments.ensemble import ensemble
    from kesos_sim.experiments.run import run
    from kesos_sim.scenario import load_scenario

__version__: Final = "0.1.0"

__all__ = ["__version__", "attribute", "compare", "ensemble", "load_scenario", "run"]

_HOMES: Final = {
    "attribute": "kesos_sim.experiments.attribution",
    "compare": "kesos_sim.experiments.compare",
    "ensemble": "kesos_sim.experiments.ensemble",
    "load_scenario": "kesos_sim.scenario",
    "run": "kesos_sim.experiments.run",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its home on first use."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(set(globals()) | set(__all__))
