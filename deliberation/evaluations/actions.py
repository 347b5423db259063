"""What the evaluations' room records. Never a grade beside a person, and of a comment only its commitment."""

from collections.abc import Mapping
from typing import Any

from deliberation.audit.actions import action, changed
from deliberation.evaluations.states import promise_words
from deliberation.kernel.words import N_


def _ended(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"how": promise_words(changed(body, "rating_promise", "outcome"))}


PLAN = action("rating.plan", N_("%(office)s planned the rating round %(label)s."), creates=("rating_round",))
RATE = action(
    "rating.subject", N_("%(office)s entered what is rated in the round %(label)s."), creates=("rating_subject",)
)  # fmt: skip
UNRATE = action(
    "rating.drop_subject", N_("%(office)s took something rated out of the round %(label)s."), deletes=("rating_subject",)
)  # fmt: skip
LIST = action("rating.list", N_("%(office)s entered who rates in the round %(label)s."), creates=("rating_rater",))
UNLIST = action(
    "rating.unlist",
    N_("%(office)s took somebody off the list of those who rate in the round %(label)s."),
    deletes=("rating_rater",),
)
PUT = action(
    "rating.put",
    N_("%(office)s put the rating round %(label)s: its vote is secret."),
    creates=("meeting_poll",),
    changes={"rating_round": ("poll_id",)},
)
OPEN_COMMENTS = action(
    "rating.open_comments",
    N_("The comments of the round %(label)s were taken out of the box and mixed."),
    creates=("rating_comment",),
)
TYPE_COMMENT = action(
    "rating.type_comment", N_("%(office)s typed in a comment of the round %(label)s from paper."), creates=("rating_comment",)
)  # fmt: skip
FIND = action("rating.find", N_("%(office)s wrote a finding of the round %(label)s."), creates=("rating_finding",))
REWORD = action(
    "rating.reword", N_("%(office)s worded a finding of the round %(label)s anew."), changes={"rating_finding": ("words",)}
)  # fmt: skip
MERGE = action(
    "rating.merge",
    N_("%(office)s merged two findings of the round %(label)s."),
    changes={"rating_comment": ("finding_id",)},
    deletes=("rating_finding",),
)
SETTLE = action(
    "rating.settle",
    N_("%(office)s put a comment of the round %(label)s to a finding, or set it aside."),
    changes={"rating_comment": ("finding_id", "aside")},
)
PUBLISH = action(
    "rating.publish",
    N_("%(office)s published the results of the round %(label)s."),
    changes={"rating_round": ("published_at", "published_by_id"), "poll_result": ("result",)},
)
PROMISE = action("promise.make", N_("%(office)s promised an improvement."), creates=("rating_promise",))
END = action(
    "promise.end",
    N_("%(office)s noted how a promise ended: %(how)s."),
    changes={"rating_promise": ("outcome", "done", "ended_at", "ended_by_id")},
    details=_ended,
)
