"""The store: idempotent, in one order for everybody, and true to what it acknowledged."""

from __future__ import annotations

import gzip
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from kesos_sim import i18n
from kesos_sim.errors import InputError
from kesos_sim.forum.backup import read_backup, restore
from kesos_sim.forum.desk import Desk
from kesos_sim.forum.events import Entry, Event, pseudonym
from kesos_sim.forum.session import Session
from kesos_sim.forum.store import Store, open_store, store_url
from tests.forum.databases import postgres, running_postgres

WRITER = Path(__file__).with_name("store_writer.py")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'forum.sqlite'}"
    return str(request.getfixturevalue("server"))


@pytest.fixture
def store(url: str, request: pytest.FixtureRequest) -> Iterator[Store]:
    opened = Store(url, f"S{abs(hash(request.node.nodeid)) % 10**9}")
    yield opened
    opened.close()


def entry(number: int, kind: str = "try", text: str = "") -> Entry:
    return Entry(f"entry-{number:05d}", kind, {"n": number, "text": text}, "p" * 64, "33", "orsos")


def writer(url: str, name: str, count: int, at_once: int) -> subprocess.Popen[str]:
    command = [sys.executable, str(WRITER), url, name, str(count), str(at_once)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_what_is_written_is_read(store: Store) -> None:
    assert (store.version(), store.since(0)) == (0, [])
    acks = store.add([entry(1, text="«Rp» 🙂 'kutip' <b>"), entry(2, "stance")])
    assert [(ack.id, ack.ok) for ack in acks] == [("entry-00001", True), ("entry-00002", True)]
    first, second = store.since(0)
    assert (first.seq, first.kind, first.table, first.role) == (1, "try", "33", "orsos")
    assert first.body == {"n": 1, "text": "«Rp» 🙂 'kutip' <b>"}
    assert abs(first.at - time.time() * 1000) < 60_000
    assert store.since(1) == [second]
    assert store.since(0, ["stance"]) == [second]
    assert store.version() == 2
    assert store.add([]) == ()


def test_writing_twice_changes_nothing(store: Store) -> None:
    store.add([entry(1), entry(2)])
    before = store.since(0)
    acks = store.add([entry(2, text="other"), entry(1), entry(3), entry(3)])
    assert all(ack.ok for ack in acks)
    assert store.since(0)[:2] == before
    assert [one.id for one in store.since(2)] == ["entry-00003"]
    assert store.version() == 3


def test_sessions_do_not_see_each_other(store: Store) -> None:
    other = Store(store.url, store.session + "X")
    store.add([entry(1)])
    other.add([entry(1, text="other"), entry(2)])
    assert [one.body["text"] for one in store.since(0)] == [""]
    assert (store.version(), other.version()) == (1, 2)
    other.close()


@pytest.mark.slow
def test_many_processes_write_and_one_order_comes_out(url: str) -> None:
    reader = Store(url, "TEST")
    before = reader.version()
    count, names = 40, ["a", "b", "c"]
    processes = [writer(url, f"{name}{before}", count, 4) for name in names]
    seen: list[Event] = []
    last = before
    while any(process.poll() is None for process in processes) or reader.version() > last:
        fresh = reader.since(last)
        seen += fresh
        last = fresh[-1].seq if fresh else last
        time.sleep(0.005)
    acknowledged = {line for one in processes for line in one.communicate()[0].split()}
    assert all(process.returncode == 0 for process in processes)
    assert [one.seq for one in seen] == list(range(before + 1, before + count * len(names) + 1))
    assert {one.id for one in seen} == acknowledged
    for name in names:
        own = [one.body["n"] for one in seen if one.id.startswith(f"{name}{before}-")]
        assert own == list(range(count))
    reader.close()


@pytest.mark.slow
@pytest.mark.parametrize("at_once", [1, 7])
def test_killed_while_writing_nothing_acknowledged_is_lost(url: str, at_once: int) -> None:
    store = Store(url, "TEST")
    before = store.version()
    acknowledged: list[str] = []
    names = {f"a{before}": 0.1, f"b{before}": 0.3}
    for name, after in names.items():
        process = writer(url, name, 100_000, at_once)
        assert process.stdout is not None
        # However slow the machine is, it dies in the middle of writing.
        acknowledged += [process.stdout.readline().strip() for _ in range(11)]
        time.sleep(after)
        os.kill(process.pid, signal.SIGKILL)
        lines = process.communicate()[0]
        # The last line may be cut: what was not read whole was not acknowledged.
        acknowledged += lines[: lines.rfind("\n") + 1].split()
        assert process.returncode == -signal.SIGKILL
    # A server that still wrote for the killed process has let go once this entry is in.
    assert store.add([entry(before)])[0].ok
    events = store.since(0)
    assert set(acknowledged) <= {one.id for one in events}
    assert len(acknowledged) > 20
    assert [one.seq for one in events] == list(range(1, len(events) + 1))
    for name in names:  # a message is stored whole or not at all
        assert sum(one.id.startswith(f"{name}-") for one in events) % at_once == 0
    store.close()
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
        assert connection.execute("pragma journal_mode").fetchone() == ("wal",)
        connection.close()


def test_commits_are_on_disk(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'forum.sqlite'}", "TEST")
    with store._own().connect() as connection:
        assert connection.exec_driver_sql("pragma synchronous").scalar_one() == 2
        assert connection.exec_driver_sql("pragma journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("pragma busy_timeout").scalar_one() >= 10_000
    store.close()


def test_a_writer_waits_for_another_one(tmp_path: Path) -> None:
    path = tmp_path / "forum.sqlite"
    store = Store(f"sqlite:///{path}", "TEST")
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("begin immediate")
    threading.Timer(0.3, lambda: other.execute("rollback")).start()
    began = time.monotonic()
    assert store.add([entry(1)])[0].ok
    assert time.monotonic() - began > 0.2
    assert store.version() == 1
    other.close()
    store.close()


def test_a_forked_process_has_its_own_connection(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'forum.sqlite'}", "TEST")
    store.add([entry(1)])
    code = (
        "import os, sys\n"
        "from kesos_sim.forum.store import Store\n"
        "from kesos_sim.forum.events import Entry\n"
        f"store = Store({str(store.url)!r}, 'TEST')\n"
        "store.add([Entry('parent-000', 'try', {})])\n"
        "child = os.fork()\n"
        "store.add([Entry(f'fork-{child == 0}-1', 'try', {})])\n"
        "if child == 0: os._exit(store.version() < 3)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    assert {one.id for one in store.since(1)} == {"parent-000", "fork-True-1", "fork-False-1"}
    store.close()


def test_no_name_and_no_number_of_a_phone_is_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "forum.sqlite"
    store = Store(f"sqlite:///{path}", "TEST")
    number = "0123456789abcdef" * 2
    store.add([Entry("entry-0001", "join", {"role": "orsos"}, pseudonym(number), "33", "orsos")])
    store.close()
    assert number.encode() not in path.read_bytes()
    columns = sqlite3.connect(path).execute("select name from pragma_table_info('events')")
    assert [name for (name,) in columns] == [
        "session", "seq", "id", "kind", "participant", "table", "role", "at", "body",
    ]  # fmt: skip


def test_backup_and_restore(store: Store, tmp_path: Path) -> None:
    store.add([entry(n, text="é <x>") for n in range(5)])
    path, target = tmp_path / "b.jsonl.gz", f"sqlite:///{tmp_path / 'other.sqlite'}"
    assert store.backup(path) == 5
    first = path.read_bytes()
    store.backup(path)
    assert path.read_bytes() == first, "same events, same bytes"
    assert path.stat().st_mode & 0o077 == 0
    back = restore(path, target)
    assert back.since(0) == store.since(0)
    assert back.version() == 5
    restore(path, target).close()
    assert back.since(0) == store.since(0)
    back.add([entry(9)])
    with pytest.raises(InputError) as caught:
        restore(path, target)
    assert caught.value.code == "KS9340"
    back.close()


def test_a_restored_store_goes_on(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'a.sqlite'}", "TEST")
    store.add([entry(n) for n in range(3)])
    store.backup(tmp_path / "early.gz")
    store.add([entry(7)])
    store.backup(tmp_path / "late.gz")
    target = f"sqlite:///{tmp_path / 'b.sqlite'}"
    restore(tmp_path / "early.gz", target).close()
    back = restore(tmp_path / "late.gz", target)
    assert back.since(0) == store.since(0)
    for one in (store, back):
        one.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(place=st.floats(0, 1), value=st.integers(0, 255), cut=st.booleans())
def test_a_damaged_backup_is_refused(tmp_path: Path, place: float, value: int, cut: bool) -> None:
    store = Store(f"sqlite:///{tmp_path / 'a.sqlite'}", "TEST")
    store.add([entry(n) for n in range(3)])
    path = tmp_path / "b.gz"
    store.backup(path)
    store.close()
    whole = gzip.decompress(path.read_bytes())
    at = int(place * (len(whole) - 1))
    changed = whole[:at] if cut else whole[:at] + bytes([value]) + whole[at + 1 :]
    path.write_bytes(gzip.compress(changed))
    if changed.rstrip(b"\n") == whole.rstrip(b"\n"):
        assert len(read_backup(path)[1]) == 3
        return
    with pytest.raises(InputError) as caught:
        read_backup(path)
    assert caught.value.code == "KS9343"


def test_backup_that_is_none(tmp_path: Path) -> None:
    for name, content in (("x.gz", b"not gzip"), ("y.gz", gzip.compress(b"x")[:-4])):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError) as caught:
            read_backup(tmp_path / name)
        assert caught.value.code == "KS9343"
    with pytest.raises(InputError) as caught:
        read_backup(tmp_path / "missing.gz")
    assert caught.value.code == "KS9344"


def test_address_of_the_store(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KESOS_FORUM_STORE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert store_url(None, session).endswith("MPU26.sqlite")
    assert (
        store_url(str(tmp_path / "a b.sqlite"), session) == f"sqlite:///{tmp_path / 'a b.sqlite'}"
    )
    monkeypatch.setenv("KESOS_FORUM_STORE", "sqlite:///x.sqlite")
    assert store_url(None, session) == "sqlite:///x.sqlite"
    assert store_url("postgresql://db/x", session) == "postgresql://db/x"
    opened = open_store(str(tmp_path / "new" / "f.sqlite"), session)
    assert opened.version() == 0
    opened.close()


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("nonsense", "KS9341"),
        ("oracle://u:rahasia@db/x", "KS9342"),
        ("foo://u:rahasia@x", "KS9342"),
    ],
)
def test_an_address_that_is_none_is_refused_without_its_password(address: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        Store(address, "TEST")
    assert caught.value.code == code
    assert "rahasia" not in str(caught.value)


def test_files_and_claims(store: Store) -> None:
    assert store.file("a.pdf") is None
    store.keep_file("a.pdf", b"\x00one")
    store.keep_file("a.pdf", b"\x00two")
    assert store.file("a.pdf") == b"\x00two"
    assert store.claim("making", 60)
    assert not store.claim("making", 60)
    assert store.claim("making", 0)
    store.release("making")
    assert store.claim("making", 60)
    assert store.version() == 0, "files are no events"


def test_who_is_connected_is_known_for_a_while_and_in_no_backup(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(f"sqlite:///{tmp_path}/forum.sqlite", session.code)
    clock = 1_000_000
    monkeypatch.setattr("time.time_ns", lambda: clock * 1_000_000)
    store.seen("a")
    store.seen("b")
    assert store.online(50) == {"a", "b"}
    clock += 40_000
    store.seen("a")
    clock += 20_000
    assert store.online(50) == {"a"}
    assert store.version() == 0 and store.since(0) == []
    store.close()


def test_a_clock_that_is_put_back_or_forward_loses_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order is that of arrival, and work that somebody had taken on can be taken on again."""
    now = [1_800_000_000_000]
    monkeypatch.setattr("time.time_ns", lambda: now[0] * 1_000_000)
    assert store.claim("making", 60)
    for number, jump in enumerate((0, -86_400_000, 40 * 86_400_000, -1)):
        now[0] += jump
        assert store.add([entry(number)])[0].ok
    events = store.since(0)
    assert [one.seq for one in events] == [1, 2, 3, 4]
    assert [one.id for one in events] == [entry(number).id for number in range(4)]
    now[0] = 1_700_000_000_000
    assert store.claim("making", 60), "a claim of the future holds nobody up"
    assert not store.claim("making", 60)


@pytest.mark.slow
def test_a_server_restarted_in_a_meeting_loses_nothing(session: Session) -> None:
    """While PostgreSQL is away nothing is acknowledged; afterwards what was kept comes in once."""
    tried = [replace(entry(n), body={"levers": {}}) for n in range(8)]
    with running_postgres() as server:
        store, other = Store(server.url, session.code), Store(server.url, session.code)
        desk = Desk(session, other)
        known = store.version()
        assert all(ack.ok for ack in store.add([tried[n] for n in range(5)]))
        server.stop()
        with pytest.raises(DBAPIError):
            store.add([tried[5]])
        answers = desk.hear({"do": "hello"})
        assert i18n.text("forum_room.store_silent", session.lang) in str(answers)
        with pytest.raises(InputError) as caught:
            Store(server.url, session.code)
        assert caught.value.code == "KS9345"
        server.start()
        assert all(ack.ok for ack in store.add([tried[n] for n in range(4, 8)]))
        assert [one.id for one in other.since(known)] == [tried[n].id for n in range(8)]
        assert desk.hear({"do": "hello"})[0][0]["is"] == "room"
        store.close()
        other.close()


@pytest.mark.parametrize(
    ("required", "end"), [("all", pytest.fail.Exception), ("", pytest.skip.Exception)]
)
def test_a_machine_without_postgresql_fails_where_all_is_required(
    monkeypatch: pytest.MonkeyPatch, required: str, end: type[BaseException]
) -> None:
    monkeypatch.setenv("KESOS_REQUIRE", required)
    monkeypatch.setattr("tests.forum.databases.available", lambda: False)
    with pytest.raises(end, match="PostgreSQL"), running_postgres():
        pass
