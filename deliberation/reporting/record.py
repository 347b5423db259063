"""The report's paper as the minutes of its meeting name it."""

from __future__ import annotations

from deliberation.kernel.words import N_, Words
from deliberation.meetings.models import Meeting
from deliberation.meetings.record_parts import Part
from deliberation.reporting.services import paper_of


def of(meeting: Meeting) -> Part | None:
    """The time that the paper tells of, and its hash."""
    paper = paper_of(meeting)
    if paper is None:
        return None
    told = Words(N_("It tells of the time from %(since)s to %(until)s."), since=paper.since, until=paper.until)
    known = Words(N_("It went out with the notice; its SHA-256 is %(hash)s."), hash=paper.document_hash)
    return Part(Words(N_("The report")), [told, known])
