"""kesos-sim: who is helped, how soon and at what cost, if welfare is coordinated differently.

The public names load on first use, so that ``import kesos_sim`` stays light.

Examples
--------
A small world, so that everything takes a moment: one district, 2,000 households, two months.

>>> from kesos_sim import attribute, compare, ensemble, load_scenario, run
>>> world = {"region": "3316", "households": 2000, "months": 2}
>>> today = load_scenario("scenarios/baseline.yaml", world)
>>> bare = load_scenario("scenarios/tanpa-bansos.yaml", world)

A run has every indicator of every month and region, and every rupiah:

>>> found = run(today)
>>> f"{found.at('poverty_rate', '2024-03'):.1f} percent"
'11.5 percent'
>>> found.last_year("poverty_rate") > found.last_year("poverty_gap")
True
>>> found.frame("district").query("indicator == 'gini'")["month"].tolist()
['2024-03', '2024-04', '2024-05']
>>> found.ledger().query("stage == 'delivered'")["stream"].unique().tolist()
['apbn', 'village_fund', 'wksbm']
>>> found.sentences("en")[0].split(" is ")[0]
'In May 2024 poverty in Kabupaten Blora'
>>> found.chart("poverty_path", "en").note
'Poor people, percent.'
>>> found.base_misses  # published poverty rates that the first month does not reproduce
()
>>> found.context().region_name["en"]
'Kabupaten Blora'

>>> from pathlib import Path
>>> kept = Path("out/kept")
>>> kept.mkdir(parents=True, exist_ok=True)
>>> found.write(kept)
>>> type(found).read(kept, today).at("gini") == found.at("gini")
True

A comparison has the differences; ``draws`` in other worlds would give each a range:

>>> result = compare(today, [bare], draws=0)
>>> bool(result.difference("poverty_rate", result.alternatives[0])[-1, 0] > 0.5)
True
>>> result.frame().query("indicator == 'poverty_rate'")["scenario"].tolist()
['tanpa-bansos', 'tanpa-bansos', 'tanpa-bansos']
>>> sorted(result.ledger()["scenario"].unique())
['baseline', 'tanpa-bansos']
>>> result.sentences("en")[1].split(" by ")[0]
'Poverty rises'
>>> result.chart("yearly_difference", "en").note
'Difference from no change, percentage points, every March. Below zero: fewer people are
poor.'
>>> sorted(path.name for path in result.export("out/tanpa-bansos").iterdir())
['charts', 'index.html', 'indicators.parquet', 'ledger.parquet', 'run.json', 'tables']

An ensemble lives the scenarios in many worlds and says how far their answers lie apart:

>>> from kesos_sim.experiments.executors import Serial
>>> many = ensemble([today, bare], 2, executor=Serial())
>>> many.draws("tanpa-bansos", "poverty_rate").shape  # worlds, months, regions
(2, 3, 1)
>>> bool(many.differences("tanpa-bansos", "poverty_rate")[:, -1].min() > 0.0)
True
>>> many.frame().query("indicator == 'gini' and scenario == 'baseline'")["replicates"].tolist()
[2, 2, 2]
>>> many.comparison.provenance["replicates"]  # with the world of the scenarios as written
3

An attribution says how much each part of a package adds:

>>> why = attribute(today, bare, executor=Serial())
>>> why.frame().query("indicator == 'poverty_rate'")["part"].tolist()
['social_assistance', 'total']
>>> why.sentences("en")[0].split(" by ")[0]
'Poverty rate (P0) changes'
>>> why.chart("poverty_gap", "en").note
'Percentage points. The parts add up to the whole change exactly.'

``validate`` sets published figures beside modelled ones; `calibrate` fits parameters to them:

>>> from kesos_sim import validate
>>> checked = validate(today, ["anchor"])
>>> checked.figures[0].verdict
'hit'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from kesos_sim.calibration.calibrate import calibrate
    from kesos_sim.calibration.published import validate
    from kesos_sim.experiments.attribution import attribute
    from kesos_sim.experiments.compare import compare
    from kesos_sim.experiments.ensemble import ensemble
    from kesos_sim.experiments.run import run
    from kesos_sim.scenario import load_scenario

__version__: Final = "0.1.0"

__all__ = [
    "__version__",
    "attribute",
    "calibrate",
    "compare",
    "ensemble",
    "load_scenario",
    "run",
    "validate",
]

_HOMES: Final = {
    "attribute": "kesos_sim.experiments.attribution",
    "calibrate": "kesos_sim.calibration.calibrate",
    "compare": "kesos_sim.experiments.compare",
    "ensemble": "kesos_sim.experiments.ensemble",
    "load_scenario": "kesos_sim.scenario",
    "run": "kesos_sim.experiments.run",
    "validate": "kesos_sim.calibration.published",
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
