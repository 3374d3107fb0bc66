"""Settings and meetings for tests of the forum."""

from __future__ import annotations

from pathlib import Path

import pytest

from kesos_sim.forum.session import Session
from kesos_sim.forum.settings import load_session
from tests.forum.meeting import Meeting

SETTINGS = Path(__file__).parents[2] / "notebooks" / "forum" / "sesi.yaml"


@pytest.fixture(scope="session")
def session() -> Session:
    return load_session(SETTINGS)


@pytest.fixture
def meeting(session: Session) -> Meeting:
    return Meeting(session)
