"""Slow twins of the kernels: plain numpy, one household after the other in meaning."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

F = np.float32
ROUNDS = 10


def philox(
    c0: NDArray[np.uint32], c1: NDArray[np.uint32], key: int
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return two words for each counter."""
    x0, x1 = c0.astype(np.uint64), np.broadcast_to(c1, c0.shape).astype(np.uint64)
    k = np.uint64(key)
    for _ in range(ROUNDS):
        product = x0 * np.uint64(0xD256D193)
        x0, x1 = (product >> np.uint64(32)) ^ k ^ x1, product & np.uint64(0xFFFFFFFF)
        k = (k + np.uint64(0x9E3779B9)) & np.uint64(0xFFFFFFFF)
    return x0.astype(np.uint32), x1.astype(np.uint32)


def log32(value: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the natural logarithm with the polynomial of the kernel."""
    bits = value.view(np.int32)
    shifted = bits - np.int32(0x3F3504F3)
    exponent = shifted >> 23
    f = (bits - (exponent << 23)).astype(np.int32).view(np.float32) - F(1)
    z = f * f
    poly = np.full_like(f, F(7.0376836292e-2))
    for term in (
        -1.1514610310e-1,
        1.1676998740e-1,
        -1.2420140846e-1,
        1.4249322787e-1,
        -1.6668057665e-1,
        2.0000714765e-1,
        -2.4999993993e-1,
        3.3333331174e-1,
    ):
        poly = poly * f + F(term)
    result: NDArray[np.float32] = (
        poly * f * z - F(0.5) * z + f + exponent.astype(F) * F(0.693147182)
    )
    return result


def exp32(value: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the exponential with the polynomial of the kernel."""
    x = np.clip(value, F(-80), F(80)).astype(F)
    whole = (x * F(1.44269502) + F(12582912.0)) - F(12582912.0)
    r = x - whole * F(0.693359375) + whole * F(2.12194440e-4)
    poly = np.full_like(r, F(1.9875691500e-4))
    for term in (
        1.3981999507e-3,
        8.3334519073e-3,
        4.1665795894e-2,
        1.6666665459e-1,
        5.0000001201e-1,
    ):
        poly = poly * r + F(term)
    power = ((whole.astype(np.int32) + 127) << 23).astype(np.int32).view(np.float32)
    result: NDArray[np.float32] = (poly * r * r + r + F(1)) * power
    return result


def normal(bits: NDArray[np.uint32]) -> NDArray[np.float32]:
    """Return standard normals from 24 bits."""
    upper = bits >= 0x800000
    half = np.where(upper, bits ^ np.uint32(0xFFFFFF), bits)
    u = (half.astype(F) + F(0.5)) * F(2.0**-24)
    x = F(1) - F(2) * u
    v = F(4) * u * (F(1) - u)
    w = (x * x - (F(1) - v)) - log32(v)
    s = np.sqrt(np.maximum(w, F(0)))
    p = np.full_like(s, F(1.2245158359291963e-05))
    for term in (
        -0.00021473884407896549,
        0.001471269060857594,
        -0.004787592217326164,
        0.007091131526976824,
        -0.006107531022280455,
        0.017029352486133575,
        -0.0001635612134123221,
        1.25326669216156,
    ):
        p = p * s + F(term)
    return np.where(upper, p * s, -p * s).astype(F)


def uniform(bits: NDArray[np.uint32], width: int) -> NDArray[np.float32]:
    """Return midpoints of cells of the unit interval."""
    result: NDArray[np.float32] = (bits.astype(F) + F(0.5)) * F(2.0**-width)
    return result
