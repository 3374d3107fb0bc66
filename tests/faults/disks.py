"""A disk of a test's own that is really full or really read-only."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


class Disk:
    """A small file system in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        """Use up every byte."""
        with (self.folder / "filler").open("wb", buffering=0) as stream:
            for size in (4096, 1):
                try:
                    while stream.write(bytes(size)):
                        continue
                except OSError:
                    continue

    def empty(self) -> None:
        """Give the room back."""
        (self.folder / "filler").unlink()

    def read_only(self, on: bool) -> None:
        """Let nobody write, whatever rights they have, or let them again."""
        mode = "ro" if on else "rw"
        subprocess.run(["mount", "-o", f"remount,{mode}", str(self.folder)], check=True)

    def files(self) -> set[str]:
        """Everything that is there."""
        return {
            str(path.relative_to(self.folder))
            for path in self.folder.rglob("*")
            if path.is_file() and path.name != "filler"
        }


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A disk of half a megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a disk here")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
