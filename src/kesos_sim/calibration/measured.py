"""What the validation of the shipped baseline found, kept for pages that cannot run it.

``python -m kesos_sim.calibration.measured scenarios/baseline.yaml`` validates the scenario, which
takes minutes, and writes the finding into the package, where the model card reads it.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from kesos_sim import i18n
from kesos_sim.calibration.figure_words import words_of
from kesos_sim.calibration.figures import Figure
from kesos_sim.calibration.published import Validation, validate
from kesos_sim.scenario import load_scenario

__all__ = ["KEPT", "finding", "main"]

KEPT: Final = Path(__file__).parents[1] / "reports" / "card" / "validation.json"
"""Where the finding is kept."""
_PROVENANCE: Final = ("model_version", "households", "seed", "base_month")


def finding(validation: Validation) -> dict[str, Any]:
    """Return what a validation found, without its time and hashes.

    Parameters
    ----------
    validation : Validation
        The validation.

    Returns
    -------
    dict of str to object
        ``provenance``; ``counts`` of figures by part, use and verdict; ``misses``, the figures
        that test the model and are missed, in words of both languages.
    """
    counts = Counter((each.part, each.use, each.verdict) for each in validation.figures)
    provenance: Mapping[str, Any] = validation.provenance
    return {
        "provenance": {name: provenance[name] for name in _PROVENANCE},
        "counts": [
            {"part": part, "use": use, "verdict": verdict, "figures": number}
            for (part, use, verdict), number in counts.items()
        ],
        "misses": [
            {lang: _cells(each, lang) for lang in i18n.LANGUAGES}
            for each in validation.figures
            if _missed(each)
        ],
    }


def _cells(figure: Figure, lang: str) -> list[str]:
    """Write a figure as the card lists it."""
    words = words_of(figure, lang)
    both = words.published, words.modelled
    return [words.place, words.measure, *both, words.difference, words.unit]


def _missed(figure: Figure) -> bool:
    return figure.use == "scored" and figure.hit is False


def main(arguments: Sequence[str]) -> None:
    """Validate a scenario and keep the finding.

    Parameters
    ----------
    arguments : sequence of str
        File of the scenario.
    """
    found = finding(validate(load_scenario(arguments[0])))
    KEPT.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
