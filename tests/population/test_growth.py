"""Growth relative to the poverty line: modes, the link, and what a backcast may not see."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from kesos_sim.data import read_table
from kesos_sim.data.parameters import parameter_table
from kesos_sim.data.table import Table
from kesos_sim.population import growth_link, growth_panel, known
from kesos_sim.population.growth import GrowthPaths, growth_paths
from kesos_sim.population.growth_link import estimate, fit_link
from kesos_sim.population.growth_panel import Panel, outside_inputs, parallel_growth, score_slopes
from kesos_sim.population.known import known_until
from kesos_sim.scenario.notices import LAST_LINKED
from kesos_sim.units import Month

PROVINCE = np.array([33, 33, 31, 53, 53, 94], dtype=np.int32)
AREA = np.array([0, 1, 0, 0, 1, 1], dtype=np.uint8)
RANK = np.linspace(0.005, 0.995, 100)
VALUES = {name: parameter.value for name, parameter in parameter_table().items()}


def paths(mode: str, base: int = 2015, months: int = 117, **changed: float) -> GrowthPaths:
    values = {**VALUES, **{name.replace("__", "."): value for name, value in changed.items()}}
    return growth_paths(
        PROVINCE, AREA, RANK, Month(base, 3), months, mode, lambda name: values[name]
    )


def parameter(name: str) -> float:
    return VALUES[name]


@pytest.fixture
def replace(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give growth other data: a function of the columns of one table."""

    def install(name: str, change: Any) -> None:
        table = read_table(name)
        columns = {column: np.array(table[column]) for column in table.columns}
        change(columns)
        changed = Table.from_columns(name, columns)
        before = known.read_table
        monkeypatch.setattr(
            known, "read_table", lambda wanted: changed if wanted == name else before(wanted)
        )

    return install


def test_no_growth_is_zero() -> None:
    found = paths("none")
    assert not found.log_growth().any()
    assert not found.shared_sd.any()
    assert found.coefficients() == []


@pytest.mark.parametrize("mode", ["none", "forward", "backcast"])
def test_growth_starts_at_zero_and_the_factors_agree(mode: str) -> None:
    found = paths(mode)
    full = found.log_growth()
    assert full.shape == (118, len(PROVINCE), len(RANK))
    assert not full[0].any()
    assert np.array_equal(full[40], found.at(40))
    assert np.all(np.diff(found.shape) >= 0)
    assert found.shape[0] == 0.0
    assert found.shape[-1] == 1.0


def test_no_months_after_the_base() -> None:
    for mode in ("none", "forward", "backcast"):
        assert paths(mode, months=0).log_growth().shape == (1, len(PROVINCE), len(RANK))


def test_unknown_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="backcast"):
        paths("sideways")


def test_forward_is_the_declared_pace_everywhere() -> None:
    growth = paths("forward", base=2024, months=120).log_growth()
    bottom = growth[:, :, RANK <= 0.4]
    assert np.allclose(bottom[12], np.log1p(0.007))
    assert np.allclose(bottom[120], 10 * np.log1p(0.007))
    assert np.allclose(growth[12][:, RANK >= 0.8], np.log1p(VALUES["growth.upper_forward"]))


def test_forward_keeps_the_observed_fall_of_mean_over_line() -> None:
    spending = read_table("expenditure_province").where(
        bps_code=0, month=3, area="total", group="all", quality="estimate"
    )
    lines = read_table("poverty_province").where(bps_code=0, month=3, area="total")

    def mean_over_line(year: int) -> float:
        return float(
            spending.where(year=year)["total_idr"][0]
            / lines.where(year=year)["poverty_line_idr"][0]
        )

    observed = np.log(mean_over_line(2024) / mean_over_line(2015)) / 9
    groups = read_table("inequality_province").where(bps_code=0, year=2019, month=3, area="total")
    growth = paths("forward", base=2024, months=12).at(12)[0]
    modelled = sum(
        float(groups[share][0]) / 100 * growth[(low < RANK) & (high >= RANK)].mean()
        for share, low, high in (
            ("share_bottom40", 0.0, 0.4),
            ("share_mid40", 0.4, 0.8),
            ("share_top20", 0.8, 1.0),
        )
    )
    assert modelled == pytest.approx(observed, abs=0.001)


def test_forward_never_reorders_ranks_in_thirty_years() -> None:
    table = read_table("consumption_percentiles").where(year=2019)
    tilt = paths("forward", base=2024, months=360)
    for area in ("urban", "rural"):
        rows = table.where(area=area)
        shape = np.interp(rows["percentile"] / 100, RANK, tilt.shape)
        log_welfare = np.log(rows["ratio_to_median"])
        assert np.all(np.diff(log_welfare + tilt.tilt[-1, 0] * shape) > 0)


def spoil(columns: dict[str, Any], later: Any, names: tuple[str, ...]) -> None:
    generator = np.random.default_rng(1)
    for name in names:
        columns[name][later] = generator.choice(
            [np.nan, -5.0, 0.0, 99.9, 1e9], size=int(later.sum())
        )


@pytest.mark.parametrize("base", [2015, 2017, 2019, 2022])
def test_backcast_cannot_see_outcomes_after_the_base(base: int, replace: Any) -> None:
    before = paths("backcast", base)

    def poverty(columns: dict[str, Any]) -> None:
        later = (columns["year"] > base) | ((columns["year"] == base) & (columns["month"] > 3))
        spoil(columns, later, ("poverty_rate_p0", "gap_p1", "severity_p2", "poor_thousand"))

    def spread(columns: dict[str, Any]) -> None:
        spoil(columns, columns["year"] > base, ("ratio_to_median", "median_2011ppp_day"))

    replace("poverty_province", poverty)
    replace("consumption_percentiles", spread)
    after = paths("backcast", base)
    assert np.array_equal(before.log_growth(), after.log_growth())
    assert np.array_equal(before.shared_sd, after.shared_sd)
    assert np.array_equal(before.own_sd, after.own_sd)
    assert before.coefficients() == after.coefficients()


def test_backcast_sees_outcomes_up_to_the_base(replace: Any) -> None:
    before = paths("backcast", 2017)

    def change(columns: dict[str, Any]) -> None:
        at_base = (columns["year"] == 2017) & (columns["month"] == 3)
        columns["poverty_rate_p0"][at_base] *= 0.9

    replace("poverty_province", change)
    assert not np.array_equal(before.level, paths("backcast", 2017).level)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("growth_prices", "gdp_growth_percent"),
        ("growth_prices", "cpi_inflation_percent"),
        ("growth_prices", "unemployment_feb_percent"),
        ("poverty_province", "poverty_line_idr"),
    ],
)
def test_inputs_after_the_base_move_only_the_path(table: str, column: str, replace: Any) -> None:
    before = paths("backcast", 2015)

    def change(columns: dict[str, Any]) -> None:
        columns[column][columns["year"] >= 2018] *= 1.04

    replace(table, change)
    after = paths("backcast", 2015)
    assert not np.array_equal(before.level, after.level)
    assert np.array_equal(before.level[:22], after.level[:22])
    assert before.coefficients() == after.coefficients()


def test_every_reading_goes_through_the_cut() -> None:
    folder = Path(growth_panel.__file__).parent
    for path in sorted(folder.glob("growth*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith("kesos_sim.data"), path.name
            if isinstance(node, ast.Import):
                assert not any("data" in alias.name for alias in node.names), path.name


def test_only_declared_columns_can_be_read() -> None:
    view = known_until(Month(2015, 3))
    with pytest.raises(KeyError, match="poverty_rate_p0"):
        view.inputs("poverty_province", "poverty_rate_p0")
    with pytest.raises(KeyError, match="gini"):
        view.outcomes("inequality_province", "gini")
    assert view.outcomes("poverty_province", "poverty_rate_p0")["year"].max() == 2015
    assert view.inputs("poverty_province", "poverty_line_idr")["year"].max() == 2024


def test_slopes_give_the_published_elasticity() -> None:
    slopes = score_slopes(known_until(Month(2019, 3)), parameter)
    for slope, rate, low, high in zip(
        slopes, (0.0669, 0.1285), (3.5, 3.1), (4.3, 4.0), strict=True
    ):
        density = np.exp(-0.5 * ndtri(rate) ** 2) / np.sqrt(2 * np.pi)
        assert low < density / (slope * rate) < high


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0.01, 0.45),
    st.floats(0.01, 0.45),
    st.floats(0.0, 1.0),
    st.floats(-0.15, 0.15),
)
def test_parallel_growth_is_found_again(
    urban: float, rural: float, share: float, growth: float
) -> None:
    slopes = np.array([0.47, 0.42])
    scores = ndtri(np.array([[urban, rural]]))
    shares = np.array([[share, 1 - share]])
    target = (shares * ndtr(scores - growth / slopes)).sum(axis=1)
    assert parallel_growth(scores, shares, target, slopes)[0] == pytest.approx(growth, abs=1e-9)


def simulated_panel(truth: np.ndarray, seed: int = 5) -> Panel:
    generator = np.random.default_rng(seed)
    years, provinces = np.arange(1980, 2020), np.arange(11, 44)
    year, province = (a.ravel() for a in np.meshgrid(years, provinces, indexing="ij"))
    shared = generator.normal(0, 2, (len(years), 2))[year - 1980]
    own = generator.normal(0, 2, (len(year), 3))
    regressors = np.column_stack(
        [np.ones(len(year)), shared[:, 0], own[:, 0], shared[:, 1], own[:, 1], own[:, 2]]
    )
    noise = generator.normal(0, 0.5, len(years))[year - 1980] + generator.normal(0, 1, len(year))
    noise[::97] += 15.0
    return Panel(year, province, regressors @ truth + noise, np.ones(len(year)), regressors)


def test_link_recovers_known_coefficients_in_spite_of_outliers() -> None:
    truth = np.array([0.5, 0.4, 0.1, -0.3, 0.2, -0.5])
    inputs = outside_inputs(known_until(Month(2015, 3)), parameter)
    wide = {name: 50.0 for name in VALUES if name.startswith("growth.link.prior_sd")}
    link = estimate(simulated_panel(truth), inputs, lambda name: wide.get(name, VALUES[name]))
    distance = np.abs(link.coefficients - truth) / link.standard_errors()
    assert np.all(distance < 3.0)
    assert link.year_sd == pytest.approx(0.5, abs=0.15)
    assert link.noise_sd == pytest.approx(1.0, abs=0.25)


def test_shared_disturbance_has_the_variance_it_says() -> None:
    generator = np.random.default_rng(3)
    year = np.repeat(np.arange(4), 5)
    precision, columns = generator.uniform(0.5, 2.0, 20), generator.normal(size=(20, 3))
    variance = np.diag(1 / precision) + 0.7**2 * (year[:, None] == year)
    found = growth_link._whiten(columns, precision, year, 0.7)
    assert np.allclose(found, np.linalg.solve(variance, columns))


def test_a_tight_prior_holds_the_coefficients() -> None:
    tight = {name: 1e-6 for name in VALUES if name.startswith("growth.link.prior_sd")}
    link = fit_link(known_until(Month(2015, 3)), lambda name: tight.get(name, VALUES[name]))
    assert np.allclose(link.coefficients, link.prior_mean, atol=1e-6)


def test_link_of_each_base_is_plausible() -> None:
    for base, years in ((2015, 5), (2019, 9), (2024, 11)):
        link = fit_link(known_until(Month(base, 3)), parameter)
        found = dict(zip(growth_panel.REGRESSORS, link.coefficients, strict=True))
        assert len(link.years) == years
        assert max(link.years) < base
        assert 0.2 < found["constant"] < 1.6
        assert 0.0 < found["gdp"] < 0.8
        assert -0.4 < found["inflation"] < 0.0
        assert np.all(link.standard_errors() <= link.prior_sd)


def test_pandemic_year_is_a_setback() -> None:
    level = paths("backcast", 2019, months=60).level
    year = np.diff(level[::12], axis=0)
    assert np.all(year[1] < -0.01)
    assert np.all(year[0] > 0)
    assert np.all(year[2] > year[1])


def test_forward_pace_continues_after_the_last_input() -> None:
    last = int(fit_link(known_until(Month(2024, 3)), parameter).inputs.years[-1])
    covered = (last + 1 - 2024) * 12
    assert Month(2024, 3) + covered == LAST_LINKED, "what people are told"
    found = paths("backcast", 2024, months=covered + 36)
    pace = np.diff(found.level, axis=0)
    assert np.allclose(pace[covered:], np.log1p(VALUES["growth.bottom40_forward"]) / 12)
    assert not np.allclose(pace[:covered], pace[covered])
    assert np.all(np.diff(found.shared_sd, axis=0) > 0)


def test_base_between_surveys_uses_the_running_survey_year() -> None:
    june = growth_paths(PROVINCE, AREA, RANK, Month(2015, 6), 12, "backcast", parameter)
    march = paths("backcast", 2015)
    assert np.allclose(june.level[9], march.level[12] - march.level[3])


def test_band_and_shift() -> None:
    middle, low = paths("backcast"), paths("backcast", growth__link__shift=-1.0)
    assert np.allclose(low.level, middle.level - middle.shared_sd)
    assert np.all(middle.shared_sd[12] < middle.shared_sd[60])
    assert 0.003 < middle.shared_sd[12, 0] < 0.03
    assert np.all(middle.own_sd[1:] > 0)


def test_programme_part_is_taken_off_the_constant() -> None:
    with_part = paths("backcast", growth__link__programme_part=0.002)
    without = paths("backcast", growth__link__programme_part=0.0)
    assert np.allclose(without.level[60] - with_part.level[60], 0.002 * 5)


def test_divided_provinces_take_the_inputs_of_the_undivided_one() -> None:
    inputs = outside_inputs(known_until(Month(2024, 3)), parameter)
    for child, parent in ((92, 91), (95, 94), (96, 94), (97, 94)):
        assert np.array_equal(inputs.at(2018, child), inputs.at(2018, parent))
    assert not np.array_equal(inputs.at(2024, 96), inputs.at(2024, 94))
    panel = growth_panel.observed_panel(known_until(Month(2024, 3)), inputs, parameter)
    assert not ((panel.year == 2023) & np.isin(panel.province, (91, 94))).any()
