"""Compiling the slowest kernels in a second process, while the first one is busy elsewhere.

The compiler works on one core. On a new machine the first run reaches selection and
consumption only after the households are drawn; by then this has put both into the
cache. A signature that no longer fits costs nothing but the head start: the test of
this module says so.
"""

from __future__ import annotations

from multiprocessing import get_context
from typing import Any, Final

from numba import types

from kesos_sim.kernels.households import after_help
from kesos_sim.kernels.registry import grant_benefits, select_by_rank

__all__ = ["AHEAD", "compile_ahead", "compile_beside", "signature"]

AHEAD: Final = (
    (
        select_by_rank,
        "u4 i8 i8 i8 ? ? f4 u2 u2 i8[1] i8[1] u1[1] i8[1] i8[1] u4[1] f4[1] u1[1] u2[1]",
    ),
    (
        after_help,
        "i8[1] i8[1] i8[1] i4[1] i4[1] i8[1] f4[1] f4[1] f4[1] f4[3] f4 f4 f4 f4 u2 ? u4[1] "
        "f4[1] f4[1] f4[1] f4[1] f4[1] u2[1] u1[1] f4[1] i8[2] i8[3]",
    ),
    (
        grant_benefits,
        "?[1] f8[2] f8[1] f8[2] i8[1] i8[1] i8[1] i8 ? i8[1] i8[1] f8[1] f4[1] u4[1] u2[1] "
        "f4[1] i8[2] i8[2] i8[2]",
    ),
)
"""Kernels and the types of their arguments: a letter and bytes, dimensions in brackets."""

_TYPES: Final = {
    "u1": types.uint8,
    "u2": types.uint16,
    "u4": types.uint32,
    "i4": types.int32,
    "i8": types.int64,
    "f4": types.float32,
    "f8": types.float64,
    "?": types.boolean,
}


def signature(spec: str) -> tuple[Any, ...]:
    """Return the compiler's types of a list of arguments as in `AHEAD`."""
    found = []
    for word in spec.split():
        name, _, rest = word.partition("[")
        kind = _TYPES[name]
        found.append(types.Array(kind, int(rest.rstrip("]")), "C") if rest else kind)
    return tuple(found)


def compile_ahead() -> None:
    """Compile the kernels of `AHEAD` and leave them in the cache."""
    for kernel, spec in AHEAD:
        kernel.compile(signature(spec))


def compile_beside() -> None:
    """Start compiling in a process of its own, which ends by itself or with this one."""
    get_context("spawn").Process(target=compile_ahead, daemon=True).start()
