"""Labels stand inside the panel and cover neither each other nor a point."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.reports.analyses.placing import Box, place

ROOM = (0.0, 0.0, 400.0, 300.0)
POINTS = st.lists(
    st.tuples(st.floats(0, 400), st.floats(0, 300), st.floats(10, 90)), min_size=1, max_size=30
)


def overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


@given(POINTS)
def test_labels_cover_nothing(rows: list[tuple[float, float, float]]) -> None:
    points = [(x, y) for x, y, _ in rows]
    corner = (0.0, 0.0, 30.0, 30.0)
    boxes = place(points, [(width, 11.0) for _, _, width in rows], ROOM, [corner])
    found = [box for box in boxes if box is not None]
    assert not any(overlap(a, b) for a, b in combinations([*found, corner], 2))
    for box in found:
        assert not any(box[0] < x < box[2] and box[1] < y < box[3] for x, y in points)
        assert box[0] >= ROOM[0]
        assert box[1] >= ROOM[1]
        assert box[2] <= ROOM[2]
        assert box[3] <= ROOM[3]


def test_a_label_crosses_a_line_only_where_it_has_no_other_place() -> None:
    line = (0.0, 150.0, 400.0, 150.0)
    points = [(200.0, 150.0), (100.0, 152.0), (300.0, 145.0)]
    boxes = place(points, [(40.0, 11.0)] * 3, ROOM, avoided=[line])
    assert all(box and not box[1] < 150.0 < box[3] for box in boxes)
    low = (0.0, 0.0, 400.0, 12.0)
    (box,) = place([(200.0, 6.0)], [(40.0, 11.0)], low, avoided=[(0.0, 6.0, 400.0, 6.0)])
    assert box, "rather on the line than nowhere"


def test_a_lonely_point_has_its_label_beside_it_and_a_full_panel_has_none() -> None:
    ((left, low, _, high),) = [b for b in place([(200.0, 150.0)], [(40.0, 11.0)], ROOM) if b]
    assert 200.0 < left < 210.0
    assert low < 150.0 < high
    assert place([(5.0, 5.0)], [(40.0, 11.0)], (0.0, 0.0, 20.0, 20.0)) == [None]
