"""The loops of a month become vector instructions, and none that rounds differently elsewhere."""

from __future__ import annotations

import platform
import re

import llvmlite.binding as llvm
import numba as nb
import numpy as np
import pytest

from kesos_sim.kernels import households as kernel
from kesos_sim.testing import make_village
from tests.kernels import test_households as plain

F = np.float32
MONTH = {
    "persistent_load": F(0.7), "transitory_load": F(0.3), "persistent_keep": F(0.96),
    "transitory_keep": F(0.75), "loss_keep": F(0.87), "insured_share": F(0.3),
    "shock_limit": np.cumsum(np.full((2, 4), 900, np.int32), axis=1).astype(np.int32),
    "shock_loss": np.array([0.1, 0.2, 0.3, 0.4], np.float32), "insured_mask": np.uint16(8),
}  # fmt: skip
HELP = {
    "seed": 1, "propensity": F(0.6), "smoothing": F(0.3), "savings_keep": F(0.9),
    "saved_share": F(0.5), "regular_mask": np.uint16(3),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(platform.machine() not in {"x86_64", "AMD64"}, reason="reads x86 assembly")
@pytest.mark.skipif(nb.config.DISABLE_JIT, reason="nothing is compiled")
@pytest.mark.parametrize(
    ("name", "needed"),
    [("draw_month", ("vmulps", "vpmuludq", "vsqrtps")), ("after_help", ("vmulps", "vaddps"))],
)
def test_loops_are_vectorised_and_not_contracted(
    monkeypatch: pytest.MonkeyPatch, name: str, needed: tuple[str, ...]
) -> None:
    """Compiled anew on one thread, because a kernel from the cache does not show its code."""
    if not llvm.get_host_cpu_features().get("avx2", False):
        pytest.skip("no wide registers")
    again = nb.njit(nogil=True, error_model="numpy")(getattr(kernel, name).py_func)
    monkeypatch.setattr(kernel, name, again)
    village = make_village([[300], [200]])
    if name == "draw_month":
        plain.run_month(village, MONTH)
    else:
        plain.run_help(village, plain.with_tables(village, HELP), True)
    assembly = "".join(again.inspect_asm().values())
    for instruction in needed:
        assert re.search(rf"\b{instruction}\b[^\n]*[yz]mm", assembly), instruction
    assert "vfmadd" not in assembly
