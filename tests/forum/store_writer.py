"""A process that writes to a store and prints the number of every entry that was acknowledged."""

from __future__ import annotations

import sys

from kesos_sim.forum.events import Entry
from kesos_sim.forum.store import Store


def main(url: str, name: str, count: int, at_once: int) -> None:
    store = Store(url, "TEST")
    for first in range(0, count, at_once):
        entries = [
            Entry(
                f"{name}-{number:06d}", "try", {"levers": {}, "n": number}, "p" * 64, "33", "orsos"
            )
            for number in range(first, min(first + at_once, count))
        ]
        for ack in store.add(entries):
            sys.stdout.write(ack.id + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
