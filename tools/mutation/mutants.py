"""Small changes of a module, of which a good test notices each."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, TypeVar

__all__ = ["Mutant", "mutants", "sample"]

_SWAPPED: Final[dict[type[ast.AST], tuple[type[ast.AST], ...]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitXor: (ast.BitOr,),
    ast.LShift: (ast.RShift,),
    ast.RShift: (ast.LShift,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}
"""What each operator is changed into: comparisons at their boundary and into their contrary."""

_SILENT: Final = frozenset({"__all__"})
"""Names whose values no calculation reads."""

_Same = TypeVar("_Same", bound=ast.AST)


@dataclass(frozen=True)
class Mutant:
    """One small change.

    Attributes
    ----------
    module : str
        Dotted name.
    place : str
        Function or class with the change; empty outside of any.
    statement : str
        First line of the statement with the change.
    before, after : str
        The changed expression or statement.
    number : int
        Which of the same changes in the same place, from 0.
    source : str
        The whole changed module.
    """

    module: str
    place: str
    statement: str
    before: str
    after: str
    number: int
    source: str

    @property
    def key(self) -> str:
        """Name of the change; the same wherever in the file its function is."""
        again = f" #{self.number + 1}" if self.number else ""
        where = "" if self.statement == self.before else f"{self.statement} :: "
        return f"{self.module}: {self.place}: {where}{self.before} → {self.after}{again}"


def mutants(module: str, source: str) -> list[Mutant]:
    """Return every small change of a module.

    Parameters
    ----------
    module : str
        Dotted name.
    source : str
        Its text.

    Returns
    -------
    list of Mutant
        Always in the same order, each key once. Names, texts, types, decorators and docstrings
        stay as they are.
    """
    whole = source.encode()
    starts = [0]
    for line in whole.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found: list[Mutant] = []
    seen: Counter[tuple[str, str, str, str]] = Counter()
    for place, statement, node, changed in _statements(ast.parse(source).body, ""):
        begin = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        before, after = ast.unparse(node), ast.unparse(changed)
        put = f"({after})" if isinstance(node, ast.expr) else after
        text = (whole[:begin] + put.encode() + whole[end:]).decode()
        same = (place, _first_line(statement), before, after)
        found.append(Mutant(module, *same, seen[same], text))
        seen[same] += 1
    return found


def sample(every: list[Mutant], number: int, seed: int) -> list[Mutant]:
    """Choose some of the changes.

    Parameters
    ----------
    every : list of Mutant
        Of one module.
    number : int
        How many, at most.
    seed : int
        Of the choice.

    Returns
    -------
    list of Mutant
        A larger number has those of a smaller one first; a change elsewhere in the module moves
        none of them.
    """

    def rank(one: Mutant) -> bytes:
        return blake2b(f"{seed} {one.key}".encode(), digest_size=8).digest()

    return sorted(every, key=rank)[:number]


_Node = ast.expr | ast.stmt
_Change = tuple[str, ast.stmt, _Node, _Node]


def _statements(body: Iterable[ast.stmt], place: str) -> Iterator[_Change]:
    """Go through statements: place, statement, what changes in it, and into what."""
    for statement in body:
        if _is_text(statement) or _is_for_types(statement):
            continue
        inside = place
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            inside = f"{place}.{statement.name}" if place else statement.name
        else:
            for changed in _instead(statement, dropped=bool(place)):
                yield place, statement, statement, changed
        for value in _values(statement):
            for node in _within(value):
                for other in _replacements(node):
                    yield inside, statement, node, other
        for block in _blocks(statement):
            yield from _statements(block, inside)


def _values(statement: ast.stmt) -> Iterator[ast.expr]:
    """Return the expressions of a statement itself; of a definition those of its defaults."""
    if isinstance(statement, ast.FunctionDef):
        yield from statement.args.defaults
        yield from (value for value in statement.args.kw_defaults if value is not None)
    elif isinstance(statement, ast.With):
        yield from (item.context_expr for item in statement.items)
    elif not isinstance(statement, ast.ClassDef):
        types = getattr(statement, "annotation", None)
        for child in ast.iter_child_nodes(statement):
            if isinstance(child, ast.expr) and child is not types:
                yield child


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """Return the blocks of statements in a statement."""
    for name in ("body", "orelse", "finalbody"):
        yield getattr(statement, name, [])
    for handler in getattr(statement, "handlers", []):
        yield handler.body


def _within(node: ast.expr) -> Iterator[ast.expr]:
    """Return an expression and all in it."""
    return (child for child in ast.walk(node) if isinstance(child, ast.expr))


def _instead(statement: ast.stmt, *, dropped: bool) -> Iterator[ast.stmt]:
    """Return what a whole statement becomes."""
    if dropped and _may_be_dropped(statement):
        yield ast.Pass()
    if isinstance(statement, ast.AugAssign):
        yield from (_with(statement, op=other()) for other in _SWAPPED[type(statement.op)])
    elif isinstance(statement, ast.Break):
        yield ast.Continue()
    elif isinstance(statement, ast.Continue):
        yield ast.Break()


def _replacements(node: ast.expr) -> Iterator[ast.expr]:
    """Return what an expression becomes, not counting changes of its parts."""
    match node:
        case ast.Compare(ops=[operator]):
            yield from (_with(node, ops=[other()]) for other in _SWAPPED[type(operator)])
        case ast.BinOp(op=operator) | ast.BoolOp(op=operator):
            yield from (_with(node, op=other()) for other in _SWAPPED[type(operator)])
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.IfExp(body=body, orelse=orelse):
            yield _with(node, body=orelse, orelse=body)
        case ast.Constant(value=value):
            yield from (ast.Constant(other) for other in _other_values(value))


def _other_values(value: object) -> tuple[bool | int | float, ...]:
    """Return values beside one: the contrary, one more and less, half as much again."""
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int):
        return (value + 1, value - 1) if value > 0 else (value + 1,)
    if isinstance(value, float):
        return (value * 1.5,) if value else (1.0,)
    return ()


def _with(node: _Same, **fields: object) -> _Same:
    """Return a node with other fields."""
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def _first_line(statement: ast.stmt) -> str:
    """Return what a statement begins with; of a definition its name."""
    if isinstance(statement, ast.FunctionDef):
        return f"def {statement.name}"
    return ast.unparse(statement).partition("\n")[0]


def _is_text(statement: ast.stmt) -> bool:
    """Return whether a statement is a docstring."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_for_types(statement: ast.stmt) -> bool:
    """Return whether a statement only serves type checkers or lists names."""
    if isinstance(statement, ast.If):
        return isinstance(statement.test, ast.Name) and statement.test.id == "TYPE_CHECKING"
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id in _SILENT
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _may_be_dropped(statement: ast.stmt) -> bool:
    """Return whether a function still has a meaning without a statement."""
    if isinstance(statement, ast.Assign):
        return isinstance(statement.targets[0], ast.Subscript)
    called = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
    return called or isinstance(statement, ast.AugAssign)
