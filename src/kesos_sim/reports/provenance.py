"""Where a result comes from: versions, hashes, seed. No result leaves without it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kesos_sim import __version__, i18n
from kesos_sim.data.own.figures import OwnRecord
from kesos_sim.errors import KesosError, shown
from kesos_sim.experiments.base_month import BaseMiss
from kesos_sim.i18n import numbers
from kesos_sim.model.identity import code_hash, data_hash
from kesos_sim.units import Month

if TYPE_CHECKING:
    from kesos_sim.scenario.scenario import Scenario

_SHOWN_HASH: Final = 8


@dataclass(frozen=True, slots=True)
class Provenance:
    """What somebody needs to get the same result again.

    Attributes
    ----------
    model_version : str
        Version of the package.
    code_hash, data_hash, scenario_hash : str
        Hashes in hexadecimal of the code that computes, of the data tables and of the scenario
        (of a comparison: of all its scenarios).
    seed : int
        Seed of the random draws.
    households : int
        Simulated households.
    base_month : str
        Month of the published figures at the start, ``2024-03``.
    created : datetime.datetime
        When the result was computed, in UTC.
    seconds : float
        Time taken, seconds.
    replicates : int
        Runs behind every interval: the one with the default parameters, and the draws; 1 means
        that there is none.
    base_misses : tuple of BaseMiss
        Published poverty rates that the base month misses, the worst miss first.
    own_data : OwnRecord or None
        Figures of a planner that replace published ones.
    """

    model_version: str
    code_hash: str
    data_hash: str
    scenario_hash: str
    seed: int
    households: int
    base_month: str
    created: dt.datetime
    seconds: float
    replicates: int = 1
    base_misses: tuple[BaseMiss, ...] = ()
    own_data: OwnRecord | None = None

    def missing(self) -> tuple[str, ...]:
        """Return the names of what is not known.

        Returns
        -------
        tuple of str
            Empty when the record is complete.
        """
        texts = ("model_version", "code_hash", "data_hash", "scenario_hash", "base_month")
        absent = [name for name in texts if not str(getattr(self, name)).strip()]
        if self.households <= 0:
            absent.append("households")
        if self.created.tzinfo is None:
            absent.append("created")
        return tuple(absent)

    def line(self, lang: str, *, timing: bool = True) -> str:
        """Return the record as one line of text.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.
        timing : bool
            Say when it was computed and how long it took. Charts leave this out, so that the
            same result always gives the same picture.

        Returns
        -------
        str
            The line.
        """
        parts = [
            i18n.text(
                "reports.provenance",
                lang,
                version=self.model_version,
                code=self.code_hash[:_SHOWN_HASH],
                data=self.data_hash[:_SHOWN_HASH],
                scenario=self.scenario_hash[:_SHOWN_HASH],
                seed=str(self.seed),
                households=numbers.number(self.households, lang),
                base=numbers.month_name(Month.parse(self.base_month), lang),
            )
        ]
        if self.own_data is not None:
            own = self.own_data
            parts.append(
                i18n.text(
                    "own_data.result.provenance",
                    lang,
                    hash=own.hash[:_SHOWN_HASH],
                    count=numbers.number(own.figures, lang),
                    source=shown(own.source),
                )
            )
        if self.replicates > 1:
            count = self.replicates - 1
            key = "reports.provenance_draw" if count == 1 else "reports.provenance_draws"
            parts.append(i18n.text(key, lang, draws=numbers.number(count, lang)))
        if timing:
            moment = self.created.astimezone(dt.UTC)
            parts.append(
                i18n.text(
                    "reports.provenance_time",
                    lang,
                    date=numbers.date(moment.date(), lang),
                    time=moment.strftime("%H.%M" if lang == "id" else "%H:%M"),
                    seconds=numbers.number(self.seconds, lang, 1),
                )
            )
        return " · ".join(parts)

    def document(self) -> dict[str, object]:
        """Return the record for a file.

        Returns
        -------
        dict of str to object
            Text and numbers only; the moment in ISO 8601 with its offset.
        """
        document: dict[str, object] = dataclasses.asdict(self)
        document["created"] = self.created.astimezone(dt.UTC).isoformat(timespec="seconds")
        return document


def required(provenance: Provenance | None) -> Provenance:
    """Return the record, or refuse the result that has none.

    Parameters
    ----------
    provenance : Provenance or None
        What came with a result.

    Returns
    -------
    Provenance
        The complete record.

    Raises
    ------
    KesosError
        If there is no record or parts of it are unknown.
    """
    absent = ("provenance",) if provenance is None else provenance.missing()
    if provenance is None or absent:
        raise KesosError("KS4002", "reports.no_provenance", missing=", ".join(absent))
    return provenance


def record_of(scenario: Scenario, seconds: float = 0.0) -> Provenance:
    """Return the record of what was made from a scenario without running it.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    seconds : float
        Time taken, seconds.

    Returns
    -------
    Provenance
        Complete, computed now.
    """
    return Provenance(
        model_version=__version__,
        code_hash=code_hash(),
        data_hash=data_hash(),
        scenario_hash=scenario.hash,
        seed=scenario.seed,
        households=scenario.households,
        base_month=str(scenario.start),
        created=dt.datetime.now(dt.UTC),
        seconds=seconds,
        own_data=None if scenario.own_data is None else scenario.own_data.record(),
    )
