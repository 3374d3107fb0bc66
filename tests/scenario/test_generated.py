"""Malformed files made by a generator: a valid file with one mistake at a known place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz.damage import NASTY
from benchmarks.fuzz.scenario_files import VALID
from kesos_sim import i18n
from kesos_sim.cli import main
from kesos_sim.errors import InputError
from kesos_sim.scenario import load_scenario
from kesos_sim.scenario.source import LARGEST_FILE

LINES = VALID.splitlines()
# Line, dotted name and allowed range of every number.
NUMBERS = [
    (1, "schema", 1, 1),
    (10, "months", 1, 240),
    (11, "households", 2000, 80_000_000),
    (12, "seed", 0, 2**31 - 1),
    (16, "levers.apbd_poverty_share.value", 0, 0.15),
    (18, "levers.apbd_poverty_share.ramp_months", 0, 240),
    (22, "levers.topup_coverage.value", 0.02, 0.6),
    (24, "funding_sources.perjalanan_dinas", 0, 1),
    (25, "funding_sources.belanja_barang", 0, 1),
    (27, "parameters.household.propensity_to_consume", 0.1, 1),
    (31, "events[0].months", 1, 240),
    (32, "events[0].severity", 0, 1),
    (33, "events[0].share", 0, 1),
    (39, "programmes[0].amount", 1000, 5_000_000),
    (40, "programmes[0].quota", 1, 80_000_000),
]
MONTHS = [
    (9, "start"),
    (17, "levers.apbd_poverty_share.from"),
    (30, "events[0].month"),
    (41, "programmes[0].from"),
    (42, "programmes[0].to"),
]
# Keys that have a nearest valid name when a letter is lost, with the mapping that holds them.
KEYS = [
    (2, "", "name"),
    (6, "", "region"),
    (10, "", "months"),
    (11, "", "households"),
    (13, "", "growth"),
    (14, "", "levers"),
    (23, "", "funding_sources"),
    (26, "", "parameters"),
    (28, "", "events"),
    (35, "", "programmes"),
    (15, "levers.", "apbd_poverty_share"),
    (19, "levers.", "social_assistance"),
    (18, "levers.apbd_poverty_share.", "ramp_months"),
    (24, "funding_sources.", "perjalanan_dinas"),
    (27, "parameters.", "household.propensity_to_consume"),
    (32, "events[0].", "severity"),
    (37, "programmes[0].", "stream"),
    (43, "programmes[0].", "eligibility"),
]


@dataclass(frozen=True)
class Mistake:
    """A wrong file and what must be said about it."""

    name: str
    text: str
    line: int
    field: str | None
    codes: frozenset[str]
    suggestion: str | None = None


def replaced(line: int, new: str) -> str:
    lines = list(LINES)
    lines[line - 1] = new
    return "\n".join(lines) + "\n"


def with_value(line: int, value: str) -> str:
    head = LINES[line - 1].rpartition(":")[0]
    return replaced(line, f"{head}: {value}")


def mistakes() -> Iterator[Mistake]:
    yield from wrong_numbers()
    yield from wrong_months()
    yield from wrong_keys()
    yield from wrong_yaml()


def wrong_numbers() -> Iterator[Mistake]:
    range_codes = frozenset({"KS1217", "KS1272"})
    type_codes = frozenset({"KS1215", "KS1216", "KS1218", "KS1219", "KS1220", "KS1275", "KS1217"})
    for line, field, low, high in NUMBERS:
        for label, value in (("below", low - 1), ("above", high + 1)):
            text = with_value(line, str(value))
            yield Mistake(f"{label}-{field}", text, line, field, range_codes)
        for label, word in (
            ("word", "banyak"),
            ("percent", "7%"),
            ("list", "[1]"),
            ("mapping", "{a: 1}"),
            ("true", "true"),
            ("nan", ".nan"),
            ("nothing", ""),
            ("quoted", '"1"'),
        ):
            text = with_value(line, word)
            yield Mistake(f"{label}-{field}", text, line, field, type_codes)


def wrong_months() -> Iterator[Mistake]:
    for line, field in MONTHS:
        for word in ("2023", "2023-13", "2023-1", "Januari 2023", "2023-01-15", "true"):
            yield Mistake(
                f"{word}-{field}", with_value(line, word), line, field, frozenset({"KS1224"})
            )
    for line, field in MONTHS[1:]:
        text = with_value(line, "2019-01")
        yield Mistake(f"early-{field}", text, line, field, frozenset({"KS1242", "KS1249"}))


def wrong_keys() -> Iterator[Mistake]:
    unknown = frozenset({"KS1213", "KS1269", "KS1270", "KS1271"})
    for line, holder, key in KEYS:
        cut = (len(key) + 1) // 2
        for label, wrong in (
            ("lost", key[: cut - 1] + key[cut:]),
            ("doubled", key[:cut] + key[cut - 1] + key[cut:]),
            ("upper", key.upper()),
        ):
            text = replaced(line, LINES[line - 1].replace(key, wrong, 1))
            yield Mistake(f"{label}-{holder}{key}", text, line, holder + wrong, unknown, key)
        again = replaced(line, f"{LINES[line - 1]}\n{' ' * indent(line)}{key}: 1")
        if LINES[line - 1].rstrip().endswith(":"):
            continue  # the doubled key would take the place of what the first one holds
        yield Mistake(f"twice-{holder}{key}", again, line + 1, holder + key, frozenset({"KS1208"}))


def indent(line: int) -> int:
    text = LINES[line - 1].replace("- ", "  ", 1)
    return len(text) - len(text.lstrip())


def wrong_yaml() -> Iterator[Mistake]:
    for line, field, *_ in NUMBERS[1::2]:
        for label, word, code in (
            ("anchor", "&a 1", "KS1209"),
            ("alias", "*a", "KS1209"),
            ("tag", "!!int 1", "KS1210"),
            ("python", "!!python/name:os.system x", "KS1210"),
            ("bracket", "[1", "KS1206"),
            ("brace", "{a: 1", "KS1206"),
            ("quote", '"1', "KS1206"),
        ):
            text = with_value(line, word)
            codes = frozenset({code})
            unclosed = label in ("bracket", "brace", "quote")
            yield Mistake(f"{label}-{field}", text, 0 if unclosed else line, None, codes)


ALL = list(mistakes())


def test_valid_file_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "valid.yaml"
    path.write_text(VALID, encoding="utf-8")
    scenario = load_scenario(path)
    assert len(scenario.districts) == 36
    assert scenario.lever("apbd_poverty_share", scenario.end) == 0.12


def test_generator_makes_many_different_mistakes() -> None:
    assert len({mistake.text for mistake in ALL}) == len(ALL) >= 200
    assert len({mistake.name for mistake in ALL}) == len(ALL)


@pytest.mark.slow
@pytest.mark.parametrize("mistake", ALL, ids=[mistake.name for mistake in ALL])
def test_one_message_at_the_place(
    mistake: Mistake,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "keliru.yaml"
    path.write_text(mistake.text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario("keliru.yaml")
    error = caught.value
    assert error.code in mistake.codes
    assert str(error.file) == "keliru.yaml"
    if mistake.line:
        assert error.line == mistake.line
    assert error.line is not None
    if mistake.field is not None:
        assert error.field == mistake.field
    if mistake.suggestion is not None:
        assert error.suggestion == mistake.suggestion
    for lang in i18n.LANGUAGES:
        assert main(["run", "keliru.yaml", "--lang", lang]) == 2
        shown = capsys.readouterr()
        assert shown.out == ""
        assert shown.err.rstrip() == f"{error.text(lang)} [{error.code}]"
        assert "\n" not in error.text(lang)
    assert [entry.name for entry in tmp_path.iterdir()] == ["keliru.yaml"]


RELAXED = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.slow
@RELAXED
@given(st.data())
def test_damaged_bytes_never_crash(tmp_path: Path, data: st.DataObject) -> None:
    raw = bytearray(VALID.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw)))
        end = data.draw(st.integers(start, min(len(raw), start + 30)))
        raw[start:end] = data.draw(st.binary(max_size=8) | st.sampled_from(NASTY))
    path = tmp_path / "rusak.yaml"
    path.write_bytes(bytes(raw))
    try:
        load_scenario(path)
    except InputError as error:
        for lang in i18n.LANGUAGES:
            assert error.text(lang).isprintable()


@RELAXED
@given(st.binary(max_size=400))
def test_random_bytes_never_crash(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "acak.yaml"
    path.write_bytes(raw)
    with pytest.raises(InputError):
        load_scenario(path)


@pytest.mark.parametrize("size", [LARGEST_FILE + 1, LARGEST_FILE])
def test_size_limit(size: int, tmp_path: Path) -> None:
    path = tmp_path / "besar.yaml"
    filler = "#" * (size - len(VALID))
    path.write_text(VALID + filler, encoding="utf-8")
    if size > LARGEST_FILE:
        with pytest.raises(InputError, match="KS1203"):
            load_scenario(path)
    else:
        assert load_scenario(path).name == "lengkap"
