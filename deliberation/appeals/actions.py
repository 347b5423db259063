"""What the appeals' room records."""

from collections.abc import Mapping
from typing import Any

from deliberation.agenda.states import body_words
from deliberation.appeals.states import channel_words, means_words
from deliberation.audit.actions import action, changed
from deliberation.kernel.words import N_

_FIRST = ("state", "holder", "taken_by_id", "first_answered_at")
_CLOSED = (*_FIRST, "closed_at")


def _means(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"means": means_words(changed(body, "appeal_reply", "means"))}


FILE = action(
    "appeal.file",
    N_("%(office)s filed appeal %(label)s: it came in %(channel)s."),
    creates=("appeal", "appeal_reply"),
    details=lambda body: {"channel": channel_words(changed(body, "appeal", "channel"))},
)
TAKE = action(
    "appeal.take",
    N_("%(office)s gave the receipt for appeal %(label)s. It is held by: %(holder)s."),
    creates=("appeal_reply",),
    changes={"appeal": _FIRST},
    details=lambda body: {"holder": body_words(changed(body, "appeal", "holder") or "station")},
)
INTERIM = action(
    "appeal.interim",
    N_("%(office)s gave an interim reply to appeal %(label)s. The final reply is extended to %(day)s."),
    creates=("appeal_reply",),
    changes={"appeal": (*_FIRST, "reply_due_on", "extended_at")},
    details=lambda body: {"day": changed(body, "appeal", "reply_due_on")},
)
ANSWER = action(
    "appeal.answer",
    N_("%(office)s gave the final reply to appeal %(label)s, %(means)s."),
    creates=("appeal_reply",),
    changes={"appeal": _CLOSED},
    details=_means,
)
DECLINE = action(
    "appeal.decline",
    N_("%(office)s did not take up appeal %(label)s and replied with the reason, %(means)s."),
    creates=("appeal_reply",),
    changes={"appeal": _CLOSED},
    details=_means,
)
REFER = action(
    "appeal.refer",
    N_("%(office)s referred appeal %(label)s elsewhere and replied with the reason, %(means)s."),
    creates=("appeal_reply",),
    changes={"appeal": _CLOSED},
    details=_means,
)
ATTEMPT = action(
    "appeal.attempt", N_("%(office)s tried to reach the author of appeal %(label)s, in vain."), creates=("contact_attempt",)
)
MERGE = action(
    "appeal.merge",
    N_("%(office)s brought appeals together in matter %(label)s: %(n)s. Each still gets its own reply."),
    changes={"appeal": ("matter_id",)},
    details=lambda body: {"n": sum(row["table"] == "appeal" for row in body.get("rows", ()))},
)
RATE = action("appeal.rate", N_("The reply to appeal %(label)s was rated."), creates=("appeal_rating",))
