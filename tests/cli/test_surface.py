"""Commands in both languages: help, refusals, exit codes, forms of output."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kesos_sim import i18n
from kesos_sim.cli import COMMANDS, main
from kesos_sim.cli.failures import exit_code
from kesos_sim.cli.output import aligned, plain
from kesos_sim.cli.progress import Progress
from kesos_sim.errors import KesosError

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def log_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr("platformdirs.user_log_path", lambda *_, **__: tmp_path / "log")
    return tmp_path / "log"


PAGES = [
    [],
    *([name] for name in COMMANDS),
    *(["data", name] for name in ("list", "show", "check")),
]


@pytest.mark.parametrize("words", PAGES, ids=" ".join)
def test_every_page_of_help_teaches_in_both_languages(words: list[str], capsys: Capture) -> None:
    pages = {}
    for lang in i18n.LANGUAGES:
        assert main([*words, "--help", "--lang", lang]) == 0
        pages[lang] = capsys.readouterr().out
        assert i18n.text("cli.usage.examples", lang) in pages[lang]
        assert "--lang id|en" in pages[lang]
        assert max(map(len, pages[lang].splitlines())) <= 110
    assert pages["id"].startswith("Pemakaian: kesos")
    assert pages["en"].startswith("Usage: kesos")
    leaked = ("Show this", "Options:", "Usage:", "[default", "COMMAND", "no such")
    assert not [word for word in leaked if word in pages["id"]]


def test_language_by_variable_and_default(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("Pemakaian")
    monkeypatch.setenv("KESOS_LANG", "en")
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("Usage")
    assert main(["--lang=id", "data"]) == 0
    assert capsys.readouterr().out.startswith("Pemakaian")


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (["rn"], "KS1905", "run"),
        (["data", "lst"], "KS1905", "list"),
        (["data", "show"], "KS1903", "--help"),
        (["data", "show", "provinces", "extra"], "KS1901", "extra"),
        (["data", "list", "--fromat", "json"], "KS1902", "--format"),
        (["data", "list", "--format"], "KS1904", "--format"),
        (["data", "list", "--format", "jsn"], "KS1911", "json"),
        (["data", "list", "--lang", "fr"], "KS1911", "id, en"),
        (["data", "show", "provinces", "--limit", "-1"], "KS1912", "0 \N{EN DASH} "),
        (["data", "show", "provinces", "--limit", "many"], "KS1912", "0 \N{EN DASH} "),
        (["data", "show", "provinces", "--where", "year"], "KS1913", "="),
        (["data", "show", "provinces", "--where", "mpuu=1"], "KS1113", "mpu"),
        (["data", "show", "poverty_provnce"], "KS1101", "poverty_province"),
        (["levers", "bkkks_standng"], "KS1961", "bkkks_standing"),
        (["levers", "--point", "10"], "KS1912", "1 \N{EN DASH} 9"),
        (["run"], "KS1903", "--help"),
        (["compare", "x.yaml"], "KS1903", "--help"),
        (["run", "a.yaml", "--out", __file__], "KS1914", "--out"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_the_user_can_mend_ends_with_2_and_one_message(
    words: list[str], code: str, hint: str, capsys: Capture
) -> None:
    messages = []
    for lang in i18n.LANGUAGES:
        assert main(["--lang", lang, *words]) == 2
        shown = capsys.readouterr()
        assert shown.out == ""
        assert shown.err.count("\n") == 1
        assert shown.err.endswith(f"[{code}]\n")
        assert hint in shown.err
        assert "Traceback" not in shown.err
        messages.append(shown.err)
    assert messages[0] != messages[1]


def fail(error: BaseException) -> None:
    raise error


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (RuntimeError("secret detail"), "RuntimeError"),
        (MemoryError(), "--households"),
        (PermissionError(13, "Permission denied", "results"), "results: permission denied."),
        (OSError(28, "No space left on device"), "refused: no space left on the device."),
        (OSError(9999, "as the system says it"), "refused: as the system says it."),
        (KesosError("KS1001", "units.month"), "KS1001"),
    ],
)
def test_failure_ends_with_1_a_message_and_a_log(
    error: Exception, word: str, log_folder: Path, capsys: Capture
) -> None:
    assert exit_code(lambda: fail(error), ["run", "x"], "en") == 1
    shown = capsys.readouterr().err
    assert word in shown
    assert "Traceback" not in shown
    (log,) = log_folder.iterdir()
    assert str(log) in shown
    assert type(error).__name__ in log.read_text(encoding="utf-8")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device that is always full")
def test_output_that_cannot_be_written_is_said_in_the_language_of_the_user(
    tmp_path: Path,
) -> None:
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path)}
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-c", KESOS, "data", "list", "--lang", "id"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            check=False,
        )
    assert "Sistem menolak: ruang penyimpanan penuh." in done.stderr
    assert "No space" not in done.stderr and "  " not in done.stderr
    assert "Exception" not in done.stderr


def test_interruption_ends_with_130(capsys: Capture) -> None:
    assert exit_code(lambda: fail(KeyboardInterrupt()), [], "en") == 130
    assert capsys.readouterr().err == "Stopped.\n"


def test_log_goes_elsewhere_when_the_folder_cannot_be_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Capture
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setattr("platformdirs.user_log_path", lambda *_, **__: blocked / "log")
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    assert exit_code(lambda: fail(RuntimeError()), [], "en") == 1
    assert len(list(tmp_path.glob("kesos-*.log"))) == 1
    assert str(tmp_path) in capsys.readouterr().err


def test_list_of_tables_in_three_forms(capsys: Capture) -> None:
    assert main(["data", "list", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert {"version", "data"} <= document["provenance"].keys()
    tables = {record["table"]: record for record in document["records"]}
    assert tables["parameters"]["rows"] > 50
    assert main(["data", "list", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["table"] for row in rows] == list(tables)
    for lang, words in (("id", ("resmi 38", "cakupan: ")), ("en", ("official 38", "coverage: "))):
        assert main(["data", "list", "--lang", lang]) == 0
        shown = capsys.readouterr().out
        assert max(map(len, shown.splitlines())) <= 100
        for name, record in tables.items():
            assert f"\n{name}: " in f"\n{shown}"
            assert not record["sha256"] or f"sha256: {record['sha256'][:12]}\n" in shown
        assert all(word in shown for word in words)
        assert shown.count(i18n.text("cli.heading.origin", lang) + ": ") == len(tables)


@pytest.mark.slow
@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_grades_have_one_meaning(lang: str, capsys: Capture) -> None:
    legend = i18n.text("reports.grade_words", lang).partition(".")[0]
    assert legend == ", ".join(i18n.text(f"reports.grade_{mark}", lang) for mark in "abcd")
    for table in ("parameters", "strata", "cells", "fit"):
        assert main(["data", "show", table, "--limit", "1", "--lang", lang]) == 0
        assert legend in " ".join(capsys.readouterr().out.split())
    readme = Path(__file__).parents[2] / ("README.md" if lang == "en" else "README.id.md")
    marked = re.sub(r"\b([ABCD])\b", r"**\1**", legend)
    assert marked in readme.read_text(encoding="utf-8")


def test_tables_speak_the_language_of_the_reader(capsys: Capture) -> None:
    words = ["data", "show", "parameters", "--where", "id=channel.bank_lost"]
    assert main([*words, "--lang", "id"]) == 0
    shown = capsys.readouterr().out
    assert "asumsi: potongan" in shown and "bagian dari bantuan" in shown
    assert "assumption" not in shown and "share of help" not in shown and "source_id" not in shown
    assert main([*words, "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert "assumption: fees" in shown and "share of help due" in shown and "asumsi" not in shown
    assert main([*words, "--lang", "id", "--format", "json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)["records"]
    assert record["source"].startswith("assumption: ") and record["source_id"].startswith(
        "asumsi: "
    )
    assert record["unit"] == "share of help due"


def test_rows_of_a_table(capsys: Capture) -> None:
    words = ["data", "show", "poverty_province", "--where", "year=2024", "--where", "month=3"]
    words += ["--where", "area=total", "--where", "bps_code=33", "--where", "bps_code=18"]
    assert main([*words, "--format", "json"]) == 0
    records = json.loads(capsys.readouterr().out)["records"]
    assert {record["bps_code"] for record in records} == {"18", "33"}
    assert main([*words, "--limit", "1", "--lang", "en"]) == 0
    shown = capsys.readouterr()
    assert "1 of 2 rows" in shown.err
    assert "origin: " in shown.out


def test_doctor_is_content_here(capsys: Capture) -> None:
    assert main(["doctor", "--format", "json", "--lang", "en"]) == 0
    statuses = {record["status"] for record in json.loads(capsys.readouterr().out)["records"]}
    assert statuses <= {"good", "note"}


def test_doctor_asks_to_mend_damaged_data(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setattr("kesos_sim.data.checksums.stored_checksums", lambda *_: {})
    assert main(["doctor", "--lang", "en"]) == 2
    assert "kesos data check" in capsys.readouterr().out


@pytest.mark.slow
def test_warmup_says_where_the_code_is(capsys: Capture) -> None:
    from kesos_sim.kernels import cache_folder

    assert main(["warmup", "--lang", "en"]) == 0
    assert str(cache_folder()) in capsys.readouterr().out
    assert main(["warmup", "--format", "json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)["records"]
    assert record["cache"] == str(cache_folder()) and record["seconds"] > 0


def test_usage_shows_what_may_be_left_out(capsys: Capture) -> None:
    shown = []
    for words in (["validate"], ["run"], ["levers"]):
        assert main([*words, "--help", "--lang", "en"]) == 0
        shown.append(capsys.readouterr().out.splitlines()[0])
    assert shown == [
        "Usage: kesos validate [OPTIONS] [SCENARIO]",
        "Usage: kesos run [OPTIONS] SCENARIO",
        "Usage: kesos levers [OPTIONS] [LEVER]...",
    ]


def test_validate_elsewhere_says_which_default_it_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    for lang, word in (("id", "bawaannya"), ("en", "the default")):
        assert main(["validate", "--lang", lang]) == 2
        shown = capsys.readouterr().err
        assert f"{word}, scenarios/baseline.yaml" in shown and str(tmp_path) in shown
        assert "KS1921" in shown and shown.count("\n") == 1


def test_missing_values_and_formulas_in_output(capsys: Capture) -> None:
    from kesos_sim.cli.output import show

    record = {"a": float("nan"), "b": '=HYPERLINK("x")'}
    show([record], ("a", "b"), "json")
    assert json.loads(capsys.readouterr().out)["records"] == [{"a": None, "b": record["b"]}]
    show([record], ("a", "b"), "csv")
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert row["b"].startswith("'=")
    assert row["a"] == ""
    assert plain({"x": (1, float("inf"))}) == {"x": [1, None]}
    assert aligned(["n"], [[1], [None], [10]]).splitlines()[2:] == [" 1", "", "10"]


def test_progress_is_silent_for_two_seconds_then_says_the_time_left(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    with Progress("run", "en") as progress:
        now[0] = 1.9
        progress("months", 1, 4)
        assert capsys.readouterr().err == ""
        now[0] = 12.0
        progress("months", 2, 4)
    shown = capsys.readouterr()
    assert shown.err == "run: months: 50%, about 20 s left\n"
    assert shown.out == ""


class ClearedAwayWhileInterrupted:
    """An object during whose end Control-C is pressed: Python drops what is raised there."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_interrupt_that_python_drops_ends_the_work_at_its_next_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    monkeypatch.setattr("sys.unraisablehook", lambda _: None)
    done = []
    try:
        with pytest.raises(KeyboardInterrupt), Progress("run", "en") as progress:
            progress("months", 1, 4)
            thing = ClearedAwayWhileInterrupted()
            del thing
            done.append("went on")
            progress("months", 2, 4)
            done.append("too far")
        assert done == ["went on"]
        with pytest.raises(KeyboardInterrupt), Progress("run", "en"):
            thing = ClearedAwayWhileInterrupted()
            del thing
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


def python(code: str, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


KESOS = "import sys; from kesos_sim.cli import main; sys.exit(main())"


def test_help_is_quick() -> None:
    started = time.perf_counter()
    with python(KESOS, "--help") as process:
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert time.perf_counter() - started < 2.0


def test_reader_that_has_seen_enough_is_no_failure() -> None:
    with python(KESOS, "data", "show", "poverty_kabupaten", "--limit", "0") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read()
        assert process.wait(timeout=60) == 0
    assert "Traceback" not in errors
    assert "Exception" not in errors


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_control_c_ends_the_process_with_130(heeds_control_c: str) -> None:
    code = (
        f"{heeds_control_c}import sys, time; from kesos_sim.cli.failures import exit_code;"
        "print('ready', flush=True);"
        "sys.exit(exit_code(lambda: time.sleep(60), [], 'en'))"
    )
    with python(code) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors == "Stopped.\n"
