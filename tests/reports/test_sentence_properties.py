"""What no sentence may ever do, whatever the numbers are."""

from __future__ import annotations

import re
from itertools import pairwise

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports import Estimate, ReportContext, sentences
from kesos_sim.reports.charts.labels import spread
from kesos_sim.reports.values import band, change

POINTS = st.floats(-30, 30, allow_nan=False)
CLAIMS = {"id": r"Kemiskinan (turun|naik)", "en": r"Poverty (falls|rises)"}


def frame(difference: float, low: float, high: float) -> pd.DataFrame:
    rows = []
    for month, share in (("2024-03", 0.0), ("2031-03", 1.0)):
        for name, scale in (("poverty_rate", 1.0), ("poor_people", 1e6)):
            level = 40.0 * scale
            row = {"scenario": "a", "month": month, "region": "all", "indicator": name}
            row |= {"baseline": level, "value": level + difference * scale * share}
            row |= {"difference": difference * scale * share, "unit": "x"}
            row |= {"low": low * scale * share, "high": high * scale * share}
            row |= {"low_value": level + low * scale, "high_value": level + high * scale}
            rows.append(row)
    return pd.DataFrame(rows)


CONTEXT = ReportContext(
    titles={"a": {"id": "Paket A", "en": "Package A"}},
    region_name={"id": "Blora", "en": "Blora"},
    provinces={},
    provenance=None,
)


@given(POINTS, POINTS, POINTS)
def test_no_direction_is_claimed_when_the_interval_spans_zero(a: float, b: float, c: float) -> None:
    low, middle, high = sorted((a, b, c))
    for lang in ("id", "en"):
        for sentence in sentences(frame(middle, low, high), CONTEXT, lang):
            claims = re.search(CLAIMS[lang], sentence.text) is not None
            if low <= 0 <= high:
                assert not claims
                assert sentence.change not in {"down", "up"}
            assert claims == sentence.key.startswith(("change_down", "change_up"))


@given(POINTS, POINTS, POINTS)
def test_change_agrees_with_the_signs_of_the_band(a: float, b: float, c: float) -> None:
    estimate = Estimate(1.0, 1.0, a, min(b, c), max(b, c))
    low, high = band(estimate)
    verdict = change(estimate, indicator("poverty_rate").negligible)
    assert low <= a <= high
    if verdict == "down":
        assert high < 0
    elif verdict == "up":
        assert low > 0
    elif verdict == "unsure":
        assert low <= 0 <= high
    elif verdict == "same":
        assert low == high == a == 0


@given(POINTS, POINTS, POINTS)
def test_numbers_in_sentences_are_written_as_their_language_writes_them(
    a: float, b: float, c: float
) -> None:
    low, middle, high = sorted((a, b, c))
    results = frame(middle, low, high)
    for lang, wrong in (("id", r"\d\.\d{1,2}(?!\d)"), ("en", r"\d,\d{1,2}(?!\d)")):
        for sentence in sentences(results, CONTEXT, lang):
            assert not re.search(wrong, sentence.text), sentence.text
            assert not re.search(r"-\d|\b(nan|inf)\b", sentence.text), sentence.text
            assert "{" not in sentence.text


@given(
    st.lists(st.floats(-50, 50), min_size=1, max_size=6),
    st.floats(0.1, 5),
)
def test_spread_labels_keep_their_order_and_distance(wanted: list[float], gap: float) -> None:
    placed = spread(wanted, gap, -60.0, 60.0)
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    for below, above in pairwise(order):
        assert placed[above] - placed[below] >= gap * (1 - 1e-9)
