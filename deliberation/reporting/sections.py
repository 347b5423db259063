"""The sections of a report meeting's paper. Pure."""

from __future__ import annotations

from deliberation.kernel.words import N_, Words

SECTION_WORDS = {
    "decisions": N_("Decisions"),
    "implementation": N_("How they are carried out"),
    "appeals": N_("Appeals and their answers"),
    "promises": N_("Promises of improvement"),
    "points": N_("Points agreed at joint and co-ordination meetings"),
    "meetings": N_("Meetings held"),
}


def section_words(section: str) -> Words:
    return Words(SECTION_WORDS[section])
