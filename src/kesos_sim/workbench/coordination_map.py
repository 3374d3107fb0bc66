"""Who serves whom: overlap of providers and gaps, filtered by world, district and need."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as widgets  # type: ignore[import-untyped]

from kesos_sim import i18n
from kesos_sim.data.regions import region_name
from kesos_sim.i18n import numbers
from kesos_sim.population.needs import KINDS
from kesos_sim.reports.html_table import scrolling, table_html
from kesos_sim.reports.measures.parts import say
from kesos_sim.reports.measures.who_serves import gap_table, need, provider, worlds
from kesos_sim.reports.provenance import Provenance, required
from kesos_sim.workbench.forms import choice, note
from kesos_sim.workbench.look import own_keys, style

if TYPE_CHECKING:
    from kesos_sim.experiments.who_serves import Map, WhoServes

__all__ = ["CoordinationMap"]

_ALL: Final = ""
_GAPS: Final = 15
_PERCENT: Final = 100.0


class CoordinationMap:
    """The map of who serves whom, to be walked through by mouse or keyboard.

    Parameters
    ----------
    found : WhoServes
        What `kesos_sim.experiments.who_serves.who_serves` found.
    bahasa : {"id", "en"}
        Language of the words.

    Attributes
    ----------
    world : ipywidgets.Dropdown
        Without the package, with it, or the same if coordination did nothing.
    district, kind : ipywidgets.Dropdown
        The district and the need that the sentence and the gaps are about.
    said, matrix, gaps : ipywidgets.HTML
        A sentence, the overlap, the gaps.
    view : ipywidgets.Box
        Everything together.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.experiments.executors import Serial
    >>> from kesos_sim.experiments.who_serves import who_serves
    >>> world = {"region": "3316", "households": 2000, "months": 1}
    >>> today = load_scenario("scenarios/baseline.yaml", world)
    >>> joined = load_scenario("scenarios/bkkks-aktif.yaml", world)
    >>> view = CoordinationMap(who_serves(today, joined, Serial()), "en")
    >>> [label for label, _ in view.world.options][:2]
    ['Without the package', 'With the package']
    """

    def __init__(self, found: WhoServes, bahasa: str = "id") -> None:
        self.found, self.lang = found, bahasa
        self._maps: dict[str, Map] = dict(worlds(found))
        self.world = choice(
            self._text("world"), [(say(f"world.{name}", bahasa), name) for name in self._maps]
        )
        self.world.value = "with"
        places = sorted((region_name(code, bahasa), code) for code in found.package.districts)
        self.district = choice(
            self._text("district"), [(self._text("district_all"), _ALL), *places]
        )
        kinds = sorted((need(kind, bahasa), kind) for kind in KINDS)
        self.kind = choice(self._text("need"), [(self._text("need_all"), _ALL), *kinds])
        self.said, self.matrix, self.gaps = (widgets.HTML() for _ in range(3))
        known: Any = found.provenance
        line = (
            f'<p class="quiet provenance">{escape(required(Provenance(**known)).line(bahasa))}</p>'
        )
        row = widgets.HBox([self.world, self.district, self.kind])
        row.add_class("kesos-row")
        self.view = widgets.VBox(
            [
                style("planner.css"),
                own_keys(),
                row,
                self.said,
                self.matrix,
                self.gaps,
                widgets.HTML(line),
            ]
        )
        for name in ("kesos", "kesos-form", "kesos-map"):
            self.view.add_class(name)
        for control in (self.world, self.district, self.kind):
            control.observe(lambda _: self._show(), "value")
        self._show()

    def _show(self) -> None:
        """Show what is chosen."""
        self.said.value = note(self._sentence(), self.lang, "headline", "status")
        self.matrix.value = self._overlap()
        district, kind = self.district.value or None, self.kind.value or None
        table = gap_table(self.found, self.lang, district, kind, _GAPS)
        body = table_html(table) if table.rows else ""
        self.gaps.value = (
            f'<section class="tables" lang="{self.lang}"><h3>{escape(self._text("gaps"))}</h3>'
            f"{body or note(self._text('no_gap'), self.lang)}</section>"
        )

    def _sentence(self) -> str:
        """Say how many are in need and served in the chosen place."""
        own = self._maps[self.world.value]
        rows = [own.districts.index(self.district.value)] if self.district.value else slice(None)
        cols = [KINDS.index(self.kind.value)] if self.kind.value else slice(None)
        in_need, served = (float(one[rows][:, cols].sum()) for one in (own.in_need, own.served))
        world = say(f"world.{self.world.value}", self.lang)
        fields = {
            "place": self.district.label,
            "need": self.kind.label,
            "world": world[:1].lower() + world[1:],
        }
        if in_need <= 0.0:
            return _capital(self._text("nobody_in_need", **fields))
        return _capital(
            self._text(
                "said",
                **fields,
                in_need=numbers.people(in_need, self.lang),
                served=numbers.people(served, self.lang),
                unmet=numbers.people(in_need - served, self.lang),
                share=numbers.percent(_PERCENT * served / in_need, self.lang),
            )
        )

    def _overlap(self) -> str:
        """Return the overlap of the chosen world; the darker, the more."""
        own, lang = self._maps[self.world.value], self.lang
        names = [escape(provider(name, self.found, lang)) for name in own.providers]
        # Columns by number, as in the chart: nine names side by side fit no screen.
        heads = "".join(
            f'<th scope="col" class="n"><abbr title="{name}">{number}</abbr></th>'
            for number, name in enumerate(names, start=1)
        )
        lines = []
        for number, (name, total, shares) in enumerate(
            zip(names, own.total, own.shares, strict=True), start=1
        ):
            cells = "".join(_cell(float(share), lang) for share in shares)
            people = numbers.number(float(total), lang)
            lines.append(
                f'<tr><th scope="row">{number} {name}</th><td class="n">{people}</td>{cells}</tr>'
            )
        caption = self._text("overlap")
        table = scrolling(
            caption,
            f'<table class="matrix"><caption>{escape(caption)}</caption>'
            f'<thead><tr><td></td><th scope="col" class="n">{escape(self._text("reached"))}</th>'
            f"{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table>",
        )
        heading = escape(self._text("overlap_heading"))
        words = " ".join((self._text("overlap_how"), self._text("overlap_note")))
        return (
            f'<section class="tables" lang="{lang}"><h3>{heading}</h3>'
            f"{note(words, lang)}{table}</section>"
        )

    def _text(self, key: str, **fields: object) -> str:
        return i18n.text(f"coordination_map.{key}", self.lang, **fields)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Show the map in a notebook."""
        return self.view._repr_mimebundle_(**options)


def _cell(share: float, lang: str) -> str:
    """Return a cell of the matrix, shaded by its percentage."""
    if not math.isfinite(share):
        return f'<td class="n">{numbers.EN_DASH}</td>'
    words = numbers.percent(share, lang, 0)
    return f'<td class="n" style="--share: {share / _PERCENT:.3f}">{words}</td>'


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
