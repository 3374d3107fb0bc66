"""The ODD page has every section of the protocol and a paragraph for everything it names."""

from __future__ import annotations

import pytest

from kesos_sim.data.parameters import parameter_table
from kesos_sim.indicators.definitions import indicators
from kesos_sim.institutions.government import Nation
from kesos_sim.institutions.orsos import Orsos
from kesos_sim.model.month import STAGES
from kesos_sim.reports import odd
from kesos_sim.reports.odd.agents import agent_kinds
from kesos_sim.scenario.levers import LEVERS

SECTIONS = (
    "## 1. Purpose and patterns",
    "## 2. Entities, state variables and scales",
    "## 3. Process overview and scheduling",
    "## 4. Design concepts",
    "## 5. Initialization",
    "## 6. Input data",
    "## 7. Submodels",
)
CONCEPTS = (
    "Basic principles",
    "Emergence",
    "Adaptation",
    "Objectives",
    "Learning",
    "Prediction",
    "Sensing",
    "Interaction",
    "Stochasticity",
    "Collectives",
    "Observation",
)


def test_everything_has_its_paragraph_and_none_is_left_over() -> None:
    """Write what is named here into ``reports/odd/paragraphs.toml``."""
    assert odd.missing() == []


@pytest.mark.parametrize("kind", odd.subjects())
def test_a_missing_paragraph_is_found(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written = {key: dict(texts) for key, texts in odd._paragraphs().items()}
    name = odd.subjects()[kind][0]
    written[kind][name] = " "
    written[kind]["no_such_thing"] = "Something that is not there."
    monkeypatch.setattr(odd, "_paragraphs", lambda: written)
    assert odd.missing() == [f"{kind}.{name}", f"{kind}.no_such_thing (left over)"]


def test_sections_are_those_of_the_protocol_in_order() -> None:
    lines = odd.odd_page().splitlines()
    found = [line for line in lines if line.startswith("## ")]
    assert tuple(found) == SECTIONS
    design = lines[lines.index(SECTIONS[3]) : lines.index(SECTIONS[4])]
    assert tuple(line[4:] for line in design if line.startswith("### ")) == CONCEPTS


def test_lists_are_those_of_the_code() -> None:
    page = odd.odd_page()
    for number, stage in enumerate(STAGES, 1):
        assert f"{number}. **`{stage.__name__}`**. " in page
    for name, row in parameter_table().items():
        (line,) = [text for text in page.splitlines() if text.startswith(f"| `{name}` |")]
        assert f"| {row.grade} |" in line and f"| {row.value:.6g} |" in line
        assert " ".join(row.source.split()).replace("|", "\\|") in line
    for lever in LEVERS:
        assert f"| `{lever}` |" in page
    for family in {found.family for found in indicators().values()} | {"programme_recipients"}:
        assert f"| `{family}" in page


def test_agents_are_found_in_the_code() -> None:
    assert {Nation.__name__, Orsos.__name__, "Bkkks"} <= set(agent_kinds())
    assert "Government" not in agent_kinds()
