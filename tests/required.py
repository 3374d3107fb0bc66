"""Programs that tests need and a machine may lack: an absence that is skipped, or a failure."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

__all__ = ["lacking"]


def lacking(reason: str) -> NoReturn:
    """Skip the test, or fail where the environment says that everything is required."""
    if os.environ.get("KESOS_REQUIRE") == "all":
        pytest.fail(reason)
    pytest.skip(reason)
