"""What the compiler and its threads are told about this machine; results do not depend on it."""

from __future__ import annotations

import os
from typing import Final

import llvmlite.binding as llvm  # type: ignore[import-untyped]
import numba

__all__ = ["use_whole_vectors", "wait_briefly"]

_WHOLE: Final = ("icelake-server", "sapphirerapids", "emeraldrapids", "graniterapids")
"""Servers that compute with 512 bits at once at full clock; the compiler halves that by default,
for the sake of older ones. Measured: 1.3 times the speed in the two kernels of every month."""

_SPINS: Final = "3000"
"""Rounds, about a tenth of a millisecond, that an idle thread waits awake for the next kernel."""


def use_whole_vectors() -> None:
    """Let the compiler use the full width of the processor's vectors, where that is quicker.

    Every lane computes what it would compute in a narrower vector, so results are the same to
    the bit. A processor that the user names in numba's own variables is left as it is.
    """
    if numba.config.CPU_NAME is None and numba.config.CPU_FEATURES is None:
        name = llvm.get_host_cpu_name()
        if name in _WHOLE:
            numba.config.CPU_NAME = name
            features = llvm.get_host_cpu_features().flatten()
            numba.config.CPU_FEATURES = f"{features},-prefer-256-bit"


def wait_briefly() -> None:
    """Let threads that wait for each other fall asleep soon.

    By default they stay awake for some milliseconds. Where another process needs the core, the
    thread that is waited for does not get it meanwhile, and a kernel of half a millisecond took
    eight. The threads read the variables when they start; what the user has set stays.
    """
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", _SPINS)
