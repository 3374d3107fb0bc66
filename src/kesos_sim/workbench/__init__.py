"""Widgets and views for planners and researchers in Jupyter, and the page with two levers.

Needs the packages of the extra ``lab``.
"""

from kesos_sim.workbench.export_button import ExportButton
from kesos_sim.workbench.notebook import changes, chart, outcome, reproduction
from kesos_sim.workbench.progress import ProgressBar
from kesos_sim.workbench.two_levers import TwoLevers

__all__ = [
    "ExportButton",
    "ProgressBar",
    "TwoLevers",
    "changes",
    "chart",
    "outcome",
    "reproduction",
]
