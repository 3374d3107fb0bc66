"""What comes with the package is found, and copied without replacing anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from kesos_sim.errors import InputError
from kesos_sim.shipping import FOLDERS, copied, shipped, source_tree

ROOT = Path(__file__).parents[1]


def test_the_source_tree_is_found_and_what_is_in_it() -> None:
    assert source_tree() == ROOT
    assert shipped("notebooks/forum/sesi.yaml") == ROOT / "notebooks" / "forum" / "sesi.yaml"
    assert shipped("notebooks/forum/nothing.yaml") is None


def test_a_folder_gets_what_it_lacks_and_keeps_what_it_has(tmp_path: Path) -> None:
    mine = tmp_path / "scenarios" / "baseline.yaml"
    mine.parent.mkdir()
    mine.write_text("# mine\n", "utf-8")
    names = {str(path) for path in copied(tmp_path)}
    assert {path.parts[0] for path in map(Path, names)} == set(FOLDERS)
    assert "scenarios/apbd-10.yaml" in names and "scenarios/baseline.yaml" not in names
    assert mine.read_text("utf-8") == "# mine\n"
    for name in names:
        assert (tmp_path / name).read_bytes() == (ROOT / name).read_bytes()
    assert list(copied(tmp_path)) == [], "a second time nothing is missing"
    assert not [path for path in tmp_path.rglob("*.part")]


def test_a_package_without_them_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("kesos_sim.shipping.shipped", lambda name: None)
    with pytest.raises(InputError, match="KS9040"):
        list(copied(tmp_path))
