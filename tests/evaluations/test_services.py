"""A rating round: who rates and who does not, what the box keeps to itself, and what comes out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import inspect, select, text

from deliberation.audit import recorded_tables
from deliberation.audit.models import Entry
from deliberation.audit.replaying import differences, rederived
from deliberation.audit.services import verify
from deliberation.evaluations import promises, queries, sealed, services, sorting
from deliberation.evaluations.models import Comment, Promise, Round, SealedComment
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.meetings import secret_votes
from deliberation.meetings import services as meetings
from deliberation.people.permissions import Office
from deliberation.voting.models import PollResult, PollRule, SealedResult
from deliberation.voting.paper import services as papers
from deliberation.voting.secret import box
from deliberation.voting.secret.models import BoxRow
from deliberation.voting.secret.queries import published_ballots
from deliberation.voting.secret.services import require_scrutineers
from tests.audit.test_verifying import tamper
from tests.builders import appoint, at, do
from tests.evaluations.rounds import HELD, PLANNED, invented, opened, planned


@pytest.fixture(autouse=True)
def in_the_meeting() -> Iterator[None]:
    with clock.frozen(HELD):
        yield


def holds() -> None:
    """Every log verifies, and everything recorded follows from it."""
    assert [one.problem for one in verify()] == [""] * 2
    assert list(differences({name: db.metadata.tables[name] for name in recorded_tables()})) == []
    assert [str(one) for again in rederived.values() for one in again()] == []


def log_of(world) -> str:
    query = select(Entry.body).where(Entry.log_id == world.council.log_id).order_by(Entry.seq)
    return "\n".join(bytes(body).decode() for body in db.session.scalars(query))


def test_a_round_on_two_ways_from_the_list_to_the_promise(world):
    """Sixteen by telephone, six on paper, one of them invalid: what came out, what was said, what was promised."""
    rated = opened(world, 22)
    with pytest.raises(Forbidden, match="list of this round"):
        rated.by_phone(world["M05"], "1:1")
    for n, rater in enumerate(rated.raters[:16]):
        rated.by_phone(rater, "1:1" if n < 12 else "1:2", f"Too slow, {n}" if n % 2 else "")
    assert db.session.query(SealedComment).count() == db.session.query(BoxRow).count() == 16, "one for each, said or not"
    assert len({len(one.sealed) for one in db.session.scalars(select(SealedComment))}) == 1, "all equally long"
    rated.on_paper(rated.raters[16:], ["1:1"] * 3 + ["1:3", "abstain", "invalid:unclear"])
    with pytest.raises(Refused, match="marked already"):
        do(lambda: papers.hand_out(rated.poll, rated.raters[0], actor=world["C01"]))
    with pytest.raises(Refused, match="voted already"):
        rated.by_phone(rated.raters[21], "1:1")
    rated.counted()
    found = queries.results(rated.round)
    assert found.spreads[0].grades == [15, 4, 1, 0]
    assert (found.entitled, found.took_part, found.phone, found.paper, found.invalid, found.abstained) == (22, 22, 16, 6, 1, 1)
    assert json.loads(db.session.get_one(PollRule, rated.poll.id).rule)["quorum"] is None, "a rating has no quorum"
    assert db.session.query(SealedComment).count() == 0, "nothing is left in the box"
    said = queries.comments(rated.round)
    assert sorted(one.text.value for one in said) == sorted(f"Too slow, {n}" for n in range(1, 16, 2))
    assert "Too slow" not in log_of(world)
    clerk = world["C01"]
    do(lambda: sorting.type_comment(rated.round, "On paper: too slow", actor=clerk))
    with pytest.raises(Refused, match="no finding yet"):
        do(lambda: services.publish(rated.round, actor=clerk))
    slow = do(lambda: sorting.find(rated.round, "It takes too long.", actor=clerk))
    other = do(lambda: sorting.find(rated.round, "It is slow.", actor=clerk))
    for n, one in enumerate(queries.comments(rated.round)):
        do(lambda one=one, n=n: sorting.settle(one, finding=slow if n % 2 else other, actor=clerk))
    do(lambda: sorting.settle(queries.comments(rated.round)[0], aside="off_topic", actor=clerk))
    do(lambda: sorting.merge(other, slow, actor=clerk))
    assert [(one.words, number) for one, number in queries.findings(rated.round)] == [("It takes too long.", 8)]
    with pytest.raises(Refused, match="published"):
        do(lambda: promises.promise(rated.round, text="Faster", owner_kind="station", owner="Station", due_on=HELD.date(),
                                    finding=slow, actor=world["V01"]))  # fmt: skip
    do(lambda: services.publish(rated.round, actor=clerk))
    with pytest.raises(Refused, match="findings stand"):
        do(lambda: sorting.reword(slow, "It is fast.", actor=clerk))
    do(lambda: sorting.erase(queries.comments(rated.round)[0], actor=clerk))
    assert queries.comments(rated.round)[0].text.value is None
    the_life_of_a_promise(world, rated.round, slow)
    holds()


def the_life_of_a_promise(world, round_: Round, finding) -> None:
    def made(day: str) -> Promise:
        due = date.fromisoformat(day)
        return do(lambda: promises.promise(round_, text="Answer in a week", owner_kind="station", owner="Station", due_on=due,
                                           finding=finding, actor=world["S01"]))  # fmt: skip

    kept, late = made("2026-12-20"), made("2027-01-15")
    with pytest.raises(Invalid, match="has passed"):
        made("2026-12-01")
    assert kept.state(HELD.date()) == "open"
    with clock.frozen(at("2026-12-22T09:00")):
        assert kept.state(clock.today("Asia/Shanghai")) == "overdue"
        with pytest.raises(Forbidden, match="a second person must"):
            do(lambda: promises.end(kept, "kept", "It is so.", actor=world["S01"]))
        do(lambda: promises.end(kept, "kept", "A list hangs at the door.", actor=world["C01"]))
        with pytest.raises(Refused):
            do(lambda: promises.end(kept, "broken", "It is not.", actor=world["C01"]))
        assert kept.state(clock.today("Asia/Shanghai")) == "kept"
    council = world.council

    def told(since: str, until: str) -> list[str]:
        return [one.due_on.isoformat() for one in promises.promises_between(council, at(since), at(until))]

    assert told("2026-07-01T00:00", "2027-01-01T00:00") == ["2026-12-20", "2027-01-15"]
    assert told("2027-01-01T00:00", "2027-07-01T00:00") == ["2027-01-15"], "due in it; the other ended before"
    assert told("2027-02-01T00:00", "2027-07-01T00:00") == ["2027-01-15"], "still open from before"
    assert told("2026-01-01T00:00", "2026-07-01T00:00") == []
    assert late.state(date(2027, 1, 15)) == "open" and late.state(date(2027, 1, 16)) == "overdue"


def test_raters_are_free_of_the_rated_and_stand_on_the_list_once(world):
    round_ = planned(world)
    secretary, clerk = world["S01"], world["C01"]
    do(lambda: services.add_subject(round_, "station", "The station", actor=secretary))
    with pytest.raises(Refused, match="does not rate"):
        do(lambda: services.list_raters(round_, [world["V01"]], actor=clerk))
    do(lambda: services.list_raters(round_, [world["R01"]], actor=clerk))
    with pytest.raises(Refused, match="already"):
        do(lambda: services.list_raters(round_, [world["R01"]], actor=clerk))
    with pytest.raises(Invalid, match="does not rate that"):
        do(lambda: services.add_subject(round_, "member", person=world["M01"], actor=secretary))
    for naming in (lambda: services.plan(round_.meeting, title="What M05 did", group="public", scale="appraisal", actor=secretary),
                   lambda: services.add_subject(round_, "service", "M05 as a person", actor=secretary)):  # fmt: skip
        with pytest.raises(Invalid, match="“M05” stands here"):
            do(naming)
    members = do(lambda: services.plan(round_.meeting, title="Members", group="branch", scale="appraisal", actor=secretary))
    do(lambda: services.add_subject(members, "member", person=world["M01"], actor=secretary))
    with pytest.raises(Refused, match="does not rate"):
        do(lambda: services.list_raters(members, [world["M01"]], actor=clerk))
    do(lambda: services.list_raters(members, [world["M02"]], actor=clerk))
    with pytest.raises(Refused, match="does not rate"):
        do(lambda: services.add_subject(members, "member", person=world["M02"], actor=secretary))
    db.session.expire_all()
    assert queries.rater_ids(round_.id) == [world["R01"].id], "the groups keep lists of their own"
    assert queries.names(members, reads=False) == {1: None}
    with pytest.raises(Refused, match="of this kind"):
        do(lambda: services.plan(_session(world), title="x", group="public", scale="satisfaction", actor=secretary))


def _session(world):
    with clock.frozen(PLANNED):
        return do(lambda: meetings.plan(
            world.council, starts_at=HELD, place="Hall", matters=[], chair=world["P01"], clerk=world["C01"], kind="joint",
            actor=world["S01"],
        ))  # fmt: skip


def test_under_five_ballots_no_grade_is_kept_anywhere_but_among_the_ballots(world):
    """Of two things one is judged by four only: its grades stand in no result and no entry, and no ballot is shown."""
    rated = opened(world, 6, ("The lane", "The light"))
    for n, rater in enumerate(rated.raters):
        rated.by_phone(rater, "1:1,2:4" if n < 2 else "1:2,2:3")
    rated.counted()
    shown = queries.results(rated.round)
    assert [one.grades for one in shown.spreads] == [[2, 4, 0, 0], None]
    kept = db.session.get_one(PollResult, rated.poll.id)
    assert kept.result == '{"ballots":6}' and "grades" not in log_of(world), "before the publication nobody reads a grade"
    assert '"grades":[[2,4,0,0],null]' in db.session.get_one(SealedResult, rated.poll.id).result
    holds()
    do(lambda: services.publish(rated.round, actor=world["C01"]))
    assert '"grades":[[2,4,0,0],null]' in kept.result and "[[2,4,0,0],null]" in log_of(world).replace("\\", "")
    assert "[0,0,4,2]" not in log_of(world)
    assert published_ballots(rated.poll) is None
    holds()


def test_a_handful_that_is_of_one_mind_is_counted_and_not_told(world):
    rated = opened(world, 4)
    for rater in rated.raters:
        rated.by_phone(rater, "1:1")
    rated.counted()
    found = queries.results(rated.round)
    assert [one.grades for one in found.spreads] == [None]
    assert (found.took_part, found.phone, found.paper, found.abstained) == (4, None, None, 0)


def test_of_too_few_not_even_who_abstained_is_told(world):
    """One rater who abstained, published: nowhere stands that this one did."""
    rated = opened(world, 1)
    rated.by_phone(rated.raters[0], "abstain")
    rated.published()
    assert '"abstain"' not in log_of(world).replace("\\", "")
    assert (queries.results(rated.round).abstained, queries.results(rated.round).phone) == (0, None)
    holds()


def test_few_papers_tell_nothing_of_what_stood_on_them(world):
    """Six by telephone, two on paper, one of them invalid: neither the page nor the log says that one was."""
    rated = opened(world, 8)
    for n, rater in enumerate(rated.raters[:6]):
        rated.by_phone(rater, "1:1" if n < 5 else "1:2")
    rated.on_paper(rated.raters[6:], ["1:3", "invalid:unclear"])
    rated.published()
    found, log = queries.results(rated.round), log_of(world).replace("\\", "")
    assert (found.invalid, found.abstained, found.spreads[0].grades) == (0, 0, [5, 1, 1, 0])
    assert "[[5,1,1,0]]" in log and not re.search('"(invalid|abstain)":[1-9]', log)
    holds()


def test_grades_of_a_person_stand_in_no_entry_and_nobody_is_named_as_rated(world):
    """Not at the count, not at the publication: commitments and numbers. A changed grade or person is found."""
    rated = opened(world, 6, (), people=("P01", "S01"), group="branch", scale="appraisal")
    for n, rater in enumerate(rated.raters):
        rated.by_phone(rater, "1:4,2:1" if n < 5 else "1:1,2:2")
    with pytest.raises(Invalid, match="not by a president"):
        require_scrutineers(rated.poll, [world["S01"], world["M06"]], world["P01"])
    do(lambda: papers.print_papers(rated.poll, 1, actor=world["C01"]))
    rated.closed()
    with pytest.raises(Refused, match="You are rated"):
        do(lambda: papers.begin(rated.poll, actor=world["S01"]))
    do(lambda: secret_votes.count(rated.poll, rated.sheets[:2], actor=world["P01"]))
    db.session.expire_all()
    do(lambda: services.publish(rated.round, actor=world["C01"]))
    log = log_of(world)
    rows = [row for line in log.splitlines() for row in json.loads(line)["rows"] if row["table"] == "rating_subject"]
    assert len(rows) == 2 and all("commitment" in row and "person_id" not in row["set"] for row in rows)
    assert "grades" not in log and queries.results(rated.round).spreads[0].grades == [1, 0, 0, 5]
    holds()
    tables = {name: db.metadata.tables[name] for name in recorded_tables()}
    tamper("UPDATE sealed_result SET result = replace(result, '[1,0,0,5]', '[5,0,0,1]')",
           f"UPDATE rating_subject SET person_id = {world['M06'].id} WHERE position = 1")  # fmt: skip
    assert {one.table for one in differences(tables)} == {"sealed_result", "rating_subject"}
    assert {one.table for again in rederived.values() for one in again()} == {"sealed_result"}


def test_who_took_office_since_being_listed_stops_the_opening(world):
    with pytest.raises(Refused, match="is rated now"):
        opened(world, 7, ("The station",), kind="station", before_opening=lambda raters: took_office(world, raters[0]))


def took_office(world, person) -> None:
    world.people["X"] = person
    appoint(world, "X", Office.STATION_WORKER)


def test_one_mind_on_one_thing_of_several_is_asked_about(world):
    rated = opened(world, 6, ("The lane", "The light"))
    for n, rater in enumerate(rated.raters):
        rated.by_phone(rater, f"1:3,2:{1 + (n == 0)}")
    with pytest.raises(Refused, match="one thing the same grade"):
        rated.counted()
    do(lambda: secret_votes.count(rated.poll, rated.sheets[:2], publish=True, actor=world["P01"]))


def test_nothing_ties_a_comment_to_a_ballot_a_person_or_a_time(world):
    columns = {column["name"] for column in inspect(db.engine).get_columns("comment_box")}
    assert columns == {"id", "poll_id", "sealed"}
    assert {c["name"] for c in inspect(db.engine).get_columns("rating_comment")} == {
        "id", "council_id", "round_id", "text_id", "finding_id", "aside",
    }  # fmt: skip
    rated = opened(world, 12)
    came_in: list[str] = []
    for n, rater in enumerate(rated.raters):
        rated.by_phone(rater, "1:1", f"said {n:02d}")
        came_in += {one.id for one in db.session.scalars(select(SealedComment))} - set(came_in)
    assert came_in != sorted(came_in), "they lie in the box in another order than they came"
    assert not set(came_in) & {one.id for one in db.session.scalars(select(BoxRow))}
    if db.engine.dialect.name == "sqlite":
        made = db.session.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'comment_box'"))
        assert "WITHOUT ROWID" in made
    rated.closed()
    do(lambda: secret_votes.count(rated.poll, rated.sheets[:2], publish=True, actor=world["P01"]))
    came = [f"said {n:02d}" for n in range(12)]
    assert [one.text.value for one in queries.comments(rated.round)] != came
    assert [one.text.value for one in sorted(queries.comments(rated.round), key=lambda one: one.text_id)] != came


def test_the_same_form_again_and_a_cancelled_round(world):
    rated = opened(world, 5)
    token = box.new_token()
    for _again in range(2):
        do(lambda: box.cast(rated.poll, "1:1", token, beside_it="Well", actor=rated.raters[0]))
    assert db.session.query(SealedComment).count() == 1
    with pytest.raises(Invalid, match="too long"):
        rated.by_phone(rated.raters[1], "1:1", "x" * (sealed.LONGEST + 1))
    rated.by_phone(rated.raters[1], "1:1", "的" * sealed.LONGEST)
    late = invented(1)
    with pytest.raises(Refused, match="frozen"):
        do(lambda: services.list_raters(rated.round, late, actor=world["C01"]))
    do(lambda: secret_votes.cancel(rated.poll, actor=world["P01"]))
    assert db.session.query(SealedComment).count() == db.session.query(Comment).count() == 0
    first = rated.poll.id
    db.session.expire_all()
    assert do(lambda: services.put(rated.round, actor=world["P01"])).id != first
    holds()
