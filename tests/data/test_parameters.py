"""Every model parameter has a value in a range, a unit, a source and a grade."""

import math
import re

import pytest

from kesos_sim.data.parameters import parameter_table

PARAMETERS = parameter_table()


def test_parameters_are_sorted_and_frozen():
    assert list(PARAMETERS) == sorted(PARAMETERS)
    assert len(PARAMETERS) > 0
    with pytest.raises(TypeError):
        PARAMETERS["x.y"] = None
    with pytest.raises(AttributeError):
        next(iter(PARAMETERS.values())).value = 1.0


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_says_what_it_is(name):
    row = PARAMETERS[name]
    assert row.id == name
    assert re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)+", name)
    assert all(math.isfinite(number) for number in (row.low, row.value, row.high))
    assert row.low <= row.value <= row.high
    assert row.unit.strip()
    assert row.source.strip()
    assert row.grade in ("A", "B", "C", "D")
    assert row.source_id.strip() and bool(row.note_id) == bool(row.note)
    assert row.source_id.startswith("asumsi: ") == row.source.startswith("assumption: ")
    assert row.sources == {"id": row.source_id, "en": row.source}


@pytest.mark.parametrize(
    "name", [name for name, row in PARAMETERS.items() if row.source.startswith("assumption")]
)
def test_an_assumption_says_why_and_has_a_real_range(name):
    row = PARAMETERS[name]
    assert re.match(r"assumption: \S+", row.source)
    assert row.low < row.high
    assert row.grade in ("C", "D")
