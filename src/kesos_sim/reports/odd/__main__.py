"""Write ``docs/ODD.md``, in the folder that is named or in ``docs``."""

from __future__ import annotations

import sys
from pathlib import Path

from kesos_sim.reports.documents import write

write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"), ["ODD.md"])
