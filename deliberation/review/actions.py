"""What the review's room records."""

from collections.abc import Mapping
from typing import Any

from deliberation.audit.actions import WIPED, action, changed
from deliberation.kernel.words import N_, Words
from deliberation.review.moderation import rule_words
from deliberation.review.stances import disposition_words, stance_words


def _stance(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"stance": stance_words(changed(body, "comment", "stance"))}


def _answer(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"disposition": disposition_words(changed(body, "comment_reply", "disposition"))}


def _correction(body: Mapping[str, Any]) -> dict[str, Any]:
    changed_to = changed(body, "comment_reply", "disposition")
    return {"disposition": disposition_words(changed_to) if changed_to else Words(N_("its words"))}


def _rule(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"rule": rule_words(changed(body, "moderation", "rule"))}


OPEN = action(
    "window.open", N_("%(office)s opened matter %(label)s for public comment."), creates=("comment_window",)
)
COMMENT = action("comment.make", N_("Comment %(label)s came in: %(stance)s."), creates=("comment",), details=_stance)
TRANSCRIBE = action(
    "comment.transcribe",
    N_("%(office)s entered comment %(label)s from paper: %(stance)s."),
    creates=("comment",),
    details=_stance,
)
WITHDRAW = action(
    "comment.withdraw", N_("Comment %(label)s was withdrawn by its author."), changes={"comment": ("state",)}
)
ERASE = action(
    "comment.erase",
    N_("Comment %(label)s was cut loose from its author, who asked for it."),
    changes={"comment": ("author_id",), "data_request": ("person_id", "state"), "personal_record": WIPED},
)
REPLY = action(
    "comment.reply",
    N_("%(office)s answered comment %(label)s: %(disposition)s."),
    creates=("comment_reply",),
    details=_answer,
)
CORRECT = action(
    "comment.correct_reply",
    N_("%(office)s corrected the answer to comment %(label)s: %(disposition)s."),
    changes={"comment_reply": ("disposition", "text", "answered_by_id", "answered_at")},
    details=_correction,
)
MASK = action(
    "comment.mask",
    N_("%(office)s covered a place in comment %(label)s under the rule “%(rule)s”."),
    creates=("moderation",),
    changes={"comment": ("masked_id",)},
    details=_rule,
)
HIDE = action(
    "comment.hide",
    N_("%(office)s hid comment %(label)s under the rule “%(rule)s”."),
    creates=("moderation",),
    changes={"comment": ("state",)},
    details=_rule,
)
REVISE = action(
    "plan.revise",
    N_("%(office)s rewrote the text after the comments: version %(label)s. It needs a new vote."),
    creates=("plan_version", "plan_paragraph", "paragraph_cause"),
)
