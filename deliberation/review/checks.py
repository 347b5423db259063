"""What every verb of the review asks: is the review still running, is the text fit to keep."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from deliberation.agenda.models import Matter
from deliberation.agenda.services import require_state
from deliberation.agenda.states import State
from deliberation.councils.models import Council
from deliberation.kernel.errors import Invalid, Refused
from deliberation.kernel.registry import Registry
from deliberation.kernel.words import N_, Words
from deliberation.review.models import Comment

LONGEST_COMMENT = 2000
PRIVATE_NUMBER = re.compile(r"(?<!\d)(1[3-9]\d{9}|[1-9]\d{16}[\dXx])(?!\d)")
"""A mobile telephone's number, or an identity card's."""
OWN_REQUEST, REPLACED = "author_request", "replaced"

# A room upstairs may say that a matter's review is settled (a resolution was numbered): it returns the reason, or None.
Settled = Callable[[Matter], Words | None]
settled_rules: Registry[Settled] = Registry("settled rule")


def require_unsettled(matter: Matter) -> None:
    """Raise `Refused` where the matter is not in public review, or its review is settled."""
    require_state(matter, State.IN_REVIEW)
    for rule in settled_rules.values():
        reason = rule(matter)
        if reason is not None:
            raise Refused(reason, code="settled")


def tells_private_number(text: str) -> bool:
    """Whether something like a mobile telephone's or an identity card's number stands in it, also in wide digits or parted."""
    return bool(PRIVATE_NUMBER.search(re.sub(r"(?<=\d)[ -](?=[\dXx])", "", unicodedata.normalize("NFKC", text))))


def check_text(text: str, most: int) -> None:
    """Raise `Invalid` for a text that is empty or longer than ``most`` characters."""
    if not text.strip():
        raise Invalid(N_("Please write something."), field="text")
    if len(text) > most:
        raise Invalid(N_("This is too long: at most %(most)s characters."), most=most, field="text")


def council_of(comment: Comment) -> Council:
    return comment.window.matter.council
