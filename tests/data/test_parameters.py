"""Every model parameter has a value in a range, a unit, a source and a grade."""

import math
import re

import pytest

from kesos_sim.data.parameters import parameter_table
from kesos_sim.data.reading import registry

PARAMETERS = parameter_table()
# Names of tables and parameters in a source: `name: ...`, `(name)`, `(..., name)`, `table name`.
CITED = re.compile(
    r"(?<![\w.])(?P<before>[a-z]+(?:\.[a-z0-9_]+)*_[a-z0-9_]+):"
    r"|[( ](?P<within>[a-z]+(?:\.[a-z0-9_]+)*_[a-z0-9_]+)\)"
    r"|(?<!\w)(?:table|tabel) (?P<table>[a-z0-9_]+)(?=[:),;])"
)


def unknown(text):
    """Names that a source cites and that no table or parameter has."""
    cited = [found for match in CITED.finditer(text) for found in match.groups() if found]
    return [name for name in cited if name not in registry() and name not in PARAMETERS]


def test_parameters_are_sorted_and_frozen():
    assert list(PARAMETERS) == sorted(PARAMETERS)
    assert len(PARAMETERS) > 0
    with pytest.raises(TypeError):
        PARAMETERS["x.y"] = None
    with pytest.raises(AttributeError):
        next(iter(PARAMETERS.values())).value = 1.0


def test_a_parameter_says_what_it_is():
    for name, row in PARAMETERS.items():
        assert row.id == name
        assert re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)+", name), name
        assert all(math.isfinite(number) for number in (row.low, row.value, row.high)), name
        assert row.low <= row.value <= row.high, name
        assert row.unit.strip(), name
        assert row.source.strip(), name
        assert row.grade in ("A", "B", "C", "D"), name
        assert row.source_id.strip() and bool(row.note_id) == bool(row.note), name
        assert row.source_id.startswith("asumsi: ") == row.source.startswith("assumption: "), name
        assert row.sources == {"id": row.source_id, "en": row.source}, name


def test_an_assumption_says_why_and_has_a_real_range():
    assumed = [row for row in PARAMETERS.values() if row.source.startswith("assumption")]
    assert assumed
    for row in assumed:
        assert re.match(r"assumption: \S+", row.source), row.id
        assert row.low < row.high, row.id
        assert row.grade in ("C", "D"), row.id


def test_a_source_names_tables_and_parameters_that_exist():
    texts = {name: row.sources.values() for name, row in PARAMETERS.items()}
    missing = {name: [m for text in said for m in unknown(text)] for name, said in texts.items()}
    assert not {name: found for name, found in missing.items() if found}


def test_both_languages_cite_the_same_tables():
    for row in PARAMETERS.values():
        cited = {
            lang: {name for name in registry() if re.search(rf"(?<!\w){name}(?!\w)", text)}
            for lang, text in row.sources.items()
        }
        assert {t for t in cited["en"] if "_" in t} == {t for t in cited["id"] if "_" in t}, row.id


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("pmks_counts: 1.6 million", []),
        ("as channel.bank_late: the same payment", []),
        ("fitted to household_composition: sizes; (table apbn)", []),
        ("pmks_numbers: 1.6 million", ["pmks_numbers"]),
        ("as channel.bank_later: the same payment", ["channel.bank_later"]),
        ("assumption: nobody measures it (capacity_need)", ["capacity_need"]),
        ("assumption: a year (DNIKS, orsos_profiles); firmer standing", ["orsos_profiles"]),
        ("tabel aturan_program: 2,0 juta (tabel apb)", ["aturan_program", "apb"]),
    ],
)
def test_a_name_that_does_not_exist_is_found(text, missing):
    assert unknown(text) == missing
