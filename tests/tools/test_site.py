"""The site of the documents: built strictly, links lead somewhere, nothing comes from outside."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tools.reference import pages

ROOT = Path(__file__).parents[2]
LOADS = {"src", "srcset", "poster", "data"}
OUTSIDE_IN_STYLES = re.compile(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//", re.IGNORECASE)
BUILD = "import sys; from pathlib import Path; from tools.site import build; "


class Page(HTMLParser):
    """What one page links to, what it loads, and the places in it."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.places: set[str] = set()
        self.language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.places |= {found[name] for name in ("id", "name") if name in found}
        if tag == "html":
            self.language = found.get("lang", "")
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        if tag == "link" and found.get("rel") not in {"index", "search", "next", "prev"}:
            self.loads.append(found["href"])
        self.loads += [found[name] for name in LOADS if found.get(name)]


def read(path: Path) -> Page:
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def built(target: Path, *, whole: bool) -> Path:
    """Build in a process of its own, because compiled steps are left uncompiled for it."""
    done = subprocess.run(
        [sys.executable, "-c", f"{BUILD}sys.exit(build(Path({str(target)!r}), whole={whole}))"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=1500,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-5000:]
    return target


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("site"), whole=False)


def broken(site: Path) -> Iterator[str]:
    """Links to files or places that are not there."""
    known = {path: read(path) for path in site.rglob("*.html")}
    for path, page in known.items():
        for link in page.links + page.loads:
            split = urlsplit(link)
            if split.scheme or link.startswith("//"):
                continue
            target = path if not split.path else (path.parent / unquote(split.path)).resolve()
            place = unquote(split.fragment)
            if not target.is_file():
                yield f"{path.relative_to(site)}: {link}"
            elif place and target in known and place not in known[target].places:
                yield f"{path.relative_to(site)}: no place {link}"


def from_outside(site: Path) -> Iterator[str]:
    """What pages and their styles would load from elsewhere."""
    for path in site.rglob("*.html"):
        for load in read(path).loads:
            if urlsplit(load).scheme not in {"", "data"} or load.startswith("//"):
                yield f"{path.relative_to(site)}: {load}"
    for path in [*site.rglob("*.css"), *site.rglob("*.html"), *site.rglob("*.svg")]:
        text = path.read_text(encoding="utf-8")
        if OUTSIDE_IN_STYLES.search(text):
            yield f"{path.relative_to(site)}: a style"


@pytest.mark.full
def test_pages_are_whole_and_load_nothing_from_outside(site: Path) -> None:
    assert not list(broken(site))
    assert not list(from_outside(site))


@pytest.mark.full
def test_every_document_is_a_page_and_says_its_language(site: Path) -> None:
    for path in [ROOT / "README.md", ROOT / "README.id.md", *(ROOT / "docs").rglob("*.md")]:
        html = site / path.relative_to(ROOT).with_suffix(".html")
        page = read(html)
        indonesian = path.stem.endswith(".id") or path == ROOT / "docs" / "index.md"
        assert page.language == ("id" if indonesian else "en")
    assert "docs/index.html" in (site / "index.html").read_text("utf-8")


@pytest.mark.full
def test_docstrings_gallery_and_licences_are_there(site: Path) -> None:
    shown = (site / "docs" / "api" / "model.html").read_text("utf-8")
    assert "One month, stage by stage" in shown and "opening + revenue" in shown
    front = (site / "docs" / "api" / "index.html").read_text("utf-8")
    assert "Examples" in front and front.count('class="gp"') > 20
    gallery = read(site / "docs" / "gallery" / "GALLERY.id.html")
    assert len([load for load in gallery.loads if load.endswith(".svg")]) >= 4
    assert "numpy" in (site / "docs" / "LICENCES.html").read_text("utf-8")


def test_the_checks_find_what_they_are_for(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<html><a href="no.html">x</a><a href="#nowhere">y</a><img src="//cdn.example/x.png">'
        '<script src="https://cdn.example/x.js"></script><style>@import "//x.example";</style>',
        "utf-8",
    )
    assert len(list(broken(tmp_path))) == 2
    assert len(list(from_outside(tmp_path))) == 3


def test_every_module_is_in_the_reference() -> None:
    text = "\n".join(pages().values())
    named = set(re.findall(r"^\.\. automodule:: (\S+)$", text, re.MULTILINE))
    sources = (ROOT / "src").rglob("*.py")
    dotted = {".".join(path.relative_to(ROOT / "src").with_suffix("").parts) for path in sources}
    assert named == {
        name.removesuffix(".__init__") for name in dotted if not name.endswith("__main__")
    }


@pytest.mark.full
def test_the_whole_site(tmp_path: Path) -> None:
    whole = built(tmp_path / "site", whole=True)
    assert not list(broken(whole))
    assert not list(from_outside(whole))
    assert len(list((whole / "_images").glob("comparison-*.svg"))) >= 6
