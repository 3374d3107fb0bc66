"""What all tests share: one language, no screen, reproducible examples."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel
    from kesos_sim.scenario import Scenario

os.environ.setdefault("MPLBACKEND", "Agg")
# Tests leave the user's results alone, and what one computes no other finds.
_STORES = tempfile.TemporaryDirectory(prefix="kesos-store-")
os.environ["KESOS_STORE"] = _STORES.name

# Timing belongs to benchmarks; a failing example must fail again on the next machine.
settings.register_profile("full", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("house", settings.get_profile("full"), max_examples=25)
settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """Try more examples where tests that take minutes are not left out."""
    if "not full" not in config.option.markexpr:
        settings.load_profile("full")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take long, so that no process is left with one at the end."""
    long = {
        item.path
        for item in items
        if item.get_closest_marker("slow") or item.get_closest_marker("browser")
    }
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(autouse=True)
def _default_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak Bahasa Indonesia unless a test asks for English."""
    monkeypatch.delenv("KESOS_LANG", raising=False)


@pytest.fixture(autouse=True)
def _own_store(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Remember nothing of other tests."""
    monkeypatch.setenv("KESOS_STORE", str(tmp_path_factory.getbasetemp() / token_hex(4)))


@pytest.fixture(scope="session")
def scenario_folder() -> Path:
    """The scenario files that come with the model."""
    return Path(__file__).parents[1] / "scenarios"


@pytest.fixture(scope="session")
def anchors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of stored anchors of its own, so that tests leave the user's alone.

    Processes that share the tests share it too, as those of a user do.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kesos_sim.model.opening.user_cache_path", lambda *_: folder)
        yield folder / "anchors"


@pytest.fixture
def burning_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let models burn in whatever is stored, for tests that change how they live."""
    monkeypatch.setattr("kesos_sim.model.opening._state_file", lambda key: tmp_path / key)


@pytest.fixture(scope="session")
def small(scenario_folder: Path) -> Scenario:
    """No change in Yogyakarta: five districts, both areas, 4,000 households, 24 months."""
    from kesos_sim.scenario import load_scenario

    world = {"region": "34", "households": 4000, "months": 24}
    return load_scenario(scenario_folder / "baseline.yaml", world)


@pytest.fixture(scope="session")
def busy(small: Scenario) -> Scenario:
    """A run in which everything moves: new money of both, councils, shocks, a local programme."""
    from kesos_sim.scenario import from_document

    document = small.document() | {
        "months": 14,
        "anchor": {},
        "levers": {
            "apbd_poverty_share": {"value": 0.08, "from": "2024-05", "ramp_months": 3},
            "apbn_poverty_share": {"value": 0.08, "from": "2024-06"},
            "registry_openness": {"value": 1.0},
            "political_dialogue": {"value": 6.0, "from": "2024-05"},
            "regulation_outreach": {"value": 1.0, "from": "2024-05"},
            "welfare_bylaw": {"value": 2, "from": "2024-04"},
            "interprovince_cooperation": {"value": 2, "from": "2024-05"},
        },
        "events": [
            {"hazard": "income_shock", "month": "2024-06", "months": 2, "severity": 0.2,
             "share": 0.3},
            {"hazard": "price_rise", "month": "2024-09", "months": 3, "severity": 0.05},
            {"hazard": "flood", "month": "2024-07", "severity": 0.2, "share": 0.4},
        ],
        "programmes": [
            {"name": "kartu-lansia", "stream": "apbd_province", "kind": "flat", "amount": 150000,
             "quota": 9000, "from": "2024-08", "eligibility": "elderly", "region": [34]},
        ],
    }  # fmt: skip
    return from_document(document)


@pytest.fixture(scope="session")
def open_small(anchors: Path) -> Callable[..., WelfareModel]:
    """Open a scenario's model; the first of its world takes seconds, the next ones do not."""
    from kesos_sim.model.opening import open_model

    def opened(scenario: Scenario, threads: int = 1, *, fresh: bool = False) -> WelfareModel:
        return open_model(scenario, threads, fresh=fresh)

    return opened
