"""The pages of rating rounds: the demonstration's forty ballots, a round from the plan to the ballot, what nobody else reads."""

from __future__ import annotations

import re

import pytest

from deliberation.evaluations import promises, queries, services, sorting
from deliberation.evaluations.models import Comment, Promise, Rater, Round, SealedComment
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import secret_votes
from deliberation.meetings import services as meetings
from deliberation.people.models import Person
from deliberation.voting.secret.models import BoxRow
from tests.builders import do
from tests.evaluations.rounds import HELD, PLANNED, called, opened, planned
from tests.web import in_english, post, sign_in, source_of, statements, text_of

BASE = "/c/mochou/evaluations"


@pytest.fixture
def browser(world, new_client):
    """Somebody's browser, signed in and in English; without a code nobody's."""

    def opened(code: str | None = None):
        client = in_english(new_client())
        return sign_in(client, world.account(code)) if code else client

    return opened


def test_the_forty_ballots_of_the_demonstration(demo, new_client):
    """Twelve of them on paper, one of those invalid. And no comment is read by anybody but the desk."""
    client = in_english(new_client())
    answer = client.get(f"{BASE}/1")
    page = text_of(answer)
    assert "40 of 40 on the list took part: 100%." in page and "28 on a phone, 12 on paper." in page
    assert "1 paper was invalid." in page
    grades = dict(re.findall(r"<dt>([^<]+)</dt><dd><svg.*?<span>(\d+)", answer.text))
    assert grades == {"Satisfied": "31", "Mostly satisfied": "6", "Not satisfied": "2", "I cannot judge": "0"}
    assert "From 6 comments" in page and "From a few comments" in page and "From 3" not in page
    assert "Kept" in page and "Promised" in page
    comments = [one.text.value for one in db.session.scalars(db.select(Comment))]
    assert len(comments) == 15
    poll = db.session.get_one(Round, 1).poll_id
    for url in (f"{BASE}/1", f"{BASE}/", f"/c/mochou/secret/{poll}", f"/c/mochou/secret/{poll}/ballots", "/c/mochou/trail"):
        shown = client.get(url).text
        assert not [one for one in comments if one in shown], url
    assert client.get(f"{BASE}/1/comments").status_code in (302, 403)
    desk = sign_in(in_english(new_client()), "C01", demo.password)
    assert all(one in desk.get(f"{BASE}/1/comments").text for one in comments)


def test_a_round_is_planned_listed_put_and_rated_on_a_phone(world, browser):
    with clock.frozen(PLANNED):
        meeting = planned(world).meeting
        secretary, clerk = browser("S01"), browser("C01")
        for wrong in ({"title": ""}, {"group": "all"}, {"scale": "stars"}):
            sent = {"title": "The branches", "group": "community", "scale": "satisfaction", **wrong}
            assert post(secretary, f"{BASE}/new/{meeting.id}", sent).status_code == 422
        made = post(secretary, f"{BASE}/new/{meeting.id}", {"title": "The branches", "group": "community", "scale": "satisfaction"})
        here = made.location
        assert post(clerk, f"{BASE}/new/{meeting.id}", {"title": "x"}, page="/about").status_code == 403
        assert secretary.get(f"{here}/rated/station").status_code == 404, "this group rates branches"
        assert post(secretary, f"{here}/rated/branch", {"name": "First branch"}).status_code == 302
        assert post(secretary, f"{here}/rated/branch", {"name": "First branch"}).status_code == 409
        login = world.account("R01")
        assert post(clerk, f"{here}/raters", {"logins": "nobody"}).status_code == 422
        assert post(clerk, f"{here}/raters", {"logins": "", "names": ""}).status_code == 422
        assert post(clerk, f"{here}/raters", {"logins": login, "names": "N1\nN2"}).status_code == 302
        assert post(clerk, f"{here}/raters", {"logins": login, "names": "N3"}).status_code in (409, 422)
        for known in ("n1", "N4\nN 4\nＮ4"):
            assert post(clerk, f"{here}/raters", {"names": known}).status_code == 422, "on the list, or twice in the form"
        assert post(clerk, f"{here}/raters/{2**63}/drop", page="/about").status_code == 404
        assert db.session.query(Rater).count() == 3
        db.session.rollback()
        called(world, db.session.get_one(Round, int(here.rsplit("/", 1)[1])))
        assert post(secretary, f"{here}/rated/branch", {"name": "Second branch"}).status_code == 409, "the notice went out"
        assert "N1" not in source_of(browser().get(here)) and "3 people" in text_of(browser().get(here))
        assert post(secretary, f"{here}/put", page=here).status_code == 403
        put = post(browser("P01"), f"{here}/put", page=here)
    with clock.frozen(HELD):
        round_ = db.session.get_one(Round, int(here.rsplit("/", 1)[1]))
        the_key_and_the_vote(world, round_)
        people = db.session.query(Person).count()
        assert post(clerk, f"{here}/raters", {"names": "Late One"}, page="/about").status_code == 409
        db.session.rollback()
        assert db.session.query(Person).count() == people, "nobody is entered whom the list refuses"
        rater, other = browser("R01"), browser("R02")
        assert "Rate now" in text_of(rater.get(here)) and "Rate now" not in text_of(other.get(here))
        for page in ("/me/", "/c/mochou/"):
            shown = text_of(rater.get(page))
            assert "A rating is waiting for you" in shown and "Rate now" in shown and "Vote on" not in shown, page
        assert "3 on the list may rate" in text_of(rater.get(put.location)), "no roster of the council is asked"
        paper = text_of(post(clerk, put.location.replace("/secret/", "/papers/") + "/print", {"number": "1"}))
        assert "Rating paper" in paper and "A comment, if you like. Write no name." in paper
        vote = f"{put.location}/vote"
        assert other.get(vote).status_code == 403
        assert post(rater, vote, {"n1": "9", "comment": ""}).status_code == 422
        assert post(rater, vote, {"n1": "1", "comment": "x" * 201}).status_code == 422
        back = post(rater, vote, {"n1": "2", "comment": "Warm & quick"})
        assert "And your comment: Warm &amp; quick" in text_of(back) and len(back.data) % 65536 == 0
        fields = dict(re.findall(r'name="(ballot|token|comment)" value="([^"]*)"', back.text))
        assert post(rater, f"{put.location}/cast", {**fields, "comment": "Warm & quick"}, page=vote).status_code == 200
        assert db.session.query(SealedComment).count() == db.session.query(BoxRow).count() == 1


def the_key_and_the_vote(world, round_: Round) -> None:
    do(lambda: meetings.open_meeting(round_.meeting, actor=world["P01"]))
    keepers = [world[one] for one in ("M01", "M02")]
    for _held, sheet in do(lambda: secret_votes.make_key(round_.poll, keepers, 2, actor=world["P01"])):
        do(lambda sheet=sheet: secret_votes.read_back(round_.poll, " ".join(sheet.digits), actor=world["P01"]))
    do(lambda: secret_votes.open_(round_.poll, actor=world["P01"]))


def test_the_desk_sorts_publishes_and_a_promise_is_made_and_judged(world, browser):
    with clock.frozen(HELD):
        rated = opened(world, 9, ("The lane", "The light"))
        for n, rater in enumerate(rated.raters):
            rated.by_phone(rater, "1:1,2:4" if n < 6 else "1:2,2:3", "It is dark" if n < 2 else "")
        rated.counted()
        here, clerk, nobody = f"{BASE}/{rated.round.id}", browser("C01"), browser()
        check = f"/c/mochou/log/check/verdict/{rated.poll.id}"
        assert "Satisfied</dt>" not in nobody.get(here).text, "not before it is published"
        assert nobody.get(check).status_code == 404 and nobody.get(f"/c/mochou/secret/{rated.poll.id}").status_code == 200
        assert "Satisfied</dt>" in clerk.get(here).text
        first = queries.comments(rated.round)[0].id
        for wrong in ({"end": ""}, {"end": "new", "words": ""}, {"end": "999"}):
            assert post(clerk, f"{here}/comments/{first}", wrong).status_code == 422
        onwards = post(clerk, f"{here}/comments/{first}", {"end": "new", "words": "The lamp is out."})
        assert onwards.location.rsplit("/", 1)[1] == str(queries.comments(rated.round)[1].id)
        assert post(clerk, f"{here}/publish").status_code == 409, "one comment is left"
        assert post(clerk, onwards.location, {"end": "off_topic"}).status_code == 302
        assert post(browser("M01"), f"{here}/publish", page="/about").status_code == 403
        assert post(clerk, f"{here}/publish").status_code == 302
        assert nobody.get(check).text.count("Agrees") == 4
        page = nobody.get(here).text
        assert page.count("Satisfied</dt>") == 1 and "Fewer than 5 valid ballots" in page, "the light was judged by three"
        assert "The lamp is out." in page and "It is dark" not in page
        finding = queries.findings(rated.round)[0][0].id
        good = {"about": f"f{finding}", "text": "A new lamp", "owner_kind": "station", "owner": "Station", "due_on": "2026-12-30"}
        station = browser("V01")
        for wrong in ({"about": "f999"}, {"text": ""}, {"owner_kind": "nobody"}, {"due_on": "2026-01-01"}, {"due_on": "soon"}):
            assert post(station, f"{here}/promises/new", {**good, **wrong}).status_code == 422
        assert post(station, f"{here}/promises/new", good).status_code == 302
        assert post(browser("R01"), f"{here}/promises/new", good, page="/about").status_code == 403
        made = db.session.scalars(db.select(Promise)).one()
        end = f"{here}/promises/{made.id}/end"
        assert post(clerk, end, {"outcome": "maybe", "done": "x"}).status_code == 422
        assert post(clerk, end, {"outcome": "broken", "done": "No lamp was to be had."}).status_code == 302
        assert "No lamp was to be had." in nobody.get(f"{BASE}/").text


def test_a_persons_grades_are_not_for_everybody(world, browser):
    with clock.frozen(PLANNED):
        round_ = planned(world, group="branch", scale="appraisal")
        do(lambda: services.add_subject(round_, "member", person=world["M01"], actor=world["S01"]))
        called(world, round_)
    page = source_of(browser().get(f"{BASE}/{round_.id}"))
    assert "No. 1" in page and "M01" not in page
    notice = source_of(browser().get(f"/c/mochou/meetings/{round_.meeting_id}/notice"))
    assert "The year 2026" in notice and "No. 1" in notice and "M01" not in notice
    assert "M01" in browser("C01").get(f"{BASE}/{round_.id}").text


def test_the_desk_and_the_promises_cost_no_more_with_more_in_them(app, world, browser):
    with clock.frozen(HELD):
        rated = opened(world, 14)
        for n, rater in enumerate(rated.raters):
            rated.by_phone(rater, "1:1" if n < 9 else "1:2", f"Said {n}" if n < 12 else "")
        rated.counted()
        clerk, costs = world["C01"], []
        finding = do(lambda: sorting.find(rated.round, "One", actor=clerk))
        said, reader = queries.comments(rated.round), browser("C01")
        for few in (said[:1], said[1:]):
            for one in few:
                do(lambda one=one: sorting.settle(one, finding=finding, actor=clerk))
            with statements(app) as sent:
                assert "One" in text_of(reader.get(f"{BASE}/{rated.round.id}/comments"))
            costs.append(len(sent))
        do(lambda: services.publish(rated.round, actor=clerk))
        for number in (1, 9):
            for n in range(number):
                do(lambda n=n: promises.promise(rated.round, text=f"Better {n}", owner_kind="station", owner="Station",
                                                due_on=HELD.date(), finding=finding, actor=world["V01"]))  # fmt: skip
            for url in (f"{BASE}/{rated.round.id}", f"{BASE}/"):
                with statements(app) as sent:
                    assert "Better" in text_of(reader.get(url))
                costs.append(len(sent))
    assert costs[0] == costs[1] and costs[2:4] == costs[4:6], costs


def test_the_chair_is_led_to_the_rounds_and_told_what_a_close_would_leave_unrated(world, browser):
    """The close is never the large button while a round waits; afterwards page and minutes say that nothing was rated."""
    round_ = planned(world)
    with clock.frozen(PLANNED):
        page = browser("S01").get(f"/c/mochou/meetings/{round_.meeting_id}").text
        assert page.index("Enter what is rated: The year 2026") < page.index("Send the notice"), "afterwards it is too late"
        do(lambda: services.add_subject(round_, "service", "Cleaning", actor=world["S01"]))
        called(world, round_)
    with clock.frozen(HELD):
        do(lambda: meetings.open_meeting(round_.meeting, actor=world["P01"]))
        here, chair = f"/c/mochou/meetings/{round_.meeting_id}", browser("P01")
        page = chair.get(here).text
        assert page.index("To the rating round: The year 2026") < page.index("Close the session")
        assert "Announced, and not rated: The year 2026." in text_of(chair.get(f"{here}/close"))
        assert post(chair, f"{here}/close").status_code == 302
        assert "Nothing was rated in this round." in text_of(browser().get(f"{BASE}/{round_.id}"))
        assert "It was not put to the vote." in text_of(chair.get(f"{here}/minutes/"))
