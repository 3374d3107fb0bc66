"""What people read: sentences, charts, tables and files of a run or a comparison.

Every function takes a tidy frame and a `ReportContext`; pandas, matplotlib and rich load where
they are used.

Examples
--------
What is known beside the numbers, and what is said with it:

>>> from datetime import UTC, datetime
>>> import pandas as pd
>>> from kesos_sim.reports import (
...     RUN_COLUMNS, BudgetShare, Estimate, Evidence, Losers, Money, MoneyLine, Provenance,
...     PublishedPoint, PublishedRow, ReportContext, Results, Sentence, published_vs_modelled,
...     required, sentences,
... )
>>> rows = [
...     ("2024-03", "3316", "poverty_rate", 11.4, "percent"),
...     ("2025-03", "3316", "poverty_rate", 10.9, "percent"),
... ]
>>> frame = pd.DataFrame(rows, columns=RUN_COLUMNS)
>>> results = Results(frame)
>>> [str(month) for month in results.months]
['2024-03', '2025-03']
>>> results.at("poverty_rate", "3316") == Estimate(10.9)
True
>>> now = datetime.now(UTC)
>>> origin = Provenance("0.1.0", "c0de", "da7a", "5ce0", 1, 2000, "2024-03", now, 0.7)
>>> required(origin) is origin
True
>>> blora = {"id": "Kabupaten Blora", "en": "Kabupaten Blora"}
>>> context = ReportContext(
...     {"": blora}, blora, {}, origin, region="3316",
...     published=(PublishedPoint("2024-03", "3316", "poverty_rate", 11.42, "BPS"),),
...     evidence={"": (Evidence({"id": "hasrat konsumsi", "en": "propensity to consume"}, "C"),)},
...     losers={"": Losers(1.5, {"id": "yang tidak terdaftar", "en": "who is not listed"})},
... )
>>> said = sentences(frame, context, "en")
>>> said[0] == Sentence(said[0].key, said[0].text)
True
>>> said[0].text
'In March 2025 poverty in Kabupaten Blora is estimated at 10.9%; in March 2024 it was 11.4%.'

New money, and published figures beside modelled ones:

>>> apbd = {"id": "APBD", "en": "APBD"}
>>> money = Money(2e9, BudgetShare(apbd, 0.1), sources=(MoneyLine(apbd, 2e9),))
>>> money.per_year == sum(line.rupiah for line in money.sources)
True
>>> row = PublishedRow("district", "3316", "poverty_rate", 11.42, 11.4, "official", tolerance=0.1)
>>> row.hit, published_vs_modelled([row], "en").title
(True, 'Published and modelled figures: 1 of 1 match, 0 miss')
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
