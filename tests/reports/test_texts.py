"""Messages of the reports are used and hold no figures; see `tests/i18n` for their languages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from kesos_sim import i18n

DOMAINS = ("sentences", "charts", "indicators", "reports")
KEYS = [key for key in sorted(i18n.keys()) if key.partition(".")[0] in DOMAINS]
SOURCE = Path(__file__).parents[2] / "src" / "kesos_sim"


def test_sentences_hold_no_number_of_their_own() -> None:
    keys = [key for key in KEYS if key.startswith("sentences.")]
    assert keys
    for key in keys:
        for lang in i18n.LANGUAGES:
            numbers = re.findall(r"\d+", i18n.template(key, lang))
            assert set(numbers) <= {"100"}, key


def strings(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) if type(n.value) is str}


def test_every_key_that_the_code_names_exists_and_every_message_is_used() -> None:
    files = [*SOURCE.glob("reports/**/*.py"), *SOURCE.glob("indicators/definitions.py")]
    named = set().union(*map(strings, files))
    literal = {s for s in named if re.fullmatch(rf"(?:{'|'.join(DOMAINS)})\.[a-z0-9_.]+", s)}
    literal = {s for s in literal if not s.endswith("_") and s != "indicators.parquet"}
    assert {s for s in literal if not s.endswith(".")} <= set(KEYS)
    for key in KEYS:
        domain, _, name = key.partition(".")
        if domain != "indicators":
            tail = [name, *(name.rpartition("_")[:1]), *name.split("_", 1)[:1]]
            used = any(t and any(t in s for s in named) for t in tail)
            assert used, key
