"""The verbs of the room and what they refuse."""

from datetime import date, timedelta

import pytest

from deliberation.agenda import services as agenda
from deliberation.agenda.models import Matter
from deliberation.agenda.states import Act
from deliberation.appeals import codes, queries, services
from deliberation.appeals.models import Appeal
from deliberation.audit.recording import recording
from deliberation.audit.services import verify
from deliberation.councils.authority import authorize
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.people.permissions import Permission
from tests.builders import at, do, make_world

NOW = "2026-01-12T09:20"


@pytest.fixture(autouse=True)
def morning():
    with clock.frozen(at(NOW)):
        yield


def taken_down(world, **more):
    given = {"channel": "walk_in", "text": "a lamp is broken", "actor": world["V01"], **more}
    return do(lambda: services.file(world.council, **given))


def refused(kind, service):
    with pytest.raises(kind) as error:
        do(service)
    db.session.rollback()
    return error.value


def count():
    return db.session.scalar(db.select(db.func.count()).select_from(Appeal))


def test_a_resident_files_online_and_only_online(world):
    filed = do(lambda: services.file(world.council, channel="online", text="x", actor=world["R01"]))
    assert (filed.appeal.state, filed.appeal.appellant_id, filed.appeal.is_transcribed) == ("received", world["R01"].id, False)
    refused(Forbidden, lambda: services.file(world.council, channel="phone", text="x", actor=world["R01"]))
    assert count() == 1


def test_what_the_desk_takes_down_has_its_receipt_at_once(world):
    appeal = taken_down(world, channel="phone").appeal
    assert (appeal.state, appeal.is_transcribed, appeal.appellant_id) == ("in_hand", True, None)
    assert (appeal.taken_by_id, appeal.first_answered_at) == (world["V01"].id, at(NOW))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"channel": "pigeon"}, "channel"),
        ({"text": "  "}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"received_at": at("2026-01-12T09:21")}, "received_at"),
        ({"received_at": at("2025-12-13T09:19")}, "received_at"),
    ],
)
def test_impossible_appeals_are_refused_at_their_field_and_nothing_is_written(world, given, field):
    error = refused(
        Invalid, lambda: services.file(world.council, **{"channel": "phone", "text": "x", "actor": world["V01"], **given})
    )
    assert (error.field, count()) == (field, 0)


def test_a_late_entry_counts_from_the_day_on_which_the_appeal_came_in(world):
    appeal = taken_down(world, received_at=at("2025-12-31T23:59")).appeal
    assert appeal.no == "QS-2026-0001"
    # January 1 to 3 are holidays, Sunday the 4th is worked; January 31 is a Saturday.
    assert (appeal.first_due_on, appeal.reply_due_on) == (date(2026, 1, 6), date(2026, 2, 2))


def test_numbers_run_by_council_and_year(world):
    other = make_world(slug="other", residents=1)
    assert [taken_down(world).appeal.no, taken_down(world).appeal.no] == ["QS-2026-0001", "QS-2026-0002"]
    assert do(lambda: services.file(other.council, channel="online", text="x", actor=other["R01"])).appeal.no == "QS-2026-0001"
    with clock.frozen(at("2027-01-04T09:00")):
        assert taken_down(world).appeal.no == "QS-2027-0001"


def test_the_code_opens_its_own_appeal_and_is_kept_nowhere(world):
    first, second = taken_down(world), taken_down(world)
    assert len(first.code) == 8 and set(first.code) <= set(codes.ALPHABET)
    assert first.code not in first.appeal.receipt_code
    typed = f" {first.code[:4].lower()}-{first.code[4:]} "
    assert queries.open_with_code(world.council, "qs-2026-0001", typed).id == first.appeal.id
    for no, code in (("QS-2026-0002", first.code), ("QS-2026-0009", first.code), ("x", first.code), (first.appeal.no, "")):
        with pytest.raises(Invalid):
            queries.open_with_code(world.council, no, code)
    assert queries.open_with_code(world.council, second.appeal.no, second.code).id == second.appeal.id


def test_a_receipt_is_given_once(world):
    appeal = do(lambda: services.file(world.council, channel="online", text="x", actor=world["R01"])).appeal
    refused(Forbidden, lambda: services.take(appeal, actor=world["R01"]))
    refused(Invalid, lambda: services.take(appeal, holder="nobody", actor=world["V01"]))
    do(lambda: services.take(appeal, holder="committee", actor=world["V01"]))
    assert (appeal.holder, appeal.state, appeal.taken_by_id) == ("committee", "in_hand", world["V01"].id)
    assert refused(Refused, lambda: services.take(appeal, actor=world["V01"])).code == "done_already"


def test_a_first_word_of_any_kind_stops_the_first_clock(world):
    appeal = do(lambda: services.file(world.council, channel="online", text="x", actor=world["R01"])).appeal
    do(lambda: services.answer(appeal, "done", actor=world["V01"]))
    assert (appeal.state, appeal.first_answered_at, appeal.closed_at) == ("answered", at(NOW), at(NOW))


@pytest.mark.parametrize("day", [date(2026, 2, 12), date(2026, 2, 1), date(2027, 2, 14)])
def test_an_extension_goes_to_a_later_day_within_a_year(world, day):
    appeal = taken_down(world).appeal
    error = refused(Invalid, lambda: services.interim(appeal, "x", reason="y", extends_to=day, actor=world["V01"]))
    assert error.field == "extends_to"


def test_an_extension_needs_its_public_reason(world):
    appeal = taken_down(world).appeal
    day = date(2026, 3, 1)
    assert refused(Invalid, lambda: services.interim(appeal, "x", reason=" ", extends_to=day, actor=world["V01"])).field == "reason"
    assert appeal.extended_at is None


def test_a_posted_notice_needs_two_recorded_attempts(world):
    appeal = taken_down(world).appeal
    for tried in range(2):
        error = refused(Refused, lambda: services.answer(appeal, "x", means="posted_notice", actor=world["V01"]))
        assert (error.code, error.words.params["tried"]) == ("missing_attempts", tried)
        do(lambda: services.note_attempt(appeal, means="visit", note="nobody in", actor=world["V01"]))
    do(lambda: services.answer(appeal, "x", means="posted_notice", actor=world["V01"]))
    assert appeal.state == "answered"


def test_declining_and_referring_reply_and_give_a_public_reason(world):
    one, two = taken_down(world).appeal, taken_down(world).appeal
    assert refused(Invalid, lambda: services.decline(one, "no", reason="", actor=world["V01"])).field == "reason"
    assert refused(Invalid, lambda: services.refer(two, "there", to="", reason="r", actor=world["V01"])).field == "to"
    do(lambda: services.decline(one, "no", reason="a private quarrel", actor=world["V01"]))
    do(lambda: services.refer(two, "there", to="the water company", reason="their pipe", actor=world["V01"]))
    rows, _ = queries.register(world.council)
    shown = [(row.state, row.reason, row.referred_to, row.holder) for row in rows]
    assert shown == [
        ("referred", "their pipe", "the water company", "elsewhere"),
        ("declined", "a private quarrel", None, "station"),
    ]


def test_after_the_final_reply_nothing_more_is_said(world):
    appeal = taken_down(world).appeal
    do(lambda: services.answer(appeal, "x", actor=world["V01"]))
    v = world["V01"]
    for service in (
        lambda: services.answer(appeal, "x", actor=v),
        lambda: services.decline(appeal, "x", reason="r", actor=v),
        lambda: services.refer(appeal, "x", to="t", reason="r", actor=v),
        lambda: services.interim(appeal, "x", reason="r", extends_to=date(2026, 3, 1), actor=v),
        lambda: services.note_attempt(appeal, means="phone", actor=v),
        lambda: services.take(appeal, actor=v),
    ):
        assert refused(Refused, service).code == "done_already"


def test_only_the_desk_replies(world):
    appeal = do(lambda: services.file(world.council, channel="online", text="x", actor=world["R01"])).appeal
    for code in ("R01", "M01", "P01", "D01", "K01", "A01"):
        refused(Forbidden, lambda code=code: services.answer(appeal, "x", actor=world[code]))
        refused(Forbidden, lambda code=code: services.note_attempt(appeal, means="phone", actor=world[code]))
    assert appeal.state == "received"


def test_the_author_rates_once_by_account_or_code_and_nobody_else(world):
    appeal = do(lambda: services.file(world.council, channel="online", text="x", actor=world["R01"])).appeal
    assert refused(Refused, lambda: services.rate(appeal, "satisfied", actor=world["R01"])).code == "missing_reply"
    do(lambda: services.answer(appeal, "x", actor=world["V01"]))
    refused(Forbidden, lambda: services.rate(appeal, "satisfied", actor=world["R02"]))
    refused(Forbidden, lambda: services.rate(appeal, "satisfied", actor=None))
    refused(Forbidden, lambda: services.rate(appeal, "satisfied", channel="paper", actor=world["R01"]))
    refused(Invalid, lambda: services.rate(appeal, "invalid", actor=world["R01"]))
    do(lambda: services.rate(appeal, "basically", actor=world["R01"]))
    assert appeal.rating.grade == "basically"
    assert refused(Refused, lambda: services.rate(appeal, "satisfied", actor=None, by_code=True)).code == "done_already"


def test_the_desk_enters_a_rating_from_paper_and_a_code_rates_without_an_account(world):
    one, two = taken_down(world).appeal, taken_down(world).appeal
    for appeal in (one, two):
        do(lambda appeal=appeal: services.answer(appeal, "x", actor=world["V01"]))
    do(lambda: services.rate(one, "invalid", channel="paper", actor=world["V01"]))
    do(lambda: services.rate(two, "dissatisfied", actor=None, by_code=True))
    assert [(a.rating.grade, a.rating.channel) for a in (one, two)] == [("invalid", "paper"), ("dissatisfied", "online")]


def opened(world, appeals):
    matter = do(lambda: agenda.open_matter(world.council, title="t", problem="p", actor=world["C01"]))
    do(lambda: services.merge(appeals, matter, actor=world["C01"]))
    return matter


def put_into(world, matter: Matter, state: str) -> None:
    """Set the scene: the road there is other rooms' business."""

    def force() -> None:
        capacity = authorize(world["S01"], Permission.MATTER_TO_COMMITTEE, world.council)
        with recording(capacity, "matter.end", matter):
            matter.state = state

    do(force)


def test_merging_needs_open_appeals_and_a_matter_in_step_one_or_two(world):
    done, free = taken_down(world).appeal, taken_down(world).appeal
    do(lambda: services.answer(done, "x", actor=world["V01"]))
    matter = do(lambda: agenda.open_matter(world.council, title="t", problem="p", actor=world["C01"]))
    assert refused(Refused, lambda: services.merge([done], matter, actor=world["C01"])).code == "done_already"
    assert refused(Invalid, lambda: services.merge([], matter, actor=world["C01"])).field == "appeals"
    refused(Forbidden, lambda: services.merge([free], matter, actor=world["V01"]))
    put_into(world, matter, "adopting")
    assert refused(Refused, lambda: services.merge([free], matter, actor=world["C01"])).code == "too_late"
    put_into(world, matter, "drafting")
    do(lambda: services.merge([free], matter, actor=world["C01"]))
    assert free.matter_id == matter.id


def test_a_matter_closes_only_when_everybody_who_raised_it_is_answered(world):
    appeals = [taken_down(world).appeal for _ in range(5)]
    matter = opened(world, appeals)
    put_into(world, matter, "implementing")
    for left in range(5, 0, -1):
        error = refused(Refused, lambda: agenda.close(matter, actor=world["S01"]))
        assert error.code == "step_rule"
        assert services.everybody_answered(matter, Act.CLOSE).params == {"n": left}
        appeal = appeals[left - 1]
        if left == 3:  # one who cannot be reached: by posted notice, the attempts recorded
            for means in ("phone", "visit"):
                do(lambda appeal=appeal, means=means: services.note_attempt(appeal, means=means, actor=world["V01"]))
            do(lambda appeal=appeal: services.answer(appeal, "x", means="posted_notice", actor=world["V01"]))
        else:
            do(lambda appeal=appeal: services.answer(appeal, "x", actor=world["V01"]))
    assert services.everybody_answered(matter, Act.CLOSE) is None


@pytest.mark.parametrize("act", [Act.DECLINE, Act.REFER, Act.WITHDRAW])
def test_ending_a_matter_leaves_every_reply_owed_and_in_sight(world, act):
    appeals = [taken_down(world).appeal for _ in range(2)]
    matter = opened(world, appeals)
    do(lambda: agenda.end(matter, act, reason="r", actor=world["S01"]))
    assert [(row.no, row.has_matter_ended) for row in queries.work_list(world.council)] == [
        ("QS-2026-0001", True),
        ("QS-2026-0002", True),
    ]
    assert queries.owed(matter.id) == 2
    do(lambda: services.answer(appeals[0], "x", actor=world["V01"]))
    assert queries.owed(matter.id) == 1


def test_what_is_due_first_stands_first_and_overdue_clocks_are_counted(world):
    taken_down(world)
    do(lambda: services.file(world.council, channel="online", text="x", actor=world["R01"]))
    assert [row.no for row in queries.work_list(world.council)] == ["QS-2026-0002", "QS-2026-0001"]
    assert queries.overdue(world.council) == queries.Overdue(0, 0)
    with clock.frozen(at("2026-01-15T23:59")):
        assert queries.work_list(world.council)[0].due.days_left == 0
        assert queries.overdue(world.council) == queries.Overdue(0, 0)
    with clock.frozen(at("2026-01-16T00:00")):
        assert queries.work_list(world.council)[0].due.is_overdue
        assert queries.overdue(world.council) == queries.Overdue(1, 0)
    with clock.frozen(at("2026-02-12T12:00") + timedelta(days=1)):
        assert queries.overdue(world.council) == queries.Overdue(1, 2)


def test_the_log_verifies_after_all_that(world):
    appeal = taken_down(world).appeal
    do(lambda: services.answer(appeal, "x", actor=world["V01"]))
    assert [log.bad_seq for log in verify()] == [None, None]
