"""The outcome sentences of fixed results, word by word, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from kesos_sim.errors import KesosError
from kesos_sim.experiments.base_month import BaseMiss
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports import Money, MoneyLine, ReportContext, sentences
from kesos_sim.reports.frames import Results
from kesos_sim.reports.money import cost_range, money_sentences

GOLDEN = Path(__file__).parent / "golden"
Frames = Callable[..., pd.DataFrame]
Contexts = Callable[..., ReportContext]


def said(frame: pd.DataFrame, context: ReportContext, lang: str) -> dict[str, str]:
    return {s.key: s.text for s in sentences(frame, context, lang)}


def shifted(frame: pd.DataFrame, **changes: float) -> pd.DataFrame:
    """Give every row of the poverty measures the same difference."""
    frame = frame.copy()
    rows = frame["indicator"].isin(["poverty_rate", "poor_people"])
    for column, value in changes.items():
        frame.loc[rows, column] = value
    return frame


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_comparison_in_words(compared: Frames, context: Contexts, lang: str) -> None:
    lines = [str(s) for s in sentences(compared(), context(), lang)]
    assert lines == (GOLDEN / f"comparison.{lang}.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_run_in_words(ran: Frames, context: Contexts, lang: str) -> None:
    lines = [str(s) for s in sentences(ran(), context(), lang)]
    assert lines == (GOLDEN / f"run.{lang}.txt").read_text(encoding="utf-8").splitlines()


def test_scenarios_follow_each_other_and_caveats_come_last(
    compared: Frames, context: Contexts
) -> None:
    names = ("apbd-10", "apbn-10")
    found = sentences(compared(*names), context(*names), "id")
    order = list(dict.fromkeys(s.scenario for s in found))
    assert order == ["apbd-10", "apbn-10", ""]
    assert found[0].key == "level" and found[0].leading
    assert found[-1].key == "missing" and not found[-1].leading


def test_no_effect_is_said_plainly(compared: Frames, context: Contexts) -> None:
    frame = shifted(compared(), difference=-0.01, low=-0.03, high=0.02)
    found = said(frame, context(), "id")
    assert found["no_effect"] == "Paket ini hampir tidak mengubah hasil dalam 10 tahun."
    assert found["change_flat"] == (
        "Kemiskinan hampir tidak berubah dibandingkan tanpa perubahan "
        "(selisih −0,03 sampai 0,02 persen poin)."
    )
    assert not any(key.startswith("people") for key in found)


def test_a_scenario_equal_to_its_baseline_changes_nothing(
    compared: Frames, context: Contexts
) -> None:
    found = said(shifted(compared(), difference=0.0, low=0.0, high=0.0), context(), "en")
    assert found["change_same"] == (
        "Poverty does not change at all: the result equals the one without the change."
    )
    assert "no_effect" not in found
    assert found["no_effect_same"].endswith("does not change that result in the least in 10 years.")


@pytest.mark.parametrize(
    ("difference", "against", "sentence"),
    [
        (-0.4, 3, "Model tidak yakin: pada 3 dari 10 percobaan hasilnya lebih buruk."),
        (0.4, 2, "Model tidak yakin: pada 2 dari 10 percobaan hasilnya lebih baik."),
    ],
)
def test_weak_evidence_counts_the_draws(
    compared: Frames,
    context: Contexts,
    difference: float,
    against: int,
    sentence: str,
) -> None:
    frame = shifted(compared(), difference=difference, low=-1.1, high=1.2)
    frame = frame.assign(against=against, draws=10)
    assert said(frame, context(), "id")["weak"] == sentence


def test_without_counted_draws_the_range_says_it(compared: Frames, context: Contexts) -> None:
    found = said(shifted(compared(), difference=-0.4, low=-1.1, high=1.2), context(), "id")
    assert found["change_unsure"] == (
        "Arah perubahan kemiskinan belum pasti: bisa turun 1,1 persen poin, "
        "bisa naik 1,2 persen poin (perkiraan tengah −0,4 persen poin)."
    )
    assert "weak_range" in found and "weak" not in found


def test_one_calculation_says_that_it_has_no_range(compared: Frames, context: Contexts) -> None:
    frame = compared()
    frame[["low", "high", "low_value", "high_value"]] = float("nan")
    found = said(frame, context(), "id")
    assert {"level_no_range", "change_down_no_range", "people_fewer_no_range", "single"} <= set(
        found
    )
    assert "kisaran" not in found["level_no_range"] + found["people_fewer_no_range"]


def test_money_beyond_the_room_is_marked(compared: Frames, context: Contexts) -> None:
    plain = context()
    money = replace(plain.money["apbd-10"], beyond_room=True)
    found = said(compared(), replace(plain, money={"apbd-10": money}), "id")
    assert found["beyond_room"].startswith("PERHATIAN: dijalankan melebihi ruang anggaran.")
    assert "not_feasible" not in found


@pytest.mark.parametrize(
    ("money", "key"),
    [
        (Money(0.0), "cost_none"),
        (Money(-2e12), "cost_less"),
        (Money(2e12), "cost"),
        (Money(2e12, requested=1e12, feasible=2e12), "cost"),
    ],
)
def test_cost_in_its_cases(compared: Frames, context: Contexts, money: Money, key: str) -> None:
    found = said(compared(), replace(context(), money={"apbd-10": money}), "id")
    assert key in found and "not_feasible" not in found
    assert ("per_rupiah" in found) == (money.per_year > 0)


def test_the_cost_has_the_range_of_its_draws(compared: Frames, context: Contexts) -> None:
    frame = compared()
    spent = frame.indicator == "yearly_spending"
    frame.loc[spent, ["difference", "low", "high"]] = 2e12, 1.91e12, 2.237e12
    plain = replace(context(), money={"apbd-10": Money(2e12)})
    told = "Biaya tambahan Rp2 triliun per tahun (kisaran Rp1,91–{} triliun; 12 bulan terakhir"
    assert said(frame, plain, "id")["cost"].startswith(told.format("2,24"))
    frame.loc[spent, ["difference", "low", "high"]] = -2e12, -2.237e12, -1.91e12
    less = replace(plain, money={"apbd-10": Money(-2e12)})
    assert "(kisaran Rp1,91–2,24 triliun; 12" in said(frame, less, "id")["cost_less"]
    signed = cost_range(Results(frame), less, "apbd-10", "id")
    assert signed == "\u2212Rp2,24 sampai \u2212Rp1,91 triliun"
    frame.loc[spent, ["low", "high"]] = -2.001e12, -1.999e12  # reads the same at both ends
    assert "kisaran" not in said(frame, less, "id")["cost_less"]
    frame.loc[spent, ["low", "high"]] = float("nan")
    assert "kisaran" not in said(frame, less, "id")["cost_less"]


def test_people_per_billion_have_the_range_of_the_draws_own_prices(
    compared: Frames, context: Contexts
) -> None:
    frame = compared()
    price = frame[frame.indicator == "yearly_spending"].assign(
        indicator="cost_per_person_lifted", value=2.5e7, low_value=2e7, high_value=4e7
    )
    found = said(pd.concat([frame, price], ignore_index=True), context(), "id")
    assert found["per_rupiah"].endswith("(kisaran 25\u201350).")
    none = price.assign(low_value=float("nan"), high_value=float("nan"))
    found = said(pd.concat([frame, none], ignore_index=True), context(), "id")
    assert found["per_rupiah"] == said(frame, context(), "id")["per_rupiah"]


def test_the_cost_has_the_case_without_effect(compared: Frames, context: Contexts) -> None:
    def told(spent: float, before: float) -> dict[str, dict[str, str]]:
        weak = {"apbd-10": {"yearly_spending": (spent, before)}}
        plain = replace(context(), without_effect=weak)
        return dict(money_sentences(Results(compared()), plain, "apbd-10", "en"))

    assert told(9.1e12, 9e12)["cost_without_effect"] == {"amount": "+Rp100 billion"}
    assert "cost_without_effect" not in told(float("nan"), float("nan"))  # not yet a year


def line(name: str, rupiah: float) -> MoneyLine:
    return MoneyLine({"id": name, "en": name}, rupiah)


def test_a_cut_is_said_as_a_cut(compared: Frames, context: Contexts) -> None:
    money = Money(-5e13, uses=(line("PKH", -2e13), line("Sembako", -3e13)))
    money = replace(money, by_province={"18": -2e13, "31": -3e13})
    found = said(compared(), replace(context(), money={"apbd-10": money}), "id")
    assert found["less_for"] == "Yang berkurang: Sembako Rp30 triliun; PKH Rp20 triliun."
    assert not {"spent_on", "per_poor", "per_poor_gap"} & set(found)


def test_small_lines_are_put_together(compared: Frames, context: Contexts) -> None:
    small = (line("BLT Desa", 1.2e10), line("Sembako", -6e8), line("PBI", -3e9))
    money = Money(2.8e13, uses=(line("Tunai", 2.8e13), *small))
    found = said(compared(), replace(context(), money={"apbd-10": money}), "id")
    assert found["spent_on"] == "Dipakai untuk: Tunai Rp28 triliun; lain-lain Rp8,4 miliar."
    assert "less_for" not in found


def test_money_that_a_year_does_not_spend_is_said(compared: Frames, context: Contexts) -> None:
    money = Money(9e12, requested=2e13, feasible=1e13)
    found = said(compared(), replace(context(), money={"apbd-10": money}), "id")
    assert found["unspent"] == (
        "Dari uang baru yang tersedia, Rp1 triliun per tahun belum terserap."
    )
    money = replace(money, per_year=9.9e12)
    assert "unspent" not in said(compared(), replace(context(), money={"apbd-10": money}), "id")


def test_what_organisations_cannot_use_is_said(compared: Frames, context: Contexts) -> None:
    money = Money(9e12, requested=1e13, feasible=1e13, unusable=9.1e11)
    found = said(compared(), replace(context(), money={"apbd-10": money}), "id")
    assert "Rp910 miliar per tahun kembali" in found["unusable"]
    assert "unspent" not in found  # what is said to go back is not said a second time
    money = replace(money, unusable=1e11)
    assert "unusable" not in said(compared(), replace(context(), money={"apbd-10": money}), "id")


def test_the_cost_says_what_it_is_made_of(compared: Frames, context: Contexts) -> None:
    money = Money(2.83e13, requested=4.8e13, feasible=2.81e13, existing=2e11)
    found = said(compared(), replace(context(), money={"apbd-10": money}), "id")
    assert found["cost"].endswith("; 12 bulan terakhir, harga 2024).")
    assert found["existing_more"].startswith(
        "Dari biaya tambahan itu Rp28,1 triliun adalah uang baru; Rp200 miliar lagi"
    )
    assert "unspent" not in found
    money = replace(money, existing=-2e11)
    found = said(compared(), replace(context(), money={"apbd-10": money}), "en")
    assert "The new money spent is Rp28.5 trillion" in found["existing_less"]
    money = replace(money, existing=1e9)
    found = said(compared(), replace(context(), money={"apbd-10": money}), "en")
    assert not {"existing_more", "existing_less"} & set(found)


def test_a_base_month_that_misses_is_said_first(compared: Frames, context: Contexts) -> None:
    plain = context()
    assert plain.provenance is not None
    missed: list[BaseMiss] = [
        {"region": "51", "published": 4.0, "modelled": 0.0, "tolerance": 0.1},
        {"region": "33", "published": 10.47, "modelled": 10.6, "tolerance": 0.1},
    ]
    record = replace(plain.provenance, base_misses=tuple(missed), households=2000)
    found = said(compared(), replace(plain, provenance=record), "id")
    assert found["base_miss"] == (
        "PERHATIAN: bulan dasar meleset dari angka kemiskinan yang terbit, paling jauh di Bali: "
        "model 0,00%, terbit 4,00%, meleset 4,00 persen poin (batasnya 0,1 persen poin). "
        "Banyaknya wilayah yang meleset: 2. Perbanyak keluarga simulasi (sekarang 2.000)."
    )
    assert "base_miss" not in said(compared(), plain, "id")


def test_the_point_and_its_range_are_explained(compared: Frames, context: Contexts) -> None:
    plain = context()
    assert "9 percobaan" in said(compared(), plain, "id")["point"]
    assert plain.provenance is not None
    alone = replace(plain, provenance=replace(plain.provenance, replicates=1))
    assert "point" not in said(compared(), alone, "id")
    for draws, few in ((8, True), (72, False)):
        behind = replace(plain, provenance=replace(plain.provenance, replicates=draws + 1))
        told = said(compared(), behind, "id")["point"]
        assert f"{draws} percobaan" in told and ("Percobaannya sedikit" in told) is few


def test_one_province_has_no_range_of_places(compared: Frames, context: Contexts) -> None:
    plain = context()
    money = replace(plain.money["apbd-10"], by_province={"33": 1.7e12})
    found = said(compared(), replace(plain, money={"apbd-10": money}), "en")
    assert "per_poor_one" in found and "per_poor_gap_one" in found and "per_poor" not in found
    assert "Jawa Tengah" in found["per_poor_one"]


def test_when_nobody_is_reached(compared: Frames, context: Contexts) -> None:
    frame = compared()
    frame.loc[frame["indicator"] == "exclusion_error", "value"] = 100.0
    frame = frame[frame["indicator"] != "inclusion_error"]
    found = said(frame, context(), "id")
    assert found["reached_none"] == (
        "Tidak ada penduduk miskin yang terjangkau bantuan tetap; tanpa perubahan 54 dari 100."
    )


def test_losses_in_every_decile_are_one_sentence(compared: Frames, context: Contexts) -> None:
    frame = compared()
    rows = frame["indicator"].str.startswith("decile_mean_")
    for column in ("difference", "low", "high"):
        frame.loc[rows, column] = -0.05 * frame.loc[rows, "baseline"]
    found = said(frame, context(), "en")
    assert found["lower_everywhere"].startswith("Spending per person falls in every decile")
    assert "lower_deciles" not in found and "winners" not in found


def test_a_local_programme_has_its_title(compared: Frames, context: Contexts) -> None:
    around = replace(context(), programmes={"top": {"id": "Tambahan PKH", "en": "PKH top-up"}})
    label = around.label(indicator("programme_recipients.top"), "en")
    assert label == "Recipients of PKH top-up"
    assert around.label(indicator("poverty_rate"), "en") == "Poverty rate (P0)"


def test_more_poor_people_is_never_sold_as_a_gain(compared: Frames, context: Contexts) -> None:
    found = said(shifted(compared(), difference=2.0, low=1.0, high=3.0), context(), "id")
    assert "change_up" in found and "people_more_no_range" in found
    assert "per_rupiah" not in found and "per_rupiah_slight" in found


@pytest.mark.parametrize(
    ("ends", "key"),
    [
        ((0.0, 0.0, 0.0), "per_rupiah_same"),
        ((-1e-6, -2e-6, 1e-6), "per_rupiah_slight"),
        ((-2e6, -3e6, 1e6), "per_rupiah_unsure"),
    ],
)
def test_nothing_changed_is_not_called_uncertain(
    compared: Frames, context: Contexts, ends: tuple[float, float, float], key: str
) -> None:
    changes = dict(zip(("difference", "low", "high"), ends, strict=True))
    for lang in ("id", "en"):
        found = said(shifted(compared(), **changes), context(), lang)
        assert [name for name in found if name.startswith("per_rupiah")] == [key]
        assert ("belum pasti" in found[key] or "not certain" in found[key]) == ("unsure" in key)


def test_sentences_without_their_indicators_are_left_out(
    compared: Frames, context: Contexts
) -> None:
    frame = compared()
    frame = frame[frame["indicator"] == "poverty_rate"]
    keys = set(said(frame, context(), "id"))
    assert "level" in keys
    assert not keys & {"reached", "winners", "left", "per_poor", "people_fewer"}


def test_an_indicator_of_march_is_said_of_its_last_march(ran: Frames, context: Contexts) -> None:
    frame = ran(months=14)
    rows = frame["indicator"].isin(["exclusion_error", "inclusion_error"])
    frame.loc[rows & (frame["month"] == "2025-05"), "month"] = "2025-03"
    assert "reached_run" in said(frame, context(), "id")


def test_an_unusable_frame_is_refused(context: Contexts) -> None:
    with pytest.raises(KesosError) as refused:
        sentences(pd.DataFrame({"month": ["2024-03"], "value": [1.0]}), context(), "id")
    assert refused.value.code == "KS4003"
    assert "region" in refused.value.text("id")
