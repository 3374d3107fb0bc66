"""The parts of a model that have a state and counts of their own, beside households and money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kesos_sim.model.citizens import Citizens
from kesos_sim.model.community import Community
from kesos_sim.model.councils import Councils
from kesos_sim.model.empowering import Empowering
from kesos_sim.model.hazards import Hazards
from kesos_sim.model.housing import Housing
from kesos_sim.model.linking import Linking
from kesos_sim.model.monitoring import Monitoring
from kesos_sim.model.serving import Serving

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["Part", "Parts"]


class Part(Protocol):
    """What a part has to offer, so that it can be settled, kept, resumed and observed."""

    @property
    def counts(self) -> NDArray[np.int64]:
        """What the month came to.

        int64[n_districts, n_measures], counts in the order of `kesos_sim.indicators.parts.COUNTED`
        """

    def settle(self) -> None:
        """Bring what changes slowly to its steady state, before the first month of a run."""

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a checkpoint needs.

        Returns
        -------
        dict of any[n], the part's own
        """

    def restore(self, kept: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a checkpoint.

        Parameters
        ----------
        kept : mapping of str to any[n], what `arrays` returned
        """


@dataclass(frozen=True)
class Parts:
    """The parts of a model; their names are those of `kesos_sim.indicators.parts.COUNTED`.

    Attributes
    ----------
    empowering : enterprises, and families that leave PKH with support
    linking : facilitators, volunteers and the referral service
    serving : needs, organisations and the bodies that coordinate them
    monitoring : what organisations report, and who checks it
    politics : councils, their support and their bylaws
    hazards : disasters, and those who help
    community : neighbourhood groups of mutual help
    housing : unfit houses and their repair
    citizens : complaints about the list, and villages that deliberate on it
    """

    empowering: Empowering
    linking: Linking
    serving: Serving
    monitoring: Monitoring
    politics: Councils
    hazards: Hazards
    community: Community
    housing: Housing
    citizens: Citizens

    @classmethod
    def of(cls, model: WelfareModel) -> Parts:
        """Make the parts of a model whose households, governments and books are there."""
        serving = Serving(model)
        return cls(
            empowering=Empowering(model),
            linking=Linking(model),
            serving=serving,
            monitoring=serving.monitoring,
            politics=Councils(model, serving.bodies),
            hazards=Hazards(model),
            community=Community(model),
            housing=Housing(model),
            citizens=Citizens(model),
        )

    def items(self) -> Iterator[tuple[str, Part]]:
        """Return every part by its name."""
        return ((item.name, getattr(self, item.name)) for item in fields(self))
