"""Scenario files with mistakes of all kinds, and settings as ``--set`` takes them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, Final

import yaml

from benchmarks.fuzz.damage import bent, damaged, strange, strange_text
from benchmarks.fuzz.tally import Target
from kesos_sim import i18n
from kesos_sim.errors import InputError
from kesos_sim.scenario import load_scenario

__all__ = ["VALID", "ScenarioFiles", "scenario_files"]

VALID: Final = """\
schema: 1
name: lengkap
title:
  id: "Semua kunci sekaligus"
  en: "Every key at once"
region:
  - 33
  - 3571
start: 2022-03
months: 48
households: 20000
seed: 7
growth: forward
levers:
  apbd_poverty_share:
    value: 0.12
    from: 2023-01
    ramp_months: 24
  social_assistance:
    value: true
  topup_coverage:
    value: 0.3
funding_sources:
  perjalanan_dinas: 0.25
  belanja_barang: 0.75
parameters:
  household.propensity_to_consume: 0.5
events:
  - hazard: income_shock
    month: 2023-02
    months: 3
    severity: 0.2
    share: 0.1
    region: [33]
programmes:
  - name: kartu-daerah
    stream: apbd_province
    kind: flat
    amount: 150000
    quota: 12000
    from: 2023-01
    to: 2024-12
    eligibility: elderly
    district: 3316
"""
"""A scenario file with every key."""

_DOCUMENT: Final[dict[str, Any]] = yaml.safe_load(VALID)
_SETTINGS: Final = (
    "levers.pkh_amount.value", "levers.apbd_poverty_share.value", "seed", "months", "start",
    "households", "region", "parameters.household.propensity_to_consume", "levers", "a.b.c", "",
    "levers..value", "programmes", "programmes.0.amount", "extends", "own_data", "levers.qqq.value",
)  # fmt: skip


class ScenarioFiles(Target):
    """Loads files with mistakes.

    Parameters
    ----------
    folder : pathlib.Path
        An empty folder.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "acak.yaml"
        (folder / "dasar.yaml").write_text(VALID, encoding="utf-8")

    def attempt(self, draw: Random) -> bool:
        """Write a wrong file and load it.

        Parameters
        ----------
        draw : random.Random
            The generator of the case.

        Returns
        -------
        bool
            Whether it is a scenario all the same.
        """
        self._path.write_bytes(_content(draw))
        settings = None
        if draw.random() < 0.2:
            settings = {
                (draw.choice(_SETTINGS) if draw.random() < 0.8 else strange_text(draw)): (
                    strange_text(draw) if draw.random() < 0.5 else strange(draw, 0)
                )
                for _ in range(draw.randint(1, 3))
            }
        try:
            found = load_scenario(self._path, settings)
        except InputError as error:
            for lang in i18n.LANGUAGES:
                assert error.text(lang).isprintable(), "a message is one printable line"
            return False
        assert found.months >= 1
        return True


@contextmanager
def scenario_files() -> Iterator[ScenarioFiles]:
    """Give a folder to write into.

    Yields
    ------
    ScenarioFiles
    """
    with tempfile.TemporaryDirectory(prefix="kesos-fuzz-") as folder:
        yield ScenarioFiles(Path(folder))


def _content(draw: Random) -> bytes:
    """Return a wrong file: damaged bytes, wrong values, wrong lines, or no scenario at all."""
    match draw.randrange(6):
        case 0 | 1:
            return damaged(VALID.encode(), draw)
        case 2 | 3:
            wrong = bent(_DOCUMENT, draw, share=draw.choice((0.005, 0.04)))
            try:
                text = yaml.safe_dump(wrong, allow_unicode=True, sort_keys=False)
            except RecursionError:
                text = VALID + "own_data: " + "[" * 3_000
            return text.encode("utf-8", "surrogatepass")
        case 4:
            lines = VALID.splitlines()
            for _ in range(draw.randint(1, 3)):
                place = draw.randrange(len(lines))
                head = lines[place].partition(":")[0]
                lines[place] = f"{head}: {strange_text(draw)}"
            if draw.random() < 0.3:
                lines.insert(3, f"extends: {draw.choice(('dasar', 'acak', '..', 'x'))}.yaml")
            return "\n".join(lines).encode("utf-8", "surrogatepass")
        case _:
            return draw.randbytes(draw.randint(0, 400))
