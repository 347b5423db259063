"""The pages of a hearing: planned from the matter, kept by the clerk, read by everybody, confirmed and answered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from deliberation.extensions import db
from deliberation.hearings import answers, services
from deliberation.hearings.models import Hearing, Participant
from deliberation.kernel import clock
from deliberation.meetings import services as meetings
from tests.agenda.worlds import adopting
from tests.builders import at, do
from tests.hearings.rounds import HELD, PLANNED, called_round, open_round
from tests.web import in_english, post, sign_in, statements, text_of


@pytest.fixture(autouse=True)
def on_the_day(app: Flask) -> Iterator[None]:
    with clock.frozen(HELD):
        yield


def url(made, more: str = "") -> str:
    return f"/c/mochou/hearings/{made.hearing.id}{more}"


@pytest.fixture
def browser(world, new_client):
    """Somebody's browser, signed in and in English; without a code nobody's."""

    def opened(code: str | None = None):
        client = in_english(new_client())
        return sign_in(client, world.account(code)) if code else client

    return opened


def test_the_secretary_plans_a_hearing_from_the_matters_page(world, browser):
    with clock.frozen(at(PLANNED)):
        matter = adopting(world)
        page = f"/c/mochou/agenda/{matter.no}"
        secretary = browser("S01")
        assert f"{page}/hearings/new" in secretary.get(page).text
        assert f"{page}/hearings/new" not in browser("M01").get(page).text
        sent = {"question": "May beds stay?", "starts_at": "2026-03-12T14:30", "place": "Hall", "materials": "The plan"}
        for wrong in ({"question": ""}, {"starts_at": "2026-03-05T14:30"}, {"starts_at": "soon"}, {"question": "x" * 301}):
            assert post(secretary, f"{page}/hearings/new", {**sent, **wrong}).status_code == 422
        assert post(browser("C01"), f"{page}/hearings/new", sent, page="/about").status_code == 403
        answer = post(secretary, f"{page}/hearings/new", sent)
        assert answer.status_code == 302
        hearing = db.session.scalars(db.select(Hearing)).one()
        assert "May beds stay?" in text_of(secretary.get(answer.location))
        assert browser().get(f"/c/mochou/hearings/{hearing.id}").status_code == 404
        do(lambda: meetings.call(hearing.meeting, actor=world["S01"]))
        shown = text_of(browser().get(f"/c/mochou/hearings/{hearing.id}"))
        assert "May beds stay?" in shown and "yet to come" in shown
        assert "Round 1: May beds stay?" in text_of(browser().get(page))


def test_the_clerk_keeps_the_record_and_everybody_reads_it_without_names(world, browser):
    made = called_round(world)
    clerk = browser("C01")
    zhou = {"name": "Zhou", "party": "expert", "comes": "room", "login": world.account("R02")}
    assert post(clerk, url(made, "/participants"), zhou).status_code == 302
    assert post(clerk, url(made, "/participants"), {**zhou, "login": "nobody"}).status_code == 422
    far = post(clerk, url(made, "/note/submission"), {"who": "3", "gist": "Keep the path free."})
    assert far.status_code == 302
    do(lambda: meetings.open_meeting(made.hearing.meeting, actor=world["P01"]))
    assert post(clerk, url(made, "/note/statement"), {"who": "1", "minutes": "2", "gist": "Beds feed us."}).status_code == 302
    assert post(clerk, url(made, "/note/statement"), {"who": "1", "minutes": "9", "gist": "Beds."}).status_code == 422
    assert post(clerk, url(made, "/note/statement"), {"who": "3", "minutes": "1", "gist": "Beds."}).status_code == 422
    assert post(clerk, url(made, "/note/question"), {"who": "2", "gist": "Who pays?"}).status_code == 302
    db.session.rollback()
    asked = services.word_of(made.hearing, 3)
    assert asked is not None and asked.kind == "question"
    assert post(clerk, url(made, "/note/answer"), {"who": "4", "to": str(asked.id), "gist": "Those who grow."}).status_code == 302
    assert post(clerk, url(made, "/note/answer"), {"who": "4", "to": "999", "gist": "Those."}).status_code == 422
    shown = text_of(browser().get(url(made)))
    balance = "In favour of it: 1 statements, 2 minutes"
    for words in ("Beds feed us.", "Who pays?", "Those who grow.", "Keep the path free.", balance):
        assert words in shown
    assert "Zhou" not in shown and "Lin" not in shown
    assert "Zhou" in text_of(browser("M01").get(url(made)))


def test_findings_confirmation_and_answer(world, browser):
    made = open_round(world)
    made.close()
    clerk, resident, president = browser("C01"), browser("R01"), browser("P01")
    over = text_of(resident.get(f"/c/mochou/meetings/{made.hearing.meeting_id}"))
    assert "Its minutes are being written." in over
    assert "moved" not in over and "Not called up" not in over, "nothing is put to a vote here"
    assert post(clerk, url(made, "/findings"), {"findings": "Half want beds."}).status_code == 302
    db.session.rollback()
    read = {"seen": services.digest_of(made.hearing), "says": "confirmed"}
    assert post(resident, url(made, "/confirm/1"), {**read, "seen": "0" * 64}).status_code == 409
    assert post(resident, url(made, "/confirm/1"), {**read, "says": "reserved"}).status_code == 422
    assert post(resident, url(made, "/confirm/2"), read, page="/about").status_code == 403
    assert post(resident, url(made, "/confirm/1"), read).status_code == 302
    rats = {**read, "says": "reserved", "reservation": "The rats are missing."}
    assert post(clerk, url(made, "/confirm/2"), rats).status_code == 302
    assert post(clerk, url(made, "/findings"), {"findings": "Anew."}).status_code == 409
    page = f"/c/mochou/agenda/{made.matter.no}"
    assert "No answer yet" in text_of(browser().get(page))
    assert "Answer the findings of the hearing" in text_of(president.get(page))
    assert post(clerk, url(made, "/answer"), {"answer": "Ours."}, page="/about").status_code == 403
    assert post(president, url(made, "/answer"), {"answer": "Taken: a path."}).status_code == 302
    for address in (page, url(made)):
        assert "Taken: a path." in text_of(browser().get(address))
    assert "The rats are missing." in text_of(browser().get(url(made)))
    db.session.rollback()
    assert [one.on_paper for one in db.session.scalars(db.select(Participant).order_by(Participant.number))] == [False, True, None]


def test_what_waits_for_clerk_participant_and_president(world, browser):
    made = open_round(world)
    made.close()
    wants = {"C01": "Write the findings", "R01": "Confirm the record", "P01": "Answer the findings of the hearing"}

    def waits(code: str) -> bool:
        return wants[code] in text_of(browser(code).get("/me/"))

    assert [waits(code) for code in wants] == [True, False, False]
    do(lambda: services.find(made.hearing, "Half want beds.", actor=world["C01"]))
    assert [waits(code) for code in wants] == [False, True, True]
    do(lambda: services.confirm(made.people["for"], seen=services.digest_of(made.hearing), actor=world["R01"]))
    do(lambda: answers.answer(made.hearing, "Taken.", actor=world["P01"]))
    assert [waits(code) for code in wants] == [False, False, False]


def test_addresses_that_are_nowhere(world, browser):
    made = called_round(world)
    clerk = browser("C01")
    own = [url(made, "/note/shout"), url(made, "/confirm/9"), f"/c/mochou/meetings/{made.hearing.meeting_id}/hearing/2026-99"]
    for path in ("/c/mochou/hearings/999", "/c/mochou/hearings/99999999999999999999", *own):
        assert clerk.get(path).status_code in (403, 404), path


def test_a_long_record_costs_as_many_statements_as_a_short_one(app, world, browser):
    made = open_round(world)
    client = browser()
    made.say("for", "question")

    def cost() -> int:
        client.get(url(made))
        with statements(app) as sent:
            client.get(url(made))
        return len(sent)

    short = cost()
    for n in range(8):
        do(lambda n=n: services.join(made.hearing, f"Guest {n}", "unit", actor=world["C01"]))
        made.say("against", "question")
    assert cost() == short


def test_the_chair_reads_before_the_close_whose_writing_is_missing_and_nothing_of_votes(world, browser):
    made = open_round(world)
    here, chair = f"/c/mochou/meetings/{made.hearing.meeting_id}", browser("P01")
    page = chair.get(here).text
    assert page.index("See what is said in the hearing") < page.index("Close the session")
    said = text_of(chair.get(f"{here}/close"))
    assert "Nothing in writing was entered for No. 3" in said and "Not called up" not in said
    assert "No statement is taken down" in said
    made.say("for", "statement", minutes=1)
    assert "No statement is taken down" not in text_of(chair.get(f"{here}/close"))
