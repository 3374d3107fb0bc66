"""Looking up where figures come from: parameters and tables, by a part of a name or text."""

from __future__ import annotations

from html import escape
from typing import Any, Final

import ipywidgets as widgets  # type: ignore[import-untyped]

from kesos_sim import i18n
from kesos_sim.data.catalogue import TableInfo, cells, list_tables, show
from kesos_sim.data.parameters import Parameter, parameter_table
from kesos_sim.i18n import numbers
from kesos_sim.i18n.vocabulary import word
from kesos_sim.reports.description.parameters import parameter_tables
from kesos_sim.reports.description.versions import versions
from kesos_sim.reports.html_table import scrolling, table_html
from kesos_sim.workbench.forms import note
from kesos_sim.workbench.look import own_keys, style

__all__ = ["SourceBrowser", "parameters_found", "tables_found"]

_WIDE: Final = widgets.Layout(width="auto")
_ROWS: Final = 20
_FEW: Final = 2


def parameters_found(text: str) -> list[Parameter]:
    """Find parameters by words in name, source or note, in either language.

    Parameters
    ----------
    text : str
        Words that must all be there; none finds every parameter.

    Returns
    -------
    list of Parameter
        In alphabetical order.
    """
    return [
        row
        for row in parameter_table().values()
        if _has(text, row.id, row.source, row.source_id, row.note, row.note_id)
    ]


def tables_found(text: str) -> list[TableInfo]:
    """Find tables by words in name, title, origin or what they are used for.

    Parameters
    ----------
    text : str
        Words that must all be there; none finds every table.

    Returns
    -------
    list of TableInfo
        In the order of the registry.
    """
    return [
        info
        for info in list_tables()
        if _has(
            text,
            info.name,
            *(column.name for column in info.meta.columns),
            *(
                said
                for texts in (info.meta.title, info.meta.origin, info.meta.used_for)
                for said in texts.values()
            ),
        )
    ]


def _has(text: str, *places: str) -> bool:
    inside = " ".join(places).casefold()
    return all(part in inside for part in text.casefold().split())


class SourceBrowser:
    """Search the parameters of the model and the tables it is made from.

    Parameters
    ----------
    bahasa : {"id", "en"}
        Language of the words.
    text : str
        Search at the start.

    Attributes
    ----------
    search : ipywidgets.Text
        The search.
    tables : ipywidgets.Select
        The tables that it finds; choosing one shows its rows.
    view : ipywidgets.Box
        Everything together.

    Examples
    --------
    >>> browser = SourceBrowser("en", "jimpitan")
    >>> "jimpitan" in browser.parameters.value
    True
    >>> browser.search.value = "nothing of that name"
    >>> len(browser.tables.options)
    0
    """

    def __init__(self, bahasa: str = "id", text: str = "") -> None:
        self.lang = bahasa
        self.search = widgets.Text(
            description=i18n.text("planner.search_source", bahasa),
            placeholder=i18n.text("planner.search_example", bahasa),
            value=text,
            layout=_WIDE,
        )
        self.tables = widgets.Select(
            description=i18n.text("planner.tables", bahasa), rows=6, layout=_WIDE
        )
        self.found, self.parameters, self.table = (widgets.HTML() for _ in range(3))
        self.view = widgets.VBox(
            [
                style("planner.css"),
                own_keys(),
                self.search,
                self.found,
                self.parameters,
                self.tables,
                self.table,
                widgets.HTML(note(versions(bahasa), bahasa, "quiet provenance")),
            ]
        )
        for name in ("kesos", "kesos-form", "kesos-sources"):
            self.view.add_class(name)
        self._listing = False
        self.search.observe(lambda _: self._list(), "value")
        self.tables.observe(lambda change: self._pick(change["new"]), "value")
        self._list()

    def _list(self) -> None:
        """Show what the search finds."""
        rows, infos = parameters_found(self.search.value), tables_found(self.search.value)
        words = i18n.text(
            "planner.sources_found",
            self.lang,
            parameters=numbers.number(len(rows), self.lang),
            tables=numbers.number(len(infos), self.lang),
        )
        self.found.value = note(words, self.lang, "note", "status")
        listed = parameter_tables(self.lang, {row.id for row in rows})
        opened = " open" if len(listed) <= _FEW else ""
        self.parameters.value = (
            f'<section class="tables" lang="{self.lang}">'
            + "".join(
                f"<details{opened}><summary>{escape(table.title)}</summary>{table_html(table)}</details>"
                for table in listed
            )
            + "</section>"
        )
        self._listing = True
        self.tables.options = [
            (f"{one.meta.title[self.lang]} ({one.name})", one.name) for one in infos
        ]
        self.tables.value = None
        self._listing = False
        self.table.value = ""

    def _pick(self, name: str | None) -> None:
        """Show a table: what it is, how good it is, its first rows."""
        if self._listing or name is None:
            return
        info = next(one for one in list_tables() if one.name == name)
        meta, lang = info.meta, self.lang
        quality = ", ".join(
            f"{word('quality', kind, lang)} {numbers.number(count, lang)}"
            for kind, count in sorted(info.quality.items())
        )
        facts = [
            ("origin", meta.origin[lang]),
            ("coverage", meta.coverage[lang]),
            ("used_for", meta.used_for[lang]),
            ("rows", numbers.number(info.rows, lang)),
            ("quality", quality),
        ]
        rows = "".join(
            f"<dt>{escape(i18n.text(f'planner.table_{key}', lang))}</dt><dd>{escape(words)}</dd>"
            for key, words in facts
            if words
        )
        head = "".join(
            f'<th scope="col">{escape(column.name)}'
            + (f" ({escape(word('unit', column.unit, lang))})" if column.unit else "")
            + "</th>"
            for column in meta.columns
        )
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in cells(show(name, limit=_ROWS))
        )
        title = escape(meta.title[lang])
        whole = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        first = escape(
            i18n.text("planner.first_rows", lang, count=min(_ROWS, info.rows), name=name)
        )
        self.table.value = (
            f'<section lang="{lang}"><h4>{title}</h4><dl>{rows}</dl><p class="quiet">{first}</p>'
            f"{scrolling(meta.title[lang], whole)}</section>"
        )

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Show the browser in a notebook."""
        return self.view._repr_mimebundle_(**options)
