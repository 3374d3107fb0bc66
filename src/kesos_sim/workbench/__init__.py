"""Widgets and views for planners and researchers in Jupyter, and the page with two levers.

Needs the packages of the extra ``lab``.
"""

from kesos_sim.workbench.coordination_map import CoordinationMap
from kesos_sim.workbench.export_button import ExportButton
from kesos_sim.workbench.household_explorer import HouseholdExplorer
from kesos_sim.workbench.import_form import ImportForm
from kesos_sim.workbench.notebook import changes, chart, outcome, reproduction, said, show
from kesos_sim.workbench.pages import card, odd
from kesos_sim.workbench.progress import ProgressBar
from kesos_sim.workbench.region_picker import RegionPicker
from kesos_sim.workbench.result_views import ComparisonView, MoneyFlow, ReproductionView
from kesos_sim.workbench.run_panel import RunPanel
from kesos_sim.workbench.scenario_editor import ScenarioEditor
from kesos_sim.workbench.source_browser import SourceBrowser
from kesos_sim.workbench.two_levers import TwoLevers

__all__ = [
    "ComparisonView",
    "CoordinationMap",
    "ExportButton",
    "HouseholdExplorer",
    "ImportForm",
    "MoneyFlow",
    "ProgressBar",
    "RegionPicker",
    "ReproductionView",
    "RunPanel",
    "ScenarioEditor",
    "SourceBrowser",
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
