"""Every line of the books has one purpose, every source of organisations one pillar."""

from __future__ import annotations

from collections import Counter

from kesos_sim.institutions import purposes as module
from kesos_sim.institutions.accounts import FUND_LINES, GENERAL, INSTRUMENT_LINES, ORSOS_GRANTS
from kesos_sim.institutions.programmes import names
from kesos_sim.institutions.purposes import PILLAR_OF, PILLARS, PURPOSES, Purpose, purposes
from kesos_sim.scenario.parts import LocalProgramme


def test_every_line_is_classified_once() -> None:
    lines = {GENERAL, *names(temporary=True), *INSTRUMENT_LINES, *FUND_LINES}
    assert set(PURPOSES) == lines
    declared = Counter([*module._PREVENTIVE, *module._REACTIVE, *module._RUNNING])
    assert set(declared.values()) == {1}
    assert set(PURPOSES.values()) == set(Purpose)


def test_every_source_has_a_pillar_and_every_pillar_a_source() -> None:
    assert set(PILLAR_OF) == {ORSOS_GRANTS, *FUND_LINES}
    assert set(PILLAR_OF.values()) == set(PILLARS)


def test_programmes_of_a_scenario_have_a_purpose_too() -> None:
    own = [
        LocalProgramme(name, name, name, "apbd_province", kind, 1.0, 1, None, None, "any", 33, ())
        for name, kind in (("more-pkh", "pkh_topup"), ("cash", "flat"))
    ]
    found = purposes(own)
    assert found["more-pkh"] is PURPOSES["PKH"]
    assert found["cash"] is Purpose.REACTIVE
    assert {**found}.items() >= PURPOSES.items()
