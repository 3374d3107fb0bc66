"""What people read: sentences, charts, tables and files of a run or a comparison.

Every function takes a tidy frame and a `ReportContext`; pandas, matplotlib and rich load where
they are used.
"""

from kesos_sim.reports.context import (
    BudgetShare,
    Evidence,
    Losers,
    Money,
    MoneyLine,
    PublishedPoint,
    ReportContext,
)
from kesos_sim.reports.frames import COMPARISON_COLUMNS, RUN_COLUMNS, Estimate, Results
from kesos_sim.reports.provenance import Provenance, required
from kesos_sim.reports.sentences import Sentence, sentences
from kesos_sim.reports.validation import PublishedRow, published_vs_modelled

__all__ = [
    "COMPARISON_COLUMNS",
    "RUN_COLUMNS",
    "BudgetShare",
    "Estimate",
    "Evidence",
    "Losers",
    "Money",
    "MoneyLine",
    "Provenance",
    "PublishedPoint",
    "PublishedRow",
    "ReportContext",
    "Results",
    "Sentence",
    "published_vs_modelled",
    "required",
    "sentences",
]
