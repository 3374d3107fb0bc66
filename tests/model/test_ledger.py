"""The ledger books every rupiah and refuses a month in which in and out differ."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.errors import KesosError
from kesos_sim.institutions.accounts import ORSOS, of_a_programme
from kesos_sim.institutions.places import Places
from kesos_sim.model.ledger import GENERAL, Ledger, Stage
from kesos_sim.units import Month
from tests.model.lives import columns_of

JANUARY = Month(2026, 1)
PKH = ("apbn", "PKH")
BUDGET = ("apbd_district", GENERAL)


def ledger() -> Ledger:
    return Ledger((0, 33, 3301, 3316), ("PKH", "SEMBAKO"))


def rupiah(*amounts: int) -> np.ndarray:
    return np.array(amounts, np.int64)


def test_a_balanced_month_closes_and_opens_the_next() -> None:
    books = ledger()
    here = books.slots([3301, 3316])
    books.post(JANUARY, BUDGET, (Stage.REVENUE,), rupiah(100, 200)[None], here)
    books.post(JANUARY, BUDGET, (Stage.OTHER_SPENDING,), rupiah(70, 150)[None], here)
    books.post(JANUARY, BUDGET, (Stage.CARRY_OVER,), rupiah(30, 50)[None], here)
    books.close_month(JANUARY)
    opening = books.total(JANUARY + 1, Stage.OPENING)
    assert opening[here].tolist() == [30, 50]
    assert books.balance(JANUARY + 1, "apbd_district")[here].tolist() == [30, 50]


@pytest.mark.parametrize("missing", [1, -7, 10**15])
def test_an_unbalanced_month_is_refused(missing: int) -> None:
    books = ledger()
    here = books.slots([3316])
    books.post(JANUARY, BUDGET, (Stage.REVENUE,), rupiah(10**15 + max(missing, 0))[None], here)
    books.post(
        JANUARY, BUDGET, (Stage.OTHER_SPENDING,), rupiah(10**15 - min(missing, 0))[None], here
    )
    with pytest.raises(KesosError) as refused:
        books.close_month(JANUARY)
    assert refused.value.code == "KS2101"
    assert refused.value.fields["region"] == "3316"
    assert refused.value.fields["stream"] == "apbd_district"
    assert refused.value.fields["rupiah"] == missing
    for lang in ("id", "en"):
        assert "3316" in refused.value.text(lang)


def test_programmes_of_one_account_balance_together() -> None:
    books = ledger()
    here = books.slots([3316])
    books.post(JANUARY, ("apbn", GENERAL), (Stage.REVENUE,), rupiah(10)[None], here)
    books.post(JANUARY, PKH, (Stage.DELIVERED,), rupiah(6)[None], here)
    books.post(JANUARY, ("apbn", "SEMBAKO"), (Stage.LEAKAGE,), rupiah(4)[None], here)
    books.close_month(JANUARY)
    assert not books.balance(JANUARY, "apbn").any()


def test_streams_do_not_pay_for_each_other() -> None:
    books = ledger()
    here = books.slots([3316])
    books.post(JANUARY, ("apbn", GENERAL), (Stage.REVENUE,), rupiah(10)[None], here)
    books.post(JANUARY, ("village_fund", "PKH"), (Stage.DELIVERED,), rupiah(10)[None], here)
    with pytest.raises(KesosError, match="KS2101"):
        books.close_month(JANUARY)


def test_transfers_move_money_to_districts() -> None:
    books = ledger()
    nation, here = books.slots([0, 0]), books.slots([3301, 3316])
    books.post(JANUARY, ("apbn", GENERAL), (Stage.REVENUE,), rupiah(30)[None], books.slots([0]))
    books.transfer(JANUARY, PKH, rupiah(10, 20), nation, here)
    books.post(JANUARY, PKH, (Stage.DELIVERED,), rupiah(10, 20)[None], here)
    books.close_month(JANUARY)
    assert books.total(JANUARY, Stage.TRANSFER_OUT).tolist() == [30, 0, 0, 0]
    assert books.total(JANUARY, Stage.TRANSFER_IN).tolist() == [0, 0, 10, 20]


def test_a_transfer_that_does_not_arrive_is_refused() -> None:
    books = ledger()
    nation = books.slots([0])
    books.post(JANUARY, ("apbn", GENERAL), (Stage.REVENUE,), rupiah(5)[None], nation)
    books.post(JANUARY, PKH, (Stage.TRANSFER_OUT,), rupiah(5)[None], nation)
    with pytest.raises(KesosError, match="KS2103"):
        books.close_month(JANUARY)


def test_negative_amounts_are_refused() -> None:
    books = ledger()
    with pytest.raises(KesosError) as refused:
        books.post(JANUARY, PKH, (Stage.DELIVERED,), rupiah(5, -3)[None], books.slots([3301, 3316]))
    assert refused.value.code == "KS2102"
    assert refused.value.fields["region"] == "3316"
    assert refused.value.fields["rupiah"] == -3


def test_a_closed_month_stays_closed() -> None:
    books = ledger()
    books.close_month(JANUARY)
    with pytest.raises(KesosError, match="KS2104"):
        books.post(JANUARY, PKH, (Stage.REVENUE,), rupiah(1)[None], books.slots([0]))


@pytest.mark.parametrize("line", [("apbn", "UNKNOWN"), ("csr", "PKH")])
def test_unknown_lines_are_refused(line: tuple[str, str]) -> None:
    books = ledger()
    with pytest.raises(KeyError, match=line[1]):
        books.post(JANUARY, line, (Stage.REVENUE,), rupiah(1)[None], books.slots([0]))


def test_sums_are_of_the_wanted_stream_and_programme() -> None:
    """The same programme in two streams, two programmes of one stream, and a stage of its own."""
    books = ledger()
    here = books.slots([3316])
    lines = {("apbn", "PKH"): 1, ("apbn", "SEMBAKO"): 20, ("apbd_district", "PKH"): 300}
    for line, amount in lines.items():
        stages = (Stage.REVENUE, Stage.DELIVERED)
        books.post(JANUARY, line, stages, rupiah(9000 + amount, amount)[:, None], here)

    def delivered(**wanted: str) -> int:
        return int(books.total(JANUARY, Stage.DELIVERED, **wanted)[here].item())

    assert delivered() == 321
    assert delivered(programme="PKH") == 301
    assert delivered(stream="apbn") == 21
    assert delivered(programme="PKH", stream="apbn") == 1
    assert delivered(programme="SEMBAKO", stream="apbd_district") == 0
    assert books.balance(JANUARY, "apbn")[here].tolist() == [18_000]
    assert books.balance(JANUARY, "apbd_district")[here].tolist() == [9000]
    booked = books.booked()
    wanted = booked.rupiah[booked.of_lines(lambda line: line[1] == "SEMBAKO")]
    assert wanted[:, here].ravel().tolist() == [9020, 20]
    assert wanted.sum() == 9040
    assert [Stage(stage) for stage in booked.stage] == [Stage.REVENUE, Stage.DELIVERED] * 3


def test_an_empty_month_closes_and_gives_an_empty_frame() -> None:
    books = ledger()
    books.close_month(JANUARY)
    frame = books.entries().frame()
    assert list(frame.columns) == ["month", "region", "stream", "programme", "stage", "rupiah"]
    assert len(frame) == 0


def test_the_frame_is_tidy() -> None:
    books = ledger()
    here = books.slots([3316])
    books.post(JANUARY, PKH, (Stage.REVENUE,), rupiah(9)[None], books.slots([0]))
    books.transfer(JANUARY, PKH, rupiah(9), books.slots([0]), here)
    books.post(JANUARY, PKH, (Stage.DELIVERED,), rupiah(9)[None], here)
    books.close_month(JANUARY)
    books.post(JANUARY + 1, PKH, (Stage.REVENUE,), rupiah(5)[None], here)
    frame = books.entries().frame()
    assert frame.to_dict("list") == {
        "month": ["2026-01"] * 4,
        "region": ["00", "3316", "3316", "00"],
        "stream": ["apbn"] * 4,
        "programme": ["PKH"] * 4,
        "stage": ["revenue", "transfer_in", "delivered", "transfer_out"],
        "rupiah": [9] * 4,
    }
    assert str(frame["rupiah"].dtype) == "int64"


def test_months_of_a_burn_in_can_be_forgotten() -> None:
    books = ledger()
    here = books.slots([3316])
    books.post(JANUARY, BUDGET, (Stage.REVENUE,), rupiah(4)[None], here)
    books.post(JANUARY, BUDGET, (Stage.CARRY_OVER,), rupiah(4)[None], here)
    books.close_month(JANUARY)
    books.forget(JANUARY + 1)
    books.post(JANUARY + 1, BUDGET, (Stage.OTHER_SPENDING,), rupiah(4)[None], here)
    books.close_month(JANUARY + 1)
    assert set(books.entries().frame()["month"]) == {"2026-02"}


def test_accounts_of_a_run() -> None:
    one = np.ones(2)
    places = Places(2024, np.array([3316, 5171]), one, one, one, one)
    books = Ledger.open(places, ("PKH",))
    assert books.regions.tolist() == [0, 33, 51, 3316, 5171]
    assert books.slots([51, 3316]).tolist() == [2, 3]


AMOUNT = st.integers(0, 10**14)


@given(st.lists(st.tuples(AMOUNT, AMOUNT, AMOUNT, AMOUNT), min_size=1, max_size=6), st.data())
def test_money_is_conserved_over_months(
    months: list[tuple[int, int, int, int]], data: st.DataObject
) -> None:
    books = ledger()
    nation, here = books.slots([0]), books.slots([3301, 3316])
    held = 0
    entered = left = 0
    for number, (revenue, *out) in enumerate(months):
        month = JANUARY + number
        books.post(month, ("apbn", GENERAL), (Stage.REVENUE,), rupiah(revenue)[None], nation)
        held, entered = held + revenue, entered + revenue
        for stage, wish in zip((Stage.DELIVERED, Stage.LEAKAGE, Stage.SERVICES), out, strict=True):
            amount = min(wish, held)
            first = data.draw(st.integers(0, amount))
            parts = rupiah(first, amount - first)
            books.transfer(month, PKH, parts, books.slots([0, 0]), here)
            books.post(month, PKH, (stage,), parts[None], here)
            held, left = held - amount, left + amount
        books.post(month, ("apbn", GENERAL), (Stage.CARRY_OVER,), rupiah(held)[None], nation)
        books.close_month(month)
    assert entered == left + held
    copy = ledger()
    copy.restore(books.snapshot())
    for name, column in columns_of(books).items():
        assert (columns_of(copy)[name] == column).all()


ORGANISATIONS = (ORSOS, GENERAL)


@given(st.lists(AMOUNT, min_size=2, max_size=2), st.integers(0, 2))
def test_grants_go_from_one_stream_to_another_or_the_month_is_refused(
    amounts: list[int], missing: int
) -> None:
    books = ledger()
    here, money = books.slots([3301, 3316]), rupiah(*amounts)
    books.post(JANUARY, BUDGET, (Stage.REVENUE,), money[None], here)
    books.grant(JANUARY, BUDGET, ORGANISATIONS, money, here)
    paid = money + missing
    books.post(JANUARY, ORGANISATIONS, (Stage.SERVICES,), paid[None], here)
    if missing:
        astray = rupiah(missing, missing)[None]
        books.post(JANUARY, ORGANISATIONS, (Stage.GRANT_IN,), astray, here)
        with pytest.raises(KesosError, match=str(-2 * missing)) as error:
            books.close_month(JANUARY)
        assert error.value.code == "KS2105"
    else:
        books.close_month(JANUARY)
        booked = books.booked()
        assert not booked.of_lines(of_a_programme).any()
        assert booked.rupiah.sum() == 4 * money.sum()


def test_rows_know_their_month_stage_and_whose_they_are() -> None:
    books = ledger()
    here = books.slots([3316])
    books.post(JANUARY, ("apbn", GENERAL), (Stage.REVENUE,), rupiah(10)[None], here)
    books.post(JANUARY, PKH, (Stage.DELIVERED,), rupiah(10)[None], here)
    books.close_month(JANUARY)
    books.post(JANUARY + 1, PKH, (Stage.REVENUE,), rupiah(5)[None], here)
    booked = books.booked()
    assert booked.rupiah.shape == (3, 4)
    of_programmes = booked.of_lines(of_a_programme)
    assert booked.month[of_programmes].tolist() == [JANUARY.ordinal, JANUARY.ordinal + 1]
    assert booked.stage[of_programmes].tolist() == [Stage.DELIVERED, Stage.REVENUE]
    assert booked.rupiah[of_programmes, 3].tolist() == [10, 5]
    assert not booked.of_lines(lambda line: line[0] == ORSOS).any()
