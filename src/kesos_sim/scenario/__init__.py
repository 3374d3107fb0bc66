"""What is asked: levers, scenario files, their schema, difference in words, identity.

Examples
--------
A scenario is a file. What is changed in it can be said in words, and written as a file
again:

>>> from pathlib import Path
>>> from kesos_sim.scenario import LEVERS, changed, difference, dump_scenario, load_scenario
>>> today = load_scenario("scenarios/blora.yaml")
>>> more = changed(today, {"levers.pkh_amount.value": 1.5})
>>> difference(today, more, "en")
['PKH amounts: 1 times → 1.5 times']
>>> written = Path("lebih.yaml").write_text(dump_scenario(more), encoding="utf-8")
>>> load_scenario("lebih.yaml").levers == more.levers
True

Settings of levers, events and local programmes are its parts; a lever says what a setting
means:

>>> from kesos_sim.scenario import Event, Lever, LeverSetting, LocalProgramme
>>> from kesos_sim.units import Month
>>> half_way = LeverSetting(0.1, Month(2025, 1), ramp_months=4)
>>> half_way.weight(Month(2025, 2), run_start=Month(2024, 3))
0.5
>>> shock = Event("income_shock", Month(2025, 1), 6, 0.2, 0.1, None, (3316,))
>>> shock.active(Month(2025, 6)), shock.active(Month(2025, 7))
(True, False)
>>> bonus = LocalProgramme(
...     "lansia", "Bantuan lansia", "Help for the elderly", "apbd_district", "flat", 200_000.0,
...     500, Month(2025, 1), None, "elderly", region=(3316,), districts=(3316,),
... )
>>> bonus.label("id"), bonus.active(Month(2024, 12))
('Bantuan lansia', False)
>>> lever = Lever(
...     "pkh_amount", "factor", "times", 0.0, 3.0, "benefit", "B", {"poverty_rate": -1},
...     fixed_default=1.0,
... )
>>> lever.label("en"), lever.default == LEVERS["pkh_amount"].default
('PKH amounts', True)
"""

from kesos_sim.scenario.lever import Lever
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.scenario.load import changed, from_document, load_scenario
from kesos_sim.scenario.parts import Event, LeverSetting, LocalProgramme
from kesos_sim.scenario.scenario import Scenario
from kesos_sim.scenario.words import difference
from kesos_sim.scenario.writing import dump_scenario

__all__ = [
    "LEVERS",
    "Event",
    "Lever",
    "LeverSetting",
    "LocalProgramme",
    "Scenario",
    "changed",
    "difference",
    "dump_scenario",
    "from_document",
    "load_scenario",
]
