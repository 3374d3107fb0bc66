"""A plugin of pytest for kernels that nobody compiles: a test may take some seconds, not more.

They are seconds of this process, so that the answer does not hang on who else uses the machine.
What a test has passed until then counts as passed. Whether the results are right is no question
here: the same tests ask it of the compiled kernels.
"""

from __future__ import annotations

import signal
from collections.abc import Generator
from typing import Final

import numpy as np
import pytest

_LIMIT: Final = 4.0
"""Seconds of the processor for a test, and for what it is set up with; a second more for what
comes to no end."""


class _TooLongError(BaseException):
    """A test has had its time; no part of it may catch this as an error of its own."""


def pytest_configure() -> None:
    """Let whole numbers go round in silence, as compiled code does."""
    np.seterr(over="ignore")


def _stop(*_: object) -> None:
    raise _TooLongError


def _limited() -> Generator[None, object, object]:
    """Go on with a test, and leave it when its time is over."""
    signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, _LIMIT, 1.0)
    try:
        return (yield)
    except _TooLongError:
        return pytest.skip("longer than a test without the compiler may take")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, object, object]:
    """Limit what a test needs."""
    return (yield from _limited())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """Limit a test."""
    return (yield from _limited())
