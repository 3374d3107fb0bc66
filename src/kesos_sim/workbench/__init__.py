"""Widgets and views for planners and researchers in Jupyter, and the page with two levers.

Needs the packages of the extra ``lab``.
"""

from kesos_sim.workbench.export_button import ExportButton
from kesos_sim.workbench.notebook import changes, chart, outcome, reproduction, said, show
from kesos_sim.workbench.pages import card, odd
from kesos_sim.workbench.progress import ProgressBar
from kesos_sim.workbench.two_levers import TwoLevers

__all__ = [
    "ExportButton",
    "ProgressBar",
    "TwoLevers",
    "card",
    "changes",
    "chart",
    "odd",
    "outcome",
    "reproduction",
    "said",
    "show",
]
