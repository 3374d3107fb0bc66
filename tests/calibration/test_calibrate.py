"""Calibration: planted truths come back, sealed figures are never read, what is known is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kesos_sim.calibration import lives as module
from kesos_sim.calibration.calibrate import FREE, Calibration, calibrate
from kesos_sim.calibration.figures import Figure
from kesos_sim.calibration.scored import LOG
from kesos_sim.calibration.sealing import SEALED_YEARS, is_sealed
from kesos_sim.calibration.words import calibration_table
from kesos_sim.data.parameters import parameter_table
from kesos_sim.errors import InputError
from kesos_sim.experiments.executors import Serial
from kesos_sim.experiments.store import Store
from kesos_sim.reports.provenance import Provenance
from kesos_sim.scenario import Scenario

NAMES = FREE[:3]
TRUTH = {NAMES[0]: 0.7, NAMES[1]: 0.3, NAMES[2]: 0.5}
CODES = tuple(f"{code:02d}" for code in range(11, 51))


def share(scenario: Scenario, name: str) -> float:
    row = parameter_table()[name]
    return (scenario.parameter(name) - row.low) / (row.high - row.low)


def figures(places: dict[str, float], published: dict[str, float] | None = None) -> list[Figure]:
    """Undercoverage of forty provinces: it follows two parameters, and not the third."""
    found = []
    for number, code in enumerate(CODES):
        tilt = number / len(CODES)
        value = 40.0 + 20.0 * (tilt * places[NAMES[0]] + (1.0 - tilt) * places[NAMES[1]])
        told = value if published is None else published[code]
        found.append(Figure("targeting", "province", code, "undercoverage", ("pkh",), told, value,
                            "percent", "official", "scored", f"table:{code}"))  # fmt: skip
    return found


PUBLISHED = {figure.code: figure.modelled for figure in figures(TRUTH)}


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> list[Scenario]:
    """Let lives answer by a formula; the list tells which were lived."""
    lived: list[Scenario] = []

    def live(scenario: Scenario) -> module._Life:
        lived.append(scenario)
        places = {name: share(scenario, name) for name in NAMES}
        return module._Life(figures(places, PUBLISHED), 0.0)

    monkeypatch.setattr(module, "_lived", live)
    return lived


def found(scenario: Scenario, **how: Any) -> Calibration:
    return calibrate(scenario, NAMES, 24, Serial(), draws=800, **how)


def test_a_planted_truth_comes_back(small: Scenario, answered: list[Scenario]) -> None:
    result = found(small)
    for name in NAMES[:2]:
        row = parameter_table()[name]
        truth = row.low + TRUTH[name] * (row.high - row.low)
        (own,) = (one for one in result.rows() if one["parameter"] == name)
        assert own["from"] <= truth <= own["to"]
        assert own["narrower"] < 0.6
    assert result.narrower[NAMES[2]] == pytest.approx(1.0, abs=0.1)
    assert result.error_after < 0.1 < result.error_before
    assert result.sealed_after < 0.1 < result.sealed_before
    assert result.plausible < 1.0 and result.within == 1.0
    assert f" {result.lives} draws" in Provenance(**result.provenance).line("en")  # type: ignore[arg-type]
    for lang, silent in (("id", "hampir tidak mengatakan apa pun"), ("en", "next to nothing")):
        assert any(silent in sentence for sentence in result.sentences(lang))
        assert len(calibration_table(result, lang).rows) == len(NAMES)


def test_sealed_figures_are_some_and_never_fitted(
    small: Scenario, answered: list[Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is published of them may be anything: the posterior is the same to the bit."""
    sealed = [figure.code for figure in figures(TRUTH) if is_sealed(figure)]
    assert 4 <= len(sealed) <= 16
    before = found(small)
    assert not {figure.code for figure in before.figures} & set(sealed)
    for code in sealed:
        monkeypatch.setitem(PUBLISHED, code, 5.0)
    after = found(small)
    np.testing.assert_array_equal(before.drawn, after.drawn)
    assert after.sealed_after > 5.0
    assert any("worse" in sentence for sentence in replace(
        after, sealed_before=0.1).sentences("en"))  # fmt: skip


def test_last_years_of_paths_are_sealed_everywhere() -> None:
    def path(code: str, year: int) -> Figure:
        return Figure("path", "province", code, "gini_path", (2015, year), 0.3, 0.3, "index",
                      "official", "scored", "inequality_province:gini")  # fmt: skip

    assert all(is_sealed(path(code, year)) for code in CODES for year in SEALED_YEARS)
    open_years = {code: {is_sealed(path(code, year)) for year in (2016, 2019)} for code in CODES}
    assert all(len(found) == 1 for found in open_years.values())
    assert 4 <= sum(True in found for found in open_years.values()) <= 16


def test_what_the_model_never_shows_is_its_own_error(
    small: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One measure is missed by 30 points everywhere: it neither rules out all nor pulls."""

    def live(scenario: Scenario) -> module._Life:
        places = {name: share(scenario, name) for name in NAMES}
        told = figures(places, PUBLISHED)
        # It would pull the first parameter to the end of its range.
        missed = [
            replace(one, measure="leakage", published=80.0, modelled=50.0 + 2.0 * places[NAMES[0]])
            for one in told
        ]
        return module._Life(told + missed, 0.0)

    monkeypatch.setattr(module, "_lived", live)
    result = found(small)
    assert result.plausible > 0.0 and result.lives == 36
    (own,) = (one for one in result.rows() if one["parameter"] == NAMES[0])
    row = parameter_table()[NAMES[0]]
    assert own["from"] <= row.low + TRUTH[NAMES[0]] * (row.high - row.low) <= own["to"]


def test_a_second_wave_covers_what_is_not_ruled_out(
    small: Scenario, answered: list[Scenario]
) -> None:
    """All of it lies near the truth, where two parameters are told and the third is not."""
    result = found(small)
    assert result.lives == 36
    second = answered[25:37]
    for name in NAMES[:2]:
        assert np.mean([abs(share(one, name) - TRUTH[name]) for one in second]) < 0.25
    assert np.ptp([share(one, NAMES[2]) for one in second]) > 0.5


def test_progress_never_goes_back(small: Scenario, answered: list[Scenario]) -> None:
    told: list[tuple[str, int, int]] = []
    found(small, progress=lambda *step: told.append(step))
    assert [done for _, done, _ in told] == list(range(1, len(answered) + 1))
    assert {(stage, total) for stage, _, total in told} == {("worlds", len(answered))}


def test_lives_that_are_known_are_not_lived_again(
    small: Scenario, answered: list[Scenario], tmp_path: Any
) -> None:
    store = Store(tmp_path)
    first = found(small, store=store)
    number = len(answered)
    assert number == 24 + 12 + 2 == first.lives + 2
    again = found(small, store=store)
    assert len(answered) == number
    np.testing.assert_array_equal(first.drawn, again.drawn)
    assert first.error_after == again.error_after


def test_lives_are_lived_again_when_the_studies_of_them_change(
    small: Scenario, answered: list[Scenario], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    found(small, store=store)
    number = len(answered)
    monkeypatch.setattr(module, "_studies", lambda: "others")
    found(small, store=store)
    assert len(answered) == 2 * number


def test_every_look_at_sealed_figures_is_written_down(
    small: Scenario, answered: list[Scenario], tmp_path: Path
) -> None:
    store = Store(tmp_path)
    first = found(small, store=store)
    assert first.scored == 1
    assert found(small, store=store).scored == 1  # the same again sees nothing new
    log = tmp_path / LOG
    log.write_text(log.read_text("utf-8") + '\n{"key": "half', "utf-8")  # killed while it wrote
    other = calibrate(small, NAMES[:2], 24, Serial(), store, draws=800)
    assert other.scored == 2
    store.remove(entry.key for entry in store.entries())
    assert calibrate(small, NAMES[:1], 24, Serial(), store, draws=800).scored == 3
    rows = [json.loads(line) for line in log.read_text("utf-8").splitlines() if line[-1:] == "}"]
    assert [row["parameters"] for row in rows] == [list(NAMES[:n]) for n in (3, 2, 1)]
    assert rows[0]["sealed_after"] == first.sealed_after and rows[0]["sealed"] == first.sealed
    assert any("2" in sentence for sentence in other.sentences("id") if "tersegel" in sentence)
    assert found(small).scored == 0  # nobody remembers


def test_a_log_that_cannot_be_written_is_named(
    small: Scenario, answered: list[Scenario], tmp_path: Path
) -> None:
    (tmp_path / LOG).mkdir()
    with pytest.raises(InputError) as caught:
        calibrate(small, NAMES[:1], 24, Serial(), Store(tmp_path), draws=100)
    assert caught.value.code == "KS3020" and str(tmp_path) in caught.value.text("id")


def test_known_truths_are_covered(small: Scenario, answered: list[Scenario]) -> None:
    result = found(small, truths=60)
    assert result.trust is not None
    assert np.all(result.trust.covered > 0.75)
    assert any("60 " in sentence for sentence in result.sentences("id"))


def test_too_few_lives_are_refused(small: Scenario) -> None:
    with pytest.raises(InputError) as caught:
        calibrate(small, NAMES, 11, Serial())
    assert caught.value.code == "KS3033"


@pytest.mark.parametrize(("name", "code"), [("registry.trut", "KS3025"), ("", "KS3025")])
def test_what_is_no_parameter_is_refused(small: Scenario, name: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        calibrate(small, (name,), 64, Serial())
    assert caught.value.code == code


@pytest.mark.full
def test_real_lives_calibrate_the_registry(small: Scenario, anchors: object) -> None:
    """With the model itself: the registry's correlation is told by its published one."""
    names = ("registry.truth",)
    result = calibrate(small, names, 6, Serial(), draws=400)
    assert result.narrower["registry.truth"] < 0.9
    assert result.error_after < result.error_before + 0.2
    assert len(result.figures) > 5


def test_sealed_figures_that_are_missed_as_before_prove_nothing(
    small: Scenario, answered: list[Scenario]
) -> None:
    fit = found(small)
    for after, words in ((1.2, "it is better"), (1.301, "it is the same"), (1.4, "it is worse")):
        said = " ".join(replace(fit, sealed_before=1.3, sealed_after=after).sentences("en"))
        assert words in said
    without = " ".join(replace(fit, sealed=0, sealed_before=np.nan).sentences("en"))
    assert "sealed" not in without


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_calibration_is_a_folder_with_a_chart(
    small: Scenario, answered: list[Scenario], tmp_path: Path, lang: str
) -> None:
    fit = found(small)
    drawn = fit.chart(lang)
    assert f"{len(fit.learned)} {'dari' if lang == 'id' else 'of'} {len(NAMES)}" in drawn.title
    assert [row[0] for row in drawn.table.data] == list(NAMES)
    for row in drawn.table.rows:
        assert row[0] in drawn.alt and "_" not in row[0]
    folder = fit.export(tmp_path / "out", lang)
    record = json.loads((folder / "run.json").read_text("utf-8"))
    assert record["kind"] == "findings" and record["provenance"]["seed"] == small.seed
    assert record["scenarios"] == {small.name: small.uncalibrated.document()}
    page = (folder / "index.html").read_text("utf-8")
    assert fit.sentences(lang)[0] in page and Provenance(**fit.provenance).line(lang) in page
    assert len(pd.read_parquet(folder / "posterior.parquet")) == len(fit.drawn)
    assert (folder / "charts" / "calibration.png").stat().st_size > 0
    assert (folder / "tables" / "calibration.csv").read_text("utf-8").count("\n") == len(NAMES) + 1
