"""What must hold between the parts of a scenario, and the making of one that holds it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from kesos_sim.data.calibrated import calibrated
from kesos_sim.data.own.figures import OwnData
from kesos_sim.data.parameters import parameter_table
from kesos_sim.i18n.bounds import as_written
from kesos_sim.scenario.format import NATIONAL_PROGRAMMES, WORLD_KEYS
from kesos_sim.scenario.kinds import Places
from kesos_sim.scenario.levers import LEVERS, PORTFOLIO, SHARE_LEVERS, TODAY
from kesos_sim.scenario.nodes import Place
from kesos_sim.scenario.own_data import own_of
from kesos_sim.scenario.parts import Event, LeverSetting, LocalProgramme
from kesos_sim.scenario.places import Region, expand, region_words
from kesos_sim.scenario.scenario import Scenario
from kesos_sim.units import Month

_TOLERANCE: Final = 1e-6
_PARTS_SUM: Final = 1.0


@dataclass(frozen=True, slots=True)
class Draft:
    """Checked values that are not yet a scenario.

    Attributes
    ----------
    data : dict
        Values as `FORMAT` returns them.
    places : dict of str to Place
        Where each of them stands.
    whole : Place
        The file as a whole.
    """

    data: dict[str, Any]
    places: Places
    whole: Place

    def at(self, field: str) -> Place:
        """Return the place of a field, or of what holds it."""
        name = field
        while name and name not in self.places:
            name = name.rpartition(".")[0]
        return replace(self.places.get(name, self.whole), field=field)


def build(draft: Draft, root: Scenario | None) -> Scenario:
    """Make a scenario of checked values, or say which rule they break.

    Parameters
    ----------
    draft : Draft
        Values of a whole chain of files.
    root : Scenario or None
        The last scenario of the chain; None if this is it.

    Returns
    -------
    Scenario
        Complete and consistent.

    Raises
    ------
    InputError
        If something is missing, or two parts contradict each other.
    """
    data = draft.data
    for name in WORLD_KEYS:
        if name not in data:
            raise draft.at(name).error("KS1214", "scenario.missing_key", name=name)
    start: Month = data["start"]
    districts = expand(data["region"], start.year, draft.at("region"))
    growth = data.get("growth", "forward")
    settings = _settings(draft, "levers", data.get("levers", {}))
    scenario = Scenario(
        name=data["name"],
        title=data["title"],
        region=data["region"],
        districts=districts,
        start=start,
        months=data["months"],
        households=data["households"],
        seed=data["seed"],
        levers=settings,
        funding_sources=_sources(draft, settings),
        calibration=data.get("calibration", 0),
        parameters=_parameters(_fitted(data) | data.get("parameters", {})),
        events=_events(draft, districts),
        programmes=_programmes(draft, "programmes", data.get("programmes", []), districts),
        growth=growth,
        own_data=_own_data(draft, start),
        root=root,
    )
    _check_portfolio(draft, scenario)
    if "anchor" in data:
        held = data["anchor"]
        scenario = replace(
            scenario,
            root=replace(
                scenario,
                levers=_settings(draft, "anchor.levers", held.get("levers", {})),
                programmes=_programmes(
                    draft, "anchor.programmes", held.get("programmes", []), districts
                ),
                events=(),
            ),
        )
    return scenario


def _own_data(draft: Draft, start: Month) -> OwnData | None:
    """Return the own data, which must be of the base year."""
    if "own_data" not in draft.data:
        return None
    return own_of(draft.data["own_data"], draft.at("own_data"), start.year)


def _settings(
    draft: Draft, field: str, levers: Mapping[str, dict[str, Any]]
) -> dict[str, LeverSetting]:
    """Return the levers that are really moved."""
    found: dict[str, LeverSetting] = {}
    for name, setting in sorted(levers.items()):
        lever, at = LEVERS[name], f"{field}.{name}"
        if "value" not in setting:
            raise draft.at(f"{at}.value").error("KS1214", "scenario.missing_key", name="value")
        ramp = setting.get("ramp_months", 0)
        if lever.kind == "switch" and ramp:
            raise draft.at(f"{at}.ramp_months").error("KS1241", "scenario.switch_ramp", got=ramp)
        first: Month | None = setting.get("from")
        _not_before_start(draft, first, f"{at}.from")
        value = setting["value"]
        if value not in (TODAY, lever.fixed_default):
            found[name] = LeverSetting(value, first, ramp)
    return found


def _not_before_start(draft: Draft, month: Month | None, field: str) -> None:
    """Refuse a month before the base month."""
    start: Month = draft.data["start"]
    if month is not None and month < start:
        raise draft.at(field).error(
            "KS1242", "scenario.before_start", got=str(month), start=str(start)
        )


def _sources(draft: Draft, settings: Mapping[str, LeverSetting]) -> dict[str, float]:
    """Return the funding sources, which must make a whole where they are needed."""
    shares = {k: v for k, v in draft.data.get("funding_sources", {}).items() if v > 0}
    needed = [name for name in SHARE_LEVERS if name in settings]
    if needed and not shares:
        raise draft.at("funding_sources").error("KS1243", "scenario.no_sources", lever=needed[0])
    total = sum(shares.values())
    if shares and abs(total - _PARTS_SUM) > _TOLERANCE:
        raise draft.at("funding_sources").error(
            "KS1244", "scenario.sum", got=as_written(round(total, 6)), names=", ".join(shares)
        )
    return dict(sorted(shares.items()))


def _fitted(data: Mapping[str, Any]) -> dict[str, float]:
    """Return the parameters of the calibration that a scenario uses."""
    version = data.get("calibration", 0)
    return calibrated(version).values if version else {}


def _parameters(values: Mapping[str, float]) -> dict[str, float]:
    """Return the parameters that differ from the table."""
    table = parameter_table()
    return {name: value for name, value in sorted(values.items()) if value != table[name].value}


def _check_portfolio(draft: Draft, scenario: Scenario) -> None:
    """Refuse months in which the parts of the new money do not make a whole."""
    moved = [name for name in PORTFOLIO if name in scenario.levers]
    if not moved and not any(name.startswith("lever.portfolio") for name in scenario.parameters):
        return
    for passed in range(scenario.months + 1):
        month = scenario.start + passed
        total = sum(scenario.lever(name, month) for name in PORTFOLIO)
        if abs(total - _PARTS_SUM) > _TOLERANCE:
            field = f"levers.{moved[0]}" if moved else "parameters"
            raise draft.at(field).error(
                "KS1245",
                "scenario.portfolio",
                got=as_written(round(total, 6)),
                month=str(month),
                names=", ".join(PORTFOLIO),
            )


def _where(
    draft: Draft, entry: Mapping[str, Any], at: str, districts: tuple[int, ...]
) -> tuple[Region | None, tuple[int, ...]]:
    """Return region and districts of an event or a programme."""
    if "region" in entry and "district" in entry:
        raise draft.at(f"{at}.district").error("KS1246", "scenario.region_and_district")
    name = "district" if "district" in entry else "region"
    region: Region | None = entry.get(name)
    if region is None:
        return None, districts
    start: Month = draft.data["start"]
    wanted = expand(region, start.year, draft.at(f"{at}.{name}"))
    outside = sorted(set(wanted) - set(districts))
    if outside:
        whole = region_words(draft.data["region"])
        raise draft.at(f"{at}.{name}").error(
            "KS1247", "scenario.outside_region", got=outside[0], region=whole
        )
    return region, wanted


def _events(draft: Draft, districts: tuple[int, ...]) -> tuple[Event, ...]:
    """Return the events in order of time."""
    found: list[Event] = []
    for index, entry in enumerate(draft.data.get("events", [])):
        at = f"events[{index}]"
        _not_before_start(draft, entry["month"], f"{at}.month")
        region, where = _where(draft, entry, at, districts)
        found.append(
            Event(
                entry["hazard"],
                entry["month"],
                entry.get("months", 1),
                entry["severity"],
                entry.get("share", 1.0),
                region,
                where,
            )
        )
    return tuple(sorted(found, key=event_order))


def event_order(event: Event) -> tuple[Any, ...]:
    """Return by what events are ordered: time first."""
    return (event.month, event.hazard, event.months, event.severity, event.share, event.districts)


def _programmes(
    draft: Draft, field: str, entries: Iterable[Mapping[str, Any]], districts: tuple[int, ...]
) -> tuple[LocalProgramme, ...]:
    """Return the local programmes in order of name."""
    found: dict[str, LocalProgramme] = {}
    for index, entry in enumerate(entries):
        at, name = f"{field}[{index}]", entry["name"]
        if name in NATIONAL_PROGRAMMES or name in found:
            raise draft.at(f"{at}.name").error("KS1248", "scenario.programme_name", got=name)
        first, last = entry.get("from"), entry.get("to")
        _not_before_start(draft, first, f"{at}.from")
        _not_before_start(draft, last, f"{at}.to")
        if first is not None and last is not None and last < first:
            raise draft.at(f"{at}.to").error(
                "KS1249", "scenario.months_order", got=str(last), first=str(first)
            )
        region, where = _where(draft, entry, at, districts)
        if region is None:
            raise draft.at(f"{at}.region").error("KS1214", "scenario.missing_key", name="region")
        usual = "pkh" if entry["kind"] == "pkh_topup" else "any"
        title = entry.get("title", {"id": name, "en": name})
        found[name] = LocalProgramme(
            name,
            title["id"],
            title["en"],
            entry["stream"],
            entry["kind"],
            entry["amount"],
            entry["quota"],
            first,
            last,
            entry.get("eligibility", usual),
            region,
            where,
        )
    return tuple(found[name] for name in sorted(found))
