"""How promises stand, and why a comment is set aside, in words. Pure."""

from __future__ import annotations

from enum import StrEnum

from deliberation.kernel.words import N_, Words


class Outcome(StrEnum):
    KEPT = "kept"
    BROKEN = "broken"


PROMISE_WORDS = {
    "open": N_("Promised"),
    "overdue": N_("Overdue"),
    "kept": N_("Kept"),
    "broken": N_("Broken"),
}
ASIDE_WORDS = {
    "elsewhere": N_("It belongs to another place, and its writer cannot be told"),
    "off_topic": N_("It is not about what was rated"),
    "private": N_("It speaks of a private person"),
    "empty": N_("It says nothing that could be followed"),
}


def promise_words(state: str) -> Words:
    return Words(PROMISE_WORDS[state])


def aside_words(reason: str) -> Words:
    return Words(ASIDE_WORDS[reason])
