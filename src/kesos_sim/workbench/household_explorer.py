"""A family like this one, followed for years without and with a package."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import ipywidgets as widgets  # type: ignore[import-untyped]

from kesos_sim import i18n
from kesos_sim.errors import InputError, KesosError
from kesos_sim.experiments.sights import pair_of
from kesos_sim.i18n import numbers
from kesos_sim.workbench.family_story import Lives, lives_of, told
from kesos_sim.workbench.forms import note
from kesos_sim.workbench.job import Job
from kesos_sim.workbench.look import own_keys, style
from kesos_sim.workbench.worlds import worlds_of

if TYPE_CHECKING:
    from kesos_sim.experiments.family_traits import Wanted
    from kesos_sim.workbench.scenario_editor import ScenarioEditor

__all__ = ["HouseholdExplorer"]

_WIDE: Final = widgets.Layout(width="auto")
_ANY: Final = "any"
_KINDS: Final = ("small_children", "school_children", "elderly", "disabled", "pregnant")
_SIZES: Final = {"any": (1, 15), "1_2": (1, 2), "3_4": (3, 4), "5_6": (5, 6), "7_": (7, 15)}
_PLACES: Final = ("listed", "poor", "rural")


class HouseholdExplorer:
    """Pick what a family is like; see what ten years bring it without and with the package.

    Parameters
    ----------
    editor : ScenarioEditor
        Whose scenario is the package.
    baseline : path
        Scenario file without the change.
    bahasa : {"id", "en"}
        Language of the words.

    Attributes
    ----------
    size, members, listed, poor, rural : ipywidgets.Widget
        What the family is like.
    start, another, cancel : ipywidgets.Button
        Follow it; follow another one that is alike; stop.
    found : Lives or None
        The latest family.
    view : ipywidgets.Box
        Everything together.

    Examples
    --------
    >>> from kesos_sim.workbench import ScenarioEditor
    >>> editor = ScenarioEditor("scenarios/apbd-10.yaml", "en")
    >>> explorer = HouseholdExplorer(editor, "scenarios/baseline.yaml", "en")
    >>> explorer.poor.value, explorer.listed.value = "yes", "no"
    >>> explorer.wanted.poor, explorer.wanted.listed, explorer.wanted.rural
    (True, False, None)
    """

    def __init__(
        self, editor: ScenarioEditor, baseline: str | os.PathLike[str], bahasa: str = "id"
    ) -> None:
        self.editor = editor
        self.baseline = Path(baseline)
        self.lang = bahasa
        self.found: Lives | None = None
        self._job: Job | None = None
        self._which = 0
        self.size = self._list("size", _SIZES)
        self.members = {kind: self._list(f"has_{kind}", ("any", "yes", "no")) for kind in _KINDS}
        self.listed, self.poor, self.rural = (
            self._list(f"is_{name}", ("any", "yes", "no")) for name in _PLACES
        )
        self.start, self.another, self.cancel = (
            widgets.Button(
                description=i18n.text(f"planner.{key}", bahasa), button_style=look, layout=_WIDE
            )
            for key, look in (("follow", "primary"), ("another", ""), ("cancel", ""))
        )
        self.status, self.content = widgets.HTML(), widgets.HTML()
        self.start.on_click(lambda _: self.follow())
        self.another.on_click(lambda _: self.follow(self._which + 1))
        self.cancel.on_click(lambda _: self.stop())
        traits = widgets.VBox(
            [self.size, *self.members.values(), self.listed, self.poor, self.rural]
        )
        traits.add_class("kesos-traits")
        buttons = widgets.HBox([self.start, self.another, self.cancel])
        buttons.add_class("kesos-buttons")
        self.view = widgets.VBox(
            [style("planner.css"), own_keys(), traits, buttons, self.status, self.content]
        )
        for name in ("kesos", "kesos-form", "kesos-family"):
            self.view.add_class(name)
        self._enable(running=False)
        self._say("family_ready")

    @property
    def wanted(self) -> Wanted:
        """What the family is to be like."""
        from kesos_sim.experiments.family_traits import Wanted

        fewest, most = _SIZES[self.size.value]
        answer = {"any": None, "yes": True, "no": False}
        members = {
            kind: control.value == "yes"
            for kind, control in self.members.items()
            if control.value != _ANY
        }
        return Wanted(
            fewest,
            most,
            members,
            rural=answer[self.rural.value],
            listed=answer[self.listed.value],
            poor=answer[self.poor.value],
        )

    def follow(self, which: int = 0) -> None:
        """Find a family and follow it, or say in one sentence why that cannot be.

        Parameters
        ----------
        which : int
            Which of the families that are alike.
        """
        if self._job is not None and self._job.running:
            return
        scenario = self.editor.scenario
        if scenario is None:
            self._say("run_problems", "error")
            return
        try:
            usual, (package, *_) = worlds_of(scenario, self.baseline)
            # Three lives beside each other can be read; that without package and without any
            # effect of coordination is the one left out.
            without, own, *idle = pair_of(usual, package)
        except InputError as error:
            self._write(error.text(self.lang), "error")
            return
        self._which = which
        self._enable(running=True)
        self._job = Job(
            lives_of,
            (without, own, *idle[1:]),
            self.wanted,
            which,
            told=self._progress,
            ended=self._ended,
        )

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until nothing is being computed; see `Job.wait`."""
        return self._job is None or self._job.wait(seconds)

    def stop(self) -> None:
        """Stop what is being computed."""
        if self._job is not None and self._job.running:
            self._job.stop()
            self._enable(running=False)
            self._say("run_stopped")

    def _ended(self, result: Any, problem: KesosError | str | None) -> None:
        if isinstance(problem, KesosError):
            self._write(problem.text(self.lang), "error")
        elif problem is not None:
            words = i18n.text("workbench.unexpected", self.lang, kind=problem)
            self._write(words, "error")
        else:
            self.found = result
            self._say(
                "family_found",
                alike=numbers.number(result.alike, self.lang),
                real=numbers.short(result.stands_for, self.lang, 2),
            )
            self.content.value = told(result, self.lang)
        self._enable(running=False)

    def _progress(self, stage: str, done: int, total: int) -> None:
        words = i18n.text(
            "planner.run_stage", self.lang, stage=i18n.text(f"cli.stage.{stage}", self.lang)
        )
        counted = f' value="{done}" max="{total}"' if done else ""
        self.status.value = (
            f"{note(words, self.lang, 'working', 'status')}"
            f'<progress aria-hidden="true"{counted}></progress>'
        )

    def _list(self, key: str, options: Any) -> Any:
        return widgets.Dropdown(
            description=i18n.text(f"planner.family_{key}", self.lang),
            options=[
                (
                    i18n.text(f"planner.family_{'size_' if key == 'size' else ''}{one}", self.lang),
                    one,
                )
                for one in options
            ],
            layout=_WIDE,
        )

    def _say(self, key: str, kind: str = "note", **fields: str) -> None:
        self._write(i18n.text(f"planner.{key}", self.lang, **fields), kind)

    def _write(self, words: str, kind: str = "note") -> None:
        self.status.value = note(words, self.lang, kind, "alert" if kind == "error" else "status")

    def _enable(self, *, running: bool) -> None:
        self.start.disabled, self.cancel.disabled = running, not running
        self.another.disabled = running or self.found is None

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Show the explorer in a notebook."""
        return self.view._repr_mimebundle_(**options)
