"""Whatever writes a file: killed, on a full disk, in a folder that cannot be written."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kesos_sim import i18n
from kesos_sim.errors import InputError
from kesos_sim.experiments.store import Entry, Store, identity
from kesos_sim.forum.backup import read_backup
from kesos_sim.forum.events import Entry as Said
from kesos_sim.forum.session import Session
from kesos_sim.forum.settings import load_session
from kesos_sim.forum.store import Store as ForumStore
from kesos_sim.scenario import Scenario, changed
from tests.faults.disks import Disk, disk
from tests.faults.writers import GONE, WRITERS, whole
from tests.forum.test_attendee import JOIN, Visitor

__all__ = ["disk"]

ROOT = Path(__file__).parents[2]
SETTINGS = ROOT / "notebooks" / "forum" / "sesi.yaml"
UNTOLD = {"arrays", "backup"}
"""Their callers, the command and the desk, put the system's refusal into words."""


@pytest.fixture(scope="module")
def program() -> Iterator[subprocess.Popen[str]]:
    """The program that lets processes write until they are killed."""
    words = [sys.executable, "-m", "tests.faults.writers"]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True, cwd=ROOT) as running:
        yield running
        assert running.stdin is not None
        running.stdin.close()
        assert running.wait(timeout=30) == 0


@pytest.mark.parametrize("name", WRITERS)
def test_a_kill_at_any_moment_leaves_whole_files(
    name: str, program: subprocess.Popen[str], tmp_path: Path
) -> None:
    assert program.stdin is not None and program.stdout is not None
    allowed = whole(name, tmp_path)
    place = tmp_path / "place"
    for after in (0.0, 0.011, 0.037):
        place.mkdir(exist_ok=True)
        program.stdin.write(f"{name} {place}\n")
        program.stdin.flush()
        process, *_ = (int(program.stdout.readline()) for _ in range(4))
        time.sleep(after)
        os.kill(process, signal.SIGKILL)
        assert f"{GONE}\n" in iter(program.stdout.readline, "")
        found = {path.name: path.read_bytes() for path in place.iterdir()}
        kept = {file: found[file] for file in found if file in allowed}
        assert kept
        for file, content in kept.items():
            if name == "backup":  # holds when its entries were stored
                assert len(read_backup(place / file)[1]) == 300
                continue
            assert content in allowed[file], f"{file} is neither version"


@pytest.mark.parametrize("fault", ["full", "read-only"])
@pytest.mark.parametrize("name", WRITERS)
def test_a_refusal_is_said_and_what_was_there_stays(
    name: str, fault: str, tmp_path: Path, disk: Disk
) -> None:
    allowed = whole(name, tmp_path)
    WRITERS[name](disk.folder, 0)
    before = {file: (disk.folder / file).read_bytes() for file in disk.files()}
    reasons = {"full": errno.ENOSPC, "read-only": errno.EROFS}
    if fault == "full":
        disk.fill()
    else:
        disk.read_only(True)
    with pytest.raises(OSError if name in UNTOLD else InputError) as caught:
        WRITERS[name](disk.folder, 1)
    if isinstance(caught.value, InputError):
        said = {lang: caught.value.text(lang) for lang in i18n.LANGUAGES}
        for lang, words in said.items():
            key = f"errors.system_{errno.errorcode[reasons[fault]]}"
            assert i18n.text(key, lang) in words
            assert str(disk.folder) in words
    else:
        assert caught.value.errno == reasons[fault]
    assert {file: (disk.folder / file).read_bytes() for file in disk.files()} == before
    if fault == "full":
        disk.empty()
    else:
        disk.read_only(False)
    WRITERS[name](disk.folder, 1)
    after = {file: (disk.folder / file).read_bytes() for file in disk.files()}
    assert all(content in allowed[file] for file, content in after.items())
    assert after != before


@pytest.mark.parametrize("fault", ["full", "read-only"])
def test_the_store_of_runs_says_it_and_goes_on_afterwards(
    small: Scenario, disk: Disk, fault: str
) -> None:
    store, other = Store(disk.folder / "store"), changed(small, {"seed": 99})

    def write(folder: Path) -> None:
        (folder / "a.bin").write_bytes(b"x" * 50_000)

    store.keep(Entry.of(small, "run"), write)
    if fault == "full":
        disk.fill()
    else:
        disk.read_only(True)
    with pytest.raises(InputError) as caught:
        Store(disk.folder / "store").keep(Entry.of(other, "run"), write)
    for lang in i18n.LANGUAGES:
        assert str(disk.folder) in caught.value.text(lang)
    if fault == "full":
        disk.empty()
    else:
        disk.read_only(False)
    again = Store(disk.folder / "store")
    assert again.find(identity(small, "run")) is not None
    assert len(again.entries()) == 1
    again.keep(Entry.of(other, "run"), write)
    assert len(again.entries()) == 2
    assert not list((disk.folder / "store" / "runs").glob("*.part"))


def test_a_meeting_on_a_full_disk_acknowledges_nothing_that_is_not_stored(disk: Disk) -> None:
    session: Session = load_session(SETTINGS)
    url = f"sqlite:///{disk.folder}/forum.sqlite"
    store = ForumStore(url, session.code)
    visitor = Visitor(session, store)
    visitor.hello()
    acknowledged = visitor.enter(JOIN)["ids"]
    assert len(acknowledged) == 1
    disk.fill()
    refused, number = False, 0
    while not refused:
        number += 1
        before = len(visitor.got)
        body = {"levers": {}, "text": "x" * 2000}
        said = Said(f"entry-{number:05d}", "try", body, "p" * 64, "33", "orsos")
        try:
            acknowledged += [ack.id for ack in store.add([said])]
        except Exception:
            refused = True
        assert number < 2000
    visitor.page._heard(
        visitor.page,
        {"do": "enter", "entries": [{"id": "entry-late1", "kind": "join", "body": JOIN[1]}]},
        [],
    )  # fmt: skip
    assert len(visitor.got) == before, "without an answer the browser keeps its entries"
    disk.empty()
    assert {event.id for event in store.since(0)} == set(acknowledged)
    store.close()
    again = ForumStore(url, session.code)
    assert {event.id for event in again.since(0)} == set(acknowledged)
    late = Said("entry-late2", "try", {"levers": {}}, "p" * 64, "33", "orsos")
    assert again.add([late])[0].ok
    again.close()


def test_a_store_of_a_meeting_that_cannot_be_written_is_said(disk: Disk) -> None:
    session = load_session(SETTINGS)
    disk.read_only(True)
    with pytest.raises(InputError) as caught:
        ForumStore(f"sqlite:///{disk.folder}/forum.sqlite", session.code)
    assert caught.value.code == "KS9345"
    for lang in i18n.LANGUAGES:
        assert str(disk.folder) in caught.value.text(lang)


def test_two_versions_of_the_code_share_a_store(
    small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each finds its own runs and never those of the other."""
    keys = {}
    for version in ("1" * 64, "2" * 64):
        monkeypatch.setattr("kesos_sim.experiments.store.code_hash", lambda v=version: v)
        store = Store(tmp_path)
        assert store.find(identity(small, "run")) is None
        entry = Entry.of(small, "run")
        store.keep(entry, lambda folder, v=version: (folder / "a.txt").write_text(v) and None)
        keys[version] = entry.key
    for version, key in keys.items():
        monkeypatch.setattr("kesos_sim.experiments.store.code_hash", lambda v=version: v)
        assert identity(small, "run") == key
        folder = Store(tmp_path).find(key)
        assert folder is not None and (folder / "a.txt").read_text() == version
