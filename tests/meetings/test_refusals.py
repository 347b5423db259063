"""The session's pages when somebody may not, comes too late, or types nonsense: told why, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberation.audit.queries import head
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import speeches, votes
from deliberation.motions.models import Motion
from deliberation.voting import casting
from deliberation.voting.models import Ballot
from deliberation.voting.states import Choice
from tests.acceptance.session import Sitting, planned
from tests.builders import World, at, do
from tests.motions.debates import NOW, main, sitting_of
from tests.web import in_english, post, sign_in, text_of


@pytest.fixture(autouse=True)
def in_the_session(app: Flask) -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def sitting(world: World) -> Sitting:
    return sitting_of(world, here=18)


@pytest.fixture
def browser(world: World, new_client: Callable[[], FlaskClient]) -> Callable[[str], FlaskClient]:
    def of(code: str) -> FlaskClient:
        client = in_english(new_client())
        return sign_in(client, world.account(code)) if code else client

    return of


def size(world: World) -> int:
    db.session.rollback()
    return head(world.council.log_id)[0]


@pytest.mark.parametrize("code", ["", "R01", "M01"])
def test_the_chairs_and_the_clerks_acts_are_shut_to_others(
    sitting: Sitting, world: World, browser: Callable[[str], FlaskClient], code: str
) -> None:
    motion = main(sitting)
    client, before = browser(code), size(world)
    base, motions = f"/c/mochou/meetings/{sitting.meeting.id}", f"/c/mochou/agenda/{sitting.matter.no}/motions"
    item = sitting.item.id
    for url in (f"{base}/close", f"{base}/items/{item}/finish", f"{base}/roster", f"{base}/items/{item}/speech",
                f"{motions}/{motion.label}/put", f"{motions}/{motion.label}/drop", f"{motions}/{motion.label}/second-for",
                "/c/mochou/meetings/new"):  # fmt: skip
        assert post(client, url, {}, page="/about").status_code == 403, url
    for url in (f"{base}/roster", f"{base}/items/{item}/speech", "/c/mochou/meetings/new"):
        assert client.get(url).status_code == 403, url
    assert size(world) == before


def test_unknown_things_are_all_the_same_404(sitting: Sitting, browser: Callable[[str], FlaskClient]) -> None:
    client = browser("P01")
    main(sitting)
    matter = sitting.matter.no
    for url in ("/c/mochou/meetings/999", "/c/mochou/meetings/99999999999999999999", "/c/mochou/polls/999",
                "/c/mochou/polls/99999999999999999999/cast", f"/c/mochou/agenda/{matter}/motions/A9",
                f"/c/mochou/agenda/{matter}/motions/{'A' * 300}", "/c/mochou/agenda/2026-99/motions/",
                "/c/nowhere/meetings/"):  # fmt: skip
        assert client.get(url).status_code == 404, url
    for url in (f"/c/mochou/meetings/{sitting.meeting.id}/items/999/take-up", f"/c/mochou/agenda/{matter}/motions/A9/put"):
        assert post(client, url, {}, page="/about").status_code == 404, url


def test_a_call_that_comes_too_late_says_the_first_possible_day(
    sitting: Sitting, world: World, browser: Callable[[str], FlaskClient]
) -> None:
    with clock.frozen(at("2026-03-20T09:00")):
        meeting = planned(world, sitting.matter)
    with clock.frozen(at("2026-03-21T09:00")):
        client = browser("S01")
        page = text_of(client.get(f"/c/mochou/meetings/{meeting.id}"))
        assert "4 clear days are left, 5 are needed. The first possible day is March 27, 2026." in page
        assert ("Change day, place or agenda" in page, "Plan a session" in page) == (True, False)
        answer = post(client, f"/c/mochou/meetings/{meeting.id}/call", {}, page="/about")
        assert (answer.status_code, "The notice comes too late" in answer.text) == (409, True)


@pytest.mark.parametrize("bad", [
    {"starts_at": "tomorrow", "place": "Hall"},
    {"starts_at": "2026-03-01T10:00", "place": "Hall"},
    {"starts_at": "2026-03-31T10:00", "place": "Hall"},
    {"starts_at": "0001-01-01T00:00", "place": "Hall"},
    {"starts_at": "2026-05-01T10:00", "place": ""},
    {"starts_at": "2026-05-01T10:00", "place": "x" * 121},
    {"starts_at": "2026-05-01T10:00", "place": "Hall", "materials": "x" * 130},
    {"starts_at": "2026-05-01T10:00", "place": "Hall", "matters": "999"},
    {"starts_at": "2026-05-01T10:00", "place": "Hall", "matters": "<script>"},
])  # fmt: skip
def test_a_bad_plan_is_said_at_its_field_and_kept(
    sitting: Sitting, world: World, browser: Callable[[str], FlaskClient], bad: dict[str, str]
) -> None:
    client, before = browser("S01"), size(world)
    answer = post(client, "/c/mochou/meetings/new", {"matters": str(sitting.matter.id), **bad})
    assert answer.status_code == 422
    assert "Please look at these places again" in text_of(answer)
    assert bad["place"] in answer.text
    assert size(world) == before


@pytest.mark.parametrize("bad", [
    {}, {"op": "explode"}, {"op": "replace"}, {"op": "replace", "paragraph": "p99", "text": "New."},
    {"op": "replace", "paragraph": "p1"}, {"op": "insert_at_end", "text": "\x07"},
    {"op": "insert_at_end", "text": "two\nlines"}, {"op": "insert_at_end", "text": "x" * 1001},
    {"op": "replace", "paragraph": "p1", "text": "One."},
])  # fmt: skip
def test_a_bad_amendment_is_said_at_its_field(
    sitting: Sitting, world: World, browser: Callable[[str], FlaskClient], bad: dict[str, str]
) -> None:
    main(sitting)
    client, before = browser("M05"), size(world)
    answer = post(client, f"/c/mochou/agenda/{sitting.matter.no}/motions/M1/amend", bad)
    assert (answer.status_code, "Please look at these places again" in text_of(answer)) == (422, True)
    assert size(world) == before
    assert db.session.query(Motion).count() == 1


def test_a_form_handed_in_twice_makes_one_motion_and_one_vote(
    sitting: Sitting, world: World, browser: Callable[[str], FlaskClient]
) -> None:
    main(sitting)
    member, url = browser("M05"), f"/c/mochou/agenda/{sitting.matter.no}/motions/M1/amend"
    data = {"op": "insert_at_end", "text": "Four.", "once": "the-same"}
    assert [post(member, url, data).status_code for _n in range(2)] == [302, 302]
    db.session.rollback()
    assert db.session.query(Motion).count() == 2
    with clock.frozen(NOW):
        head_motion = db.session.query(Motion).filter_by(label="M1").one()
        poll = do(lambda: votes.put(head_motion, actor=world["P01"]))
    vote = {"choice": "for", "confirmed": "1", "once": "another"}
    answers = [post(member, f"/c/mochou/polls/{poll.id}/cast", vote, page="/about") for _n in range(2)]
    assert [(a.status_code, a.headers["Location"]) for a in answers] == [(302, f"/c/mochou/polls/{poll.id}")] * 2
    db.session.rollback()
    assert db.session.query(Ballot).count() == 1


def test_before_the_count_nobody_sees_how_it_goes(
    sitting: Sitting, world: World, browser: Callable[[str], FlaskClient]
) -> None:
    poll = do(lambda: votes.put(main(sitting), actor=world["P01"]))
    do(lambda: casting.cast(poll, Choice.AGAINST, actor=world["M01"]))
    for code in ("", "M02", "C01", "P01"):
        page = text_of(browser(code).get(f"/c/mochou/polls/{poll.id}"))
        assert "Against" not in page
        assert "M01" not in page
    assert "Your vote is recorded: Against" in text_of(browser("M01").get(f"/c/mochou/polls/{poll.id}"))


def test_the_public_meets_seats_and_never_names(sitting: Sitting, world: World, browser: Callable[[str], FlaskClient]) -> None:
    motion = main(sitting)
    do(lambda: speeches.speak(sitting.item, world["M03"], "pro", "A gist.", actor=world["C01"]))
    poll = do(lambda: votes.put(motion, actor=world["P01"]))
    do(lambda: casting.take_down(poll, {world["M04"].id: Choice.AGAINST}, actor=world["C01"]))
    do(lambda: casting.confirm(poll, actor=world["P01"]))
    do(lambda: votes.close_and_count(motion, actor=world["P01"]))
    visitor, member = browser(""), browser("M05")
    motions = f"/c/mochou/agenda/{sitting.matter.no}/motions"
    for url in (f"/c/mochou/meetings/{sitting.meeting.id}", f"{motions}/", f"{motions}/M1", f"/c/mochou/polls/{poll.id}"):
        page = text_of(visitor.get(url))
        for code in ("M01", "M02", "M03", "M04", "A gist"):
            assert code not in page, (url, code)
    assert "M04" in text_of(member.get(f"/c/mochou/polls/{poll.id}"))
    assert "A gist" in text_of(member.get(f"/c/mochou/meetings/{sitting.meeting.id}"))


def test_an_open_vote_waits_on_the_session_and_on_ones_own_page(
    sitting: Sitting, world: World, browser: Callable[[str], FlaskClient]
) -> None:
    do(lambda: votes.put(main(sitting), actor=world["P01"]))
    member, away = browser("M05"), browser("M19")
    for url in ("/me/", f"/c/mochou/meetings/{sitting.meeting.id}"):
        assert "Vote on M1" in text_of(member.get(url))
        assert "Vote on M1" not in text_of(away.get(url))


@pytest.mark.parametrize("member", ["", "\r\n\r\n", " ", "0", "-1", "999999", "x", "٣", "9" * 30])
def test_whoever_takes_down_for_a_member_says_for_whom(
    sitting: Sitting, world: World, browser: Callable[[str], FlaskClient], member: str
) -> None:
    client, before = browser("C01"), size(world)
    motions = f"/c/mochou/agenda/{sitting.matter.no}/motions"
    assert post(client, f"{motions}/new", {"member": member}).status_code == 422
    assert post(client, f"/c/mochou/meetings/{sitting.meeting.id}/apology", {"member": member, "reason": "Ill."}).status_code == 422
    assert size(world) == before
