"""The agreed package as scenario files that ``kesos compare`` takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.emulator.question import RAMPS, START, baseline
from kesos_sim.scenario import changed, from_document
from kesos_sim.scenario.writing import dump_scenario

if TYPE_CHECKING:
    from kesos_sim.forum.room import Room
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["AGREED", "USUAL", "agreed_scenario", "scenario_files", "usual_scenario"]

USUAL: Final = "tanpa-perubahan"
AGREED: Final = "kesepakatan"


def usual_scenario() -> Scenario:
    """Return the world without the package: the one that the fitted surface answers for.

    Returns
    -------
    Scenario
        Ten provinces, to the end of the headline year.
    """
    document = {**baseline().document(), "name": USUAL}
    return from_document(document)


def agreed_scenario(room: Room) -> Scenario:
    """Return the agreed package as a scenario.

    Parameters
    ----------
    room : Room
        State of the meeting.

    Returns
    -------
    Scenario
        It shares the anchor of `usual_scenario`; its levers act from the first fiscal year after
        the meeting, phased in as the surface has them.
    """
    agreed = room.agreed()
    overrides: dict[str, object] = {}
    for name, value in agreed["levers"].items():
        # Steps are whole numbers in a file.
        overrides[f"levers.{name}.value"] = int(value) if value.is_integer() else value
        overrides[f"levers.{name}.from"] = str(START)
        if name in RAMPS:
            overrides[f"levers.{name}.ramp_months"] = RAMPS[name]
    for name, share in _whole(agreed["sources"]).items():
        overrides[f"funding_sources.{name}"] = share
    found = changed(usual_scenario(), overrides)
    title = {
        lang: i18n.text("agreement.scenario_title", lang, code=room.session.code)
        for lang in i18n.LANGUAGES
    }
    return from_document({**found.document(), "name": AGREED, "title": title})


def _whole(sources: dict[str, float]) -> dict[str, float]:
    """Name every line that the baseline names too: what the tables did not choose pays nothing."""
    if not sources:
        return {}
    return {**dict.fromkeys(usual_scenario().funding_sources, 0.0), **sources}


def scenario_files(room: Room) -> dict[str, str]:
    """Return the scenario files of the annex.

    Parameters
    ----------
    room : Room
        State of the meeting.

    Returns
    -------
    dict of str to str
        YAML text by name of the file: without change, and the agreed package.
    """
    return {
        f"{one.name}.yaml": dump_scenario(one) for one in (usual_scenario(), agreed_scenario(room))
    }
