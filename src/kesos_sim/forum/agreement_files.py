"""Makes the documents of the frozen draft and keeps them in the store; run as a process."""

from __future__ import annotations

from kesos_sim import i18n
from kesos_sim.forum.exporting import documents, room_of
from kesos_sim.forum.publishing import keep
from kesos_sim.forum.settings import example_session
from kesos_sim.forum.store import Store, open_store

__all__ = ["keep_documents", "main"]


def keep_documents(store: Store) -> int:
    """Make the documents of the frozen draft in both languages.

    Parameters
    ----------
    store : Store
        Where events come from and documents go.

    Returns
    -------
    int
        Documents that were kept; 0 while the draft is not frozen.
    """
    room = room_of(example_session(), store.since(0))
    if room.digest is None:
        return 0
    found = {
        (lang, form): content
        for lang in i18n.LANGUAGES
        for form, content in documents(room, lang).items()
    }
    keep(room, store, found)
    return len(found)


def main() -> None:
    """Do it for the session and the store of the environment."""
    store = open_store()
    keep_documents(store)
    store.close()


if __name__ == "__main__":
    main()
