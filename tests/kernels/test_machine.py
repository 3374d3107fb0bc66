"""Which processors are told to use their whole vectors."""

from __future__ import annotations

import llvmlite.binding as llvm
import numba
import pytest

from kesos_sim.kernels.machine import use_whole_vectors


@pytest.mark.parametrize(
    ("host", "name", "features", "told"),
    [
        ("icelake-server", None, None, True),
        ("graniterapids", None, None, True),
        ("skylake-avx512", None, None, False),
        ("icelake-server", "generic", None, False),
        ("icelake-server", None, "+sse2", False),
    ],
)
def test_known_servers_unless_the_user_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, host: str, name: str | None, features: str | None, told: bool
) -> None:
    monkeypatch.setattr(llvm, "get_host_cpu_name", lambda: host)
    monkeypatch.setattr(numba.config, "CPU_NAME", name)
    monkeypatch.setattr(numba.config, "CPU_FEATURES", features)
    use_whole_vectors()
    if told:
        own = llvm.get_host_cpu_features().flatten()
        name, features = host, f"{own},-prefer-256-bit"
    assert (name, features) == (numba.config.CPU_NAME, numba.config.CPU_FEATURES)
