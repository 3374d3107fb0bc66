"""Settings of the documentation site; ``make docs`` builds it, with nothing from elsewhere."""

from __future__ import annotations

import os
from typing import Any

os.environ["NUMBA_DISABLE_JIT"] = "1"  # so that compiled steps keep their docstrings

from kesos_sim import __version__

project = "kesos-sim"
author = "kesos-sim"
release = version = __version__
language = "en"
root_doc = "docs/index"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
html_theme = "furo"
html_title = f"kesos-sim {release}"
html_extra_path = ["extra"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_theme_options = {"footer_icons": [], "top_of_page_buttons": []}
default_role = "literal"
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]
# Types of docstrings are words ("rupiah per month"), some of which are names of several things.
suppress_warnings = ["ref.python"]
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_param = False
napoleon_use_rtype = False
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
toc_object_entries = False  # thousands of lines beside every page
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88


def _say_language(
    app: Any, page: str, template: str, context: dict[str, Any], document: Any
) -> None:
    """Mark pages in Bahasa Indonesia as such, for screen readers and hyphenation."""
    del app, template, document
    if page.endswith(".id") or page == root_doc:
        context["language"] = "id"


def setup(app: Any) -> None:
    """Register what Sphinx has no setting for."""
    app.connect("html-page-context", _say_language)
