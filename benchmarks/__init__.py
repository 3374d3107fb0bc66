"""Speed and memory of the model, measured against something else in the same run.

`kesos bench` runs what is here; the README beside this file says how to read it.
"""
