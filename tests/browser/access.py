"""What axe finds wrong with a page: names, contrast, roles, order of headings."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parent / "axe" / "axe.min.js"
RUN = """part => axe.run(part ? { include: [[part]] } : document, {
  preload: false,  // style sheets are in the page already
  resultTypes: ['violations'],
})"""


def problems(page: Page, part: str = "") -> list[str]:
    """Every rule that is broken, with the element; of one part of the page if that is named."""
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=AXE)
    return [
        f"{problem['id']}: {node['html'][:200]}"
        for problem in page.evaluate(RUN, part)["violations"]
        for node in problem["nodes"]
    ]
