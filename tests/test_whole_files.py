"""A file is whole or as it was, whatever happens while it is written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.whole_files import PART, replacing


@given(pieces=st.lists(st.binary(max_size=200), max_size=5), lasting=st.booleans())
def test_what_is_written_is_there(
    pieces: list[bytes], lasting: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("whole") / "new" / "file"
    for before in (None, b"before"):
        if before is not None:
            path.write_bytes(before)
        with replacing(path, lasting=lasting) as stream:
            for piece in pieces:
                stream.write(piece)
            assert path.exists() == (before is not None)
        assert path.read_bytes() == b"".join(pieces)
        assert [found.name for found in path.parent.iterdir()] == ["file"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError, MemoryError])
def test_failure_leaves_everything_as_it_was(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"before")
    with pytest.raises(error), replacing(path) as stream:
        stream.write(b"half")
        raise error
    assert {found.name: found.read_bytes() for found in tmp_path.iterdir()} == {"file": b"before"}


def test_half_written_files_can_be_told_from_others(tmp_path: Path) -> None:
    with replacing(tmp_path / "file"):
        assert [found.suffix for found in tmp_path.iterdir()] == [PART]


@pytest.mark.parametrize(("private", "mode"), [(True, 0o600), (False, 0o644)])
@pytest.mark.skipif(os.name != "posix", reason="rights of another kind")
def test_rights(tmp_path: Path, private: bool, mode: int) -> None:
    path = tmp_path / "file"
    with replacing(path, private=private):
        pass
    assert path.stat().st_mode & 0o777 == mode


def test_folder_in_the_place_of_the_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.mkdir()
    with pytest.raises(OSError, match="file"), replacing(path) as stream:
        stream.write(b"new")
    assert [found.name for found in tmp_path.iterdir()] == ["file"]
