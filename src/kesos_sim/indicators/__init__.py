"""What is measured: names, units, formulas and sources of every indicator."""
