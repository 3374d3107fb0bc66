"""Lines of Python that make a document again, with every figure that was computed for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from kesos_sim.reports.office.document import Listing
from kesos_sim.reports.plans.common import Content, Said
from kesos_sim.reports.plans.naming import scenario_file
from kesos_sim.reports.plans.package import Package
from kesos_sim.reports.plans.wrapping import program

if TYPE_CHECKING:
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["Again", "Computed", "remade"]


@dataclass(frozen=True, slots=True)
class Again:
    """Lines of Python that compute the figures of a document again.

    Attributes
    ----------
    lines : Listing
        The lines, with the name of their file.
    scenarios : tuple of Scenario
        The scenario files that they read.
    draws : int
        Draws behind the ranges.
    """

    lines: Listing
    scenarios: tuple[Scenario, ...]
    draws: int

    @property
    def command(self) -> str:
        """What runs the lines."""
        return f"python {self.lines.name}"


class Computed(tuple[Content, ...]):
    """Contents of a section that remember how they are computed again.

    Parameters
    ----------
    contents : iterable of str, Chart, TextTable or Block
        The contents.
    call : str
        The expression of Python that makes them; empty where they hold nothing computed.

    Examples
    --------
    >>> both = Computed(["one"], "first()") + Computed(["two"], "second()")
    >>> both, both.call
    (('one', 'two'), 'first() + second()')
    """

    call: str

    def __new__(cls, contents: Iterable[Content], call: str = "") -> Self:
        """Make the sequence."""
        made = super().__new__(cls, contents)
        made.call = call
        return made

    def __add__(self, other: tuple[Content, ...], /) -> Computed:  # type: ignore[override]
        """Return both after one another, with how both are computed."""
        calls = (self.call, getattr(other, "call", ""))
        return Computed((*self, *other), " + ".join(filter(None, calls)))


def remade(
    package: Package, name: str, *, sections: Mapping[str, Said] | None = None, **options: object
) -> Again:
    """Return the lines that compute a comparison and make a document of it again.

    Parameters
    ----------
    package : Package
        What the document is about.
    name : str
        The function of `kesos_sim.reports.plans` that made it.
    sections : mapping of str to sequence of Content, optional
        What was handed in, by argument; what somebody wrote is left out, for nothing computes it.
    **options : object
        Further arguments of plain values; None is left out.

    Returns
    -------
    Again
    """
    comparison = package.comparison
    runs = (comparison.baseline, *comparison.alternatives)
    usual, *others = (f'load_scenario("{scenario_file(run.scenario)}")' for run in runs)
    given = {key: repr(value) for key, value in options.items() if value is not None}
    given |= {
        key: said.call
        for key, said in (sections or {}).items()
        if isinstance(said, Computed) and said.call
    }
    lines = [
        "import kesos_sim.reports.analyses",
        "from kesos_sim import compare, load_scenario",
        "from kesos_sim.reports import plans",
        "from kesos_sim.reports.office import save",
        "",
        'if __name__ == "__main__":',
        f"    scenario = {usual}",
        f"    result = compare(scenario, [{', '.join(others)}], draws={len(comparison.pairs)})",
        f"    made = plans.{name}(",
        "        result,",
        f"        {package.lang!r},",
        f"        package={package.name!r},",
        *(f"        {key}={words}," for key, words in given.items()),
        "    )",
        "    save(made, f'{made.name}-lagi.xlsx')",
    ]
    listing = program(package.scenario.region, lines)
    return Again(listing, tuple(run.scenario for run in runs), len(comparison.pairs))
