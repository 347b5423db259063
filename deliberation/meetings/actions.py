"""What the meetings' room records."""

from deliberation.audit.actions import WIPED, action, changed
from deliberation.kernel.words import N_
from deliberation.meetings.states import presence_words, speech_words

PLAN = action(
    "meeting.plan", N_("%(office)s put a meeting on the calendar."), creates=("meeting", "agenda_item", "agenda_topic", "material")
)
REPLAN = action(
    "meeting.replan",
    N_("%(office)s changed day, place or agenda of a session whose notice had not gone out."),
    creates=("agenda_item", "agenda_topic", "material"),
    changes={"meeting": ("rule_set_id", "starts_at", "place", "chair_id", "clerk_id")},
    deletes=("agenda_item", "agenda_topic", "material"),
)
CALL = action(
    "meeting.call",
    N_("%(office)s sent the notice of the meeting."),
    creates=("attendance", "meeting_notice"),
    changes={"meeting": ("state", "called_at"), "agenda_item": ("version_id",)},
)
MOVE = action(
    "meeting.move",
    N_("%(office)s moved the meeting and sent a new notice."),
    creates=("meeting_notice",),
    changes={"meeting": ("starts_at", "place"), "attendance": ("state", "since", "reason_id"), "stay": ("left_at",),
             "personal_record": WIPED},
)  # fmt: skip
CANCEL = action(
    "meeting.cancel",
    N_("%(office)s called the meeting off."),
    changes={"meeting": ("state", "cancelled_at", "cancel_reason")},
)
ADJOURN = action(
    "meeting.adjourn",
    N_("%(office)s adjourned the meeting."),
    creates=("recess",),
    changes={"meeting": ("state",), "attendance": ("state", "since"), "stay": ("left_at",)},
)
RESUME = action(
    "meeting.resume",
    N_("%(office)s went on with the meeting."),
    changes={"meeting": ("state",), "recess": ("resumed_at",)},
)
OPEN = action(
    "meeting.open",
    N_("%(office)s opened the meeting."),
    creates=("attendance",),
    changes={"meeting": ("state", "opened_at"), "attendance": ("capacity_id",), "personal_record": WIPED},
)
TAKE_CHAIR = action(
    "meeting.take_chair", N_("%(office)s took the chair of the meeting."), changes={"meeting": ("chair_id",)}
)
ASK = action("meeting.ask", N_("%(office)s put a question to the meeting."), creates=("meeting_poll", "poll_subject"))
CLOSE = action(
    "meeting.close",
    N_("%(office)s closed the meeting."),
    changes={"meeting": ("state", "closed_at"), "attendance": ("state",), "stay": ("left_at",)},
)
ROLL = action(
    "attendance.note",
    N_("The roster was brought up to date: %(state)s."),
    creates=("stay",),
    changes={"attendance": ("state", "reason_id", "since"), "stay": ("left_at",)},
    details=lambda body: {"state": presence_words(changed(body, "attendance", "state") or "expected")},
)
GUEST = action(
    "attendance.guest", N_("%(office)s entered somebody who sits in on the meeting."), creates=("attendance",)
)
TAKE_UP = action("item.take_up", N_("%(office)s called the matter up in the session."), changes={"agenda_item": ("debate_id",)})
SPEAK = action(
    "speech.note",
    N_("A council member spoke: %(stance)s."),
    creates=("speech",),
    changes={"floor_turn": ("speech_id",)},
    details=lambda body: {"stance": speech_words(changed(body, "speech", "stance"))},
)
GIVE_FLOOR = action(
    "floor.give",
    N_("%(office)s gave a council member the floor: %(stance)s."),
    creates=("floor_turn",),
    details=lambda body: {"stance": speech_words(changed(body, "floor_turn", "stance"))},
)
END_TURN = action("floor.end", N_("A speech ended."), changes={"floor_turn": ("ended_at",)})
TAKE_FLOOR_BACK = action(
    "floor.take_back",
    N_("%(office)s took the floor back: it was given by mistake."),
    changes={"floor_turn": ("ended_at", "taken_back_at", "back_reason")},
)
WRITE = action("minutes.write", N_("%(office)s worded a part of the minutes."), creates=("minutes_edit",))
LAY_OUT = action(
    "minutes.lay_out",
    N_("%(office)s laid the minutes out for objections."),
    creates=("minutes",),
    changes={"meeting": ("state",)},
)
OBJECT = action("minutes.object", N_("Somebody who was there objected to the minutes."), creates=("minutes_objection",))
ANSWER = action(
    "minutes.answer",
    N_("%(office)s answered an objection to the minutes."),
    changes={"minutes_objection": ("answer", "upheld", "answered_by_id", "answered_at")},
)
_SIGNED = ("document", "document_hash", "chair_signer_id", "chair_signed_at", "clerk_signer_id", "clerk_signed_at")
SIGN = action("minutes.sign", N_("%(office)s signed the minutes."), changes={"meeting": ("state",), "minutes": _SIGNED})
TAKE_BACK = action(
    "minutes.take_back",
    N_("%(office)s opened the minutes again before both had signed."),
    changes={"minutes": (*_SIGNED, "objections_until")},
)
PUBLISH = action(
    "minutes.publish", N_("%(office)s published the minutes."), changes={"meeting": ("state",), "minutes": ("published_at",)}
)
CORRECT = action("minutes.correct", N_("%(office)s wrote a correction of the published minutes."), creates=("minutes_correction",))
COUNTERSIGN = action(
    "minutes.countersign",
    N_("%(office)s countersigned correction no. %(number)s of the published minutes."),
    changes={"minutes_correction": ("number", "countersigned_by_id", "countersigned_at")},
    details=lambda body: {"number": changed(body, "minutes_correction", "number")},
)
DROP_CORRECTION = action(
    "minutes.drop_correction",
    N_("%(office)s dropped a correction that was not countersigned."),
    changes={"minutes_correction": ("dropped_at",)},
)
