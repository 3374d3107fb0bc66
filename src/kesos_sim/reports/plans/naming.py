"""Names of files that lie side by side in one folder, whatever region they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["lines_file", "region_mark", "scenario_file"]

_MOST_CODES: Final = 3


def region_mark(region: str | tuple[int, ...]) -> str:
    """Return a region as the end of a file's name, so that files of two regions lie side by side.

    Parameters
    ----------
    region : str or tuple of int
        Region of a scenario: a word, or codes.

    Returns
    -------
    str
        Up to three codes; of more how many there are.

    Examples
    --------
    >>> region_mark((3316,)), region_mark((33, 34)), region_mark("demo")
    ('3316', '33-34', 'demo')
    >>> region_mark((3301, 3302, 3303, 3304))
    '4-wilayah'
    """
    if isinstance(region, str):
        return region
    if len(region) > _MOST_CODES:
        return f"{len(region)}-wilayah"
    return "-".join(f"{code:02d}" for code in region)


def lines_file(region: str | tuple[int, ...]) -> str:
    """Return the name of the file of the lines that compute a document again.

    Parameters
    ----------
    region : str or tuple of int
        Region of the scenarios that the lines read.

    Returns
    -------
    str

    Examples
    --------
    >>> lines_file((3316,))
    'hitung_lagi_3316.py'
    """
    return f"hitung_lagi_{region_mark(region)}.py"


def scenario_file(scenario: Scenario) -> str:
    """Return the name of the file of a scenario beside a document.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    str
        Its name and region: two regions under the same policy have two files.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> scenario_file(load_scenario("scenarios/baseline.yaml", {"region": "3316"}))
    'baseline-3316.yaml'
    >>> scenario_file(load_scenario("scenarios/indonesia.yaml"))
    'indonesia.yaml'
    """
    mark = region_mark(scenario.region)
    named = scenario.name if scenario.name.endswith(mark) else f"{scenario.name}-{mark}"
    return f"{named}.yaml"
