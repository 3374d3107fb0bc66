"""The page with two levers: what share of the budgets goes to poverty reduction."""

from __future__ import annotations

import logging
import os
import time
from html import escape
from typing import Any, Final

import ipywidgets as widgets  # type: ignore[import-untyped]

from kesos_sim import i18n
from kesos_sim.errors import KesosError
from kesos_sim.i18n import numbers
from kesos_sim.scenario import LEVERS
from kesos_sim.scenario.levers import SHARE_LEVERS
from kesos_sim.workbench.answers import (
    ALL,
    Answers,
    Setting,
    compiled,
    place_of,
    places,
    start_share,
    steps,
)
from kesos_sim.workbench.look import style
from kesos_sim.workbench.telling import first_sentence, told

__all__ = ["TwoLevers"]

_LANGUAGE_NAMES: Final = {"id": "Bahasa Indonesia", "en": "English"}
# Source: the agreement of 2008, point 4: 10% of APBD and APBN for poverty reduction.
_PROPOSED_PERCENT: Final = 10
_WIDE: Final = widgets.Layout(width="auto")

logger = logging.getLogger(__name__)


class TwoLevers:
    """Two sliders, a region and a button; below them what the model answers.

    Parameters
    ----------
    baseline : path
        Scenario file without the change.
    package : path
        Scenario file that moves both levers; month and ramp are taken from it.
    bahasa : {"id", "en"}
        Language at the start; the page can switch.
    households : int
        Simulated households.
    months : int
        Months after the base month.
    draws : int
        Paired draws behind the ranges; 0 for none.

    Attributes
    ----------
    apbd, apbn : ipywidgets.IntSlider
        The levers, percent.
    region, language : ipywidgets.Dropdown
        Choices.
    button : ipywidgets.Button
        Starts the computation.
    status, result : ipywidgets.HTML
        What is being done, and the answer.
    view : ipywidgets.Box
        Everything together.

    Examples
    --------
    >>> page = TwoLevers("scenarios/baseline.yaml", "scenarios/apbd-apbn-10.yaml", "en", draws=0)
    >>> page.apbd.value, page.apbn.value = 5, 0
    >>> print(page.setting.title("en"))
    5% of APBD and 0% of APBN for poverty
    """

    def __init__(
        self,
        baseline: str | os.PathLike[str],
        package: str | os.PathLike[str],
        bahasa: str = "id",
        *,
        households: int = 20_000,
        months: int = 120,
        draws: int = 4,
    ) -> None:
        self.answers = Answers(baseline, package, households, months, draws)
        self.language = widgets.Dropdown(
            options=[(_LANGUAGE_NAMES[lang], lang) for lang in i18n.LANGUAGES],
            value=i18n.known_language(bahasa),
            layout=_WIDE,
        )
        self.region = widgets.Dropdown(options=places(bahasa), value=ALL, layout=_WIDE)
        self.apbd, self.apbn = (_slider(lever) for lever in SHARE_LEVERS)
        self.button = widgets.Button(button_style="primary", layout=_WIDE)
        self.status = widgets.HTML()
        self.result = widgets.HTML()
        self._heading = widgets.HTML()
        self._helps = [widgets.HTML() for _ in SHARE_LEVERS]
        self._shown: Setting | None = None
        self._error: KesosError | str | None = None
        self.view = self._laid_out()
        self._speak()
        self.language.observe(lambda _: self._speak(), "value")
        for control in (self.region, self.apbd, self.apbn):
            control.observe(lambda _: self._moved(), "value")
        self.button.on_click(lambda _: self.compute())

    @property
    def lang(self) -> str:
        """Language that is shown."""
        return str(self.language.value)

    @property
    def setting(self) -> Setting:
        """Where the levers stand."""
        return Setting(str(self.region.value), int(self.apbd.value), int(self.apbn.value))

    def compute(self) -> None:
        """Answer the setting and show the answer, or say in one sentence why there is none."""
        setting = self.setting
        self._enable(on=False)
        began = time.monotonic()
        self._say_working(setting, 0, 0, 0.0)
        try:
            self.answers.compute(
                setting,
                lambda _, done, total: self._say_working(
                    setting, done, total, time.monotonic() - began
                ),
            )
        except KesosError as error:
            self._fail(error)
        except Exception as error:
            logger.exception("the two levers could not be computed")
            self._fail(type(error).__name__)
        else:
            self._shown, self._error = setting, None
            self._tell()
        finally:
            self._enable(on=True)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Show everything in a notebook or on a page."""
        return self.view._repr_mimebundle_(**options)

    def _laid_out(self) -> Any:
        """Put everything in its place."""
        tools = widgets.VBox(
            [
                self.apbd,
                self._helps[0],
                self.apbn,
                self._helps[1],
                self.region,
                self.button,
                self.status,
            ]
        )
        columns = widgets.Box([tools, self.result])
        view = widgets.VBox([style(), self._heading, self.language, columns])
        for box, name in (
            (view, "kesos"),
            (view, "kesos-levers"),
            (self._heading, "kesos-heading"),
            (self.language, "kesos-language"),
            (columns, "kesos-columns"),
            (tools, "kesos-tools"),
            (self.status, "kesos-status"),
            (self.result, "kesos-result"),
        ):
            box.add_class(name)
        return view

    def _speak(self) -> None:
        """Write every word of the page in the language that is chosen."""
        lang = self.lang
        for other in i18n.LANGUAGES:
            self.view.remove_class(f"kesos-lang-{other}")
        self.view.add_class(f"kesos-lang-{lang}")
        self._heading.value = _heading(self.answers, lang)
        self.language.description = _word("language", lang)
        self.region.description = _word("region", lang)
        # New names choose the first region and tell so; nobody has moved anything.
        chosen, error = self.region.value, self._error
        self.region.options = places(lang)
        self.region.value, self._error = chosen, error
        for lever, slider, note in zip(
            SHARE_LEVERS, (self.apbd, self.apbn), self._helps, strict=True
        ):
            slider.description = LEVERS[lever].label(lang)
            share = numbers.percent(start_share(lever), lang)
            lines = (LEVERS[lever].help(lang), i18n.text("workbench.today", lang, share=share))
            note.value = f'<p class="quiet" lang="{lang}">{escape(" ".join(lines))}</p>'
        self.button.description = _word("compute", lang)
        self._tell()

    def _tell(self) -> None:
        """Show the latest answer and what the status is."""
        answer = self.answers.known(self._shown) if self._shown is not None else None
        if answer is not None:
            self.result.value = told(answer, self.lang)
        else:
            words = escape(_word("result_here", self.lang))
            self.result.value = f'<p class="quiet" lang="{self.lang}">{words}</p>'
        if self._error is not None:
            self._say_error(self._error)
        elif answer is None:
            self._say(_word("ready", self.lang))
        elif self._shown != self.setting:
            self._say(_word("moved", self.lang))
        else:
            # The sentence is read out; for the eye it is the heading of the answer.
            heard = f'<span class="unseen">{escape(first_sentence(answer, self.lang))}</span>'
            self._say(_word("done", self.lang), "done", heard)

    def _moved(self) -> None:
        """Say that what is shown is not what the levers say."""
        self._error = None
        self._tell()

    def _fail(self, error: KesosError | str) -> None:
        """Keep the levers, take the old answer away, say what happened."""
        self._shown, self._error = None, error
        self._tell()

    def _say_working(self, setting: Setting, done: int, total: int, seconds: float) -> None:
        """Say how far the computation is, with the time left once it can be known."""
        if done and total:
            left = seconds / done * (total - done)
            words = i18n.text(
                "workbench.working_steps",
                self.lang,
                done=numbers.number(done, self.lang),
                total=numbers.number(total, self.lang),
                seconds=numbers.number(left, self.lang),
            )
        else:
            title, region = setting.title(self.lang), place_of(setting.region, self.lang)
            words = i18n.text("workbench.working", self.lang, title=title, region=region)
            if not compiled():
                words = f"{words} {i18n.text('cli.progress.compiling', self.lang)}"
        bar = f'<progress aria-hidden="true" value="{done}" max="{max(total, 1)}"></progress>'
        self._say(words, "working", after=bar)

    def _say_error(self, error: KesosError | str) -> None:
        if isinstance(error, KesosError):
            self._say(error.text(self.lang), "error")
        else:
            self._say(i18n.text("workbench.unexpected", self.lang, kind=error), "error")

    def _say(self, words: str, kind: str = "note", heard: str = "", after: str = "") -> None:
        """Write the status."""
        sign = "⚠ " if kind == "error" else ""
        self.status.value = (
            f'<p class="{kind}" lang="{self.lang}">{sign}{escape(words)} {heard}</p>{after}'
        )

    def _enable(self, *, on: bool) -> None:
        """Let the levers be moved, or not while the model runs."""
        for control in (self.button, self.region, self.apbd, self.apbn, self.language):
            control.disabled = not on


def _slider(lever: str) -> Any:
    """Return a slider in whole percent."""
    low, high = steps(lever)
    slider = widgets.IntSlider(
        value=_PROPOSED_PERCENT,
        min=low,
        max=high,
        step=1,
        continuous_update=False,
        layout=_WIDE,
    )
    slider.add_class("kesos-percent")
    return slider


def _heading(answers: Answers, lang: str) -> str:
    """Return title and introduction."""
    intro = i18n.text(
        "workbench.page_intro",
        lang,
        households=numbers.number(answers.households, lang),
        months=numbers.number(answers.months, lang),
    )
    notes = [i18n.text("reports.statement", lang)]
    if answers.whole is not None:
        households, draws = answers.whole
        counts = {
            "households": answers.households,
            "draws": answers.draws,
            "all_households": households,
            "all_draws": draws,
        }
        written = {name: numbers.number(count, lang) for name, count in counts.items()}
        notes.append(i18n.text("workbench.fewer", lang, **written))
    return (
        f'<div lang="{lang}"><h1>{escape(_word("page_title", lang))}</h1>'
        f'<p>{escape(intro)}</p><p class="quiet">{escape(" ".join(notes))}</p></div>'
    )


def _word(key: str, lang: str) -> str:
    return i18n.text(f"workbench.{key}", lang)
