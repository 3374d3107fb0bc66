"""Every public function that takes or returns an array says shape, dtype and unit."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "kesos_sim"
ARRAY_TYPE = re.compile(r"\b(NDArray|ndarray)\b")
# dtype[shape], unit -- for instance: float32[n_households], ratio to the poverty line
ENTRY = re.compile(r"\b(?:bool|u?int\d*|float\d*|str|object|number)\[[^\]]+\],? .*\w")


def array_names(tree: ast.Module) -> re.Pattern[str]:
    """Pattern of the annotations that mean an array in one module, aliases included."""
    names = [
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
        and ARRAY_TYPE.search(ast.unparse(node.value))
        and not isinstance(node.value, ast.Call)
    ]
    return re.compile(rf"\b({'|'.join(['NDArray', 'ndarray', *names])})\b")


def is_array(annotation: ast.expr | None, arrays: re.Pattern[str]) -> bool:
    """Whether an annotation means arrays; a mapping by name is described by its entries."""
    text = "" if annotation is None else ast.unparse(annotation)
    return arrays.search(text) is not None and not text.startswith(("dict[", "Mapping["))


def public_functions(
    body: list[ast.stmt], prefix: str = ""
) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public_functions(node.body, f"{prefix}{node.name}.")


def section(docstring: str, title: str) -> str:
    """Text below one underlined numpydoc heading, up to the next one."""
    found = re.search(rf"^{title}\n-+\n(.*?)(?=^\w[\w ]*\n-+\n|\Z)", docstring, re.M | re.S)
    return found[1] if found else ""


def described(text: str, name: str) -> bool:
    """Whether a numpydoc section has an entry for a name with dtype, shape and unit."""
    entry = re.search(rf"^(?:\w+, )*\*?{name}(?:, \w+)* ?: (.*?)(?=^\S|\Z)", text, re.M | re.S)
    return entry is not None and ENTRY.search(entry[1]) is not None


def complaints(source: str) -> list[str]:
    tree = ast.parse(source)
    arrays = array_names(tree)
    found = []
    for name, function in public_functions(tree.body):
        docstring = ast.get_docstring(function) or ""
        parameters = section(docstring, "Parameters")
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        found += [
            f"{name}({argument.arg})"
            for argument in arguments
            if is_array(argument.annotation, arrays) and not described(parameters, argument.arg)
        ]
        returned = ast.unparse(function.returns) if function.returns is not None else ""
        marks = {ast.unparse(mark) for mark in function.decorator_list}
        is_property = bool(marks & {"property", "cached_property"})
        place = docstring if is_property else section(docstring, "Returns")
        if is_array(function.returns, arrays) and not ENTRY.search(place):
            found.append(f"{name} -> {returned}")
    return found


@pytest.mark.parametrize(
    "path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE))
)
def test_arrays_say_shape_dtype_and_unit(path: Path) -> None:
    assert not complaints(path.read_text(encoding="utf-8"))


GOOD = '''
def lines(welfare: NDArray[np.float32], size: np.ndarray) -> np.ndarray:
    """Return something.

    Parameters
    ----------
    welfare : float32[n_households], ratio to the poverty line
    size : uint8[n_households], persons
        How many live there.

    Returns
    -------
    float64[n_strata], rupiah per person per month
    """
'''


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("", "", None),
        ("float32[n_households], ratio to the poverty line", "array", "lines(welfare)"),
        ("uint8[n_households], persons", "uint8[n_households]", "lines(size)"),
        ("size :", "sizes :", "lines(size)"),
        ("float64[n_strata], rupiah per person per month", "the lines", "lines -> np.ndarray"),
    ],
    ids=["complete", "no dtype", "no unit", "wrong name", "no return"],
)
def test_the_check_itself(old: str, new: str, complaint: str | None) -> None:
    found = complaints(GOOD.replace(old, new) if old else GOOD)
    assert found == ([complaint] if complaint else [])
