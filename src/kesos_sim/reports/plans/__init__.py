"""Documents that go into planning files: RPKD, RAT, agreement and Renaksi, LP2KD, profile.

Each function takes a comparison and what the planner adds, and returns a
`kesos_sim.reports.office.Document`, which is written as DOCX, PDF or XLSX.
"""

from kesos_sim.reports.plans.common import Content
from kesos_sim.reports.plans.customary import lp2kd_chapters, rpkd_chapters, told
from kesos_sim.reports.plans.frames import lp2kd, profile, result_sheet
from kesos_sim.reports.plans.measure import measure_sheet
from kesos_sim.reports.plans.rat import rat
from kesos_sim.reports.plans.renaksi import Meeting, renaksi
from kesos_sim.reports.plans.rpkd import rpkd

__all__ = [
    "Content",
    "Meeting",
    "lp2kd",
    "lp2kd_chapters",
    "measure_sheet",
    "profile",
    "rat",
    "renaksi",
    "result_sheet",
    "rpkd",
    "rpkd_chapters",
    "told",
]
