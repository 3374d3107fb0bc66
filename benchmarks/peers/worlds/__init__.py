"""The simplified month, one file per framework, as its own users would write it.

Every file has a class ``World(sums, households)`` with ``step()`` (live a month), ``rate`` (share
of the poor in that month) and ``income``, ``savings`` and ``consumption`` (one number of every
household, always in the same order). The numbers of the arithmetic come in by name.
"""
