"""What the model holds of households in the base month, by which families are found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.kernels.composition import FIELDS, field
from kesos_sim.kernels.housing import repair_houses
from kesos_sim.kernels.registry import LISTED
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.population.needs import KINDS
from kesos_sim.rng import Stream, month_word

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["Traits"]

Mask = NDArray[np.bool_]

_RURAL: Final = 1
_ALWAYS: Final = 0
"""Month of the draw that says how good a house is, as in `kesos_sim.model.housing`."""
_NOT_EARNING: Final = (
    "age_0_6", "primary", "junior", "senior", "disabled_under_60", "elderly_60"
)  # fmt: skip


@dataclass(frozen=True)
class Traits:
    """What the model holds of households in the base month.

    Attributes
    ----------
    members : int64[n_households] by field of a composition, persons
    weight : float64[n_households], households, real ones that each stands for
    welfare : float64[n_households], ratio to the poverty line
    rural, listed, pkh, sembako : bool[n_households], flag
    needs : uint32[n_households], bits, open needs by kind
    unfit : bool[n_households], flag, lives in a house that is unfit and was not repaired
    """

    members: Mapping[str, NDArray[np.int64]]
    weight: NDArray[np.float64]
    welfare: NDArray[np.float64]
    rural: Mask
    listed: Mask
    pkh: Mask
    sembako: Mask
    needs: NDArray[np.uint32]
    unfit: Mask

    @classmethod
    def of(cls, model: WelfareModel) -> Traits:
        """Read them from a model in its base month."""
        world, people = model.world, model.world.households
        stratum = np.repeat(np.arange(world.layout.n_strata), np.diff(world.layout.stratum_start))
        return cls(
            members={name: field(people.word, name).astype(np.int64) for name in FIELDS},
            weight=world.weight[stratum] / WEIGHT_UNIT,
            welfare=people.welfare.astype(np.float64),
            rural=world.targets.strata.area[stratum] == _RURAL,
            listed=(people.record & LISTED) != 0,
            pkh=(people.enrolled & model.mask("PKH")) != 0,
            sembako=(people.enrolled & model.mask("SEMBAKO")) != 0,
            needs=people.needs.astype(np.uint32),
            unfit=_unfit(model),
        )

    @property
    def children(self) -> NDArray[np.int64]:
        """Members below 19 years: int64[n_households], persons."""
        parts = ("age_0_6", "primary", "junior", "senior")
        return np.asarray(sum(self.members[name] for name in parts), np.int64)

    @property
    def earners(self) -> NDArray[np.int64]:
        """Members of working age who are not severely disabled: int64[n_households], persons.

        What work they do the model does not hold; a child's disability counts against the adults,
        as where it asks whether anybody can earn.
        """
        others = sum(self.members[name] for name in _NOT_EARNING)
        return np.asarray(np.maximum(self.members["size"] - others, 0), np.int64)

    @property
    def poor(self) -> Mask:
        """Households below the poverty line: bool[n_households], flag."""
        return self.welfare < 1.0

    def needs_any(self, *kinds: str) -> Mask:
        """Return who has one of some needs.

        Parameters
        ----------
        *kinds : some of `KINDS`

        Returns
        -------
        bool[n_households], flag
        """
        bits = sum(1 << KINDS.index(kind) for kind in kinds)
        return np.asarray((self.needs & np.uint32(bits)) != 0)


def _unfit(model: WelfareModel) -> Mask:
    """Return who lives in an unfit house, asking the kernel as if each were a district."""
    world, people = model.world, model.world.households
    each = np.arange(world.layout.n_households + 1, dtype=np.int64)
    counts = np.zeros((each.size - 1, 2), np.int64)
    parameter = model.scenario.parameter
    unfit = np.array([parameter(f"housing.unfit_{who}") for who in ("others", "poor")], np.float32)
    nothing = np.float32(0.0)
    repair_houses(
        0, each.size - 1, world.key, month_word(_ALWAYS, Stream.HOUSING),
        month_word(model.month.ordinal, Stream.HOUSING), people.first_id, each, each,
        np.ones(each.size - 1, np.int64), unfit, nothing, nothing, people.welfare, people.needs,
        people.gain, counts,
    )  # fmt: skip
    return np.asarray(counts[:, 0] > 0)
