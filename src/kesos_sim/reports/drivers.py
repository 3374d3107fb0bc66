"""Parameters on which answers lean: those of every answer, and those of each lever."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["DRIVERS", "DRIVERS_OF"]

DRIVERS: Final = (
    "household.propensity_to_consume",
    "growth.bottom40_forward",
    "registry.truth",
    "programme.lateness_cost",
)
"""Parameters that every result leans on."""
_OF_SHARES: Final = (
    "fiscal.room_movable",
    "fiscal.crowding_out",
    "fiscal.leakage_share",
    "enterprise.effect",
)
_OF_COORDINATION: Final = (
    "coordination.shared_list.strength",
    "coordination.routing.strength",
    "orsos.visibility_spread",
)
_OF_COMMUNITY: Final = (
    "wksbm.groups_per_100k",
    "wksbm.participation",
    "wksbm.referral.strength",
    "wksbm.usul.strength",
    "wksbm.ties.strength",
)
_OF_COUNCILS: Final = (
    "coordination.advocacy.strength",
    "politics.initiative_gain",
    "politics.support_speed",
    "politics.legitimacy",
    *_OF_COORDINATION,
)
_OF_DISASTERS: Final = (
    "coordination.task_force.strength",
    "coordination.interprovince_aid.strength",
)
_OF_COOPERATION: Final = (
    "coordination.return.strength",
    "coordination.joint_fund.strength",
    "coordination.interprovince_aid.strength",
)
_OF_ORGANISATIONS: Final = ("orsos.income_ratio", "orsos.government.share")
_OF_LETTERS: Final = (
    "slrt.referral.strength",
    "slrt.proposal.strength",
    "psks.counselling.strength",
)
DRIVERS_OF: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "social_obligation": (
            *_OF_ORGANISATIONS,
            "orsos.grant_erosion",
            "coordination.late_money.strength",
        ),
        "social_marketing": (
            "marketing.donation_effect",
            "marketing.stigma_effect",
            *_OF_ORGANISATIONS,
        ),
        "csr_matching": (
            "coordination.matching.strength",
            "coordination.forum_meetings.strength",
            *_OF_ORGANISATIONS,
        ),
        "orsos_training": (
            "coordination.capacity.strength",
            "orsos.training_effect",
            *_OF_ORGANISATIONS,
        ),
        "aftercare": ("aftercare.strength", *_OF_ORGANISATIONS),
        "medical_referral": ("medical_referral.strength",),
        "adaptive_cash": ("adaptive.trigger_share", "hazard.loss"),
        "house_repair": ("housing.effect", "housing.unfit_poor"),
        "kat_programme": ("kat.families",),
        "member_reports": ("coordination.reports.strength", "coordination.shared_list.strength"),
        "federations": ("coordination.federation.strength", "coordination.federated"),
        "national_secretariat": (
            "coordination.secretariat.strength",
            "coordination.practice",
            "coordination.national_sleep",
        ),
        "bkkks_fundraising": ("coordination.fundraising.strength", *_OF_ORGANISATIONS),
        "volunteer_management": ("orsos.volunteers.strength", "orsos.volunteer_work"),
        "identity_matching": ("registry.matching.strength",),
        "yearly_reports": ("orsos.report_effect", *_OF_ORGANISATIONS),
        "orsos_certification": ("orsos.accredited", *_OF_ORGANISATIONS),
        "orsos_paperwork": ("orsos.paperwork_share", *_OF_ORGANISATIONS),
        "monitoring": ("monitoring.cost", "orsos.visibility_spread"),
        "community_care": ("orsos.success_community", *_OF_ORGANISATIONS),
        "portfolio_services": _OF_ORGANISATIONS,
        "political_dialogue": ("politics.dialogue_gain", *_OF_COUNCILS),
        "regulation_outreach": ("politics.compliance", *_OF_COUNCILS),
        "welfare_bylaw": _OF_COUNCILS,
        "wksbm_growth": _OF_COMMUNITY,
        "wksbm_training": (*_OF_COMMUNITY, "wksbm.training_gain"),
        "wksbm_stimulus": _OF_COMMUNITY,
        "women_leaders": ("wksbm.women.strength", "wksbm.participation"),
        "coordination": (*_OF_COORDINATION, *_OF_DISASTERS),
        "bkkks_standing": (*_OF_COORDINATION, _OF_DISASTERS[0]),
        "slrt_capacity": _OF_LETTERS,
        "social_workers": ("psks.accompaniment.strength", *_OF_LETTERS),
        "facilitator_ratio": ("psks.conditions.strength",),
        "enterprise_coaching": (
            "enterprise.coaching.strength",
            "enterprise.pioneer.strength",
            "enterprise.effect",
        ),
        "complaint_channel": ("complaint.rate", "complaint.capacity", "complaint.strength"),
        "village_deliberation": ("deliberation.strength",),
        "kube_share": ("enterprise.failure_alone", "enterprise.failure_yearly"),
        "kube_network": ("kube.network.strength", "enterprise.effect"),
        "pkh_graduation": (
            "enterprise.coaching.strength",
            "enterprise.pioneer.strength",
            "enterprise.effect",
        ),
        "aid_for_earners": ("enterprise.effect",),
        "volunteer_support": ("psks.support.strength", *_OF_LETTERS),
        "youth_groups": (
            "psks.youth.strength",
            "psks.youth_care.strength",
            "psks.youth_enterprise.strength",
            *_OF_LETTERS,
        ),
        "extension_workers": (
            "psks.information.strength",
            "psks.trust.strength",
            "psks.penyuluh_reach",
            *_OF_LETTERS,
        ),
        "partnership_platform": _OF_COORDINATION,
        "interprovince_cooperation": _OF_COOPERATION,
        "disaster_preparedness": ("hazard.preparedness_effect",),
        "apbd_poverty_share": ("fiscal.start_apbd_deciles", *_OF_SHARES),
        "apbn_poverty_share": ("fiscal.start_apbn_deciles", "fiscal.room_apbn", *_OF_SHARES),
    }
)
"""By lever, the parameters that its effect leans on beside `DRIVERS`, by id."""
