"""The customary analyses of poverty planning (SPKD, RPKD), each one call.

Every function takes a region, by code or name, and returns an `Analysis`: sentences, charts with
their table twins, and tables, in one language. Where figures are missing it raises an
`InputError` that says what could be supplied.

Examples
--------
Published figures are used unless a user's own stand in their place:

>>> from kesos_sim.reports.analyses import Figure, Figures, outline_map, position
>>> position("Blora", year=2024, lang="en").sentences[0]
'That is 0.95 percentage points higher than Central Java (10.47%).'
>>> own = Figures({("poverty_rate", 3316, 2024): Figure(8.0, "own", "", "Bappeda Blora")})
>>> position("Blora", year=2024, lang="en", figures=own).sentences[0]
'That is 2.5 percentage points lower than Central Java (10.47%).'
>>> outline_map(lang="en").charts[0].title
'Poverty rate (P0) in all provinces: highest in Highland Papua (32.97%), lowest in Bali
(4.00%), March 2024'
"""

from kesos_sim.reports.analyses.analysis import Analysis
from kesos_sim.reports.analyses.effectiveness import effectiveness
from kesos_sim.reports.analyses.figures import PUBLISHED, Figure, Figures
from kesos_sim.reports.analyses.hotspots import WEIGHTS, hotspots
from kesos_sim.reports.analyses.household_list import household_list
from kesos_sim.reports.analyses.linkage import linkage
from kesos_sim.reports.analyses.maps import outline_map, tile_map
from kesos_sim.reports.analyses.measures import MEASURES
from kesos_sim.reports.analyses.own import figures_of
from kesos_sim.reports.analyses.position import position
from kesos_sim.reports.analyses.profile import profile
from kesos_sim.reports.analyses.quadrants import quadrants
from kesos_sim.reports.analyses.relevance import relevance
from kesos_sim.reports.analyses.trend import trend

__all__ = [
    "MEASURES",
    "PUBLISHED",
    "WEIGHTS",
    "Analysis",
    "Figure",
    "Figures",
    "effectiveness",
    "figures_of",
    "hotspots",
    "household_list",
    "linkage",
    "outline_map",
    "position",
    "profile",
    "quadrants",
    "relevance",
    "tile_map",
    "trend",
]
