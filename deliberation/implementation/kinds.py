"""Who carries a task out, which kinds of task there are, and the grades of satisfaction."""

from __future__ import annotations

from enum import StrEnum

from deliberation.kernel.words import N_, Words
from deliberation.people.permissions import Office


class Kind(StrEnum):
    """``ANSWER_APPELLANTS`` is the duty to answer everybody whose appeal led to the matter."""

    WORK = "work"
    ANSWER_APPELLANTS = "answer_appellants"


class OwnerKind(StrEnum):
    STATION = "station"
    MEMBERS = "members"
    RESIDENT_UNIT = "resident_unit"
    SECRETARY = "secretary"


class Grade(StrEnum):
    """``INVALID`` is a paper slip that cannot be read or says two things."""

    SATISFIED = "satisfied"
    BASICALLY = "basically"
    DISSATISFIED = "dissatisfied"
    INVALID = "invalid"


ANSWERS = (Grade.SATISFIED, Grade.BASICALLY, Grade.DISSATISFIED)

KIND_WORDS = {
    Kind.WORK: N_("Work"),
    Kind.ANSWER_APPELLANTS: N_("Answer everybody who raised it"),
}
OWNER_WORDS = {
    OwnerKind.STATION: N_("Service station"),
    OwnerKind.MEMBERS: N_("Party members of the community"),
    OwnerKind.RESIDENT_UNIT: N_("Party organisations of resident units"),
    OwnerKind.SECRETARY: N_("Secretary-general"),
}
GRADE_WORDS = {
    Grade.SATISFIED: N_("Satisfied"),
    Grade.BASICALLY: N_("Basically satisfied"),
    Grade.DISSATISFIED: N_("Not satisfied"),
    Grade.INVALID: N_("Invalid slip"),
}

# The station speaks for itself and for the members; a unit for units; the desk (any other office) for everybody.
REPORTS_FOR: dict[Office, tuple[OwnerKind, ...]] = {
    Office.STATION_WORKER: (OwnerKind.STATION, OwnerKind.MEMBERS),
    Office.UNIT: (OwnerKind.RESIDENT_UNIT,),
}


def owner_words(owner_kind: str) -> Words:
    return Words(OWNER_WORDS[OwnerKind(owner_kind)])


def grade_words(grade: str) -> Words:
    return Words(GRADE_WORDS[Grade(grade)])


def covers(office: Office, owner_kind: str) -> bool:
    """Whether somebody in this office reports on tasks of these owners."""
    return owner_kind in REPORTS_FOR.get(office, tuple(OwnerKind))
