"""A rehearsal of a meeting on this machine, as an organiser runs it beforehand."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

_KESOS = "import sys; from kesos_sim.cli import main; sys.exit(main())"
SESSION = Path(__file__).parents[3] / "notebooks" / "forum" / "sesi.yaml"


def free_ports() -> tuple[str, str]:
    with socket.socket() as one, socket.socket() as other:
        for probe in (one, other):
            probe.bind(("127.0.0.1", 0))
        first, second = (str(probe.getsockname()[1]) for probe in (one, other))
    return first, second


def check(*more: str, ports: Sequence[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _KESOS, "forum", str(SESSION), "--check", "--lang", "en",
               "--port", ports[0], "--facilitator-port", ports[1], *more]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.full
def test_real_clients_come_in_and_the_record_says_how() -> None:
    done = check("--attendees", "2", "--format", "json", ports=free_ports())
    assert done.returncode == 0, done.stderr
    (record,) = json.loads(done.stdout)["records"]
    assert (record["attendees"], record["admitted"], record["errors"]) == (2, 2, 0)
    assert record["submitted"] > 0 and record["first_error"] == ""
    for name in ("join_p95_s", "submit_p95_s", "memory_gib"):
        assert record[name] > 0.0, name


@pytest.mark.full
def test_a_port_in_use_is_said_before_anybody_comes() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = check("--attendees", "2", ports=(port, free_ports()[0]))
    assert done.returncode == 2
    assert port in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
