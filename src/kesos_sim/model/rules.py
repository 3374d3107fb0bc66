"""What the kernels are told: rules of household life and what programmes give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kesos_sim.units import MONTHS_PER_YEAR

__all__ = ["SHOCKS", "Offer", "Rules"]

SHOCKS = ("illness", "earner_death", "job_loss", "harvest")
"""Kinds of shock; illness first, because insurance acts on it."""

_AREAS = ("urban", "rural")
_BITS16 = 1 << 16


@dataclass(frozen=True)
class Rules:
    """Parameters of households in the form that the kernels take.

    Attributes
    ----------
    permanent_load, persistent_load, transitory_load : float32, score, weights of the parts
    persistent_keep, transitory_keep : float32, share per month, autoregressions
    size_slope : float32, score per log person, fall of the score with household size
    shock_limit : int32[2, n_shocks], 1/65536 per month, cumulative chance by area
    shock_loss : float32[n_shocks], log points, loss at once
    loss_keep : float32, share per month, part of a loss that is left a month later
    insured_share : float32, share, part of an illness loss that insurance takes over
    propensity : float32, share, part of a transfer that is consumed
    smoothing, savings_keep, saved_share : float32, share, use of savings
    """

    permanent_load: np.float32
    persistent_load: np.float32
    transitory_load: np.float32
    persistent_keep: np.float32
    transitory_keep: np.float32
    size_slope: np.float32
    shock_limit: NDArray[np.int32]
    shock_loss: NDArray[np.float32]
    loss_keep: np.float32
    insured_share: np.float32
    propensity: np.float32
    smoothing: np.float32
    savings_keep: np.float32
    saved_share: np.float32

    @classmethod
    def of(cls, parameter: Callable[[str], float]) -> Rules:
        """Read the rules from the parameter table.

        Parameters
        ----------
        parameter : function from the id of a parameter to its value

        Returns
        -------
        Rules
        """
        permanent = parameter("household.permanent_share")
        transitory = parameter("household.transitory_share")
        chance = np.array(
            [[parameter(f"shock.{kind}_chance_{area}") for kind in SHOCKS] for area in _AREAS]
        )
        yearly = parameter("household.persistence_yearly")
        return cls(
            permanent_load=np.float32(np.sqrt(permanent)),
            persistent_load=np.float32(np.sqrt(1.0 - permanent - transitory)),
            transitory_load=np.float32(np.sqrt(transitory)),
            persistent_keep=np.float32(yearly ** (1.0 / MONTHS_PER_YEAR)),
            transitory_keep=np.float32(parameter("household.transitory_persistence_monthly")),
            size_slope=np.float32(parameter("household.size_score_slope")),
            shock_limit=np.rint(np.cumsum(chance, axis=1) * _BITS16).astype(np.int32),
            shock_loss=np.array([parameter(f"shock.{k}_loss") for k in SHOCKS], np.float32),
            loss_keep=np.float32(parameter("shock.monthly_keep")),
            insured_share=np.float32(parameter("shock.insured_share")),
            propensity=np.float32(parameter("household.propensity_to_consume")),
            smoothing=np.float32(parameter("household.savings_smoothing")),
            savings_keep=np.float32(parameter("household.savings_keep")),
            saved_share=np.float32(parameter("household.saved_share")),
        )


@dataclass(frozen=True)
class Offer:
    """What the programmes of a month give, in the form that the kernels take.

    Attributes
    ----------
    in_kind : bool[n_programmes], flag, premium for each member: counted, not consumed
    flat : float64[n_programmes, n_districts], rupiah per household (in kind: person) and month
    pkh_part : float64[n_programmes], share, part of the PKH amount that the programme pays
    received : float64[n_programmes, n_districts], share, what arrives of what is due
    extra : float32[n_strata], lines per person and month, income that everyone gains or loses
    components, limits, order : int64[7], rupiah per person and year, persons, index
    most : most components of a family
    elderly70 : whether elderly means 70 and over
    """

    in_kind: NDArray[np.bool_]
    flat: NDArray[np.float64]
    pkh_part: NDArray[np.float64]
    received: NDArray[np.float64]
    extra: NDArray[np.float32]
    components: NDArray[np.int64]
    limits: NDArray[np.int64]
    order: NDArray[np.int64]
    most: int
    elderly70: bool
