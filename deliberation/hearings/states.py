"""The sides of a hearing, what is said in it, and how its record stands, in words. Pure."""

from __future__ import annotations

from enum import StrEnum

from deliberation.kernel.words import N_, Words


class Party(StrEnum):
    FOR = "for"
    AGAINST = "against"
    CONCERNED = "concerned"
    EXPERT = "expert"
    UNIT = "unit"


class Kind(StrEnum):
    STATEMENT = "statement"
    QUESTION = "question"
    ANSWER = "answer"
    SUBMISSION = "submission"


PARTY_WORDS = {
    Party.FOR: N_("In favour of it"),
    Party.AGAINST: N_("Against it"),
    Party.CONCERNED: N_("Concerned by it"),
    Party.EXPERT: N_("Expert"),
    Party.UNIT: N_("Unit of the neighbourhood"),
}
KIND_WORDS = {
    Kind.STATEMENT: N_("Statement"),
    Kind.QUESTION: N_("Question"),
    Kind.ANSWER: N_("Answer to a question"),
    Kind.SUBMISSION: N_("In writing"),
}


def party_words(party: str) -> Words:
    return Words(PARTY_WORDS[Party(party)])


def kind_words(kind: str) -> Words:
    return Words(KIND_WORDS[Kind(kind)])
