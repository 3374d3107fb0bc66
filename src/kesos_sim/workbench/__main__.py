"""Serve a notebook as a page: ``python -m kesos_sim.workbench NOTEBOOK``."""

import sys

from kesos_sim.workbench.serve import main

sys.exit(main())
