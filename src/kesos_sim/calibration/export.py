"""Calibrations and validations as folders, as other results have them."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING

from kesos_sim import i18n
from kesos_sim.calibration.charts import VIEWS
from kesos_sim.calibration.ranges_chart import ranges_chart
from kesos_sim.calibration.words import calibration_table, sentences
from kesos_sim.reports.findings import Findings, export_findings
from kesos_sim.reports.provenance import Provenance

if TYPE_CHECKING:
    from kesos_sim.calibration.calibrate import Calibration
    from kesos_sim.calibration.published import Validation

__all__ = ["export_calibration", "export_validation"]


def export_calibration(found: Calibration, path: str | os.PathLike[str], lang: str) -> Path:
    """Write what was learned into a folder, all or nothing.

    Parameters
    ----------
    found : Calibration
        The calibration.
    path : path
        Folder to write.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    pathlib.Path
        The folder, with ``parameters.parquet``, ``posterior.parquet`` (a row for each draw) and
        ``figures.parquet`` (what was fitted).
    """
    import pandas as pd  # pandas loads where it is used

    return export_findings(
        Findings(
            scenario=found.scenario,
            title=i18n.text("calibration.page_title", lang),
            sentences=sentences(found, lang),
            charts=[ranges_chart(found, lang)],
            tables=[calibration_table(found, lang)],
            frames={
                "parameters": pd.DataFrame(found.rows()),
                "posterior": pd.DataFrame(found.drawn, columns=list(found.parameters)),
                "figures": pd.DataFrame([figure.record() for figure in found.figures]),
            },
            provenance=Provenance(**found.provenance),
        ),
        path,
        lang,
    )


def export_validation(
    found: Validation, path: str | os.PathLike[str], lang: str, *, districts: bool = False
) -> Path:
    """Write published figures beside modelled ones into a folder, all or nothing.

    Parameters
    ----------
    found : Validation
        The validation.
    path : path
        Folder to write.
    lang : str
        ``id`` or ``en``.
    districts : bool
        Whether tables list districts that match too; those that miss they always do.

    Returns
    -------
    pathlib.Path
        The folder, with ``figures.parquet`` (all figures), and a chart of each kind of which the
        validation has figures.
    """
    import pandas as pd

    ranked = found.misses_first()
    drawn = {
        one.measure
        for one in ranked.figures
        if one.level != "district" and math.isfinite(one.modelled)
    }
    views = [view for view, measures in VIEWS.items() if drawn & set(measures)]
    judged = any(one.hit is not None for one in ranked.figures)
    return export_findings(
        Findings(
            scenario=found.scenario,
            title=i18n.text("validation.page_title", lang),
            sentences=found.sentences(lang),
            # Levels stand in their own order, misses by how far they are off.
            charts=[
                *([found.chart("gaps", lang)] if judged else []),
                *(found.chart(view, lang) for view in views),
            ],
            tables=ranked.tables(lang, districts=districts),
            frames={"figures": pd.DataFrame(ranked.records())},
            provenance=Provenance(**found.provenance),
        ),
        path,
        lang,
    )
