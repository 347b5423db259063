"""Comments are sorted by hand into findings, which everybody may read; what was said stays with the desk."""

from __future__ import annotations

from deliberation.audit import services as audit
from deliberation.audit.recording import Capacity, recording
from deliberation.councils.authority import authorize
from deliberation.evaluations import queries, sealed
from deliberation.evaluations.models import Comment, Finding, Round
from deliberation.evaluations.states import ASIDE_WORDS
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Invalid, Refused
from deliberation.kernel.words import N_
from deliberation.meetings.naming import official, require_text
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.voting.states import PollState

LONGEST_FINDING = 500
ASKED = "asked_at_the_desk"


def _sorter(round_: Round, actor: Person) -> Capacity:
    capacity = authorize(actor, Permission.MEETING_RECORD, round_.council)
    if round_.poll is None or round_.poll.state != PollState.COUNTED:
        raise Refused(N_("The round is not counted yet."), code="not_counted")
    if round_.published_at is not None:
        raise Refused(N_("The results are published: the findings stand."), code="published")
    return capacity


def type_comment(round_: Round, text: str, *, actor: Person) -> None:
    """A comment that stood on paper, typed in by the desk after the count."""
    capacity = _sorter(round_, actor)
    text = sealed.tidy(text)
    require_text(text, "comment", sealed.LONGEST)
    sealed.keep(round_, [text], "rating.type_comment", capacity)


def find(round_: Round, words: str, *, actor: Person) -> Finding:
    """A new finding, in words that everybody may read."""
    capacity = _sorter(round_, actor)
    official(words, "words", LONGEST_FINDING, round_.meeting)
    made = Finding(council_id=round_.council_id, round_id=round_.id, words=words, made_at=clock.now())
    with recording(capacity, "rating.find", round_):
        db.session.add(made)
    return made


def reword(finding: Finding, words: str, *, actor: Person) -> None:
    capacity = _sorter(finding.round, actor)
    official(words, "words", LONGEST_FINDING, finding.round.meeting)
    if words == finding.words:
        raise Invalid(N_("These are its words already."), field="words")
    with recording(capacity, "rating.reword", finding.round):
        finding.words = words


def merge(finding: Finding, into: Finding, *, actor: Person) -> None:
    """All comments of one finding go to another of the same round, and it is gone."""
    capacity = _sorter(finding.round, actor)
    if finding.id == into.id or finding.round_id != into.round_id:
        raise Invalid(N_("Choose another finding of this round."), field="into")
    with recording(capacity, "rating.merge", finding.round):
        for one in queries.comments(finding.round):
            if one.finding_id == finding.id:
                one.finding_id = into.id
        db.session.flush()
        db.session.delete(finding)


def settle(comment: Comment, *, finding: Finding | None = None, aside: str | None = None, actor: Person) -> None:
    """A comment ends in a finding, or is set aside for a reason. May be changed until the results are published."""
    round_ = db.session.get_one(Round, comment.round_id)
    capacity = _sorter(round_, actor)
    if (finding is None) == (aside is None) or (finding is not None and finding.round_id != comment.round_id):
        raise Invalid(N_("Choose a finding, or a reason to set it aside."), field="end")
    if aside is not None and aside not in ASIDE_WORDS:
        raise Invalid(N_("Please choose one of these."), field="end")
    with recording(capacity, "rating.settle", round_):
        comment.finding_id, comment.aside = finding.id if finding else None, aside


def erase(comment: Comment, *, actor: Person) -> None:
    """Delete what a comment says for good; where it was sorted to stays."""
    round_ = db.session.get_one(Round, comment.round_id)
    capacity = authorize(actor, Permission.MEETING_RECORD, round_.council)
    if comment.text.erased_at is not None:
        raise Refused(N_("This text is erased or restricted already."), code="done_already")
    audit.erase(comment.text, basis=ASKED, capacity=capacity)
