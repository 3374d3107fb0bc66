"""Lines of Python that are printed mean the same as before they were broken."""

from __future__ import annotations

import ast

from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.reports.plans.wrapping import WIDTH, wrapped

WORDS = st.text(max_size=150)
VALUES = st.recursive(
    WORDS | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
CALLS = st.lists(st.lists(VALUES, max_size=3), min_size=1, max_size=4).map(
    lambda calls: " + ".join(f"plans.told({', '.join(map(repr, call))})" for call in calls)
)


def tree(source: str) -> str:
    return ast.dump(ast.parse(source))


@given(CALLS, st.integers(20, 120))
def test_broken_lines_are_the_same_program(call: str, width: int) -> None:
    entry = f"        problem={call},"
    lines = wrapped(entry, max(width, 40))
    source = ["made = plans.rpkd(", "{}", ")"]
    assert tree("\n".join([source[0], *lines, source[2]])) == tree(
        "\n".join([source[0], entry, source[2]])
    ), "as an entry of a call"
    statement = f"    result = [{call}]"
    assert tree("\n".join(["if True:", *wrapped(statement, width)])) == tree(
        "\n".join(["if True:", statement])
    ), "as a line by itself"


@given(WORDS)
def test_no_line_is_longer_than_a_printed_one(words: str) -> None:
    entry = f"        package={words!r}, who=plans.told(trend({words!r}, lang='id')),"
    assert max(map(len, wrapped(entry))) <= WIDTH


def test_a_short_line_stays_as_it_is() -> None:
    line = "    scenario = load_scenario('baseline.yaml')"
    assert wrapped(line) == [line]
