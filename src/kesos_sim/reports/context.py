"""What a report has to know beside the numbers: titles, places, money, evidence, sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import nan

from kesos_sim import i18n
from kesos_sim.data.own.figures import OwnData
from kesos_sim.indicators.definitions import Indicator
from kesos_sim.reports.provenance import Provenance
from kesos_sim.reports.streams import Flow

Words = Mapping[str, str]
"""A text in both languages: ``{"id": ..., "en": ...}``."""


def clean(words: str) -> str:
    """Return text on one line, without characters that steer a terminal or break a file.

    Parameters
    ----------
    words : str
        Text, possibly from a user's file.

    Returns
    -------
    str
        The text with a space for every control or direction character.
    """
    return "".join(c if c.isprintable() or c == "\u00a0" else " " for c in words)


def inside_sentence(words: str) -> str:
    """Return a name as it stands inside a sentence: an abbreviation keeps its large letters.

    Parameters
    ----------
    words : str
        The name.

    Returns
    -------
    str

    Examples
    --------
    >>> inside_sentence("Belanja modal"), inside_sentence("APBD provinsi")
    ('belanja modal', 'APBD provinsi')
    """
    abbreviated = words[:2].isalpha() and words[:2].isupper()
    return words if abbreviated else words[:1].lower() + words[1:]


def in_language(words: Words, lang: str) -> str:
    """Return a text in the wanted language, or in the one there is.

    Parameters
    ----------
    words : mapping of str to str
        Text by language; not empty.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        The text.
    """
    return clean(words.get(lang) or next(iter(words.values()), ""))


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One budget line that pays, or one use that receives.

    Attributes
    ----------
    words : mapping of str to str
        Name of the line in both languages.
    rupiah : float
        Rupiah per year, positive.
    """

    words: Words
    rupiah: float


@dataclass(frozen=True, slots=True)
class BudgetShare:
    """A share of a budget, with the name of what it is a share of.

    Attributes
    ----------
    words : mapping of str to str
        What it is a share of, for instance ``APBD``.
    percent : float
        The share in percent.
    """

    words: Words
    percent: float


@dataclass(frozen=True, slots=True)
class Money:
    """The new money of one scenario, against its baseline.

    Attributes
    ----------
    per_year : float
        Added spending, rupiah per year at the end of the run; negative when spending falls.
    share : BudgetShare, optional
        The added spending as a share of a budget.
    sources, uses : sequence of MoneyLine
        Where it is taken from and what it pays for.
    requested, feasible : float, optional
        Rupiah per year that the scenario asks for and that fits under mandatory spending.
    unusable : float
        Rupiah per year of new money for services that organisations could not use.
    beyond_room : bool
        Whether the run went beyond that room because it was asked to.
    existing : float
        The part of `per_year` by which the programmes of the baseline cost more or less, because
        who receives or how much has changed; the rest is new money.
    definition : mapping of str to str
        The way of counting the share for poverty behind `requested`.
    definitions : sequence of MoneyLine
        What would be requested by the other ways of counting the share, rupiah per year.
    by_province : mapping of str to float
        Added spending by province code, rupiah per year.
    """

    per_year: float
    share: BudgetShare | None = None
    sources: Sequence[MoneyLine] = ()
    uses: Sequence[MoneyLine] = ()
    requested: float | None = None
    feasible: float | None = None
    unusable: float = 0.0
    beyond_room: bool = False
    existing: float = 0.0
    definition: Words = field(default_factory=dict)
    definitions: Sequence[MoneyLine] = ()
    by_province: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Losers:
    """Who receives less than without the change.

    Attributes
    ----------
    percent : float
        Share of households in percent.
    words : mapping of str to str
        Who they mostly are.
    """

    percent: float
    words: Words


@dataclass(frozen=True, slots=True)
class Evidence:
    """A parameter that the result leans on and how well it is known.

    Attributes
    ----------
    words : mapping of str to str
        What it is, for instance the propensity to consume.
    grade : str
        ``A`` data, ``B`` literature, ``C`` expert judgement, ``D`` guess.
    name : str
        Its name in the table of parameters.
    value, low, high : float
        Value used and its range, in `unit`; NaN when not known.
    unit : str
        As the table of parameters has it.
    source : mapping of str to str
        Where it comes from, in both languages.
    drawn : bool
        Whether the band comes from drawing it, among others, from its range.
    """

    words: Words
    grade: str
    name: str = ""
    value: float = nan
    low: float = nan
    high: float = nan
    unit: str = ""
    source: Words = field(default_factory=dict)
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class PublishedPoint:
    """A published figure, shown beside the modelled path.

    Attributes
    ----------
    month, region, indicator : str
        As in a frame of results.
    value : float
        In the unit of the indicator.
    source : str
        Who published it, or whose own figure it is.
    own : bool
        Whether it is a planner's own figure, which nobody published.
    """

    month: str
    region: str
    indicator: str
    value: float
    source: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class ReportContext:
    """Everything around the numbers of one run or comparison.

    Attributes
    ----------
    titles : mapping of str to mapping
        Title of every scenario by its name, in both languages.
    region_name : mapping of str to str
        The scenario's region in running text.
    provinces : mapping of str to mapping
        Names of the provinces by code, in the order in which tables list them.
    provenance : Provenance or None
        Record of the result; exporters and charts refuse a result without it.
    region : str
        Code of the scenario's region in frames.
    money : mapping of str to Money
        New money by scenario.
    poverty_line : mapping of str to float
        Poverty line by region code, rupiah per person per month of the base month.
    evidence : mapping of str to sequence of Evidence
        What the result of a scenario leans on.
    losers : mapping of str to Losers
        Who receives less, by scenario.
    without_effect : mapping of str to mapping of str to (float, float)
        Indicators of the whole region at the end if coordination did nothing, with and without
        the change, by scenario; for scenarios that rest on coordination.
    waiting_without_effect : mapping of str to mapping of (str, str) to (float, float)
        Disaster victims who wait for first help if coordination did nothing, with and without
        the change, by scenario, then region code and month.
    propensity : (float, float, float), optional
        Share of a transfer that is consumed: value used, lowest, highest.
    published : sequence of PublishedPoint
        Published figures to show beside the model's.
    sources : sequence of mapping
        Names of the data sources in both languages, as charts cite them.
    notes : sequence of mapping
        What a reader has to know, for instance which figures are imputed.
    notices : sequence of mapping
        What the scenarios ask for that cannot have an effect; part of the record of a result.
    districts : mapping of str to mapping
        Names of the districts by code, in the order in which tables list them.
    programmes : mapping of str to mapping
        Titles of the scenarios' own programmes by name.
    flows : mapping of str to sequence of Flow
        What flows from sources through channels to ends in every year, by scenario.
    own_data : OwnData or None
        Figures of a planner that replace published ones.
    needed : mapping of str to float
        Paired draws after which the direction of the mean difference in the poverty rate of the
        whole region at the end can be told, by scenario; only where several draws differ.
    """

    titles: Mapping[str, Words]
    region_name: Words
    provinces: Mapping[str, Words]
    provenance: Provenance | None
    region: str = "all"
    money: Mapping[str, Money] = field(default_factory=dict)
    poverty_line: Mapping[str, float] = field(default_factory=dict)
    evidence: Mapping[str, Sequence[Evidence]] = field(default_factory=dict)
    losers: Mapping[str, Losers] = field(default_factory=dict)
    without_effect: Mapping[str, Mapping[str, tuple[float, float]]] = field(default_factory=dict)
    waiting_without_effect: Mapping[str, Mapping[tuple[str, str], tuple[float, float]]] = field(
        default_factory=dict
    )
    propensity: tuple[float, float, float] | None = None
    published: Sequence[PublishedPoint] = ()
    sources: Sequence[Words] = ()
    notes: Sequence[Words] = ()
    notices: Sequence[Words] = ()
    districts: Mapping[str, Words] = field(default_factory=dict)
    flows: Mapping[str, Sequence[Flow]] = field(default_factory=dict)
    programmes: Mapping[str, Words] = field(default_factory=dict)
    own_data: OwnData | None = None
    needed: Mapping[str, float] = field(default_factory=dict)

    def title(self, scenario: str, lang: str) -> str:
        """Return the title of a scenario, or its name when it has none.

        Parameters
        ----------
        scenario : str
            Name in a frame.
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            The title.
        """
        words = self.titles.get(scenario)
        return in_language(words, lang) if words else clean(scenario)

    def place(self, region: str, lang: str) -> str:
        """Return the name of a region in running text.

        Parameters
        ----------
        region : str
            Code in a frame.
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            The name, or the code when it is not known.
        """
        if region == self.region:
            return in_language(self.region_name, lang)
        words = self.provinces.get(region) or self.districts.get(region)
        return in_language(words, lang) if words else clean(region)

    def label(self, definition: Indicator, lang: str) -> str:
        """Return the name of an indicator, with the title of a scenario's own programme.

        Parameters
        ----------
        definition : Indicator
            Its definition.
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            The name on screens.
        """
        title = self.programmes.get(definition.part)
        if title is None:
            return definition.label(lang)
        part = in_language(title, lang)
        return i18n.text(f"indicators.{definition.family}.label", lang, part=part)
