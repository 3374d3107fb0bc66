"""The simplified month in other frameworks, each in an environment of its own, beside ours.

``python -m benchmarks.peers`` makes the environments, lets every peer pass a gate of correctness
and takes times in turns with ours. What runs inside of a peer's environment is `host` and one
file of `worlds`; neither imports anything of this project.
"""
