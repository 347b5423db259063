"""What a comment can say of a text, and what can become of it. Pure."""

from __future__ import annotations

from enum import StrEnum

from deliberation.kernel.words import N_, Words


class Stance(StrEnum):
    SUPPORT = "support"
    CONDITION = "condition"
    OPPOSE = "oppose"
    QUESTION = "question"


class Disposition(StrEnum):
    ADOPTED = "adopted"
    PARTLY = "partly"
    NOT_ADOPTED = "not_adopted"
    EXPLAINED = "explained"
    NOTED = "noted"


class CommentState(StrEnum):
    VISIBLE = "visible"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"


STANCE_WORDS = {
    Stance.SUPPORT: N_("In favour"),
    Stance.CONDITION: N_("In favour on a condition"),
    Stance.OPPOSE: N_("Opposed"),
    Stance.QUESTION: N_("A question"),
}
DISPOSITION_WORDS = {
    Disposition.ADOPTED: N_("Taken up"),
    Disposition.PARTLY: N_("Partly taken up"),
    Disposition.NOT_ADOPTED: N_("Not taken up"),
    Disposition.EXPLAINED: N_("Explained"),
    Disposition.NOTED: N_("Kept on file"),
}


def stance_words(stance: str) -> Words:
    return Words(STANCE_WORDS[Stance(stance)])


def disposition_words(disposition: str) -> Words:
    return Words(DISPOSITION_WORDS[Disposition(disposition)])
