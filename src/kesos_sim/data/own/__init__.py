"""A planner's own data: template, reader, figures, and lists of households.

``template`` writes the form, ``read_own`` reads it, ``write_own`` keeps what was read as a file for
scenarios; ``propose_mapping`` and ``read_households`` take anonymous lists of households.
"""
