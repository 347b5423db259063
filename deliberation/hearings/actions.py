"""What the hearings' room records."""

from collections.abc import Mapping
from typing import Any

from deliberation.audit.actions import action, changed
from deliberation.hearings.states import kind_words, party_words
from deliberation.kernel.words import N_


def _joined(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"party": party_words(changed(body, "hearing_participant", "party"))}


def _said(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"kind": kind_words(changed(body, "hearing_word", "kind"))}


BEGIN = action("hearing.begin", N_("%(office)s put the question of round %(label)s of the hearing."), creates=("hearing",))
JOIN = action(
    "hearing.join",
    N_("%(office)s entered somebody who takes part in the hearing: %(party)s."),
    creates=("hearing_participant",),
    details=_joined,
)
SAY = action(
    "hearing.say", N_("%(office)s took down what was said in the hearing: %(kind)s."), creates=("hearing_word",), details=_said
)
FIND = action(
    "hearing.find",
    N_("%(office)s wrote the findings of round %(label)s of the hearing."),
    changes={"hearing": ("findings", "found_at", "found_by_id")},
)
CONFIRM = action(
    "hearing.confirm",
    N_("Somebody who took part in the hearing confirmed its record."),
    changes={"hearing_participant": ("confirmed_at", "on_paper", "noted_by_id")},
)
RESERVE = action(
    "hearing.reserve",
    N_("Somebody who took part in the hearing made a reservation to its record."),
    changes={"hearing_participant": ("confirmed_at", "on_paper", "noted_by_id", "reservation_id")},
)
ANSWER = action(
    "hearing.answer",
    N_("%(office)s answered the findings of round %(label)s of the hearing for the council."),
    changes={"hearing": ("answer", "answered_at", "answered_by_id")},
)


def _applied(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"party": party_words(changed(body, "hearing_application", "party"))}


INVITE = action(
    "hearing.invite", N_("%(office)s called people to apply for places in the hearing."), creates=("hearing_call", "hearing_seats")
)
APPLY = action(
    "hearing.apply",
    N_("Somebody applied for a place in the hearing: %(party)s."),
    creates=("hearing_application",),
    details=_applied,
)
CLOSE_LIST = action(
    "hearing.close_list",
    N_("%(office)s closed the list of applications for the hearing."),
    changes={"hearing_call": ("closed_at",)},
)
DRAW = action(
    "hearing.draw",
    N_("%(office)s drew the lot for the places in the hearing with the public seed “%(seed)s”."),
    creates=("hearing_participant",),
    changes={"hearing_call": ("seed", "drawn_at"), "hearing_application": ("place", "participant_id")},
    details=lambda body: {"seed": changed(body, "hearing_call", "seed")},
)
STEP_BACK = action(
    "hearing.step_back",
    N_("Somebody took an application for the hearing back; whoever is next on reserve follows."),
    creates=("hearing_participant",),
    changes={"hearing_application": ("withdrawn_at", "participant_id")},
    deletes=("hearing_participant",),
)
