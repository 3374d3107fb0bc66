"""What is known: tables with source and quality, model parameters, regions, checks.

Examples
--------
A table has typed columns, and the registry says what each of them is:

>>> from kesos_sim.data import read_table, registry
>>> blora = read_table("poverty_kabupaten").where(bps_code=3316, year=2024)
>>> blora["poverty_rate_p0"].tolist()
[11.42]
>>> registry()["poverty_kabupaten"].column("poverty_rate_p0").unit
'percent of persons'

A table may also be made in memory, with or without such a description:

>>> import numpy as np
>>> from kesos_sim.data import Column, Table, TableMeta
>>> words = {"id": "Rumah tangga contoh", "en": "Households of an example"}
>>> columns = (Column("code", "code"), Column("size", "int", "persons"))
>>> meta = TableMeta("example", "people", words, words, words, words, 1, ("code",), "", columns)
>>> table = Table.from_columns("example", {"code": [3316, 3317], "size": [4, 3]}, meta)
>>> list(table.where(size=3).rows())
[{'code': 3317, 'size': 3}]
"""

from kesos_sim.data.reading import read_table, registry
from kesos_sim.data.table import Column, Table, TableMeta

__all__ = ["Column", "Table", "TableMeta", "read_table", "registry"]
