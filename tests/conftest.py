"""What all tests share: one language, no screen, reproducible examples."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "Agg")

# Timing belongs to benchmarks; a failing example must fail again on the next machine.
settings.register_profile("house", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("house")


@pytest.fixture(autouse=True)
def _default_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak Bahasa Indonesia unless a test asks for English."""
    monkeypatch.delenv("KESOS_LANG", raising=False)
