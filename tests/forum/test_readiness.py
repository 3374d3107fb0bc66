"""What is looked at before a meeting: each finding, and what it advises."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from kesos_sim import i18n
from kesos_sim.forum.readiness import look
from kesos_sim.forum.session import Session
from kesos_sim.forum.supervisor import Plan
from tests.forum.conftest import SETTINGS


@pytest.mark.parametrize(("days", "status"), [(0, "ok"), (1, "note"), (-1, "note")])
def test_a_session_of_another_day_is_noted(
    session: Session, tmp_path: Path, days: int, status: str
) -> None:
    day = dt.date.today() + dt.timedelta(days)
    plan = Plan(
        replace(session, date=day), SETTINGS, f"sqlite:///{tmp_path}/f.sqlite", ip="127.0.0.1",
        port=0, facilitator_ip="127.0.0.1", facilitator_port=0,
    )  # fmt: skip
    found = {one.subject: one for one in look(plan, 2)}
    assert (found["date"].status, found["date"].found) == (status, day.isoformat())
    for subject in found:
        for lang in i18n.LANGUAGES:
            assert i18n.text(f"forum_server.check_{subject}_do", lang)
