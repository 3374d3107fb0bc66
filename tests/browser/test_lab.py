"""The planner's notebook in a real JupyterLab, by keyboard and mouse, light and dark."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import nbformat
import numpy as np
import openpyxl
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from kesos_sim.data.own import template
from kesos_sim.scenario import load_scenario
from kesos_sim.workbench.start_page import FOLDERS
from tests.reports.office.conftest import office_program, pages_of

from .access import problems
from .conftest import ROOT, chromium, compiled

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LAPTOP = {"width": 1280, "height": 900}
SMALL = 'region = "34"\nhouseholds = 2000\nmonths = 36\ndraws = 1'
START_SECONDS = 90.0
PATIENCE = 120_000
expect.set_options(timeout=30_000)
SMALLEST_TARGET = 44.0
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S*token=\w+")


FAMILY = "keluarga_dan_sumber.ipynb"
PARTS = {
    "14_keluarga.ipynb": ("parameters", "load", "changes", "ikuti-keluarga"),
    "00_mulai.ipynb": ("peramban-sumber",),
}
EDITOR = "penyunting.ipynb"
EDITOR_PARTS = {"09_skenario.ipynb": ("c02", "c03", "c05", "c06")}
"""Cells of notebooks that take longer as a whole."""


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab."""

    root: Path
    address: str
    base: str
    token: str

    def page_of(self, notebook: str) -> str:
        """Return the address of a notebook in a workspace of its own."""
        own = Path(notebook).stem
        return f"{self.base}/lab/workspaces/{own}/tree/{notebook}?token={self.token}"

    def sessions(self) -> list[dict[str, Any]]:
        """Return the notebooks that have a kernel."""
        address = f"{self.base}/api/sessions?token={self.token}"
        with urlopen(address, timeout=10) as answer:  # noqa: S310 (loopback)
            found: list[dict[str, Any]] = json.load(answer)
        return found

    def wait_for_kernel(self, name: str) -> None:
        """Wait until the kernel of a notebook is connected; before, JupyterLab runs nothing."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            kernels = [one["kernel"] for one in self.sessions() if one["path"].endswith(name)]
            if any(one["connections"] and one["execution_state"] == "idle" for one in kernels):
                return
            time.sleep(0.5)
        pytest.fail(f"no kernel for {name}")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Start `kesos lab` in a folder of its own, with a small world in the notebook."""
    chromium()
    compiled()
    root = tmp_path_factory.mktemp("lab")
    work = root / "kesos"
    shutil.copytree(ROOT / "scenarios", work / "scenarios")
    shutil.copytree(ROOT / "notebooks" / "forum", work / "notebooks" / "forum")
    path = work / "notebooks" / "perencana" / "09_skenario.ipynb"
    path.parent.mkdir(parents=True)
    notebook = nbformat.read(ROOT / "notebooks" / "perencana" / path.name, as_version=4)
    (place,) = (
        i for i, c in enumerate(notebook.cells) if "parameters" in c.metadata.get("tags", [])
    )
    notebook.cells.insert(place + 1, nbformat.v4.new_code_cell(SMALL))
    nbformat.write(notebook, path)
    _write_parts(path.with_name(FAMILY), PARTS)
    _write_parts(path.with_name(EDITOR), EDITOR_PARTS)
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "KESOS_STORE")
    own = {name: str(root / name.lower()) for name in names}
    own["KESOS_FORUM_STORE"] = f"sqlite:///{root / 'forum.sqlite'}"
    # Machines that test often do so as root, which Jupyter refuses unless its owner allows it.
    settings = root / "jupyter_config_dir" / "jupyter_server_config.json"
    settings.parent.mkdir()
    settings.write_text('{"ServerApp": {"allow_root": true}}', encoding="utf-8")
    start = "from kesos_sim.cli import main; raise SystemExit(main())"
    log = root / "lab.log"
    with log.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(
            [sys.executable, "-c", start, "lab", "--folder", str(work), "--no-browser"],
            stdout=stream,
            stderr=stream,
            env=os.environ | own,
        )
    try:
        address = _address(log, process)
        split = urlsplit(address)
        yield Lab(work, address, f"http://{split.netloc}", address.rpartition("token=")[2])
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _write_parts(path: Path, parts: dict[str, tuple[str, ...]]) -> None:
    """Make a notebook of some cells of others."""
    cells = []
    for name, wanted in parts.items():
        whole = nbformat.read(ROOT / "notebooks" / "perencana" / name, as_version=4)
        known = {cell["id"]: cell for cell in whole.cells}
        cells += [known[one] for one in wanted]
    taken = "from kesos_sim.workbench import SourceBrowser"
    cells.insert(1, nbformat.v4.new_code_cell(f"{SMALL}\n{taken}"))
    whole.cells = cells
    nbformat.write(whole, path)


def _address(log: Path, process: subprocess.Popen[bytes]) -> str:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        found = ADDRESS.search(log.read_text(encoding="utf-8"))
        if found:
            return found[0]
        time.sleep(0.3)
    pytest.fail(f"JupyterLab did not start: {log.read_text(encoding='utf-8')[-3000:]}")


class Visitor:
    """Somebody at the laptop, and every address that the page asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))

    def outside(self) -> list[str]:
        return [
            url
            for url in self.asked
            if urlsplit(url).scheme in {"http", "https", "ws", "wss"}
            and urlsplit(url).hostname != "127.0.0.1"
        ]

    def run_all(self) -> None:
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.locator('.lm-Menu-item[data-command="runmenu:run-all"]').click()

    def darken(self) -> None:
        """Choose the dark theme in the menu."""
        self.page.get_by_role("menuitem", name="Settings", exact=True).click()
        self.page.locator('.lm-Menu-item:has-text("Theme")').first.hover()
        self.page.locator('.lm-Menu-item:has-text("JupyterLab Dark")').first.click()
        self.page.locator("body[data-jp-theme-light='false']").wait_for(state="attached")
        expect(self.page.locator("#jupyterlab-splash")).to_have_count(0)

    def problems(self, part: str = ".kesos") -> list[str]:
        """What axe finds wrong inside what the workbench shows."""
        return problems(self.page, part)


def open_notebook(browser: Browser, lab: Lab, name: str) -> Visitor:
    context = browser.new_context(viewport=LAPTOP)
    visitor = Visitor(context.new_page())
    visitor.page.goto(lab.page_of(name))
    lab.wait_for_kernel(Path(name).name)
    visitor.run_all()
    return visitor


def test_a_planner_sets_a_share_runs_stops_runs_again_and_exports(
    browser: Browser, lab: Lab, tmp_path: Path
) -> None:
    visitor = open_notebook(browser, lab, "notebooks/perencana/09_skenario.ipynb")
    page = visitor.page
    page.locator(".kesos-run").wait_for(timeout=PATIENCE)
    expect(page.get_by_text("Selesai dalam")).to_be_visible(timeout=PATIENCE)
    assert not page.get_by_text("Would you like to").count(), "nobody is asked about news"
    assert "DI Yogyakarta" in page.locator(".kesos-view .headline").first.inner_text()

    search = page.get_by_label("Cari wilayah: ketik sebagian nama atau kode, lalu Enter")
    search.scroll_into_view_if_needed()
    search.fill("bali")
    search.press("Enter")
    expect(page.get_by_text("Terpilih: Bali.")).to_be_visible()
    search.fill("nusa tenggara t")
    found = page.get_by_label("Terpilih (✓) dan yang cocok")
    expect(found).to_contain_text("Nusa Tenggara Timur (provinsi, 53)")
    found.focus()
    cells = page.locator(".jp-Cell").count()
    for key in ("d", "d", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.get_by_text("Terpilih: Nusa Tenggara Timur.")).to_be_visible()
    assert page.locator(".jp-Cell").count() == cells, "keys in a list are no commands of the page"

    page.get_by_label("Cari tuas: ketik sebagian nama atau penjelasannya").fill("porsi apbd")
    setting = page.get_by_label("Setelan (persen)")
    setting.fill("20")
    setting.press("Enter")
    expect(page.locator(".kesos-lever [role=alert]").first).to_contain_text("Di luar batas")
    setting.fill("10")
    setting.press("Tab")
    expect(page.locator(".kesos-lever [role=alert]")).to_have_count(0)
    expect(page.locator(".kesos-editor")).to_contain_text("Porsi APBD untuk penanggulangan")
    assert not visitor.problems()
    for control in (".kesos-form button", ".kesos-form input[type=text]", ".kesos-form select"):
        for one in page.locator(control).all():
            box = one.bounding_box()
            assert box is None or box["height"] >= SMALLEST_TARGET, one.evaluate("e => e.outerHTML")

    _run_stop_run(visitor)
    _export(visitor, lab, tmp_path)

    _dark(visitor)
    page.get_by_label("Bahasa (Language)").select_option(label="English")
    expect(page.get_by_label("Setting (percent)")).to_have_value("10")
    assert not visitor.outside()
    page.context.close()


def _run_stop_run(visitor: Visitor) -> None:
    page = visitor.page
    run, stop = (page.get_by_role("button", name=name) for name in ("Jalankan", "Hentikan"))
    run.click()
    expect(stop).to_be_enabled()
    expect(page.locator(".kesos-run progress")).to_be_visible()
    stop.click()
    expect(page.get_by_text("Perhitungan dihentikan")).to_be_visible(timeout=PATIENCE)
    run.click()
    expect(page.locator(".kesos-view .headline").first).to_contain_text(
        "Nusa Tenggara Timur", timeout=PATIENCE
    )
    page.get_by_label("Grafik").check()
    expect(page.locator(".kesos-view figure").first).to_be_visible(timeout=PATIENCE)
    assert not visitor.problems()


def _export(visitor: Visitor, lab: Lab, scratch: Path) -> None:
    """Save the result as a folder and as DOCX, and open the DOCX in an office program."""
    page, out = visitor.page, lab.root / "notebooks/perencana/out/09_skenario"
    save = page.get_by_role("button", name="Simpan", exact=True)
    save.click()
    expect(page.get_by_text("Hasil lengkap ada di")).to_be_visible(timeout=PATIENCE)
    assert (out / "index.html").is_file()
    page.get_by_label("Bentuk").select_option(label="dokumen DOCX")
    save.click()
    expect(page.get_by_text("Tersimpan: ")).to_be_visible(timeout=PATIENCE)
    profile = (scratch / "office").as_uri()
    program = [office_program(), f"-env:UserInstallation={profile}", "--headless"]
    subprocess.run(
        [*program, "--convert-to", "pdf", "--outdir", str(scratch), str(out / "hasil-53.docx")],
        check=True,
        capture_output=True,
        timeout=PATIENCE / 1000,
    )
    pages = pages_of((scratch / "hasil-53.pdf").read_bytes())
    assert "Lembar hasil" in pages.texts[0] and "Nusa Tenggara Timur" in pages.texts[0]
    assert any("Porsi APBD untuk penanggulangan kemiskinan" in text for text in pages.texts)
    assert all(0.002 < (image < 128).mean() < 0.3 for image in pages.images), "no page is empty"


def _dark(visitor: Visitor) -> None:
    page = visitor.page
    visitor.darken()
    ink = page.locator(".kesos-editor h2").evaluate("e => getComputedStyle(e).color")
    assert min(map(int, re.findall(r"\d+", ink)[:3])) > 180
    picture = page.locator(".kesos-view figure img").first
    shades = np.asarray(Image.open(BytesIO(picture.screenshot())).convert("L"))
    assert np.median(shades) < 60, "charts are dark too"
    assert (shades > 140).mean() > 0.01, "and their words are light"
    page.get_by_label(
        "Cari tuas: ketik sebagian nama atau penjelasannya"
    ).scroll_into_view_if_needed()
    assert not visitor.problems()


@pytest.mark.full
def test_both_pages_of_a_meeting_open_in_their_notebooks(browser: Browser, lab: Lab) -> None:
    """An author sees what attendees and the facilitator see, and one page what the other does."""
    attendee = open_notebook(browser, lab, "notebooks/forum/peserta.ipynb")
    page = attendee.page
    page.locator(".kf h1").wait_for(timeout=PATIENCE)
    page.get_by_label("Jawa Tengah").check()
    page.get_by_label("Dinas Sosial").check()
    page.locator(".kf").get_by_role("button", name="Masuk").click()
    room = open_notebook(browser, lab, "notebooks/forum/fasilitator.ipynb")
    room.page.locator(".kr-stage h2").first.wait_for(timeout=PATIENCE)
    there = room.page.locator(".kr-side-tables li:not(.kr-faint)")
    expect(there).to_have_count(1)
    expect(there).to_contain_text("Jawa Tengah")
    for one in (attendee, room):
        expect(one.page.locator(".jp-OutputArea-output [data-mime-type*=error]")).to_have_count(0)
        assert not one.outside()
        one.page.context.close()


def go_to(page: Page, label: str) -> None:
    """Press Tab until the control with these words has the focus."""
    words = "(document.activeElement.getAttribute('aria-label') || '') + document.activeElement.id"
    for _ in range(40):
        focused = page.locator(":focus")
        if focused.count() and label in (focused.inner_text() + str(page.evaluate(words))):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the key Tab does not reach {label}")


@pytest.mark.full
def test_a_family_is_followed_and_a_source_is_looked_up_by_keyboard(
    browser: Browser, lab: Lab
) -> None:
    visitor = open_notebook(browser, lab, f"notebooks/perencana/{FAMILY}")
    page = visitor.page
    page.locator(".kesos-sources").wait_for(timeout=PATIENCE)
    tops = page.locator(".kesos-family .kesos-buttons button").evaluate_all(
        "all => all.map((one) => Math.round(one.getBoundingClientRect().top))"
    )
    assert len(set(tops)) == 1, "other cells change no form"
    size = page.get_by_label("Jumlah anggota")
    size.focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(size.locator("option:checked")).to_have_text("5\N{EN DASH}6 orang")
    lab.wait_for_kernel(FAMILY)
    go_to(page, "Ikuti keluarga seperti ini")
    page.keyboard.press("Enter")
    who = page.locator(".kesos-family .headline")
    expect(who).to_contain_text(re.compile("[56] anggota"), timeout=PATIENCE)
    first = who.inner_text()
    another = "Ikuti keluarga lain yang serupa"
    expect(page.get_by_role("button", name=another)).to_be_enabled(timeout=PATIENCE)
    go_to(page, another)
    page.keyboard.press("Enter")
    expect(who).not_to_have_text(first, timeout=PATIENCE)
    page.locator(".kesos-family summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".kesos-family details[open] li").first).to_be_visible()

    page.get_by_label("Cari parameter, tabel, atau sumber").fill("garis kemiskinan")
    tables = page.get_by_label("Tabel data; pilih satu untuk melihat isinya")
    expect(tables.locator("option").first).to_be_attached()
    tables.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".kesos-sources .scroll table").last).to_be_visible()
    assert not visitor.problems()
    visitor.darken()
    assert not visitor.problems()
    assert not visitor.outside()
    page.context.close()


NARROWEST = """e => {
  e.style.width = "160px";
  const widths = [...e.querySelectorAll("dl dd")].map(one => one.offsetWidth);
  e.style.width = "";
  return widths.length && Math.min(...widths);
}"""
OUTLINE = "e => [getComputedStyle(e).outlineStyle, parseFloat(getComputedStyle(e).outlineWidth)]"


def test_a_scenario_is_changed_undone_and_saved_by_keys_alone_in_the_dark(
    browser: Browser, lab: Lab
) -> None:
    visitor = open_notebook(browser, lab, f"notebooks/perencana/{EDITOR}")
    page = visitor.page
    page.locator(".kesos-editor").wait_for(timeout=PATIENCE)
    visitor.darken()
    lab.wait_for_kernel(EDITOR)
    page.get_by_label("Cari tuas: ketik sebagian nama atau penjelasannya").focus()
    page.keyboard.type("porsi apbd")
    setting = page.get_by_label("Setelan (persen)")
    expect(setting).to_be_visible()
    assert page.locator(".kesos-editor").evaluate(NARROWEST) >= 120
    reached: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.locator(".kesos-editor :focus")
        if not focused.count():
            break
        style, width = focused.evaluate(OUTLINE)
        assert style == "solid" and width >= 2, focused.evaluate("e => e.outerHTML")
        reached.append(focused.evaluate("e => e.labels?.[0]?.innerText || e.innerText"))
    assert reached[0].startswith("Tuas") and reached[-1] == "Simpan skenario"
    assert reached.index("+ Tambah") < reached.index("Berlaku mulai")

    before = setting.input_value()
    setting.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("7,5")
    page.keyboard.press("Tab")
    expect(setting).to_have_value("7,5")
    undo, redo = (page.get_by_role("button", name=name) for name in ("Batalkan", "Ulangi"))
    expect(undo).to_be_enabled()
    undo.focus()
    page.keyboard.press("Enter")
    expect(setting).to_have_value(before)
    expect(redo).to_be_enabled()
    redo.focus()
    page.keyboard.press("Space")
    expect(setting).to_have_value("7,5")

    page.get_by_label("Nama berkas (.yaml)").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("tujuh-setengah")
    go_to(page, "Simpan skenario")
    page.keyboard.press("Enter")
    kept = lab.root / "notebooks" / "perencana" / "tujuh-setengah.yaml"
    expect(page.locator(".kesos-editor")).to_contain_text("tujuh-setengah.yaml")
    assert load_scenario(kept).levers["apbd_poverty_share"].value == 0.075
    assert not visitor.problems()
    assert not visitor.outside()
    page.context.close()


@pytest.mark.full
def test_own_data_are_checked_and_saved_by_keyboard(browser: Browser, lab: Lab) -> None:
    own = template(3471, lab.root / "notebooks" / "perencana" / "kota.xlsx")
    book = openpyxl.load_workbook(own)
    sheet = book.worksheets[1]
    sheet["D2"] = "banyak"
    book.save(own)
    visitor = open_notebook(browser, lab, "notebooks/perencana/00_mulai.ipynb")
    page = visitor.page
    page.locator(".kesos-import").wait_for(timeout=PATIENCE)
    page.get_by_label("Berkas XLSX dan CSV di folder ini").focus()
    cells = page.locator(".jp-Cell").count()
    page.keyboard.press("k")  # the first letter of its name chooses the file, and is no command
    expect(page.get_by_label("Letak berkas (atau folder berkas CSV)")).to_have_value("kota.xlsx")
    page.get_by_role("button", name="Periksa berkas").press("Enter")
    expect(page.locator(".kesos-import [role=alert]")).to_contain_text("1 hal harus diperbaiki")
    expect(page.locator(".kesos-import tbody tr")).to_contain_text(["D (P0)"])
    saving = page.get_by_role("button", name="Simpan data sendiri")
    expect(saving).to_be_disabled()
    assert not visitor.problems()

    sheet["D2"] = 6.12
    book.save(own)
    source = page.get_by_label("Sumber, bila tidak disebut di berkas")
    source.fill("Bappeda, hitungan uji")
    source.press("Tab")
    page.get_by_role("button", name="Periksa berkas").press("Enter")
    expect(saving).to_be_enabled()
    saving.press("Enter")
    expect(page.locator(".kesos-import pre")).to_have_text("own_data: data-sendiri.yaml")
    folder = lab.root / "notebooks/perencana/out/00_mulai/data-sendiri"
    assert load_scenario(folder / "baseline.yaml").own_data is not None
    assert page.locator(".jp-Cell").count() == cells
    visitor.darken()
    assert not visitor.problems()
    assert not visitor.outside()
    page.context.close()


def test_a_planner_sees_the_tiles_at_once(browser: Browser, lab: Lab) -> None:
    visitor = Visitor(browser.new_context(viewport=LAPTOP).new_page())
    page = visitor.page
    before = {one["id"] for one in lab.sessions()}
    page.goto(lab.address)
    shown = page.locator(".jp-MarkdownViewer")
    tiles = shown.locator("li a")
    tiles.first.wait_for(timeout=PATIENCE)
    there = [path for name in FOLDERS for path in (ROOT / "notebooks" / name).glob("*.ipynb")]
    assert tiles.count() == len(there) > 20
    # Tiles, not lines of a list: several stand beside each other, each with a border.
    boxes = [tile.bounding_box() for tile in tiles.all()]
    rows = {box["y"] for box in boxes if box}
    assert len(rows) <= len(boxes) / 2
    assert all(box and box["height"] >= SMALLEST_TARGET for box in boxes)
    assert tiles.first.evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"
    assert {one["id"] for one in lab.sessions()} == before, "nothing is run to see them"
    assert not visitor.problems(".jp-MarkdownViewer")
    visitor.darken()
    assert not visitor.problems(".jp-MarkdownViewer")
    page.get_by_role("link", name="English", exact=True).click()
    asked = page.get_by_role("link", name=re.compile("What happens with package X"))
    expect(asked).to_be_visible()
    asked.click()
    expect(page.get_by_role("tab", name="09_skenario.ipynb")).to_be_visible(timeout=60_000)
    lab.wait_for_kernel("09_skenario.ipynb")
    assert not visitor.outside()
    page.context.close()
