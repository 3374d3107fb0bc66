"""Kernels as a run calls them: in pieces, by more threads than one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kesos_sim.kernels.team import Team

__all__ = ["shared"]

_TEAM = Team(3)


def shared(kernel: Callable[..., None], count: int, *arguments: Any) -> None:
    """Let three threads share a kernel's places."""
    _TEAM.share(kernel, count, *arguments)
