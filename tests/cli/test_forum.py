"""``kesos forum`` without servers: which command is meant, backup, restore, static copy."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from kesos_sim import i18n
from kesos_sim.cli import main
from kesos_sim.cli.forum import _welcome
from kesos_sim.forum import readiness
from kesos_sim.forum.events import Entry
from kesos_sim.forum.rehearsal import Figures
from kesos_sim.forum.settings import load_session
from kesos_sim.forum.sockets import listening
from kesos_sim.forum.store import Store
from kesos_sim.forum.supervisor import Meeting, Plan

SETTINGS = Path(__file__).parents[2] / "notebooks" / "forum" / "sesi.yaml"
Capture = pytest.CaptureFixture[str]
Break = Callable[[pytest.MonkeyPatch, Path], None]


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


SMOOTH = Figures(
    attendees=2, admitted=2, errors=0, waiting=0, join_p50_s=0.4, join_p95_s=0.9, all_in_s=1.0,
    submitted=6, submit_p50_s=0.2, submit_p95_s=0.4, memory_gib=0.5, megabytes_per_page=1.4,
)  # fmt: skip


def checked(session: Path, *more: str) -> int:
    """Look at the machine as ``--check`` does."""
    with listening("127.0.0.1", 0) as one, listening("127.0.0.1", 0) as other:
        ports = [str(door.getsockname()[1]) for door in (one, other)]
    return main(["forum", str(session), "--check", "--attendees", "2", "--port", ports[0],
                 "--facilitator-port", ports[1], "--store", f"sqlite:///{session}.sqlite",
                 *more])  # fmt: skip


def nothing(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    del monkeypatch, folder


def no_fonts(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    (folder / "fonts").mkdir()
    monkeypatch.setattr(readiness, "files", lambda _: folder)


def no_typst(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    del folder
    monkeypatch.setattr(readiness, "find_spec", lambda name: None if name == "typst" else name)


def little_memory(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    told = folder / "meminfo"
    told.write_text("MemTotal: 2097152 kB\nMemAvailable: 786432 kB\n", encoding="ascii")
    monkeypatch.setattr(readiness, "_MEMORY", told)


def full_disk(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    del folder
    space = SimpleNamespace(free=200 << 20)
    monkeypatch.setattr("shutil.disk_usage", lambda _: space)


@pytest.mark.parametrize(
    ("broken", "subject", "found"),
    [
        (nothing, "", ""),
        (no_fonts, "fonts", "0 / 2"),
        (no_typst, "fonts", "typst"),
        (little_memory, "memory", "0.8 / 1.1 GiB"),
        (full_disk, "disk", "0.2 GiB"),
    ],
)
@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_what_a_machine_lacks_is_said_with_what_to_do(
    session: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, broken: Break,
    subject: str, found: str, lang: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(readiness, "rehearsed", lambda *_: SMOOTH)
    monkeypatch.setattr(readiness, "_surface", lambda: readiness.Check("surface", "ok", ""))
    broken(monkeypatch, tmp_path)
    code = checked(session, "--lang", lang)
    said = capsys.readouterr()
    wrong = i18n.text("cli.doctor.status.mend", lang)
    rows = [line for line in said.out.splitlines() if line.strip().startswith(wrong)]
    if not subject:
        assert (code, rows) == (0, [])
        assert "KS9402" not in said.err
        return
    assert code == 2 and "[KS9402]" in said.err
    assert i18n.text("forum_server.mend", lang, count=1) in said.err
    (row,) = rows
    if lang == "id":
        found = found.replace(".", ",")
    words = "".join(said.out.split())
    for part in (i18n.text(f"forum_server.check_{subject}", lang), found):
        assert part in row
    assert "".join(i18n.text(f"forum_server.check_{subject}_do", lang).split()) in words


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
@pytest.mark.parametrize(("admitted", "errors"), [(1, 0), (2, 3)])
def test_a_rehearsal_that_was_not_smooth_is_no_success(
    session: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch, lang: str, admitted: int,
    errors: int,
) -> None:  # fmt: skip
    bad = replace(SMOOTH, admitted=admitted, errors=errors, first_error="TimeoutError: x")
    monkeypatch.setattr(readiness, "rehearsed", lambda *_: bad)
    monkeypatch.setattr(readiness, "_surface", lambda: readiness.Check("surface", "ok", ""))
    assert checked(session, "--lang", lang) == 2
    said = capsys.readouterr()
    assert "[KS9403]" in said.err
    words = i18n.text("forum_server.rehearsal_failed", lang, admitted=admitted, count=2,
                      errors=errors, first="TimeoutError: x")  # fmt: skip
    assert words in " ".join(said.err.split())
    assert i18n.text("forum_server.figure_memory_gib", lang) in said.out, "figures come first"
