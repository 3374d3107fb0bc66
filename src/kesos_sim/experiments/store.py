"""Who remembers: finished runs by what they are made of, so that none is computed twice.

A run's files lie in a folder that is named by the hash of code, data, scenario and seed. The folder
appears whole or not at all, and holds a record of what it is; an index in SQLite finds it and can
be made again from the folders. Several processes may share a store, and one that is killed leaves
at most a folder that nobody looks at.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from platformdirs import user_data_path

from kesos_sim.errors import InputError, KesosError
from kesos_sim.model.identity import code_hash, data_hash

if TYPE_CHECKING:
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["DONE", "FAILED", "FOLDER", "Entry", "Store", "identity"]

FOLDER: Final = "KESOS_STORE"
"""Environment variable with the folder of the store."""
DONE, FAILED = "done", "failed"
FORMAT: Final = 1
"""Changes when files of runs are written in another way."""
_RECORD: Final = "entry.json"
_PART: Final = ".part"
_PATIENCE_SECONDS: Final = 30.0
_DAY_SECONDS: Final = 86_400.0
_MOST_BYTES: Final = 10_000_000_000
"""Size beyond which the user's store makes room by itself."""
_LEFT: Final = 0.8


def identity(scenario: Scenario, kind: str) -> str:
    """Return what a run is known by.

    Parameters
    ----------
    scenario : Scenario
        The question, with its seed.
    kind : str
        How much of the answer is kept.

    Returns
    -------
    str
        SHA-256 in hexadecimal of the form of the files, code, data and scenario.
    """
    parts = (str(FORMAT), kind, code_hash(), data_hash(), scenario.hash)
    return sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True)
class Entry:
    """What a store knows of a run.

    Attributes
    ----------
    key : str
        See `identity`.
    kind : str
        How much of the answer is kept.
    scenario, scenario_hash, region, code_hash, data_hash : str
        What was run, and with what.
    seed, households, months : int
        Size of the question.
    state : str
        ``done`` or ``failed``.
    cause : str
        Why it failed, in one line.
    seconds : float
        Time taken.
    created : str
        When, UTC.
    digest : str
        SHA-256 in hexadecimal of its files.
    size : int
        Bytes of its files.
    """

    key: str
    kind: str
    scenario: str
    scenario_hash: str
    region: str
    code_hash: str
    data_hash: str
    seed: int
    households: int
    months: int
    state: str
    cause: str
    seconds: float
    created: str
    digest: str = ""
    size: int = 0

    @classmethod
    def of(
        cls, scenario: Scenario, kind: str, state: str = DONE, cause: str = "", seconds: float = 0.0
    ) -> Entry:
        """Make the entry of a scenario that was run now, with the code and data of now."""
        return cls(
            key=identity(scenario, kind),
            kind=kind,
            scenario=scenario.name,
            scenario_hash=scenario.hash,
            region=str(scenario.document()["region"]),
            code_hash=code_hash(),
            data_hash=data_hash(),
            seed=scenario.seed,
            households=scenario.households,
            months=scenario.months,
            state=state,
            cause=cause,
            seconds=seconds,
            created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        )


_COLUMNS: Final = tuple(item.name for item in fields(Entry))
_KINDS: Final = {"int": "INTEGER", "float": "REAL", "str": "TEXT"}
_TABLE: Final = "CREATE TABLE IF NOT EXISTS runs ({}, PRIMARY KEY (key)) WITHOUT ROWID".format(
    ", ".join(f"{item.name} {_KINDS[str(item.type)]} NOT NULL" for item in fields(Entry))
)


class Store:
    """Finished runs in a folder.

    Parameters
    ----------
    folder : path
        Where; it is made if need be.

    Raises
    ------
    InputError
        If the folder cannot be made or written.

    Examples
    --------
    >>> from kesos_sim import load_scenario, run
    >>> blora = load_scenario("scenarios/blora.yaml", {"households": 2000, "months": 1})
    >>> store = Store.default()
    >>> run(blora, store=store).created == run(blora, store=store).created  # the second is found
    True
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        self._runs = self.folder / "runs"
        try:
            self._runs.mkdir(parents=True, exist_ok=True)
            with self._index():
                pass
        except (OSError, sqlite3.OperationalError) as error:
            raise self._unwritable(error) from error

    @classmethod
    def default(cls) -> Store:
        """Return the user's store: ``KESOS_STORE``, or a folder among the user's data.

        Where it has grown large, the runs used longest ago make way.
        """
        named = os.environ.get(FOLDER)
        store = cls(named or user_data_path("kesos-sim", appauthor=False) / "store")
        store.make_room(_MOST_BYTES)
        return store

    def find(self, key: str) -> Path | None:
        """Return the folder of a finished run, or None; what was damaged is forgotten.

        Parameters
        ----------
        key : str
            See `identity`.

        Returns
        -------
        pathlib.Path or None
        """
        entry = self.entry(key)
        if entry is None or entry.state != DONE:
            return None
        folder = self._place(key)
        try:
            if _digest(folder)[0] == entry.digest:
                os.utime(folder)
                return folder
        except OSError:
            pass
        self.remove([key])
        return None

    def entry(self, key: str) -> Entry | None:
        """Return what is known of a run, or None."""
        with self._index() as index:
            row = index.execute("SELECT * FROM runs WHERE key = ?", (key,)).fetchone()
        return None if row is None else Entry(*row)

    def entries(self) -> tuple[Entry, ...]:
        """Return what is known of all runs, the oldest first."""
        with self._index() as index:
            rows = index.execute("SELECT * FROM runs ORDER BY created, key").fetchall()
        return tuple(Entry(*row) for row in rows)

    def keep(self, entry: Entry, write: Callable[[Path], None]) -> None:
        """Keep a finished run.

        Parameters
        ----------
        entry : Entry
            What it is; digest and size are found here.
        write : function
            Writes its files into an empty folder.

        Raises
        ------
        KesosError
            If there is no room or no right to write; the store is as it was.
        """
        part = self._runs / f"{secrets.token_hex(8)}{_PART}"
        place = self._place(entry.key)
        try:
            part.mkdir()
            write(part)
            digest, size = _digest(part)
            known = asdict(entry) | {"digest": digest, "size": size}
            (part / _RECORD).write_text(json.dumps(known), encoding="utf-8")
            place.parent.mkdir(exist_ok=True)
            try:
                part.rename(place)
            except OSError:
                # Somebody else was first, or left a folder that the index does not know.
                if not place.exists():
                    raise
                known = self._adopt(place, known, part)
            self._say(Entry(**known))
        except (OSError, sqlite3.OperationalError) as error:
            raise self._unwritable(error) from error
        finally:
            shutil.rmtree(part, ignore_errors=True)

    def fail(self, entry: Entry) -> None:
        """Note that a run failed; a finished one of the same key stays."""
        known = self.entry(entry.key)
        if known is None or known.state == FAILED:
            self._say(entry)

    def remove(self, keys: Iterable[str]) -> int:
        """Forget runs and delete their files: how many."""
        gone = 0
        for key in keys:
            with self._index() as index:
                gone += index.execute("DELETE FROM runs WHERE key = ?", (key,)).rowcount
            shutil.rmtree(self._place(key), ignore_errors=True)
        return gone

    def beyond(self, most: int, entries: Iterable[Entry] | None = None) -> list[Entry]:
        """Return those of some runs, or of all, that were used longest ago.

        Parameters
        ----------
        most : int
            Bytes that the others fit into.
        entries : iterable of Entry, optional
            The runs; all when left out.
        """
        listed = self.entries() if entries is None else entries
        found, total = [], 0
        for entry in sorted(listed, key=self.last_used, reverse=True):
            total += entry.size
            if total > most:
                found.append(entry)
        return found

    def make_room(self, most: int) -> int:
        """Remove the runs used longest ago if all take more than so many bytes: how many."""
        with self._index() as index:
            (total,) = index.execute("SELECT COALESCE(SUM(size), 0) FROM runs").fetchone()
        if total <= most:
            return 0
        # Some more than need be, so that it is not done at every opening.
        return self.remove(entry.key for entry in self.beyond(int(_LEFT * most)))

    def last_used(self, entry: Entry) -> float:
        """Return when a run was made or used for the last time, seconds of the epoch."""
        try:
            return self._place(entry.key).stat().st_mtime
        except OSError:
            return dt.datetime.fromisoformat(entry.created).timestamp()

    def clear_parts(self, older_seconds: float = _DAY_SECONDS) -> int:
        """Delete what killed processes have left unfinished: how many folders."""
        gone = 0
        before = dt.datetime.now(dt.UTC).timestamp() - older_seconds
        for part in self._runs.glob(f"*{_PART}"):
            with suppress(OSError):
                if part.stat().st_mtime <= before:
                    shutil.rmtree(part)
                    gone += 1
        return gone

    def _adopt(self, place: Path, known: dict[str, object], part: Path) -> dict[str, object]:
        """Return the record of a folder that is there already, or put ours in its place."""
        with suppress(OSError, ValueError, TypeError):
            theirs = json.loads((place / _RECORD).read_text(encoding="utf-8"))
            if Entry(**theirs).digest == _digest(place)[0]:
                return dict(theirs)
        shutil.rmtree(place)
        part.rename(place)
        return known

    def _place(self, key: str) -> Path:
        """Return where the files of a run are."""
        return self._runs / key[:2] / key

    def _say(self, entry: Entry) -> None:
        """Write an entry into the index."""
        with self._index() as index:
            _put(index, entry, "REPLACE")

    @contextmanager
    def _index(self) -> Iterator[sqlite3.Connection]:
        """Open the index for one step; one that is damaged is made again from the folders."""
        path = self.folder / "index.sqlite"
        new = not path.exists()
        try:
            index = _opened(path)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
                (self.folder / name).unlink(missing_ok=True)
            index, new = _opened(path), True
        with closing(index), index:
            if new:
                self._read_folders(index)
            yield index

    def _read_folders(self, index: sqlite3.Connection) -> None:
        """Fill an empty index with the runs whose folders are there."""
        for record in self._runs.glob(f"*/*/{_RECORD}"):
            with suppress(OSError, ValueError, TypeError):
                entry = Entry(**json.loads(record.read_text(encoding="utf-8")))
                _put(index, entry, "IGNORE")

    def _unwritable(self, error: Exception) -> KesosError:
        """Say that the store cannot be written."""
        return InputError(
            "KS3020", "experiments.store_unwritable", file=self.folder, got=error, field=FOLDER
        )


def _put(index: sqlite3.Connection, entry: Entry, known: str) -> None:
    """Write an entry into an index; what is known already is replaced, or left as it is."""
    row = tuple(asdict(entry)[name] for name in _COLUMNS)
    marks = ", ".join("?" * len(_COLUMNS))
    index.execute(f"INSERT OR {known} INTO runs VALUES ({marks})", row)  # noqa: S608


def _opened(path: Path) -> sqlite3.Connection:
    """Open an index that several processes share."""
    index = sqlite3.connect(path, timeout=_PATIENCE_SECONDS)
    try:
        index.execute("PRAGMA journal_mode = WAL")
        index.execute("PRAGMA synchronous = NORMAL")
        index.execute(_TABLE)
    except sqlite3.DatabaseError:
        index.close()
        raise
    return index


def _digest(folder: Path) -> tuple[str, int]:
    """Return the hash of the files of a run, and how many bytes they have."""
    digest, size = sha256(), 0
    for path in sorted(folder.iterdir()):
        if path.name != _RECORD:
            content = path.read_bytes()
            digest.update(f"{path.name} {len(content)}\n".encode())
            digest.update(content)
            size += len(content)
    return digest.hexdigest(), size
