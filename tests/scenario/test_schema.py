"""The JSON Schema beside the scenarios is made from the declarations and fits the files."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from kesos_sim.scenario.schema import FILE_NAME, json_schema, main, schema_text

SCENARIOS = Path(__file__).parents[2] / "scenarios"
MALFORMED = Path(__file__).parent / "malformed"
SHIPPED = sorted(SCENARIOS.glob("*.yaml"))
# What only the loader can see: the bytes, the YAML itself, other files, and several values at once.
BEYOND_SCHEMA = (
    "bytes-",
    "yaml-",
    "cycle-",
    "duplicate-",
    "extends-",
    "months-",
    "missing-sources",
)
BEYOND_SCHEMA += ("range-sources", "range-portfolio", "region-too", "region-outside", "region-both")
BEYOND_SCHEMA += ("region-twice", "missing-value", "missing-programme-region", "text-")
BEYOND_SCHEMA += ("range-nan",)
# What the YAML 1.1 of the reader used here resolves to something else.
BEYOND_SCHEMA += ("type-hex", "type-switch-word", "unit-underscores", "unknown-merge-key")
BEYOND_SCHEMA += ("unit-leading-zero",)


def validator() -> Draft202012Validator:
    return Draft202012Validator(json_schema())


def test_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema())


def test_file_is_in_step() -> None:
    written = (SCENARIOS / FILE_NAME).read_text(encoding="utf-8")
    assert written == schema_text(), "run: python -m kesos_sim.scenario.schema scenarios"


def test_module_writes_the_file(tmp_path: Path) -> None:
    main([str(tmp_path)])
    assert json.loads((tmp_path / FILE_NAME).read_text(encoding="utf-8")) == json_schema()


@pytest.mark.parametrize("path", SHIPPED, ids=[path.stem for path in SHIPPED])
def test_shipped_scenario_fits(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# yaml-language-server: $schema=./{FILE_NAME}\n")
    validator().validate(yaml.safe_load(text))


def rejected() -> list[str]:
    rows = csv.DictReader((MALFORMED / "expected.csv").read_text(encoding="utf-8").splitlines())
    return [row["file"] for row in rows if not row["file"].startswith(BEYOND_SCHEMA)]


def test_many_files_can_be_rejected_by_schema() -> None:
    assert len(rejected()) >= 40


@pytest.mark.parametrize("name", rejected())
def test_malformed_file_is_rejected(name: str) -> None:
    document: Any = yaml.safe_load((MALFORMED / name).read_text(encoding="utf-8"))
    assert not validator().is_valid(document)
