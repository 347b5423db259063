"""What came out of a poll: the verdict where the question is yes or no, else a result; ties by lot."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from sqlalchemy import select

from deliberation.audit.commitments import new_salt
from deliberation.audit.recording import recording
from deliberation.councils.authority import authorize, why_not
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.kernel.words import N_
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.voting import queries, results
from deliberation.voting.kinds import Kind
from deliberation.voting.models import Poll, PollResult, PollVoter, SealedResult, VerdictRow
from deliberation.voting.services import keep_alongside
from deliberation.voting.states import POLL, PollAct, PollState
from deliberation.voting.verdicts import Count, PassRule, Verdict, decide, declared_void


def tally(poll: Poll, ballots: Iterable[tuple[str, int]] | None = None) -> Count:
    """What was frozen and what was cast, as the verdict's input. ``ballots``: equal ones grouped, where they are not
    those of the table."""
    voters = db.session.execute(select(PollVoter.present, PollVoter.recused).where(PollVoter.poll_id == poll.id)).all()
    cast_for = dict(queries.piles(poll) if ballots is None else ballots)
    votes = (cast_for.get("for", 0), cast_for.get("against", 0), cast_for.get("abstain", 0), cast_for.get(results.INVALID, 0))
    recused = sum(v.recused for v in voters)
    # By correspondence those count as present whose ballots came back, and those who had to step back.
    present = sum(votes) + recused if poll.by_correspondence else sum(v.present for v in voters)
    return Count(len(voters), present, recused, *votes)


def count(
    poll: Poll, ballots: Sequence[tuple[str, int]] | None = None, *, void: str | None = None, actor: Person
) -> VerdictRow | PollResult:
    """Count once and keep what came out: a verdict where the question is yes or no, else a result.

    ``ballots``: equal ones grouped, where they are not those of the table (a sealed box, paper). ``void``: why none of them
    counts (see `verdicts.VOID_WORDS`), so that there is no decision.
    """
    capacity = authorize(actor, Permission.MOTION_PUT, poll.council)
    if poll.state != PollState.CLOSED:
        raise Refused(N_("Close the vote before it is counted, and count it once."), code="not_closed")
    row = what_comes_out(poll, ballots, void)
    kept = _sealed(poll, row) if isinstance(row, PollResult) and poll.least_shown is not None else [row]
    with recording(capacity, "poll.count", poll):
        poll.state = POLL.next(PollState.CLOSED, PollAct.COUNT).value
        poll.counted_at = clock.now()
        db.session.add_all(kept)
        keep_alongside(poll, PollAct.COUNT)
    return row


def what_comes_out(
    poll: Poll, ballots: Iterable[tuple[str, int]] | None = None, void: str | None = None, seed: str | None = None
) -> VerdictRow | PollResult:
    """The row that a count makes, kept nowhere; ``seed``: of the lot that was drawn, if any."""
    return _verdict(poll, ballots, void) if poll.kind == Kind.YES_NO else _result(poll, ballots, void, seed)


def _result(poll: Poll, ballots: Iterable[tuple[str, int]] | None, void: str | None, seed: str | None) -> PollResult:
    data = results.void(void) if void else results.count(
        queries.paper(poll), [one.text for one in poll.options], poll.method, poll.seats,
        queries.piles(poll) if ballots is None else ballots, seed, poll.least_shown,
    )  # fmt: skip
    return PollResult(
        poll_id=poll.id, council_id=poll.council_id, ballots=data["ballots"], result=results.dumps(data), decided_at=clock.now()
    )


def _sealed(poll: Poll, row: PollResult) -> list[PollResult | SealedResult]:
    """The result of a rating by a list of people in two rows: what everybody may know, and the rest under a commitment."""
    whole = SealedResult(poll_id=poll.id, council_id=poll.council_id, result=row.result, salt=new_salt())
    row.result = results.dumps(results.bare(json.loads(row.result)))
    return [row, whole]


def open_result(poll: Poll, *, whole: bool) -> None:
    """Put the grades of a rating into the public result; inside a recording of the room that publishes it.

    Unless ``whole``, without how many abstained or were invalid.
    """
    if poll.result is None or poll.sealed_result is None:
        raise Refused(N_("The round is not counted yet."), code="not_counted")
    kept = poll.sealed_result.result
    poll.result.result = kept if whole else results.dumps(results.unsplit(json.loads(kept)))


def note_lot(poll: Poll, seed: str, *, actor: Person) -> None:
    """The clerk notes what was drawn in public after the count: dice, cards. It breaks the tie once the chair confirms it.

    Raises `Forbidden` for who could confirm it: two people say what everybody saw.
    """
    capacity = authorize(actor, Permission.POLL_RECORD, poll.council)
    if why_not(actor, Permission.POLL_CONFIRM, poll.council) is None:
        raise Forbidden(N_("Whoever confirms what was drawn cannot note it: a second person must."), code="four_eyes")
    _tied(poll)
    if not seed.isascii() or not seed.replace(" ", "").isalnum() or len(seed) > 40:
        raise Invalid(N_("Please enter what was drawn, such as 6 3 5 1: letters and digits, at most 40."), field="seed")
    with recording(capacity, "poll.note_lot", poll):
        poll.lot_seed = seed


def draw_lot(poll: Poll, seed: str, *, actor: Person) -> None:
    """The chair confirms what the clerk noted, as read: counted again with it, and the tie is broken.

    Raises `Refused` where nothing is tied, nothing was noted, or something else stands there by now.
    """
    capacity = authorize(actor, Permission.MOTION_PUT, poll.council)
    kept = _tied(poll)
    if poll.lot_seed is None:
        raise Refused(N_("The clerk notes first what was drawn."), code="no_lot")
    if poll.lot_seed != seed:
        raise Refused(N_("What was noted was changed after this page was read. Read it again."), code="changed_since")
    drawn = _result(poll, None, None, seed)
    with recording(capacity, "poll.draw_lot", poll):
        kept.result = drawn.result


def _tied(poll: Poll) -> PollResult:
    known = json.loads(poll.result.result) if poll.result is not None else None
    if poll.result is None or known is None or results.is_empty(known) or results.is_decided(known):
        raise Refused(N_("There is no tie to break."), code="no_tie")
    return poll.result


def _verdict(poll: Poll, ballots: Iterable[tuple[str, int]] | None, void: str | None) -> VerdictRow:
    assert poll.rule is not None
    rule, counted = PassRule.from_data(json.loads(poll.rule.rule)), tally(poll, () if void else ballots)
    verdict = declared_void(rule, counted, void) if void else decide(rule, counted)
    return VerdictRow(
        poll_id=poll.id,
        council_id=poll.council_id,
        outcome=verdict.outcome.value,
        void=verdict.void,
        entitled=verdict.count.entitled,
        present=verdict.count.present,
        recused=verdict.count.recused,
        votes_for=verdict.count.for_,
        votes_against=verdict.count.against,
        votes_abstain=verdict.count.abstain,
        votes_invalid=verdict.count.invalid,
        quorum_needed=verdict.quorum.needed if verdict.quorum else None,
        quorum_have=verdict.quorum.have if verdict.quorum else None,
        pass_needed=verdict.passing.needed if verdict.passing else None,
        pass_have=verdict.passing.have if verdict.passing else None,
        decided_at=clock.now(),
    )


def verdict_of(row: VerdictRow, rule: str) -> Verdict:
    """The kept verdict as the pure object that can say itself in words; ``rule`` is the poll's frozen JSON.

    Raises `Invalid` where the kept numbers contradict the rule: somebody changed them.
    """
    numbers = (row.votes_for, row.votes_against, row.votes_abstain, row.votes_invalid)
    passing, counted = PassRule.from_data(json.loads(rule)), Count(row.entitled, row.present, row.recused, *numbers)
    verdict = declared_void(passing, counted, row.void) if row.void else decide(passing, counted)
    if verdict.outcome.value != row.outcome:
        raise Invalid(N_("The kept verdict contradicts its own numbers."))
    return verdict
