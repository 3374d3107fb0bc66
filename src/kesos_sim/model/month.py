"""One month, stage by stage: read this file first.

`STAGES` is the order of a month. Each stage takes the model and changes it in
place; what a stage needs from outside it finds in the model, and nothing is
drawn from a sequence, so a stage gives the same result wherever a run was
stopped and resumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kesos_sim.institutions.accounts import (
    COORDINATION,
    EMPOWERMENT,
    HOUSING,
    LINKING,
    MONITORING,
    PARTICIPATION,
    POLITICS,
)
from kesos_sim.model.shocks import strike

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["BEFORE_HELP", "SERVICES", "STAGES"]

JANUARY, MARCH = 1, 3


def move_world(model: WelfareModel) -> None:
    """Households age in January; scores move; shocks and named events strike."""
    if model.month.month == JANUARY:
        model.world.compose(model.month.year)
    model.world.draw(model.month, model.mask("PBI"))
    strike(model)


def fill_treasuries(model: WelfareModel) -> None:
    """Governments receive revenue, plan new poverty money and release funds."""
    model.treasury.step(model.month)
    parts = model.parts
    parts.serving.bodies.release(model.month, model.lever)
    here, above, nation = parts.serving.bodies.cost(model.lever)
    paid = nation if nation.any() else None
    model.treasury.run_service(COORDINATION, here, above, of_nation=paid)
    model.treasury.run_service(POLITICS, *parts.politics.cost(model.lever))
    model.treasury.run_service(MONITORING, parts.monitoring.cost())
    parts.hazards.pay(model.treasury)
    parts.community.begin(model.lever)
    model.treasury.run_service(PARTICIPATION, parts.citizens.cost())
    for line, part in (
        (LINKING, parts.linking),
        (EMPOWERMENT, parts.empowering),
        (HOUSING, parts.housing),
    ):
        regional, national = part.cost()
        model.treasury.run_service(line, regional, of_nation=national)


def fund_organisations(model: WelfareModel) -> None:
    """Organisations receive donations, grants and money of firms, and see how long it lasts."""
    model.parts.serving.receive(model.month)


def keep_registry(model: WelfareModel) -> None:
    """Registry offices visit records, take proposals and objections, on their calendar."""
    if model.office.ranks(model.month):
        model.verify_records()


def rank_households(model: WelfareModel) -> None:
    """Rank people in their cells: welfare before help is known."""
    model.world.rank(model.log_growth())


def run_programmes(model: WelfareModel) -> None:
    """Enrol and graduate by rank, work out benefits, pay what is due through the channels."""
    model.enrol()
    model.grant()
    model.pay()


def coordinate(model: WelfareModel) -> None:
    """Councils are won and bylaws made; bodies wake, sleep and meet; organisations come and go."""
    model.parts.politics.live(model.month)
    model.parts.serving.bodies.live(model.month, model.lever, model.parts.hazards.aided)


def link(model: WelfareModel) -> None:
    """Facilitators and volunteers bring cases, citizens complain; offices decide and answer."""
    model.parts.linking.live()
    model.parts.citizens.live()


def serve(model: WelfareModel) -> None:
    """Needs end and arise; organisations hold their clients and look for new ones."""
    model.parts.serving.live(model.month)


def relieve(model: WelfareModel) -> None:
    """Disasters strike households by themselves; first help arrives, and recovery goes on."""
    model.parts.hazards.live(model.month)


def help_each_other(model: WelfareModel) -> None:
    """Neighbourhood groups meet, collect, and pay members and neighbours."""
    model.parts.community.live(model.month, model.lever)


def live_with_help(model: WelfareModel) -> None:
    """Consumption and savings of the month."""
    model.world.consume(model.regular_mask, march=model.month.month == MARCH)


def learn_and_work(model: WelfareModel) -> None:
    """School years under PKH conditions, enterprises and repaired houses add to lasting gains."""
    model.learn_and_work()


def observe(model: WelfareModel) -> None:
    """Close the books and remember the month."""
    model.ledger.close_month(model.month)
    model.remember()


STAGES = (
    move_world,
    fill_treasuries,
    fund_organisations,
    keep_registry,
    rank_households,
    run_programmes,
    coordinate,
    link,
    serve,
    relieve,
    help_each_other,
    live_with_help,
    learn_and_work,
    observe,
)
"""The stages of a month, in order."""

SERVICES = (fund_organisations, coordinate, link, serve, help_each_other)
"""The stages that the distribution of welfare hardly depends on."""

BEFORE_HELP = STAGES[: STAGES.index(live_with_help)]
"""The stages after which the anchor is settled in the base month."""
