"""Philox 2x32-10: the one source of randomness in the model.

A counter-based generator: the same (counter, key) gives the same two words on
every machine, in any order, so a draw belongs to an entity, a process and a
month and never to a place in a sequence.

Source: Salmon, Moraes, Dror, Shaw (2011), "Parallel random numbers: as easy as
1, 2, 3", SC11. Checked in the tests against the published known answers.
"""

from __future__ import annotations

import numba as nb
import numpy as np

__all__ = [
    "exp32",
    "log32",
    "normal_from_bits",
    "normal_from_root",
    "philox2x32",
    "tail_root",
    "uniform_from_bits",
]

_MULTIPLIER = np.uint64(0xD256D193)
_WEYL = np.uint32(0x9E3779B9)
_HALF = np.uint64(32)


@nb.njit(forceinline=True)
def philox2x32(c0, c1, key):  # type: ignore[no-untyped-def]
    """Return two random words for one counter and key.

    The ten rounds are written out: a loop over them keeps the compiler from
    working on several households at once.

    Parameters
    ----------
    c0, c1 : uint32, counter: entity, and month with the stream in its upper bits
    key : uint32, key: hash of the seed

    Returns
    -------
    tuple of two uint32, random bits

    Examples
    --------
    Words depend on entity, month and key, and on nothing else:

    >>> import numpy as np
    >>> first = philox2x32(np.uint32(1), np.uint32(2), np.uint32(3))
    >>> first == philox2x32(np.uint32(1), np.uint32(2), np.uint32(3))
    True
    >>> first == philox2x32(np.uint32(1), np.uint32(2), np.uint32(4))
    False
    """
    x0 = np.uint32(c0)
    x1 = np.uint32(c1)
    k = np.uint32(key)
    p = np.uint64(x0) * _MULTIPLIER
    x0 = np.uint32(p >> _HALF) ^ k ^ x1
    x1 = np.uint32(p)
    k = np.uint32(k + _WEYL)
    p = np.uint64(x0) * _MULTIPLIER
    x0 = np.uint32(p >> _HALF) ^ k ^ x1
    x1 = np.uint32(p)
    k = np.uint32(k + _WEYL)
    p = np.uint64(x0) * _MULTIPLIER
    x0 = np.uint32(p >> _HALF) ^ k ^ x1
    x1 = np.uint32(p)
    k = np.uint32(k + _WEYL)
    p = np.uint64(x0) * _MULTIPLIER
    x0 = np.uint32(p >> _HALF) ^ k ^ x1
    x1 = np.uint32(p)
    k = np.uint32(k + _WEYL)
    p = np.uint64(x0) * _MULTIPLIER
    x0 = np.uint32(p >> _HALF) ^ k ^ x1
    x1 = np.uint32(p)
    k = np.uint32(k + _WEYL)
    p = np.uint64(x0) * _MULTIPLIER
    x0 = np.uint32(p >> _HALF) ^ k ^ x1
    x1 = np.uint32(p)
    k = np.uint32(k + _WEYL)
    p = np.uint64(x0) * _MULTIPLIER
    x0 = np.uint32(p >> _HALF) ^ k ^ x1
    x1 = np.uint32(p)
    k = np.uint32(k + _WEYL)
    p = np.uint64(x0) * _MULTIPLIER
    x0 = np.uint32(p >> _HALF) ^ k ^ x1
    x1 = np.uint32(p)
    k = np.uint32(k + _WEYL)
    p = np.uint64(x0) * _MULTIPLIER
    x0 = np.uint32(p >> _HALF) ^ k ^ x1
    x1 = np.uint32(p)
    k = np.uint32(k + _WEYL)
    p = np.uint64(x0) * _MULTIPLIER
    x0 = np.uint32(p >> _HALF) ^ k ^ x1
    x1 = np.uint32(p)
    return x0, x1


@nb.njit(forceinline=True)
def uniform_from_bits(bits, width):  # type: ignore[no-untyped-def]
    """Return a float32 in (0, 1), the midpoint of the cell of ``bits``.

    Parameters
    ----------
    bits : uint32, random bits below ``2**width``
    width : int32, number of bits, at most 23

    Returns
    -------
    float32, uniform on (0, 1), never 0 and never 1

    Examples
    --------
    >>> import numpy as np
    >>> [uniform_from_bits(np.uint32(bits), np.int32(2)) for bits in range(4)]
    [0.125, 0.375, 0.625, 0.875]
    """
    scale = np.float32(1.0) / np.float32(np.uint32(1) << np.uint32(width))
    return (np.float32(bits) + np.float32(0.5)) * scale


@nb.njit(forceinline=True)
def log32(value):  # type: ignore[no-untyped-def]
    """Return the natural logarithm of a positive float32 without libm.

    Parameters
    ----------
    value : float32, positive and normal

    Returns
    -------
    float32, natural logarithm, relative error below 2e-7

    Examples
    --------
    >>> import numpy as np
    >>> log32(np.float32(1.0)), f"{log32(np.float32(8.0)):.5f}"
    (0.0, '2.07944')
    """
    bits = np.float32(value).view(np.int32)
    # Shift the mantissa range to [sqrt(1/2), sqrt(2)) so that the series stays short.
    shifted = np.int32(bits - np.int32(0x3F3504F3))
    exponent = np.int32(shifted >> np.int32(23))
    mantissa = np.int32(bits - np.int32(exponent << np.int32(23))).view(np.float32)
    f = mantissa - np.float32(1.0)
    z = f * f
    poly = np.float32(7.0376836292e-2)
    poly = poly * f + np.float32(-1.1514610310e-1)
    poly = poly * f + np.float32(1.1676998740e-1)
    poly = poly * f + np.float32(-1.2420140846e-1)
    poly = poly * f + np.float32(1.4249322787e-1)
    poly = poly * f + np.float32(-1.6668057665e-1)
    poly = poly * f + np.float32(2.0000714765e-1)
    poly = poly * f + np.float32(-2.4999993993e-1)
    poly = poly * f + np.float32(3.3333331174e-1)
    result = poly * f * z - np.float32(0.5) * z + f
    return result + np.float32(exponent) * np.float32(0.693147182)


@nb.njit(forceinline=True)
def exp32(value):  # type: ignore[no-untyped-def]
    """Return the exponential of a float32 without libm.

    Parameters
    ----------
    value : float32, within -80 to 80

    Returns
    -------
    float32, exponential, relative error below 2e-7

    Examples
    --------
    >>> import numpy as np
    >>> exp32(np.float32(0.0)), f"{exp32(np.float32(1.0)):.5f}"
    (1.0, '2.71828')
    """
    x = min(max(np.float32(value), np.float32(-80.0)), np.float32(80.0))
    # Adding and taking away 1.5 * 2**23 rounds to the nearest whole number.
    magic = np.float32(12582912.0)
    shifted = x * np.float32(1.44269502) + magic
    whole = shifted - magic
    r = x - whole * np.float32(0.693359375) + whole * np.float32(2.12194440e-4)
    poly = np.float32(1.9875691500e-4)
    poly = poly * r + np.float32(1.3981999507e-3)
    poly = poly * r + np.float32(8.3334519073e-3)
    poly = poly * r + np.float32(4.1665795894e-2)
    poly = poly * r + np.float32(1.6666665459e-1)
    poly = poly * r + np.float32(5.0000001201e-1)
    result = poly * r * r + r + np.float32(1.0)
    power = np.int32(np.int32(np.int32(whole) + np.int32(127)) << np.int32(23)).view(np.float32)
    return result * power


@nb.njit(forceinline=True)
def tail_root(bits):  # type: ignore[no-untyped-def]
    """Return the root from which `normal_from_root` takes a standard normal.

    Parameters
    ----------
    bits : uint32, random bits below 2**24

    Returns
    -------
    float32, sqrt(-log(4 u (1 - u))) of the uniform number u that the bits stand for

    Examples
    --------
    In the middle there is no tail, and both sides are alike:

    >>> import numpy as np
    >>> f"{tail_root(np.uint32(1 << 23)):.3f}"
    '0.000'
    >>> tail_root(np.uint32(0)) == tail_root(np.uint32(0xFFFFFF))
    True
    """
    upper = bits >= np.uint32(0x800000)
    half = np.uint32(bits ^ np.uint32(0xFFFFFF)) if upper else np.uint32(bits)
    u = (np.float32(np.int32(half)) + np.float32(0.5)) * np.float32(5.9604644775390625e-08)
    x = np.float32(1.0) - np.float32(2.0) * u
    v = np.float32(4.0) * u * (np.float32(1.0) - u)
    # What rounding v near one has lost is put back, or scores near zero would be coarse.
    w = (x * x - (np.float32(1.0) - v)) - log32(v)
    return np.sqrt(max(w, np.float32(0.0)))


@nb.njit(forceinline=True)
def normal_from_root(bits, root):  # type: ignore[no-untyped-def]
    """Return a standard normal from 24 random bits and their `tail_root`.

    The two halves in loops of their own take two thirds of the time of both in one:
    each step of such a chain waits for the one before, and short chains overlap.

    Parameters
    ----------
    bits : uint32, random bits below 2**24
    root : float32, what `tail_root` makes of them

    Returns
    -------
    float32, standard normal score, see `normal_from_bits`

    Examples
    --------
    >>> import numpy as np
    >>> bits = np.uint32(0xFFFFFF)
    >>> normal_from_root(bits, tail_root(bits)) == normal_from_bits(bits)
    True
    """
    s = np.float32(root)
    p = np.float32(1.2245158359291963e-05)
    p = p * s + np.float32(-0.00021473884407896549)
    p = p * s + np.float32(0.001471269060857594)
    p = p * s + np.float32(-0.004787592217326164)
    p = p * s + np.float32(0.007091131526976824)
    p = p * s + np.float32(-0.006107531022280455)
    p = p * s + np.float32(0.017029352486133575)
    p = p * s + np.float32(-0.0001635612134123221)
    p = p * s + np.float32(1.25326669216156)
    magnitude = p * s
    return magnitude if bits >= np.uint32(0x800000) else -magnitude


@nb.njit(forceinline=True)
def normal_from_bits(bits):  # type: ignore[no-untyped-def]
    """Return a standard normal from 24 random bits by inversion.

    Parameters
    ----------
    bits : uint32, random bits below 2**24

    Returns
    -------
    float32, standard normal score, monotone in ``bits`` and symmetric, within +-5.4

    Notes
    -----
    z = s P(s) with s = sqrt(-log(4 u (1 - u))): P of degree 8 fitted here by
    minimax to scipy.special.ndtri, greatest error 6e-6.

    Examples
    --------
    A quarter, and three quarters, of a standard normal lie below:

    >>> import numpy as np
    >>> [f"{normal_from_bits(np.uint32(bits)):.3f}" for bits in (1 << 22, 3 << 22)]
    ['-0.674', '0.674']
    """
    return normal_from_root(bits, tail_root(bits))
