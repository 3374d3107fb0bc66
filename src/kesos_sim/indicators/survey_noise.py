"""What a survey would have recorded: welfare with reporting error, keyed like every draw.

The error belongs to whoever observes, never to the household's life: nothing in the model reads
these values. The same household in the same month gets the same error under every policy.
"""

from __future__ import annotations

import numba as nb
import numpy as np
import numpy.typing as npt

from kesos_sim.kernels.philox import exp32, normal_from_bits, philox2x32
from kesos_sim.rng import MONTH_BITS, Stream

__all__ = ["survey_reading"]


def survey_reading(
    welfare: npt.NDArray[np.float32],
    months: npt.NDArray[np.int64],
    key: int,
    spread: float,
    first_id: int = 0,
) -> npt.NDArray[np.float32]:
    """Return welfare as a survey would record it; the mean over households stays the same.

    Parameters
    ----------
    welfare : float32[n_waves, n_households], ratio to the poverty line
    months : int64[n_waves], number of the month of each wave, below 65536
    key : int
        Key of the seed and replicate (`kesos_sim.rng.draw_key`).
    spread : float
        Standard deviation of the error, log points; 0 returns a copy.
    first_id : int
        Identity of the first household.

    Returns
    -------
    float32[n_waves, n_households], ratio to the poverty line, with reporting error
    """
    read = np.array(welfare, dtype=np.float32, order="C")
    if spread > 0.0:
        words = (np.asarray(months, dtype=np.int64) | (int(Stream.SURVEY) << MONTH_BITS)).astype(
            np.uint32
        )
        _disturb(read, words, np.uint32(key), np.uint32(first_id), np.float32(spread))
    return read


@nb.njit(cache=True)
def _disturb(welfare, words, key, first_id, spread):  # type: ignore[no-untyped-def]
    """Multiply by exp(spread * normal - spread^2 / 2), in place.

    Parameters
    ----------
    welfare : float32[n_waves, n_households], ratio to the poverty line, changed in place
    words : uint32[n_waves], bits, month with the stream of surveys in the upper half
    key : uint32, bits, key of the seed and replicate
    first_id : uint32, household, identity of the first household
    spread : float32, log points, standard deviation of the error
    """
    middle = np.float32(0.5) * spread * spread
    for wave in range(welfare.shape[0]):
        for household in range(welfare.shape[1]):
            bits, _ = philox2x32(first_id + np.uint32(household), words[wave], key)
            error = spread * normal_from_bits(bits >> np.uint32(8)) - middle
            welfare[wave, household] *= exp32(error)
