"""A poll's life: what is frozen at opening, one vote a member, two pairs of eyes, counted once."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from deliberation.audit.models import Entry
from deliberation.audit.recording import UnrecordedWrite, read
from deliberation.extensions import db
from deliberation.kernel.errors import DomainError
from deliberation.voting import casting, queries, tallying
from deliberation.voting import services as voting
from deliberation.voting.models import Ballot, Poll, PollVoter
from deliberation.voting.services import Voter
from deliberation.voting.states import Choice, PollState
from tests.acceptance.polls import preset_rule
from tests.builders import World, do

RULE = preset_rule("council")
FOR, AGAINST = Choice.FOR, Choice.AGAINST


def code(act: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as refused:
        do(act)
    return refused.value.code


def members(world: World) -> list[int]:
    return [person.id for name, person in world.people.items() if name[0] in "PSM"]


def prepared(world: World) -> Poll:
    return do(lambda: voting.prepare(world.council, label="A1", text_hash="0" * 64, matter_id=None, actor=world["P01"]))


def opened(world: World, *, recused: tuple[str, ...] = (), absent: int = 3, chair_votes: bool = True) -> Poll:
    """An open poll among 21, the last ``absent`` of them away."""
    poll, everybody = prepared(world), members(world)
    voters = [
        Voter(id_, n < 21 - absent, id_ in {world[one].id for one in recused}, chair_votes or id_ != world["P01"].id)
        for n, id_ in enumerate(everybody)
    ]
    do(lambda: voting.open_poll(poll, voters, RULE, 1, actor=world["P01"]))
    return poll


def in_state(world: World, state: PollState) -> Poll:
    if state is PollState.PREPARED:
        return prepared(world)
    poll = opened(world)
    if state is PollState.CANCELLED:
        do(lambda: voting.cancel(poll, actor=world["P01"]))
    elif state is not PollState.OPEN:
        do(lambda: voting.close(poll, actor=world["P01"]))
    if state is PollState.COUNTED:
        do(lambda: tallying.count(poll, actor=world["P01"]))
    return poll


@pytest.mark.parametrize("state", list(PollState))
def test_every_act_out_of_turn_is_refused(world: World, state: PollState) -> None:
    poll = in_state(world, state)
    chair, clerk, member = world["P01"], world["C01"], world["M01"]
    acts: dict[str, tuple[PollState, Callable[[], object]]] = {
        "open": (PollState.PREPARED, lambda: voting.open_poll(poll, [Voter(member.id, True)], RULE, 1, actor=chair)),
        "cast": (PollState.OPEN, lambda: casting.cast(poll, FOR, actor=member)),
        "change": (PollState.OPEN, lambda: casting.change(poll, FOR, actor=member)),
        "take_down": (PollState.OPEN, lambda: casting.take_down(poll, {member.id: FOR}, actor=clerk)),
        "confirm": (PollState.OPEN, lambda: casting.confirm(poll, actor=chair)),
        "close": (PollState.OPEN, lambda: voting.close(poll, actor=chair)),
        "count": (PollState.CLOSED, lambda: tallying.count(poll, actor=chair)),
    }
    if state not in (PollState.PREPARED, PollState.OPEN):
        acts["cancel"] = (PollState.OPEN, lambda: voting.cancel(poll, actor=chair))
    for allowed, act in acts.values():
        if state is not allowed:
            with pytest.raises(DomainError):
                do(act)
            assert poll.state == state


@pytest.mark.parametrize("who", ["R01", "V01", "D01", "A01", "K01"])
def test_nobody_without_the_office_touches_a_poll(world: World, who: str) -> None:
    poll, person = opened(world), world[who]
    for act in (
        lambda: casting.cast(poll, FOR, actor=person),
        lambda: casting.change(poll, FOR, actor=person),
        lambda: casting.take_down(poll, {person.id: FOR}, actor=person),
        lambda: casting.confirm(poll, actor=person),
        lambda: voting.close(poll, actor=person),
        lambda: tallying.count(poll, actor=person),
    ):
        assert code(act) == "forbidden"


def test_absent_recused_and_the_silent_chair_are_told_why(world: World) -> None:
    poll = opened(world, recused=("M01",), chair_votes=False)
    assert code(lambda: casting.cast(poll, FOR, actor=world["M01"])) == "recused"
    assert code(lambda: casting.cast(poll, FOR, actor=world["M19"])) == "absent"
    assert code(lambda: casting.cast(poll, FOR, actor=world["P01"])) == "chair_does_not_vote"
    assert queries.progress(poll).may_vote == 16
    assert tallying.tally(poll).entitled == 21


def test_a_member_votes_once(world: World) -> None:
    poll = opened(world)
    do(lambda: casting.cast(poll, FOR, actor=world["M01"]))
    assert code(lambda: casting.cast(poll, AGAINST, actor=world["M01"])) == "already_voted"
    assert code(lambda: casting.take_down(poll, {world["M01"].id: AGAINST}, actor=world["C01"])) == "already_voted"
    assert tallying.tally(poll).for_ == 1


def test_a_member_changes_the_own_vote_until_the_vote_is_closed(world: World) -> None:
    poll, member = opened(world), world["M01"]
    assert code(lambda: casting.change(poll, AGAINST, actor=member)) == "not_voted"
    do(lambda: casting.cast(poll, FOR, actor=member))
    before = db.session.query(Ballot).one()
    salt = before.salt
    assert code(lambda: casting.change(poll, FOR, actor=member)) == "unchanged"
    do(lambda: casting.change(poll, AGAINST, actor=member))
    after = db.session.query(Ballot).one()
    assert (after.choice, after.person_id) == ("against", member.id)
    assert after.salt != salt, "an old seal would tell the old choice"
    assert (tallying.tally(poll).for_, tallying.tally(poll).against) == (0, 1)
    acts = [read(bytes(entry.body))["action"] for entry in db.session.query(Entry).order_by(Entry.seq)]
    assert [act for act in acts if act.startswith("ballot.")] == ["ballot.cast", "ballot.change"]
    do(lambda: voting.close(poll, actor=world["P01"]))
    assert code(lambda: casting.change(poll, FOR, actor=member)) == "poll_closed"


def test_a_vote_that_the_clerk_took_down_becomes_the_members_own_when_it_is_changed(world: World) -> None:
    poll, member = opened(world), world["M02"]
    do(lambda: casting.take_down(poll, {member.id: FOR}, actor=world["C01"]))
    do(lambda: casting.change(poll, AGAINST, actor=member))
    ballot = db.session.query(Ballot).one()
    assert (ballot.channel, ballot.taken_by_id, ballot.choice) == ("own_device", None, "against")
    do(lambda: voting.close(poll, actor=world["P01"]))


def test_the_database_itself_refuses_a_second_ballot(world: World) -> None:
    poll = opened(world)
    do(lambda: casting.cast(poll, FOR, actor=world["M01"]))
    row = {"council_id": poll.council_id, "poll_id": poll.id, "person_id": world["M01"].id, "choice": "against", "salt": b"0" * 32,
           "channel": "own_device", "cast_at": poll.opened_at}  # fmt: skip
    with pytest.raises(UnrecordedWrite):
        db.session.execute(insert(Ballot).values(**row))
    db.session.rollback()
    connection = db.session.connection()
    connection.info["flushing"] = True
    with pytest.raises(IntegrityError):
        connection.execute(insert(Ballot.__table__).values(**row))
    db.session.rollback()


def test_what_was_taken_down_can_be_corrected_until_it_is_confirmed(world: World) -> None:
    poll, member, clerk, chair = opened(world), world["M01"].id, world["C01"], world["P01"]
    do(lambda: casting.take_down(poll, {member: FOR}, actor=clerk))
    assert code(lambda: voting.close(poll, actor=chair)) == "unconfirmed"
    seen = casting.mark({member: "for"})
    do(lambda: casting.take_down(poll, {member: AGAINST}, actor=clerk))
    assert code(lambda: casting.confirm(poll, mark_read=seen, actor=chair)) == "changed_since"
    do(lambda: casting.confirm(poll, mark_read=casting.mark({member: "against"}), actor=chair))
    assert code(lambda: casting.take_down(poll, {member: FOR}, actor=clerk)) == "already_voted"
    assert (tallying.tally(poll).for_, tallying.tally(poll).against) == (0, 1)
    assert code(lambda: casting.confirm(poll, actor=chair)) == "nothing_to_confirm"
    assert code(lambda: casting.take_down(poll, {}, actor=clerk)) == "nothing_marked"


def test_one_bad_vote_spoils_the_whole_sheet(world: World) -> None:
    poll = opened(world, recused=("M02",))
    sheet = {world["M01"].id: FOR, world["M02"].id: FOR}
    assert code(lambda: casting.take_down(poll, sheet, actor=world["C01"])) == "recused"
    assert tallying.tally(poll).participating == 0


def test_who_took_votes_down_does_not_confirm_them(world: World) -> None:
    poll = opened(world)
    do(lambda: casting.take_down(poll, {world["M01"].id: FOR}, actor=world["S01"]))
    db.session.rollback()
    ballot = db.session.query(Ballot).one()
    assert ballot.taken_by_id == world["S01"].id
    assert code(lambda: casting.confirm(poll, actor=world["S01"])) == "forbidden"


@pytest.mark.parametrize(("here", "refused"), [(13, True), (14, False), (18, False), (21, False)])
def test_a_quorum_is_needed_to_open(world: World, here: int, refused: bool) -> None:
    poll = prepared(world)
    voters = [Voter(id_, n < here) for n, id_ in enumerate(members(world))]
    if refused:
        assert code(lambda: voting.open_poll(poll, voters, RULE, 1, actor=world["P01"])) == "no_quorum"
        assert (poll.state, db.session.query(PollVoter).count()) == ("prepared", 0)
    else:
        do(lambda: voting.open_poll(poll, voters, RULE, 1, actor=world["P01"]))
        assert poll.state == "open"


def test_the_kept_verdict_refuses_changed_numbers(world: World) -> None:
    poll = opened(world)
    do(lambda: casting.take_down(poll, dict.fromkeys(members(world)[:11], FOR), actor=world["C01"]))
    do(lambda: casting.confirm(poll, actor=world["P01"]))
    do(lambda: voting.close(poll, actor=world["P01"]))
    row = do(lambda: tallying.count(poll, actor=world["P01"]))
    assert poll.rule is not None
    assert tallying.verdict_of(row, poll.rule.rule).outcome.value == row.outcome == "adopted"
    row.votes_for = 10
    with pytest.raises(DomainError):
        tallying.verdict_of(row, poll.rule.rule)
    db.session.rollback()


def test_no_entry_tells_who_voted_how(world: World) -> None:
    poll = opened(world)
    do(lambda: casting.cast(poll, FOR, actor=world["M01"]))
    do(lambda: casting.take_down(poll, {world["M02"].id: AGAINST}, actor=world["C01"]))
    do(lambda: casting.take_down(poll, {world["M02"].id: FOR}, actor=world["C01"]))
    do(lambda: casting.confirm(poll, actor=world["P01"]))
    bodies = [read(bytes(entry.body)) for entry in db.session.query(Entry).order_by(Entry.seq)]
    rows = [row for body in bodies for row in body["rows"] if row["table"] == "ballot"]
    assert len(rows) == 4
    for row in rows:
        assert not {"choice", "person_id", "salt"} & set(row["set"])
    assert "against" not in json.dumps([body for body in bodies if body["action"].startswith("ballot.")])


def test_bulk_statements_cannot_change_ballots(world: World) -> None:
    opened(world)
    with pytest.raises(UnrecordedWrite):
        db.session.execute(update(Ballot).values(choice="for"))
    db.session.rollback()
