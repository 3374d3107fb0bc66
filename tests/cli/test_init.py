"""``kesos init``: a folder to work in, from what came with the package."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kesos_sim import i18n
from kesos_sim.cli import main

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_the_folder_gets_the_files_and_the_next_step_is_shown(
    lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "mine", "--lang", lang]) == 0
    said = capsys.readouterr().out
    count = len([path for path in (tmp_path / "mine").rglob("*") if path.is_file()])
    assert str(tmp_path / "mine") in said and f": {count}." in said
    monkeypatch.chdir("mine")
    for named in re.findall(r"scenarios/[\w.-]+\.yaml", said):
        assert Path(named).is_file()
    assert main(["init", "--lang", lang]) == 0
    assert ": 0." in capsys.readouterr().out


def test_a_file_in_the_way_is_refused(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "notebooks").touch()
    assert main(["init", str(tmp_path)]) == 2
    assert "KS9042" in capsys.readouterr().err
