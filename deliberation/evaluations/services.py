"""A round's verbs, in their order: plan, what is rated, who rates, put to its secret vote, publish the results."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import func, select

from deliberation.audit.canonical import canonical
from deliberation.audit.commitments import new_salt
from deliberation.audit.recording import Capacity, recording
from deliberation.councils.authority import authorize, offices, why_not
from deliberation.evaluations import queries
from deliberation.evaluations.groups import MEMBER, RESOLUTION, group_of, least, offices_rated
from deliberation.evaluations.models import Rater, Round, Subject
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.kernel.words import N_, Words
from deliberation.meetings import planning, questions
from deliberation.meetings import roster as rosters
from deliberation.meetings import services as meetings
from deliberation.meetings.models import Meeting, MeetingPoll
from deliberation.meetings.naming import official, require_text
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.publishing.models import Resolution
from deliberation.voting import services as voting
from deliberation.voting import tallying
from deliberation.voting.kinds import MOST_OPTIONS, SCALES, Kind, Mode
from deliberation.voting.models import Poll
from deliberation.voting.secret.services import require_few_enough
from deliberation.voting.services import Question
from deliberation.voting.states import PollState

LONGEST_TITLE = 120
LONGEST_NAME = 200


def plan(meeting: Meeting, *, title: str, group: str, scale: str, actor: Person) -> Round:
    """A rating by one group at a meeting that rates. Raises `Refused` for a meeting of another kind, or one that is over."""
    council = meetings.council_of(meeting)
    capacity = authorize(actor, Permission.MEETING_CALL, council)
    planning.require_convener(council, meeting.kind, actor)
    if not rosters.kind(meeting).rates:
        raise Refused(N_("Nothing is rated at a meeting of this kind."), code="no_rating")
    _require_before_notice(meeting)
    official(title, "title", LONGEST_TITLE, meeting)
    if scale not in SCALES:
        raise Invalid(N_("Please choose one of these."), field="scale")
    last = db.session.scalar(select(func.max(Round.number)).where(Round.meeting_id == meeting.id)) or 0
    made = Round(
        council_id=council.id, meeting_id=meeting.id, number=last + 1, title=title, rater_group=group_of(group).code, scale=scale,
        least=least(),
    )  # fmt: skip
    with recording(capacity, "rating.plan", made):
        db.session.add(made)
    return made


def _require_before_notice(meeting: Meeting) -> None:
    """Nothing is put to the vote that the notice did not announce (`meetings.questions` asks the same of a question)."""
    if meeting.is_over:
        raise Refused(N_("This meeting is over."), code="over")
    if meeting.is_announced:
        raise Refused(N_("The notice of this meeting went out: its rounds and what is rated in them stand."), code="announced")


def is_being_planned(round_: Round) -> bool:
    """Whether more can be entered to be rated: until the notice of its meeting goes out."""
    return not (round_.meeting.is_announced or round_.meeting.is_over)


def is_put(round_: Round) -> bool:
    """Whether its vote was put and not cancelled since: what is rated stands then."""
    return round_.poll is not None and round_.poll.state != PollState.CANCELLED


def _require_not_put(round_: Round) -> None:
    if is_put(round_):
        raise Refused(N_("This round was put to the vote already."), code="is_put")
    _require_not_over(round_)


def _require_not_over(round_: Round) -> None:
    if round_.meeting.is_over:
        raise Refused(N_("This meeting is over."), code="over")


def add_subject(
    round_: Round, kind: str, name: str = "", *, resolution: Resolution | None = None, person: Person | None = None, actor: Person
) -> Subject:
    """One more of those rated, of a kind that this group rates: a resolution, a person, or whatever has a name.

    Raises `Invalid` for a kind that this group does not rate, `Refused` for one that stands there already or who rates.
    """
    capacity = authorize(actor, Permission.MEETING_CALL, round_.council)
    _require_before_notice(round_.meeting)
    if kind not in group_of(round_.rater_group).rates:
        raise Invalid(N_("This group does not rate that."), field="kind")
    if (kind == RESOLUTION) != (resolution is not None) or (kind == MEMBER) != (person is not None):
        raise Invalid(N_("Please choose one of these."), field="which")
    position = max((one.position for one in round_.subjects), default=0) + 1
    if position > MOST_OPTIONS:
        raise Refused(N_("At most %(n)s are rated in one round."), n=MOST_OPTIONS, code="full")
    if resolution is not None:
        name = resolution.matter.title
    elif person is not None:
        name = f"#{position}"
    if kind in (RESOLUTION, MEMBER):
        require_text(name, "name", LONGEST_NAME)
    else:
        official(name, "name", LONGEST_NAME, round_.meeting)
    known = round_.subjects
    if name in {one.name for one in known} or (person is not None and person.id in {one.person_id for one in known}):
        raise Refused(N_("This stands in the round already."), code="done_already")
    made = Subject(
        council_id=round_.council_id, position=position, kind=kind, name=name,
        resolution_id=resolution.id if resolution else None, person_id=person.id if person else None, salt=new_salt(),
    )  # fmt: skip
    people = queries.raters(round_)
    with recording(capacity, "rating.subject", round_):
        round_.subjects.append(made)
        db.session.flush()
        for one in people:
            require_free(round_, one)
        require_no_namesake(round_)
    return made


def drop_subject(round_: Round, position: int, *, actor: Person) -> None:
    """Take the last of those rated out again: the others keep their numbers."""
    capacity = authorize(actor, Permission.MEETING_CALL, round_.council)
    _require_before_notice(round_.meeting)
    if not round_.subjects or round_.subjects[-1].position != position:
        raise Refused(N_("Only the last one can be taken out."), code="not_the_last")
    with recording(capacity, "rating.drop_subject", round_):
        db.session.delete(round_.subjects[-1])
        db.session.flush()
    db.session.expire(round_, ["subjects"])


def require_free(round_: Round, person: Person) -> None:
    """Raise `Refused` for somebody who is rated, as a person or in an office: raters are free of the rated."""
    held = set(offices(person, round_.council))
    if any(one.person_id == person.id or held & set(offices_rated(one.kind)) for one in round_.subjects):
        raise Refused(N_("Who is rated does not rate: this person cannot stand on the list."), code="is_rated", field="logins")


def require_no_namesake(round_: Round) -> None:
    if queries.has_namesake(round_):
        message = N_("Somebody on the list is called like one who is rated. Take that name off the list first.")
        raise Refused(message, code="is_rated")


def list_raters(round_: Round, people: Sequence[Person], *, actor: Person) -> None:
    """Enter who rates: each once. Until the vote is opened; then the list is frozen.

    Raises `Refused` for somebody who is rated or is on the list already, and where there would be more than a secret vote
    on this platform can bear.
    """
    capacity = authorize(actor, Permission.MEETING_RECORD, round_.council)
    require_list_open(round_)
    known = set(queries.rater_ids(round_.id))
    for one in people:
        if one.id in known:
            raise Refused(N_("This person is on the list already."), code="done_already", field="logins")
        require_free(round_, one)
        known.add(one.id)
    require_few_enough(len(known))
    with recording(capacity, "rating.list", round_):
        db.session.add_all(Rater(round_id=round_.id, person_id=one.id, council_id=round_.council_id) for one in people)


def unlist(round_: Round, person_id: int, *, actor: Person) -> None:
    """Take somebody off the list again."""
    capacity = authorize(actor, Permission.MEETING_RECORD, round_.council)
    require_list_open(round_)
    row = db.session.get(Rater, (round_.id, person_id))
    if row is None:
        raise Refused(N_("This person is not on the list."), code="not_listed")
    with recording(capacity, "rating.unlist", round_):
        db.session.delete(row)


def is_list_open(round_: Round) -> bool:
    """Whether people may still be put on the list: until the vote is opened."""
    return round_.poll is None or round_.poll.state in (PollState.PREPARED, PollState.CANCELLED)


def require_list_open(round_: Round) -> None:
    if not is_list_open(round_):
        raise Refused(N_("The list was frozen when the vote was opened."), code="frozen")
    _require_not_over(round_)


def put(round_: Round, *, actor: Person) -> Poll:
    """The chair puts the round to its vote, which is secret: it is opened when its key is ready, in the meeting.

    Raises `Refused` where nothing is rated or nobody rates, where it was put already, and once the meeting is over.
    """
    council, meeting = round_.council, round_.meeting
    capacity = authorize(actor, Permission.MOTION_PUT, council)
    meetings.require_chair(meeting, actor)
    _require_not_put(round_)
    things = tuple(one.name for one in round_.subjects)
    if not things:
        raise Refused(N_("Enter what is rated first."), code="nothing_rated")
    people = queries.raters(round_)
    if not people:
        raise Refused(N_("Enter who rates first."), code="nobody_rates")
    for one in people:
        require_free(round_, one)
    require_no_namesake(round_)
    asked = Question(round_.title, Kind.RATING, things, scale=round_.scale, least_shown=round_.least)
    text = canonical({"question": asked.text, "options": list(things)})
    poll = voting.prepare(
        council, label=f"E{round_.log_label}", text_hash=hashlib.sha256(text).hexdigest(), matter_id=None, mode=Mode.SECRET,
        question=asked, actor=actor,
    )  # fmt: skip
    with recording(capacity, "rating.put", round_):
        round_.poll = poll
        db.session.add(MeetingPoll(poll_id=poll.id, meeting_id=meeting.id, council_id=council.id))
    return poll


def people_of(poll: Poll) -> Sequence[int] | None:
    """Who answers the question of a round: its list."""
    if poll.least_shown is None:
        return None
    round_id = db.session.scalar(select(Round.id).where(Round.poll_id == poll.id))
    return queries.rater_ids(round_id) if round_id is not None else []


questions.lists.append(people_of)


def no_rater_is_rated(poll: Poll) -> Words | None:
    """Asked at the opening again: somebody may have taken office after being listed."""
    round_ = queries.round_of(poll)
    rated = {one.id for one in queries.rated(round_)} if round_ is not None else set()
    if round_ is None or not (rated & set(queries.rater_ids(round_.id)) or queries.has_namesake(round_)):
        return None
    return Words(N_("Somebody on the list is rated now, having taken office since. Take them off the list first."))


voting.openable.append(no_rater_is_rated)


def rated_persons(poll: Poll) -> set[int]:
    """Who is rated in a round as a person: they keep no sheet of its key, and no paper goes through their hands."""
    round_ = queries.round_of(poll)
    return {one.person_id for one in round_.subjects if one.person_id is not None} if round_ is not None else set()


voting.concerned.append(rated_persons)


def publish(round_: Round, *, actor: Person) -> None:
    """Clerk or chair publish the results, once every comment has come to a finding or was set aside."""
    capacity = publisher(round_, actor)
    if round_.poll is None or round_.poll.state != PollState.COUNTED:
        raise Refused(N_("The round is not counted yet."), code="not_counted")
    if round_.published_at is not None:
        raise Refused(N_("The results are published already."), code="done_already")
    if missing := queries.unsettled(round_):
        raise Refused(
            N_("%(n)s comments have come to no finding yet, and were not set aside either."), n=missing, code="unsettled"
        )  # fmt: skip
    with recording(capacity, "rating.publish", round_):
        round_.published_at, round_.published_by_id = clock.now(), actor.id
        if not round_.rates_persons:
            tallying.open_result(round_.poll, whole=not queries.is_one_way_few(round_.poll))


def publisher(round_: Round, actor: Person) -> Capacity:
    """The capacity in which somebody publishes: the desk, or the chair of the meeting."""
    if why_not(actor, Permission.MEETING_RECORD, round_.council) is None:
        return authorize(actor, Permission.MEETING_RECORD, round_.council)
    capacity = authorize(actor, Permission.MEETING_CHAIR, round_.council)
    if actor.id != round_.meeting.chair_id:
        raise Forbidden(N_("Only the chair of this session can do this."), code="not_the_chair")
    return capacity
