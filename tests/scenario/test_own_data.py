"""Own data in scenarios: files beside them, identity, words, schema, refusals."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from kesos_sim import i18n
from kesos_sim.data.own import OwnData, OwnFigure, write_own
from kesos_sim.errors import InputError
from kesos_sim.scenario import Scenario, difference, dump_scenario, from_document, load_scenario
from kesos_sim.scenario.load import with_own_data
from kesos_sim.scenario.notices import notices
from kesos_sim.scenario.schema import json_schema

FIGURES = (
    OwnFigure(3402, "p0", "total", 12.5, 2024, "Dinas Sosial Bantul"),
    OwnFigure(34, "amount", "total", 6e12, 2023),
)
OWN = OwnData("DIY", "Bappeda DIY", 2024, tuple(sorted(FIGURES)))
PROGRAMME = {
    "name": "tambahan", "title": {"id": "Tambahan", "en": "Top-up"}, "stream": "apbd_province",
    "kind": "flat", "amount": 150000.0, "quota": 5000, "eligibility": "any", "region": [34],
}  # fmt: skip
DOCUMENT: dict[str, Any] = {
    "schema": 1, "name": "uji", "title": {"id": "Uji", "en": "Test"}, "region": [34],
    "start": "2024-03", "months": 12, "households": 2000, "seed": 1,
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_own(OWN, (PROGRAMME,), tmp_path / "diy.yaml")
    scenario(tmp_path, own_data="diy.yaml")
    return tmp_path


def scenario(folder: Path, **more: object) -> Path:
    path = folder / "uji.yaml"
    path.write_text(yaml.safe_dump(DOCUMENT | more, sort_keys=False), encoding="utf-8")
    return path


def code_of(path: Path) -> str:
    with pytest.raises(InputError) as refused:
        load_scenario(path)
    for lang in i18n.LANGUAGES:
        assert refused.value.text(lang)
    return refused.value.code


def test_file_is_read_whole(folder: Path) -> None:
    found = load_scenario(folder / "uji.yaml")
    assert found.own_data == OWN
    assert found.own_data is not None
    assert found.own_data.value(3402, "p0") == 12.5
    assert found.own_data.value(3402, "p1") is None
    assert [programme.name for programme in found.programmes] == ["tambahan"]


def test_scenario_with_own_data_is_complete_without_the_file(folder: Path) -> None:
    found = load_scenario(folder / "uji.yaml")
    assert from_document(json.loads(json.dumps(found.document()))) == found
    assert copy.deepcopy(found) == found
    (folder / "diy.yaml").unlink()
    (folder / "uji.yaml").write_text(dump_scenario(found), encoding="utf-8")
    again = load_scenario(folder / "uji.yaml")
    assert (again, again.hash) == (found, found.hash)


def test_every_figure_counts_for_identity(folder: Path) -> None:
    found = load_scenario(folder / "uji.yaml")
    plain = from_document(DOCUMENT)
    changed = OwnData(OWN.title, OWN.source, OWN.year, (FIGURES[0],))
    hashes = {plain.hash, found.hash, with_own_data(plain, changed).hash}
    assert len(hashes) == 3
    assert with_own_data(plain, OWN, [PROGRAMME]) == found
    assert with_own_data(with_own_data(plain, OWN), None) == plain
    assert "own_data" not in plain.document()


def test_difference_is_said(folder: Path) -> None:
    found, plain = load_scenario(folder / "uji.yaml"), from_document(DOCUMENT)
    for lang in i18n.LANGUAGES:
        words = " ".join(difference(plain, with_own_data(plain, OWN), lang))
        assert i18n.text("own_data.word.label", lang) in words
        assert "Bappeda DIY" in words
        assert difference(found, found, lang) == []
    assert "Bappeda DIY" in str(found)


def test_own_data_of_other_regions_are_noticed() -> None:
    def said(one: Scenario) -> str:
        return " ".join(notice["id"] for notice in notices([one]))

    there = with_own_data(from_document(DOCUMENT), OWN)
    elsewhere = with_own_data(from_document(DOCUMENT | {"region": [33]}), OWN)
    assert "data sendiri" not in said(there)
    assert "data sendiri" in said(elsewhere)


def test_schema_knows_both_forms(folder: Path) -> None:
    check = Draft202012Validator(json_schema())
    check.validate(DOCUMENT | {"own_data": "diy.yaml"})
    check.validate(load_scenario(folder / "uji.yaml").document())
    assert not check.is_valid(DOCUMENT | {"own_data": "../diy.yaml"})


@pytest.mark.parametrize(
    "name", ["../diy.yaml", "sub/diy.yaml", "/etc/passwd", "diy.txt", ".diy.yaml", "", "a\\b.yaml"]
)
def test_no_name_leads_out_of_the_folder(name: str, folder: Path) -> None:
    assert code_of(scenario(folder, own_data=name)) == "KS6090"


def test_files_that_are_not_own_data(folder: Path) -> None:
    assert code_of(scenario(folder, own_data="tidak-ada.yaml")) == "KS6092"
    (folder / "tautan.yaml").symlink_to(folder / "diy.yaml")
    assert code_of(scenario(folder, own_data="tautan.yaml")) == "KS6091"
    text = (folder / "diy.yaml").read_text(encoding="utf-8")
    (folder / "ubah.yaml").write_text(text.replace("12.5", "11.5"), encoding="utf-8")
    assert code_of(scenario(folder, own_data="ubah.yaml")) == "KS6094"
    kept = "".join(line for line in text.splitlines(True) if not line.startswith("hash"))
    (folder / "tanpa.yaml").write_text(kept, encoding="utf-8")
    assert code_of(scenario(folder, own_data="tanpa.yaml")) == "KS6093"


def test_the_model_reads_the_base_year_alone(folder: Path) -> None:
    past = OwnFigure(3402, "p0", "total", 14.0, 2019)
    sizes = tuple(OwnFigure(3402, "household_size", "total", 3.0 + y / 10, 2018 + y)
                  for y in range(3))  # fmt: skip
    own = OwnData("DIY", "Bappeda DIY", 2024, tuple(sorted((*FIGURES, past, *sizes))))
    write_own(own, (), folder / "diy.yaml")
    found = load_scenario(folder / "uji.yaml").own_data
    assert found == own
    assert found.value(3402, "p0") == 12.5
    assert found.value(3402, "household_size") == 3.2, "the latest where none is of the base year"
    assert [found.acts(one) for one in sizes] == [False, False, True]
    assert load_scenario(folder / "uji.yaml").hash != scenario_hash_without(folder)


def scenario_hash_without(folder: Path) -> str:
    write_own(OWN, (), folder / "diy.yaml")
    return load_scenario(folder / "uji.yaml").hash


def test_figures_must_be_of_the_base_year(folder: Path) -> None:
    assert code_of(scenario(folder, own_data="diy.yaml", start="2023-03")) == "KS6095"


@pytest.mark.parametrize(
    "figure",
    [
        OwnFigure(34, "p0", "staff", 9.0, 2024),
        OwnFigure(34, "p0", "total", 900.0, 2024),
        FIGURES[0],
    ],
)
def test_figures_that_no_sheet_could_hold_are_refused(figure: OwnFigure) -> None:
    odd = OwnData("x", "y", 2024, (*OWN.figures, figure))
    with pytest.raises(InputError, match="KS6096"):
        with_own_data(from_document(DOCUMENT), odd)


def test_a_document_does_not_name_files() -> None:
    with pytest.raises(InputError, match="KS6097"):
        from_document(DOCUMENT | {"own_data": "diy.yaml"})


def test_only_own_files_are_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    write_own(OWN, (), path)
    write_own(OWN, (PROGRAMME,), path)
    assert "tambahan" in path.read_text(encoding="utf-8")
    path.write_text("schema: 1\n", encoding="utf-8")
    with pytest.raises(InputError, match="KS6080"):
        write_own(OWN, (), path)
    assert path.read_text(encoding="utf-8") == "schema: 1\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.yaml"]
