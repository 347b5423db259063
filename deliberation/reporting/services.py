"""The report's verbs: words of introduction while it is being prepared, and its freezing with the notice."""

from __future__ import annotations

import hashlib

from deliberation.audit.canonical import canonical
from deliberation.audit.recording import recording
from deliberation.councils.authority import authorize
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import NotFound, Refused
from deliberation.kernel.words import N_
from deliberation.meetings.models import Meeting
from deliberation.meetings.naming import official
from deliberation.meetings.roster import council_of, kind
from deliberation.meetings.services import called, require_planned
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.reporting import composing
from deliberation.reporting.models import Introduction, Paper
from deliberation.reporting.sections import SECTION_WORDS

LONGEST_INTRODUCTION = 500


def wording(meeting: Meeting, section: str) -> tuple[int, str]:
    """(number, text) of an introduction as it stands; number 0 before there is one."""
    if section not in SECTION_WORDS or not kind(meeting).reports:
        raise NotFound(N_("There is nothing at this address."))
    found = introduction(meeting, section)
    return (found.number, found.text) if found is not None else (0, "")


def introduction(meeting: Meeting, section: str) -> Introduction | None:
    return db.session.get(Introduction, (meeting.id, section))


def introduce(meeting: Meeting, section: str, text: str, *, number: int, actor: Person) -> None:
    """The clerk words what is said before a section; the rest of the paper is composed. ``number`` is of the wording read."""
    capacity = authorize(actor, Permission.MEETING_RECORD, council_of(meeting))
    stands, before = wording(meeting, section)
    require_planned(meeting)
    if number != stands:
        raise Refused(N_("Somebody else changed this meanwhile. Look at both, and keep what is right."), code="changed_since")
    if text == before:
        return
    if text:
        official(text, "text", LONGEST_INTRODUCTION, meeting)
    with recording(capacity, "report.introduce", meeting):
        found = introduction(meeting, section)
        if found is None:
            found = Introduction(meeting_id=meeting.id, section=section, council_id=meeting.council_id)
            db.session.add(found)
        found.number, found.text, found.at, found.by_id = stands + 1, text, clock.now(), actor.id


def file(meeting: Meeting, actor: Person) -> None:
    """The paper goes out with the notice and is frozen: what happens later is told by the next one."""
    if not kind(meeting).reports:
        return
    council = council_of(meeting)
    capacity = authorize(actor, Permission.MEETING_CALL, council)
    since, until = composing.beginning(council, meeting), clock.now()
    text = canonical(composing.compose(council, meeting, since, until)).decode()
    paper = Paper(
        meeting_id=meeting.id, council_id=council.id, since=since, until=until, document=text,
        document_hash=hashlib.sha256(text.encode()).hexdigest(),
    )  # fmt: skip
    with recording(capacity, "report.file", meeting):
        db.session.add(paper)


def paper_of(meeting: Meeting) -> Paper | None:
    return db.session.get(Paper, meeting.id)


called.append(file)
