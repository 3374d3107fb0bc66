"""A bill of materials is made on demand, whole and without the network."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools.licences import packages

ROOT = Path(__file__).parents[2]


def words_of(target: str) -> list[str]:
    """The command of a target, as words."""
    lines = (ROOT / "Makefile").read_text("utf-8").split(f"\n{target}: ", 1)[1]
    joined = lines.split("\n\n")[0].replace("\\\n", " ")
    (line,) = (line for line in joined.splitlines() if "/cyclonedx-py " in line)
    return line.replace("$(BIN)", str(Path(sys.executable).parent)).strip("\t@ ").split()


@pytest.mark.full
def test_everything_that_is_installed_is_in_the_bill(tmp_path: Path) -> None:
    words = words_of("sbom")
    place = tmp_path / "sbom.json"
    words[words.index("build/sbom.json")] = str(place)
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True, timeout=120)
    bill = json.loads(place.read_text("utf-8"))
    assert bill["bomFormat"] == "CycloneDX"
    assert bill["metadata"]["component"]["name"] == "kesos-sim"
    listed = {(one["name"], one["version"]) for one in bill["components"]}
    assert {(one.name, one.version) for one in packages()} <= listed
    assert not re.search(re.escape(sys.prefix) + r"|file://", place.read_text("utf-8"))
