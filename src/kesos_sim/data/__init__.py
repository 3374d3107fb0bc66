"""What is known: tables with source and quality, model parameters, regions, checks."""

from kesos_sim.data.reading import read_table, registry
from kesos_sim.data.table import Column, Table, TableMeta

__all__ = ["Column", "Table", "TableMeta", "read_table", "registry"]
