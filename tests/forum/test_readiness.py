"""What is looked at before a meeting: each finding, and what it advises."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from kesos_sim import i18n
from kesos_sim.emulator.identity import hashes
from kesos_sim.errors import InputError
from kesos_sim.forum.readiness import Check, look
from kesos_sim.forum.session import Session
from kesos_sim.forum.sockets import listening
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
    found = {one.subject: one for one in look(plan, 2, "id")}
    assert (found["date"].status, found["date"].found) == (status, day.isoformat())
    for subject in found:
        for lang in i18n.LANGUAGES:
            assert i18n.text(f"forum_server.check_{subject}_do", lang)


def plan_of(session: Session, folder: Path, **places: object) -> Plan:
    return Plan(session, SETTINGS, f"sqlite:///{folder}/f.sqlite", port=0, facilitator_port=0,
                **places)  # type: ignore[arg-type]  # fmt: skip


def test_a_surface_of_another_model_has_to_be_made_again(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def surface_check() -> Check:
        return {one.subject: one for one in look(plan_of(session, tmp_path), 2, "id")}["surface"]

    own = hashes()
    assert surface_check().status == "ok"
    monkeypatch.setattr("kesos_sim.emulator.identity.hashes", lambda: {**own, "code": "0" * 64})
    assert (surface_check().status, surface_check().found) == ("mend", "code")


@pytest.mark.parametrize(
    ("places", "option"),
    [({"ip": "203.0.113.7"}, "--ip"), ({"facilitator_ip": "203.0.113.7"}, "--facilitator-ip")],
)
def test_a_wrong_address_is_reported_under_its_own_option(
    session: Session, tmp_path: Path, places: dict[str, str], option: str
) -> None:
    found = {one.subject: one for one in look(plan_of(session, tmp_path, **places), 2, "id")}
    assert (found["ports"].status, found["ports"].found) == ("mend", f"{option} 203.0.113.7:0")
    whose = option.removeprefix("--").removesuffix("ip")
    with pytest.raises(InputError) as wrong:
        listening("203.0.113.7", 0, whose)
    for lang in i18n.LANGUAGES:
        assert option in wrong.value.text(lang)
