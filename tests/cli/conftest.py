"""What tests of several commands need."""

from __future__ import annotations

import pytest


@pytest.fixture
def heeds_control_c() -> str:
    """Return code for a child's start: a shell in the background makes children ignore SIGINT."""
    return "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
