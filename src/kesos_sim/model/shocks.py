"""Shocks that a scenario names: incomes that fall, and a basket that grows dearer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kesos_sim.scenario.parts import DISASTERS

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["strike"]


def strike(model: WelfareModel) -> None:
    """Let shocks hit their districts, and keep the loss of incomes up while they last.

    Parameters
    ----------
    model : the model, whose households lose and whose line rises
    """
    if not model.decisions.events:
        return
    world, codes = model.world, model.places.codes
    rise = np.zeros(codes.size)
    for number, event in enumerate(model.decisions.events):
        if event.hazard in DISASTERS or not event.active(model.month):
            continue
        inside = np.isin(codes, event.districts)
        if event.hazard == "price_rise":
            rise += np.where(inside, np.log1p(event.severity), 0.0)
        else:
            share = np.where(inside, event.share, 0.0).astype(np.float32)
            # Losses wane by themselves; while the event goes on the same households get
            # back what has waned.
            first = max(event.month, model.scenario.start + 1)
            waned = 1.0 if model.month == first else 1.0 - float(world.rules.loss_keep)
            size = np.full(share.size, event.severity * waned, np.float32)
            world.strike(event.month, number, share, size, world.households.loss)
    strata = np.diff(world.layout.district_stratum)
    world.line_rise = np.repeat(rise, strata).astype(np.float32)
