"""Hand-written files with one mistake each: one message, with file, line and field."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kesos_sim import i18n
from kesos_sim.cli import main
from kesos_sim.errors import InputError
from kesos_sim.scenario import load_scenario

FOLDER = Path(__file__).parent / "malformed"
EXPECTED = list(csv.DictReader((FOLDER / "expected.csv").read_text(encoding="utf-8").splitlines()))
NAMES = [row["file"] for row in EXPECTED]
LARGEST = 256 * 1024


def state(*folders: Path) -> set[tuple[str, int, int]]:
    """Everything below some folders, with size and time of writing."""
    return {
        (str(path), path.lstat().st_size, path.lstat().st_mtime_ns)
        for folder in folders
        for path in folder.rglob("*")
    }


@pytest.fixture
def quiet_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, with every folder of the user inside it."""
    for name in ("HOME", "KESOS_STORE", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_corpus_is_complete() -> None:
    assert len(NAMES) == len(set(NAMES)) >= 60
    assert {path.name for path in FOLDER.glob("*.yaml")} == {*NAMES, "dasar.yaml"}
    assert load_scenario(FOLDER / "dasar.yaml").name == "dasar"


@pytest.mark.parametrize("row", EXPECTED, ids=NAMES)
def test_message_names_the_place(row: dict[str, str]) -> None:
    with pytest.raises(InputError) as caught:
        load_scenario(FOLDER / row["file"])
    error = caught.value
    assert (error.code, str(error.line), error.field or "") == (
        row["code"],
        row["line"],
        row["field"],
    )
    texts = {lang: error.text(lang) for lang in i18n.LANGUAGES}
    assert len(set(texts.values())) == len(texts), "the languages say it in their own words"
    for text in texts.values():
        assert "\n" not in text
        assert text.isprintable()
        assert f"{error.file}:{error.line}: " in text
        assert row["field"] in text


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_command_refuses(name: str, quiet_place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = state(quiet_place, FOLDER)
    for lang in i18n.LANGUAGES:
        assert main(["run", str(FOLDER / name), "--lang", lang, "--out", "hasil"]) == 2
        shown = capsys.readouterr()
        assert shown.out == ""
        assert shown.err.count("\n") == 1, "one message on one line"
        assert re.search(r"\[KS12\d\d\]$", shown.err.rstrip())
        assert "Traceback" not in shown.err
        assert name in shown.err or name.startswith("cycle-")
    assert state(quiet_place, FOLDER) == before


@pytest.mark.parametrize("name", ["unit-percent.yaml", "bytes-nul.yaml"])
def test_process_ends_with_two(name: str, quiet_place: Path) -> None:
    command = "import sys; from kesos_sim.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", command, "run", str(FOLDER / name), "--lang", "en"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert not list(quiet_place.iterdir())


def refusal(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    for lang in i18n.LANGUAGES:
        assert caught.value.text(lang)
    return caught.value


def test_missing_file_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "baseline.yaml").touch()
    error = refusal(tmp_path / "basline.yaml")
    assert (error.code, error.suggestion) == ("KS1201", "baseline.yaml")


def test_impossible_file_names(tmp_path: Path) -> None:
    assert refusal(Path("\0")).code == "KS1201"
    assert refusal(Path("x" * 5000)).code == "KS1201"
    assert refusal(tmp_path / "no" / "such" / "folder.yaml").code == "KS1201"


def test_folder_and_pipe_are_not_files(tmp_path: Path) -> None:
    assert refusal(tmp_path).code == "KS1202"
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    assert refusal(pipe).code == "KS1202"


def test_huge_file_is_not_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as stream:
        stream.truncate(10 * 2**30)
    error = refusal(huge)
    assert error.code == "KS1203"
    assert "256 kB" in error.text("en")


@pytest.mark.parametrize("character", ["[", "{", "- ", "? ", "'", '"', "a: {", "#", "\n", " "])
def test_large_nonsense_is_refused_quickly(character: str, tmp_path: Path) -> None:
    path = tmp_path / "nonsense.yaml"
    path.write_text(character * (LARGEST // len(character)), encoding="utf-8")
    assert refusal(path).code.startswith("KS12")


def test_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_bytes((FOLDER / "dasar.yaml").read_bytes())
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "inside.yaml").symlink_to(outside)
    child = folder / "child.yaml"
    child.write_text(
        'schema: 1\nname: a\ntitle: {id: "A", en: "A"}\nextends: inside.yaml\n', encoding="utf-8"
    )
    error = refusal(child)
    assert (error.code, error.line, error.field) == ("KS1253", 4, "extends")


def test_chain_has_an_end(tmp_path: Path) -> None:
    for index in range(20):
        text = f'schema: 1\nname: a\ntitle: {{id: "A", en: "A"}}\nextends: s{index + 1}.yaml\n'
        (tmp_path / f"s{index}.yaml").write_text(text, encoding="utf-8")
    assert refusal(tmp_path / "s0.yaml").code == "KS1255"


def test_mistake_in_an_ancestor_is_found_there(tmp_path: Path) -> None:
    base = (FOLDER / "dasar.yaml").read_text(encoding="utf-8")
    (tmp_path / "dasar.yaml").write_text(base.replace("months: 24", "months: 999"), "utf-8")
    child = tmp_path / "child.yaml"
    child.write_text(
        'schema: 1\nname: a\ntitle: {id: "A", en: "A"}\nextends: dasar.yaml\n', encoding="utf-8"
    )
    error = refusal(child)
    assert Path(str(error.file)).name == "dasar.yaml"
    assert (error.line, error.field) == (8, "months")
