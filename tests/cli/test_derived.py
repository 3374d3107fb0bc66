"""``kesos data show`` of what is computed from the tables and partly imputed."""

from __future__ import annotations

import csv
import io
import json

import pytest

from kesos_sim.cli import main
from kesos_sim.cli.derived import DERIVED
from kesos_sim.i18n import LANGUAGES
from kesos_sim.units import Month

Capture = pytest.CaptureFixture[str]
GRADES = {"A", "B", "C", "D"}


def rows(capsys: Capture, *words: str) -> list[dict[str, str]]:
    assert main(["data", "show", *words, "--format", "csv"]) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_derived_views_are_listed_as_such(capsys: Capture) -> None:
    assert main(["data", "list", "--format", "json", "--lang", "en"]) == 0
    records = {r["table"]: r for r in json.loads(capsys.readouterr().out)["records"]}
    for name, view in DERIVED.items():
        assert records[name]["quality"].startswith("derived, partly imputed")
        assert records[name]["sha256"] is None
        assert set(view.title) == set(LANGUAGES)


def test_budgets_say_which_are_imputed(capsys: Capture) -> None:
    found = rows(capsys, "budgets", "--where", "level=province")
    assert len(found) == 38
    qualities = {row["quality"] for row in found}
    assert "official" in qualities and any("imputed" in word for word in qualities)
    assert all(row["method"] for row in found)
    for row in found:
        own = float(row["gross"]) - float(row["passed_on"])
        assert own == pytest.approx(float(row["own"]), rel=1e-9)


def test_quotas_add_up_and_say_their_quality(capsys: Capture) -> None:
    found = rows(capsys, "quotas", "--where", "programme=PKH")
    assert sum(float(row["quota"]) for row in found) == pytest.approx(10e6, rel=1e-6)
    assert all(row["quality"] and row["source"] for row in found)


@pytest.mark.slow
def test_strata_of_a_district_have_grades(capsys: Capture) -> None:
    urban, rural = rows(capsys, "strata", "--where", "district=Blora")
    assert (urban["area"], rural["area"]) == ("urban", "rural")
    assert {urban[name] for name in urban if name.startswith("grade_")} <= GRADES
    people = [float(row["population"]) for row in (urban, rural)]
    poor = sum(p * float(row["p0"]) for p, row in zip(people, (urban, rural), strict=True))
    assert poor / sum(people) == pytest.approx(11.42, abs=0.3)


def test_cells_and_fit_agree_with_what_is_published(capsys: Capture) -> None:
    cells = rows(capsys, "cells", "--where", "province=mpu")
    assert len(cells) == 19, "DKI Jakarta has no rural area"
    fitted = rows(capsys, "fit", "--where", "level=province", "--where", "measure=p0")
    assert len(fitted) == 38
    assert all(abs(float(row["difference"])) < 0.1 and row["grade"] == "A" for row in fitted)


@pytest.mark.slow
def test_another_base_month(capsys: Capture) -> None:
    now, then = (rows(capsys, "cells", "--start", month) for month in ("2024-03", "2019-03"))
    assert now[0]["line"] != then[0]["line"]
    assert DERIVED["budgets"].table(Month(2019, 3)).meta is not None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["strata", "--start", "2024-04"], "KS"),
        (["budgets", "--start", "2030-01"], "KS"),
        (["provinces", "--start", "2024-03"], "KS1932"),
        (["strta"], "KS1101"),
        (["strata", "--where", "distrct=3316"], "KS1113"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_shown_is_one_message(words: list[str], code: str, capsys: Capture) -> None:
    assert main(["data", "show", *words, "--lang", "en"]) == 2
    shown = capsys.readouterr()
    assert shown.out == "" and shown.err.count("\n") == 1 and code in shown.err
