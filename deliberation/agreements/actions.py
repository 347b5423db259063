"""What the room of agreements records."""

from collections.abc import Mapping
from typing import Any

from deliberation.agreements.states import PointState, point_words
from deliberation.audit.actions import WIPED, action, changed
from deliberation.kernel.words import N_


def _became(body: Mapping[str, Any]) -> dict[str, Any]:
    # What was not done may be noted again, with another word; what is done stands.
    return {"outcome": point_words(changed(body, "agreed_point", "outcome") or PointState.NOT_DONE)}


SIDES = action("side.enter", N_("%(office)s put down who takes part in the meeting as a side."), creates=("meeting_side",))
REMOVE = action(
    "side.remove",
    N_("%(office)s took a side off the meeting's list."),
    deletes=("meeting_side",),
    changes={"personal_record": WIPED},
)
NOTE = action(
    "side.note",
    N_("%(office)s noted whether a side came to the meeting."),
    changes={"meeting_side": ("is_present", "speaker_id"), "personal_record": WIPED},
)
WRITE = action("point.write", N_("%(office)s wrote down a point that was agreed in the meeting."), creates=("agreed_point",))
STRIKE = action("point.strike", N_("%(office)s struck a point out again."), deletes=("agreed_point",))
SETTLE = action(
    "point.settle",
    N_("%(office)s noted what became of a point that was agreed: %(outcome)s."),
    changes={"agreed_point": ("outcome", "word", "settled_at")},
    details=_became,
)
AGREE = action(
    "agreement.agree",
    N_("%(office)s noted that a side agreed to the written agreement."),
    changes={"meeting_side": ("agreed_at", "agreed_hash", "is_present")},
)
CONCLUDE = action(
    "agreement.conclude",
    N_("%(office)s noted that the last side agreed: the written agreement is concluded."),
    creates=("settlement",),
    changes={"meeting_side": ("agreed_at", "agreed_hash", "is_present")},
)
REOPEN = action(
    "agreement.reopen",
    N_("%(office)s opened the text of the agreement again: no side has agreed to it."),
    changes={"meeting_side": ("agreed_at", "agreed_hash")},
)
FAIL = action(
    "agreement.fail", N_("%(office)s wrote down that there was no agreement, and how it goes on."), creates=("settlement",)
)
