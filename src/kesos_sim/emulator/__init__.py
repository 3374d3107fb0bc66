"""Fitted answers of the model for the forum: at once, with their own error, and never outside."""

from kesos_sim.emulator.surface import Surface, load_surface

__all__ = ["Surface", "load_surface"]
