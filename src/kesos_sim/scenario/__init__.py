"""What is asked: levers, scenario files, their schema, difference in words, identity."""

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
