"""A package beside its baseline in one city, really computed."""

from __future__ import annotations

from pathlib import Path

import pytest

from kesos_sim.experiments.compare import Comparison, compare
from kesos_sim.experiments.executors import Serial
from kesos_sim.scenario import from_document, load_scenario


@pytest.fixture(scope="session")
def city(scenario_folder: Path, anchors: Path) -> Comparison:
    """Yogyakarta city to the end of 2025: a budget share, two bodies, a card of its own."""
    world = {"region": "3471", "households": 2000, "months": 21}
    baseline = load_scenario(scenario_folder / "baseline.yaml", world)
    document = baseline.document() | {
        "name": "paket-kota",
        "title": {"id": "Paket Kota #1 *tegas*", "en": "City package"},
        "anchor": {},
        "levers": {
            "apbd_poverty_share": {"value": 0.08, "from": "2024-05", "ramp_months": 3},
            "bkkks_standing": {"value": 3, "from": "2024-05"},
            "political_dialogue": {"value": 4, "from": "2024-05"},
            "federations": {"value": 1},
        },
        "programmes": [
            {
                "name": "kartu-lansia",
                "title": {"id": "=Kartu Lansia", "en": "Elderly card"},
                "stream": "apbd_district",
                "kind": "flat",
                "amount": 150000,
                "quota": 900,
                "from": "2024-08",
                "eligibility": "elderly",
                "region": [3471],
            }
        ],
    }
    return compare(baseline, [from_document(document)], 1, draws=1, executor=Serial())
