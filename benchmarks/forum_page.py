"""How soon a moved lever shows in the charts of the forum's attendee page, on a slow device.

Run as ``python -m benchmarks.forum_page``. The browser's processor is slowed down as the tools of
Chromium do it; the clock runs from the event of the slider until the frame after the one in which
the page was painted, so that one frame of waiting is in every figure.
"""

from __future__ import annotations

import json
import shutil
import statistics
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.figures import Figure
from kesos_sim.forum.static_copy import static_copy

__all__ = ["lever_to_chart", "main"]

_SLOWDOWN: Final = 4
_MOVES: Final = 100
_MEDIAN_MS: Final = 100.0
_P95_MS: Final = 300.0
_SIZES: Final = {"phone": (390, 844), "laptop": (1280, 800)}
_MOVE: Final = """async (moves) => {
  const frame = () => new Promise(requestAnimationFrame);
  const slider = document.querySelector('.kf-card[open] input[type=range]');
  // Above the room in the budget the answer stays; the card always says the new share.
  const shown = () => document.querySelector('.kf-card[open] .kf-card-state').textContent
    + document.querySelector('.kf-strip').textContent
    + [...document.querySelectorAll('.kf-aside .kf-chart path')].map((p) => p.getAttribute('d'));
  const times = [];
  let last = shown();
  for (let move = 0; move < moves; move += 1) {
    // Steps that no earlier move has answered, so that nothing comes from memory.
    slider.value = String(2 + ((move * 37) % 130) / 10);
    await frame();
    const start = performance.now();
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await frame();
    await frame();
    times.push(performance.now() - start);
    if (shown() === last) throw new Error(`move ${move} changed nothing`);
    last = shown();
  }
  return times;
}"""


def lever_to_chart(moves: int = _MOVES, slowdown: float = _SLOWDOWN) -> list[Figure]:
    """Measure on a phone (headline number) and on a laptop (sentences and charts beside).

    Parameters
    ----------
    moves : int
        How often the lever is moved.
    slowdown : float
        How many times slower than this machine.

    Returns
    -------
    list of Figure
        Median and 95th percentile for each size, milliseconds.
    """
    from playwright.sync_api import sync_playwright

    found: list[Figure] = []
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        copy = Path(folder) / "forum.html"
        copy.write_text(static_copy(), encoding="utf-8")
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (width, height) in _SIZES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(copy.as_uri())
            page.locator(".kf-tool").first.click()
            page.locator(".kf-menu-item").nth(5).click()
            page.locator(".kf-card[open] input[type=range]").first.wait_for()
            tools = page.context.new_cdp_session(page)
            tools.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
            times: list[float] = page.evaluate(_MOVE, moves)
            times.sort()
            found += [
                _figure(f"forum_lever_{name}_median", statistics.median(times), times, _MEDIAN_MS),
                _figure(f"forum_lever_{name}_p95", times[int(0.95 * len(times))], times, _P95_MS),
            ]
            page.close()
        browser.close()
    return found


def _figure(name: str, value: float, times: list[float], threshold: float) -> Figure:
    return Figure(name, value, "ms", best=times[0], bound="most", threshold=threshold)


def main() -> int:
    """Print the figures as JSON lines; 1 if one of them is too large."""
    figures = lever_to_chart()
    for figure in figures:
        print(json.dumps(figure.record() | {"slowdown": _SLOWDOWN, "moves": _MOVES}))
    return int(not all(figure.ok for figure in figures))


if __name__ == "__main__":
    raise SystemExit(main())
