"""Where personal texts stand: every key to one, what it is called, and whom it is about. A test compares it with the tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast, literal

from deliberation.agenda.models import Matter, Proposal, Recusal, RecusalChallenge
from deliberation.agreements.models import Side
from deliberation.appeals.models import Appeal, AppealReply, ContactAttempt
from deliberation.evaluations.models import Comment as RatingComment
from deliberation.hearings.models import Participant, Word
from deliberation.hearings.places_models import Application
from deliberation.implementation.models import Progress, Task
from deliberation.kernel.words import N_
from deliberation.meetings.minutes_models import MinutesEdit, Objection
from deliberation.meetings.models import Attendance, Speech
from deliberation.people.models import Person
from deliberation.privacy.models import DataRequest
from deliberation.review.models import Comment
from deliberation.voting.models import Ballot, Mandate

GIVEN = N_("You gave it yourself, for this purpose (personal information law, article 13, item 1)")
DUTY = N_("The council's rules ask for it (a legal question that each council settles for itself)")
WISHED = N_("until you have it deleted")
RECORD = N_("as long as the record of the council; you may ask for its deletion")


@dataclass(frozen=True)
class Holding:
    """A column that points to a personal text. ``person``: whom it is about; ``at``: since when; ``join``: the row on the way;
    ``label``: how people call the thing, made of ``numbers``."""

    column: Any
    words: str
    person: Any
    at: Any = None
    join: tuple[Any, Any] | None = None
    where: Any = None
    basis: str = DUTY
    stays: str = RECORD
    numbers: tuple[Any, ...] = ()
    label: str = ""

    @property
    def name(self) -> str:
        return f"{self.column.class_.__tablename__}.{self.column.key}"


_COMMENT: dict[str, Any] = {
    "basis": GIVEN, "stays": WISHED, "join": (Matter, Matter.id == Comment.matter_id),
    "numbers": (Matter.year, Matter.number, Comment.number), "label": "{}-{} C-{:02d}",
}
_APPEAL: dict[str, Any] = {"basis": GIVEN, "numbers": (Appeal.year, Appeal.number), "label": "QS-{}-{:04d}"}
_OF_REPLY = (Appeal, Appeal.id == AppealReply.appeal_id)
_OF_ATTEMPT = (Appeal, Appeal.id == ContactAttempt.appeal_id)
_OF_MANDATE = (Ballot, Ballot.id == Mandate.ballot_id)
_OF_WORD = (Participant, Participant.id == Word.participant_id)
_OF_WORDING = (Speech, MinutesEdit.part == literal("speech:").concat(cast(Speech.id, String)))
HOLDINGS = (
    Holding(Person.name_id, N_("Your name"), Person.id, basis=GIVEN, stays=WISHED),
    Holding(Comment.text_id, N_("A comment"), Comment.author_id, Comment.made_at, **_COMMENT),
    Holding(Comment.masked_id, N_("A comment as the public reads it"), Comment.author_id, Comment.made_at, **_COMMENT),
    Holding(Appeal.text_id, N_("An appeal"), Appeal.appellant_id, Appeal.received_at, **_APPEAL),
    Holding(Appeal.name_id, N_("The name on an appeal"), Appeal.appellant_id, Appeal.received_at, **_APPEAL),
    Holding(Appeal.contact_id, N_("How to reach the appellant"), Appeal.appellant_id, Appeal.received_at, **_APPEAL),
    Holding(
        AppealReply.text_id, N_("A reply to your appeal"), Appeal.appellant_id, AppealReply.at, _OF_REPLY,
        AppealReply.kind != "receipt",
    ),
    Holding(ContactAttempt.note_id, N_("How the desk tried to reach you"), Appeal.appellant_id, ContactAttempt.at, _OF_ATTEMPT),
    Holding(Speech.text_id, N_("A speech in a session, as noted"), Speech.person_id, Speech.at),
    Holding(
        MinutesEdit.words_id, N_("A speech in a session, as the minutes were corrected"), Speech.person_id, MinutesEdit.at,
        _OF_WORDING,
    ),
    Holding(Objection.text_id, N_("Your objection to the minutes"), Objection.by_id, Objection.made_at),
    Holding(Participant.name_id, N_("Your name on the list of a hearing"), Participant.person_id, Participant.entered_at),
    Holding(Application.name_id, N_("Your name on an application to a hearing"), Application.person_id, Application.applied_at),
    Holding(Participant.reservation_id, N_("Your reservation to the record of a hearing"), Participant.person_id,
            Participant.confirmed_at),
    Holding(Word.text_id, N_("What you said or wrote to a hearing, as noted"), Participant.person_id, Word.at, _OF_WORD),
    Holding(Side.speaker_id, N_("Your name as that of who speaks for a side of a meeting"), None, Side.entered_at),
    Holding(Attendance.capacity_id, N_("As what you sat in on a meeting"), Attendance.person_id, Attendance.since),
    Holding(Attendance.reason_id, N_("Why you were excused"), Attendance.person_id, Attendance.since),
    Holding(Mandate.note_id, N_("How you asked for your vote to be entered"), Ballot.person_id, Ballot.cast_at, _OF_MANDATE),
    Holding(Proposal.title_id, N_("The title of a proposal"), Proposal.proposer_id, Proposal.proposed_at),
    Holding(Proposal.text_id, N_("A proposal"), Proposal.proposer_id, Proposal.proposed_at),
    Holding(Proposal.answer_id, N_("The answer to your proposal"), Proposal.proposer_id, Proposal.settled_at),
    Holding(Recusal.reason_id, N_("Why you stepped back from a matter"), Recusal.person_id, Recusal.asked_at),
    Holding(
        RecusalChallenge.reason_id, N_("Why you held that another should step back"), RecusalChallenge.by_id,
        RecusalChallenge.made_at,
    ),
    Holding(
        RecusalChallenge.answer_id, N_("Your answer when another held that you should step back"), RecusalChallenge.person_id,
        RecusalChallenge.answered_at,
    ),
    Holding(
        RecusalChallenge.decision_id, N_("The decision whether you step back"), RecusalChallenge.person_id,
        RecusalChallenge.decided_at,
    ),
    Holding(Progress.note_id, N_("Your note on a task's progress"), Progress.reported_by_id, Progress.at),
    Holding(Task.done_note_id, N_("A note on a finished task"), None),
    Holding(RatingComment.text_id, N_("A comment in a secret rating, whose nobody knows"), None),
    Holding(DataRequest.text_id, N_("What you asked about your data"), DataRequest.person_id, DataRequest.made_at, basis=GIVEN),
    Holding(DataRequest.answer_id, N_("The answer about your data"), DataRequest.person_id, DataRequest.answered_at),
)  # fmt: skip
# Keys that only name a text which stands elsewhere.
NAMED_ONLY = (DataRequest.record_id,)
