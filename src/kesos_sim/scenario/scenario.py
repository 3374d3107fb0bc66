"""The scenario: one question to the model, complete and unchangeable."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from types import MappingProxyType
from typing import Final

from kesos_sim import i18n
from kesos_sim.data.calibrated import Fitted, calibrated
from kesos_sim.data.own.figures import OwnData
from kesos_sim.data.parameters import parameter_table
from kesos_sim.scenario.format import VERSION
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.scenario.parts import Document, Event, LeverSetting, LocalProgramme
from kesos_sim.scenario.places import Region, as_document
from kesos_sim.units import Month

_NAMES_ONLY: Final = ("name", "title")


@dataclass(frozen=True, eq=False)
class Scenario:
    """One question to the model.

    Two scenarios are equal when their documents are. `load_scenario` and `from_document` make
    scenarios; both check everything.

    Attributes
    ----------
    name : str
        Short name, as in file names.
    title : mapping of str to str
        Name on screens in ``id`` and ``en``.
    region : str or tuple of int
        ``mpu``, ``indonesia`` or BPS codes.
    districts : tuple of int
        The region as district codes, ascending.
    start : Month
        Base month; its published figures anchor the world.
    months : int
        Months after the base month.
    households : int
        Simulated households.
    seed : int
        Key of every random draw.
    levers : mapping of str to LeverSetting
        Only the levers that are moved.
    funding_sources : mapping of str to float
        Budget lines that new poverty money is taken from, as shares of it.
    parameters : mapping of str to float
        Only the parameters that differ from the table.
    events : tuple of Event
        In order of time.
    programmes : tuple of LocalProgramme
        In order of name.
    growth : {"forward", "backcast", "none"}
        How welfare moves relative to the poverty line.
    calibration : int
        Version of the calibrated set that `parameters` start from; 0 for none.
    own_data : OwnData or None
        Figures of the planner that replace published ones.
    root : Scenario or None
        The last scenario of the chain of ``extends``; what it decides is part of the world that
        is anchored. None for a scenario that is anchored with its own decisions.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.units import Month
    >>> package = load_scenario("scenarios/apbd-10.yaml", {"region": "3316"})
    >>> str(package.end)
    '2034-03'

    A lever goes from what is done today to its setting, in a ramp:

    >>> when = Month(2027, 7)
    >>> package.lever_default("apbd_poverty_share"), package.lever_default("pkh_amount")
    (None, 1.0)
    >>> round(package.lever_weight("apbd_poverty_share", when), 3)
    0.528
    >>> round(package.lever("apbd_poverty_share", when, today=0.02), 3)
    0.062

    Parameters are those of the table unless the scenario says otherwise:

    >>> consumed = "household.propensity_to_consume"
    >>> package.parameter(consumed), package.range_of(consumed), package.own_parameters
    (0.6, (0.1, 1.0), {})

    What is asked has an identity, and a baseline in whose world it is lived:

    >>> package.hash == load_scenario("scenarios/apbd-10.yaml").hash  # there for ten provinces
    False
    >>> package.anchor.name, package.document()["levers"]
    ('baseline', {'apbd_poverty_share': {'value': 0.1, 'from': '2026-01', 'ramp_months':
    36}})
    """

    name: str
    title: Mapping[str, str]
    region: Region
    districts: tuple[int, ...]
    start: Month
    months: int
    households: int
    seed: int
    levers: Mapping[str, LeverSetting]
    funding_sources: Mapping[str, float]
    parameters: Mapping[str, float]
    events: tuple[Event, ...]
    programmes: tuple[LocalProgramme, ...]
    growth: str
    calibration: int = 0
    own_data: OwnData | None = None
    root: Scenario | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Make the mappings unchangeable."""
        for name in ("title", "levers", "funding_sources", "parameters"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def end(self) -> Month:
        """The last month of the run."""
        return self.start + self.months

    def lever(self, name: str, month: Month, today: float | None = None) -> float:
        """Return what a lever is set to in a month.

        Parameters
        ----------
        name : str
            A lever of `LEVERS`.
        month : Month
            The month.
        today : float, optional
            Today's setting of the government in question, for levers that start from it.

        Returns
        -------
        float
            The default before the setting begins, the setting after its ramp, and between them
            on the way.

        Raises
        ------
        ValueError
            If the lever starts from today's setting, `today` is missing and matters.
        """
        setting = self.levers.get(name)
        weight = 0.0 if setting is None else setting.weight(month, self.start)
        if setting is not None and weight >= 1.0:
            return setting.value
        default = self._defaults[name]
        before = today if default is None else default
        if before is None:
            raise ValueError(f"{name} starts from today's setting: pass `today`")
        return before if setting is None else before + weight * (setting.value - before)

    def lever_default(self, name: str) -> float | None:
        """Return a lever's setting without any decision, in this scenario.

        Parameters
        ----------
        name : str
            A lever of `LEVERS`.

        Returns
        -------
        float or None
            None means what each government does today.
        """
        return self._defaults[name]

    def lever_weight(self, name: str, month: Month) -> float:
        """Return how much of a lever's change is in force in a month.

        Parameters
        ----------
        name : str
            A lever of `LEVERS`.
        month : Month
            The month.

        Returns
        -------
        float
            0 if the lever is not moved or not yet, 1 once it is fully in force.
        """
        setting = self.levers.get(name)
        return 0.0 if setting is None else setting.weight(month, self.start)

    def parameter(self, name: str) -> float:
        """Return the value of a model parameter in this scenario.

        Parameters
        ----------
        name : str
            Row of the parameter table.

        Returns
        -------
        float
            In the unit of the row.
        """
        return self._values[name]

    def range_of(self, name: str) -> tuple[float, float]:
        """Return what is taken as possible for a model parameter in this scenario.

        Parameters
        ----------
        name : str
            Row of the parameter table.

        Returns
        -------
        (float, float)
            In the unit of the row: the 90% interval of the calibration where it says something of
            the parameter, otherwise the range of the table.
        """
        fitted = self._calibrated.get(name)
        row = parameter_table()[name]
        return (row.low, row.high) if fitted is None else (fitted.low, fitted.high)

    @property
    def own_parameters(self) -> dict[str, float]:
        """Parameters that the scenario sets itself, beside those of its calibration."""
        fitted, table = self._calibrated, parameter_table()
        usual = {name: row.value for name, row in table.items()}
        usual |= {name: own.value for name, own in fitted.items()}
        return {
            name: self.parameter(name)
            for name in sorted({*self.parameters, *fitted})
            if self.parameter(name) != usual[name]
        }

    @property
    def uncalibrated(self) -> Scenario:
        """The scenario with the parameter table's values in place of its calibration's.

        Examples
        --------
        >>> from kesos_sim import load_scenario
        >>> baseline = load_scenario("scenarios/baseline.yaml")
        >>> fitted, table = baseline.parameter("registry.truth"), baseline.uncalibrated
        >>> table.calibration, table.parameter("registry.truth") == fitted
        (0, False)
        """
        return replace(self, calibration=0, parameters=self.own_parameters)

    @property
    def _calibrated(self) -> Mapping[str, Fitted]:
        """What the calibration says of parameters, by id."""
        return calibrated(self.calibration).parameters if self.calibration else {}

    @cached_property
    def _values(self) -> dict[str, float]:
        """Every parameter of the model; a month asks for some hundred."""
        return {name: row.value for name, row in parameter_table().items()} | dict(self.parameters)

    @cached_property
    def _defaults(self) -> dict[str, float | None]:
        """Every lever's setting without any decision; a month asks for some hundred."""
        return {
            name: lever.fixed_default
            if lever.default_parameter is None
            else self.parameter(lever.default_parameter)
            for name, lever in LEVERS.items()
        }

    @property
    def anchor(self) -> Scenario:
        """The scenario whose decisions are in force in the base month, in this region and world."""
        root = self.root or self
        return replace(
            self,
            name=root.name,
            title=root.title,
            levers=root.levers,
            programmes=root.programmes,
            events=(),
            root=None,
        )

    def document(self) -> Document:
        """Return the scenario as one complete scenario file would have it.

        Returns
        -------
        dict
            Plain values in one order; `from_document` makes the same scenario of it.
        """
        document: Document = {
            "schema": VERSION,
            "name": self.name,
            "title": dict(self.title),
            "region": as_document(self.region),
            "start": str(self.start),
            "months": self.months,
            "households": self.households,
            "seed": self.seed,
            "growth": self.growth,
        }
        decided = _decisions(self)
        rest: Document = {
            "levers": decided.get("levers"),
            "funding_sources": dict(sorted(self.funding_sources.items())),
            "calibration": self.calibration,
            "parameters": self.own_parameters,
            "events": [event.document() for event in self.events],
            "programmes": decided.get("programmes"),
            "own_data": None if self.own_data is None else self.own_data.document(),
        }
        document |= {name: value for name, value in rest.items() if value}
        in_force = decided if self.root is None else _decisions(self.root)
        if in_force != decided:
            document["anchor"] = in_force
        return document

    @cached_property
    def hash(self) -> str:
        """Identity of the question: SHA-256 of the document without its names."""
        document = self.document()
        for name in _NAMES_ONLY:
            del document[name]
        for programme in document.get("programmes", []):
            programme.pop("title", None)
        for programme in document.get("anchor", {}).get("programmes", []):
            programme.pop("title", None)
        text = json.dumps(
            document, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
        )
        return hashlib.sha256(text.encode("ascii")).hexdigest()

    def __repr__(self) -> str:
        """Return a short form: region and levers, not every district."""
        moved = ", ".join(f"{name}={setting.value:g}" for name, setting in self.levers.items())
        where = self.region if isinstance(self.region, str) else list(self.region)
        return f"<Scenario {self.name}: {where}, {self.start} + {self.months} months; {moved}>"

    def __str__(self) -> str:
        """Return title and settings in the user's language."""
        from kesos_sim.scenario import words  # words builds on this module

        return words.as_text(self, i18n.default_language())

    def _repr_html_(self) -> str:
        """Return title and settings as a table for notebooks."""
        from kesos_sim.scenario import words  # words builds on this module

        return words.as_html(self, i18n.default_language())

    def __eq__(self, other: object) -> bool:
        """Return whether both ask the same under the same name."""
        return isinstance(other, Scenario) and self.document() == other.document()

    def __hash__(self) -> int:
        """Return a number that equal scenarios share."""
        return hash(self.hash)

    def __reduce__(self) -> tuple[Callable[..., Scenario], tuple[Document]]:
        """Travel between processes; the mappings become plain ones on the way."""
        parts = {part.name: getattr(self, part.name) for part in fields(self)}
        plain = {k: dict(v) if isinstance(v, Mapping) else v for k, v in parts.items()}
        return _restored, (plain,)


def _decisions(scenario: Scenario) -> Document:
    """Return levers and programmes as a document, leaving out what is empty."""
    levers = {
        name: setting.document(whole=LEVERS[name].kind == "step")
        for name, setting in sorted(scenario.levers.items())
    }
    programmes = [programme.document() for programme in scenario.programmes]
    return {k: v for k, v in {"levers": levers, "programmes": programmes}.items() if v}


def _restored(parts: Document) -> Scenario:
    """Make a scenario again in another process."""
    return Scenario(**parts)
