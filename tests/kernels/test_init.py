"""Compiled kernels are kept in a folder that belongs to exactly these sources."""

from __future__ import annotations

import importlib
from pathlib import Path

import numba
import pytest

import kesos_sim.kernels


@pytest.mark.parametrize("chosen", ["", "somewhere"])
def test_the_users_folder_goes_before_ours(monkeypatch: pytest.MonkeyPatch, chosen: str) -> None:
    monkeypatch.setattr(numba.config, "CACHE_DIR", chosen)
    importlib.reload(kesos_sim.kernels)
    folder = numba.config.CACHE_DIR
    assert folder == (chosen or str(kesos_sim.kernels.cache_folder()))


def test_any_change_of_any_kernel_has_another_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(kesos_sim.kernels, "__file__", str(tmp_path / "__init__.py"))
    found = []
    for name, text in (("b", "1"), ("b", "2"), ("a", "1"), ("a", "1")):
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        found.append(kesos_sim.kernels.cache_folder())
    assert len(set(found)) == 3
    assert found[2] == found[3]
    assert all(len(folder.name) == len("kernels-") + 16 for folder in found)
    assert {folder.name.partition("-")[0] for folder in found} == {"kernels"}
