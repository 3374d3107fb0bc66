"""A panel that runs the scenario of an editor beside the usual one, and can stop."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as widgets  # type: ignore[import-untyped]
import traitlets

from kesos_sim import i18n
from kesos_sim.errors import InputError, KesosError
from kesos_sim.i18n import numbers
from kesos_sim.workbench.answers import compiled
from kesos_sim.workbench.forms import note
from kesos_sim.workbench.job import Job
from kesos_sim.workbench.look import own_keys, style
from kesos_sim.workbench.worlds import compared, worlds_of

if TYPE_CHECKING:
    import pandas as pd

    from kesos_sim.experiments.compare import Comparison
    from kesos_sim.reports.context import ReportContext
    from kesos_sim.workbench.scenario_editor import ScenarioEditor

__all__ = ["RunPanel"]

_STEPS: Final = "runs"


class RunPanel(traitlets.HasTraits):
    """Run the scenario of an editor beside the usual one; stop; run again.

    Parameters
    ----------
    editor : ScenarioEditor
        Whose scenario is run, as it is when the button is pressed.
    baseline : path
        Scenario file without the change; it takes the world of the edited scenario.
    others : sequence of path
        Files of further packages to show beside it.
    draws : int
        Paired draws behind the ranges; 0 for none.
    bahasa : {"id", "en"}
        Language of the words.

    Attributes
    ----------
    result : Comparison or None
        The latest result; observe it: ``panel.observe(function, "result")``.
    start, cancel : ipywidgets.Button
        Run, and stop.
    status : ipywidgets.HTML
        What is being done, or what went wrong.
    view : ipywidgets.Box
        Everything together.

    Examples
    --------
    >>> from kesos_sim.workbench import ScenarioEditor
    >>> editor = ScenarioEditor("scenarios/apbd-10.yaml", "en")
    >>> panel = RunPanel(editor, "scenarios/baseline.yaml", bahasa="en")
    >>> editor.set("households", 7)
    >>> panel.run()  # what the button does
    >>> panel.running, "mended first" in panel.status.value
    (False, True)
    """

    result = traitlets.Any(None, allow_none=True)

    def __init__(
        self,
        editor: ScenarioEditor,
        baseline: str | os.PathLike[str],
        others: Sequence[str | os.PathLike[str]] = (),
        *,
        draws: int = 3,
        bahasa: str = "id",
    ) -> None:
        super().__init__()
        self.editor = editor
        self.baseline = Path(baseline)
        self.others = tuple(Path(path) for path in others)
        self.draws = draws
        self.lang = bahasa
        self._job: Job | None = None
        self._began = 0.0
        self.start, self.cancel = (
            widgets.Button(
                description=i18n.text(f"planner.{key}", bahasa),
                button_style=look,
                layout=widgets.Layout(width="auto"),
            )
            for key, look in (("run", "primary"), ("cancel", ""))
        )
        self.cancel.disabled = True
        self.status = widgets.HTML()
        buttons = widgets.HBox([self.start, self.cancel])
        buttons.add_class("kesos-buttons")
        self.view = widgets.VBox([style("planner.css"), own_keys(), buttons, self.status])
        for name in ("kesos", "kesos-form", "kesos-run"):
            self.view.add_class(name)
        self._say("run_ready")
        self.start.on_click(lambda _: self.run())
        self.cancel.on_click(lambda _: self.stop())

    @property
    def running(self) -> bool:
        """Whether something is being computed."""
        return self._job is not None and self._job.running

    def run(self, *, wait: bool = False) -> None:
        """Begin to compute; say in one sentence why not, if that cannot be.

        Parameters
        ----------
        wait : bool
            Whether to come back only with the result, as for a notebook that runs by itself; the
            buttons do not answer meanwhile.
        """
        if self.running:
            return
        scenario = self.editor.scenario
        if scenario is None:
            self._say("run_problems", "error")
            return
        try:
            usual, packages = worlds_of(scenario, self.baseline, self.others)
        except InputError as error:
            self._write(error.text(self.lang), "error")
            return
        self._enable(running=True)
        self._began = time.monotonic()
        self._progress("targets", 0, 0)
        self._job = Job(
            compared, usual, packages, self.draws, told=self._progress, ended=self._ended
        )
        if wait:
            self.wait()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until nothing is being computed any more.

        Parameters
        ----------
        seconds : float, optional
            Longest time to wait.

        Returns
        -------
        bool
            Whether it has ended.
        """
        return self._job is None or self._job.wait(seconds)

    def stop(self) -> None:
        """Stop what is being computed; the latest result stays."""
        if self._job is not None and self._job.running:
            self._job.stop()
            self._enable(running=False)
            self._say("run_stopped")

    # A panel can be exported and shown like the result it holds

    @property
    def provenance(self) -> dict[str, object]:
        """Versions, hashes, seed and time of the latest result."""
        return self.latest.provenance

    def frame(self, by: str = "province") -> pd.DataFrame:
        """Return the latest result as a tidy frame; see `Comparison.frame`."""
        return self.latest.frame(by)

    def context(self) -> ReportContext:
        """Return what reports have to know beside the numbers."""
        return self.latest.context()

    def export(self, path: str | os.PathLike[str], lang: str = "id") -> Path:
        """Write the latest result to a folder; see `Comparison.export`."""
        return self.latest.export(path, lang)

    @property
    def latest(self) -> Comparison:
        """The latest result; an `InputError` says that there is none yet."""
        if self.result is None:
            raise InputError("KS9011", "planner.no_result")
        found: Comparison = self.result
        return found

    def _ended(self, result: Any, problem: KesosError | str | None) -> None:
        """Show how a computation has ended; called from its thread."""
        self._enable(running=False)
        if isinstance(problem, KesosError):
            self._write(problem.text(self.lang), "error")
        elif problem is not None:
            words = i18n.text("workbench.unexpected", self.lang, kind=problem)
            self._write(words, "error")
        else:
            took = numbers.number(time.monotonic() - self._began, self.lang, 0)
            self._say("run_done", seconds=took)
            self.result = result

    def _progress(self, stage: str, done: int, total: int) -> None:
        """Say how far the computation is; called from its thread."""
        spent = time.monotonic() - self._began
        if stage == _STEPS and 0 < done < total:
            words = i18n.text(
                "workbench.working_steps",
                self.lang,
                done=numbers.number(done, self.lang),
                total=numbers.number(total, self.lang),
                seconds=numbers.number(spent / done * (total - done), self.lang),
            )
        else:
            words = i18n.text(
                "planner.run_stage", self.lang, stage=i18n.text(f"cli.stage.{stage}", self.lang)
            )
            if not compiled():
                words += " " + i18n.text("cli.progress.compiling", self.lang)
        counted = f' value="{done}" max="{total}"' if stage == _STEPS and total else ""
        self.status.value = (
            f'<p role="status" class="working" lang="{self.lang}">{escape(words)}</p>'
            f'<progress aria-hidden="true"{counted}></progress>'
        )

    def _say(self, key: str, kind: str = "note", **fields: str) -> None:
        self._write(i18n.text(f"planner.{key}", self.lang, **fields), kind)

    def _write(self, words: str, kind: str = "note") -> None:
        self.status.value = note(words, self.lang, kind, "alert" if kind == "error" else "status")

    def _enable(self, *, running: bool) -> None:
        self.start.disabled, self.cancel.disabled = running, not running

    def _repr_mimebundle_(self, **options: Any) -> Mapping[str, Any]:
        """Show the panel in a notebook."""
        found: Mapping[str, Any] = self.view._repr_mimebundle_(**options)
        return found
