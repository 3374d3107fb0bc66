"""``kesos forum`` without servers: which command is meant, backup, restore, static copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kesos_sim.cli import main
from kesos_sim.cli.forum import _welcome
from kesos_sim.forum.events import Entry
from kesos_sim.forum.settings import load_session
from kesos_sim.forum.sockets import listening
from kesos_sim.forum.store import Store
from kesos_sim.forum.supervisor import Meeting, Plan

SETTINGS = Path(__file__).parents[2] / "notebooks" / "forum" / "sesi.yaml"
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def session(tmp_path: Path) -> Path:
    return Path(shutil.copy(SETTINGS, tmp_path / "rapat.yaml"))


def test_open_is_meant_when_no_command_is_named(capsys: Capture) -> None:
    assert main(["forum", "--help"]) == 0
    assert "restore" in capsys.readouterr().out
    for words in (["forum", "open", "--help"], ["forum", "--check", "--help"]):
        assert main(words) == 0
        assert "--facilitator-port" in capsys.readouterr().out
    assert main(["forum", "--lang", "en", "backup", "--help"]) == 0
    assert capsys.readouterr().out.startswith("Usage: kesos forum backup")


def test_settings_that_are_not_there_are_named(capsys: Capture) -> None:
    assert main(["forum", "tidak-ada.yaml"]) == 2
    assert "tidak-ada.yaml" in capsys.readouterr().err


def test_taken_port_is_said_before_anything_starts(session: Path, capsys: Capture) -> None:
    with listening("127.0.0.1", 0) as door:
        port = door.getsockname()[1]
        words = ["forum", str(session), "--port", str(port), "--store", str(session) + ".sqlite"]
        assert main(words) == 2
    said = capsys.readouterr()
    assert "[KS9401]" in said.err
    assert str(port) in said.err
    assert "Peserta membuka" not in said.out


@pytest.mark.parametrize("ip", ["999.1.1.1", "192.0.2.7", "bukan.alamat.invalid", "zz::1"])
def test_address_of_another_machine_is_said_in_words(
    session: Path, capsys: Capture, ip: str
) -> None:
    assert main(["forum", str(session), "--ip", ip, "--store", str(session) + ".sqlite"]) == 2
    said = capsys.readouterr().err
    assert f"Alamat {ip} bukan alamat komputer ini" in said
    assert "--ip" in said
    assert "--port" not in said
    assert "Errno" not in said


@pytest.mark.parametrize("named", ["forum.example", "ftp://forum.example/", "https:///x"])
def test_address_of_a_proxy_is_one_that_can_be_typed(
    session: Path, capsys: Capture, named: str
) -> None:
    words = ["forum", str(session), "--address", named, "--store", str(session) + ".sqlite"]
    assert main(words) == 2
    said = capsys.readouterr().err
    assert "[KS9406]" in said and "--address" in said


def test_proxy_is_named_by_its_number(session: Path, capsys: Capture) -> None:
    words = ["forum", str(session), "--proxy-ip", "proksi", "--store", str(session) + ".sqlite"]
    assert main(words) == 2
    said = capsys.readouterr().err
    assert "[KS9407]" in said and "--proxy-ip" in said and "proksi" in said


def test_short_secret_is_refused(
    session: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KESOS_FORUM_SECRET", "pendek")
    assert main(["forum", str(session), "--store", str(session) + ".sqlite"]) == 2
    assert "[KS9413]" in capsys.readouterr().err


@pytest.mark.slow
def test_backup_and_restore(session: Path, tmp_path: Path, capsys: Capture) -> None:
    first, second = (f"sqlite:///{tmp_path}/{name}.sqlite" for name in ("one", "two"))
    store = Store(first, "MPU26")
    store.add([Entry(f"entry-{n:04d}", "reflect", {"text": f"kata {n}"}) for n in range(20)])
    copy = str(tmp_path / "cadangan.jsonl.gz")
    assert main(["forum", "backup", str(session), "--store", first, "--out", copy]) == 0
    assert "20 kejadian" in capsys.readouterr().out
    for _ in range(2):
        assert main(["forum", "restore", copy, str(session), "--store", second]) == 0
    restored = Store(second, "MPU26")
    assert restored.since(0) == store.since(0)
    store.close()
    restored.close()
    nowhere = str(tmp_path / "rapat.yaml" / "x.gz")
    assert main(["forum", "backup", str(session), "--store", first, "--out", nowhere]) == 2


def test_static_copy_is_one_file(session: Path, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "salinan"
    assert main(["forum", "static", str(session), "--out", str(out)]) == 0
    (copy,) = out.iterdir()
    assert copy.name == "MPU26-id.html"
    assert str(copy) in capsys.readouterr().out
    assert copy.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize("lang", ["id", "en"])
def test_cards_are_a_document_to_print(
    session: Path, tmp_path: Path, capsys: Capture, lang: str
) -> None:
    assert main(["forum", "cards", str(session), "--out", str(tmp_path), "--lang", lang]) == 0
    written = tmp_path / f"MPU26-{lang}-cards.pdf"
    assert written.read_bytes().startswith(b"%PDF-")
    assert str(written) in capsys.readouterr().out


@pytest.mark.slow
def test_export_names_every_file(session: Path, tmp_path: Path, capsys: Capture) -> None:
    url, out = f"sqlite:///{tmp_path}/rapat.sqlite", tmp_path / "hasil"
    store = Store(url, "MPU26")
    store.add([Entry("entry-0001", "reflect", {"text": "=1+1"})])
    store.close()
    assert main(["forum", "export", str(session), "--store", url, "--out", str(out)]) == 0
    said = capsys.readouterr().out
    found = [path for path in out.rglob("*") if path.is_file()]
    assert {path.suffix for path in found} >= {".docx", ".pdf", ".xlsx", ".yaml"}
    assert all(path.name in said for path in found)


@pytest.mark.parametrize("generated", [True, False])
def test_a_secret_that_will_not_last_is_told_as_such(
    tmp_path: Path, capsys: Capture, generated: bool
) -> None:
    plan = Plan(load_session(SETTINGS), SETTINGS, f"sqlite:///{tmp_path}/meeting.sqlite")
    meeting = Meeting(plan, secret="delapan8", generated=generated,  # noqa: S106 (of a test)
                      join="http://192.168.1.20:8866/")  # fmt: skip
    _welcome(meeting, "id")
    said = capsys.readouterr().out
    assert ("KESOS_FORUM_SECRET='…' kesos forum" in said) == generated
    assert ("delapan8" in said) == generated
