"""Runs and comparisons: from scenarios to results."""
