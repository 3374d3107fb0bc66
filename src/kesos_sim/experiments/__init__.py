"""Runs and comparisons: from scenarios to results.

Examples
--------
Worlds differ in parameters that are drawn from their ranges, in rules and in the seed:

>>> from kesos_sim import load_scenario
>>> from kesos_sim.experiments.design import Design
>>> blora = load_scenario("scenarios/blora.yaml")
>>> design = Design(("household.propensity_to_consume",), ("take_up",))
>>> first, second = design.world(blora, 1), design.world(blora, 2)
>>> first.parameters == second.parameters, first.seed == second.seed
(False, False)
>>> design.world(blora, 1) == first  # the same again, whoever asks
True
"""
