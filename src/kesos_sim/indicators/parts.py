"""What each part of the model counts by month and district, and the indicators made of it.

A part is what lives beside households and governments: services with their coordination, and
whatever else has a state of its own. Its counts are kept as whole numbers and add up over
districts; indicators are worked out when a run is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.indicators.citizens import CITIZEN_MEASURES, citizen_indicators
from kesos_sim.indicators.community import COMMUNITY_MEASURES, community_indicators
from kesos_sim.indicators.coordination import SERVICE_MEASURES, service_indicators
from kesos_sim.indicators.empowering import EMPOWERING_MEASURES, empowering_indicators
from kesos_sim.indicators.hazards import HAZARD_MEASURES, hazard_indicators
from kesos_sim.indicators.housing import HOUSING_MEASURES, housing_indicators
from kesos_sim.indicators.linking import LINKING_MEASURES, linking_indicators
from kesos_sim.indicators.monitoring import MONITORING_MEASURES, monitoring_indicators
from kesos_sim.indicators.politics import POLITICAL_MEASURES, political_indicators

__all__ = ["COUNTED", "Counted"]


@dataclass(frozen=True)
class Counted:
    """Counts of one part of the model.

    Attributes
    ----------
    measures : tuple of str
        What is counted, in the order of the counts.
    indicators : function
        From float64[n_months, n_measures, n_regions], counts, to indicators by name, each
        float64[n_months, n_regions].
    """

    measures: tuple[str, ...]
    indicators: Callable[[NDArray[np.float64]], dict[str, NDArray[np.float64]]]


COUNTED: Final[Mapping[str, Counted]] = MappingProxyType(
    {
        "empowering": Counted(EMPOWERING_MEASURES, empowering_indicators),
        "linking": Counted(LINKING_MEASURES, linking_indicators),
        "serving": Counted(SERVICE_MEASURES, service_indicators),
        "monitoring": Counted(MONITORING_MEASURES, monitoring_indicators),
        "politics": Counted(POLITICAL_MEASURES, political_indicators),
        "hazards": Counted(HAZARD_MEASURES, hazard_indicators),
        "community": Counted(COMMUNITY_MEASURES, community_indicators),
        "housing": Counted(HOUSING_MEASURES, housing_indicators),
        "citizens": Counted(CITIZEN_MEASURES, citizen_indicators),
    }
)
"""Parts of the model by name, by the names of `kesos_sim.model.parts.Parts`."""
