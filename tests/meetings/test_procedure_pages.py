"""Postponing, closing debate, taking up again and ruling, as the chair, the clerk, members and visitors meet them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import procedure, rulings
from deliberation.motions.amend import Op
from deliberation.motions.models import ProceduralMotion, Ruling
from tests.acceptance.session import Sitting
from tests.builders import World, do, make_world
from tests.motions.debates import NOW, amendment, main, sitting_of, vote
from tests.web import in_english, post, sign_in, statements, text_of

Browser = Callable[[str], FlaskClient]


@pytest.fixture(autouse=True)
def in_the_session(app: Flask) -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def sitting(world: World) -> Sitting:
    return sitting_of(world)


@pytest.fixture
def browser(world: World, new_client: Callable[[], FlaskClient]) -> Browser:
    known: dict[str, FlaskClient] = {}

    def of(code: str) -> FlaskClient:
        db.session.rollback()
        if code not in known:
            known[code] = in_english(new_client())
            if code:
                sign_in(known[code], world.account(code))
        return known[code]

    return of


def session_page(sitting: Sitting) -> str:
    return f"/c/mochou/meetings/{sitting.meeting.id}"


def item(sitting: Sitting, act: str) -> str:
    return f"{session_page(sitting)}/items/{sitting.item.id}/{act}"


def motion(sitting: Sitting, rest: str) -> str:
    return f"/c/mochou/agenda/{sitting.matter.no}/motions/{rest}"


def two(sitting: Sitting, mover: str = "M08", seconder: str = "M09") -> dict[str, object]:
    return {"mover": sitting.person(mover).id, "seconder": sitting.person(seconder).id}


def test_the_chair_postpones_and_everybody_reads_until_when(sitting: Sitting, browser: Browser) -> None:
    main(sitting)
    chair = browser("P01")
    assert "Postpone this matter" in text_of(chair.get(session_page(sitting)))
    data = {**two(sitting), "when": "day", "until": "2026-04-12", "reason": "The estimate is missing."}
    for wrong in ({"until": ""}, {"until": "soon"}, {"until": "2026-03-26"}, {"reason": ""}, {"when": "never"},
                  {"mover": "2147483647"}, {"seconder": str(sitting.person("M08").id)}):  # fmt: skip
        assert post(chair, item(sitting, "postpone"), {**data, **wrong}).status_code == 422, wrong
    answer = post(chair, item(sitting, "postpone"), data)
    assert answer.status_code == 302
    again = post(chair, item(sitting, "postpone"), data)
    assert "The chair has not called this matter up." in text_of(again)
    db.session.rollback()
    assert db.session.query(ProceduralMotion).count() == 1
    for page in (motion(sitting, "M1"), motion(sitting, ""), session_page(sitting), f"/c/mochou/agenda/{sitting.matter.no}"):
        assert "April 12, 2026" in text_of(browser("").get(page)), page
    told = text_of(browser("").get(motion(sitting, "M1")))
    assert "The estimate is missing." in told
    assert "M08" not in told, "names are for the council"
    assert "postponed without objection: to 2026-4-12" in text_of(browser("").get("/c/mochou/log/"))


def test_the_secretary_cannot_plan_a_postponed_matter_before_its_day(sitting: Sitting, browser: Browser, world: World) -> None:
    main(sitting)
    from_item = sitting.item
    with clock.frozen(NOW):
        until = NOW.date().replace(month=4, day=12)
        do(lambda: procedure.postpone(from_item, world["M08"], world["M09"], until=until, reason="Later.", actor=world["P01"]))
    data = {"place": "Hall", "matters": str(sitting.matter.id), "materials": ""}
    early = post(browser("S01"), "/c/mochou/meetings/new", {**data, "starts_at": "2026-04-11T14:30"})
    assert early.status_code == 422
    assert "it comes onto no agenda before 2026-4-12" in text_of(early)
    assert post(browser("S01"), "/c/mochou/meetings/new", {**data, "starts_at": "2026-04-12T14:30"}).status_code == 302


def test_debate_is_closed_and_the_page_offers_no_more_amendments(sitting: Sitting, browser: Browser) -> None:
    main(sitting)
    chair = browser("P01")
    assert "Propose an amendment" in text_of(browser("M05").get(motion(sitting, "M1")))
    assert post(chair, motion(sitting, "M1/close-debate"), two(sitting, "M08", "M08")).status_code == 422
    assert post(browser("M05"), motion(sitting, "M1/close-debate"), two(sitting)).status_code == 403
    assert post(chair, motion(sitting, "M1/close-debate"), two(sitting)).status_code == 302
    page = text_of(browser("M05").get(motion(sitting, "M1")))
    assert "Debate closed" in page
    assert "Propose an amendment" not in page
    assert "Note a speech" not in text_of(browser("C01").get(session_page(sitting)))
    refused = post(browser("M05"), motion(sitting, "M1/amend"), {"op": "replace", "paragraph": "p1", "text": "Eins."})
    assert "Debate on M1 is closed" in text_of(refused)
    assert "Put M1 to the vote" in text_of(chair.get(session_page(sitting)))


def test_a_member_of_the_prevailing_side_takes_a_decision_up_again(sitting: Sitting, browser: Browser) -> None:
    main(sitting)
    vote(sitting, amendment(sitting, Op.REPLACE, "p1", "Eins."))
    assert "Take A1 up again" in text_of(browser("M05").get(motion(sitting, "A1")))
    assert "Take A1 up again" not in text_of(browser("").get(motion(sitting, "A1")))
    form = browser("M05").get(motion(sitting, "A1/reconsider"))
    assert "I declare" not in text_of(form), "the vote was recorded: nobody needs to declare anything"
    assert post(browser("M05"), motion(sitting, "A1/reconsider")).status_code == 302
    assert browser("M06").get(motion(sitting, "A1/reconsider")).status_code == 409
    page = text_of(browser("").get(motion(sitting, "A2")))
    assert "It takes up again what was decided as A1" in page
    assert "Taken up again as A2" in text_of(browser("").get(motion(sitting, "A1")))
    assert post(browser("M05"), motion(sitting, "A2/second"), page=motion(sitting, "A2")).status_code == 403
    assert post(browser("M06"), motion(sitting, "A2/second"), page=motion(sitting, "A2")).status_code == 302
    assert "Put A2 to the vote" in text_of(browser("P01").get(session_page(sitting)))


def test_the_chair_rules_a_member_appeals_and_the_clerk_counts(sitting: Sitting, browser: Browser) -> None:
    main(sitting)
    vote(sitting, amendment(sitting, Op.REPLACE, "p1", "Eins."))
    chair = browser("P01")
    data = {"about": "M1", "text": "The speech keeps to the motion.", "reason": "It named the cost."}
    counted = post(chair, item(sitting, "rule"), {**data, "about": "A1"})
    assert counted.status_code == 422, "A1 was counted: nobody rules on it"
    assert post(chair, item(sitting, "rule"), {**data, "text": ""}).status_code == 422
    assert post(browser("S01"), item(sitting, "rule"), data).status_code == 403
    assert post(chair, item(sitting, "rule"), data).status_code == 302
    for page in (motion(sitting, "M1"), session_page(sitting)):
        assert "It named the cost." in text_of(browser("").get(page))
    appeal = f"{session_page(sitting)}/rulings/1/appeal"
    assert "Appeal to the council" not in text_of(chair.get(session_page(sitting)))
    assert "Appeal to the council" in text_of(browser("M05").get(session_page(sitting)))
    assert post(browser("M05"), appeal, page=session_page(sitting)).status_code == 302
    assert post(browser("M06"), appeal, page=session_page(sitting)).status_code == 409
    decide = f"{session_page(sitting)}/rulings/1/decide"
    assert "Count the hands on the ruling" in text_of(browser("C01").get(session_page(sitting)))
    assert post(browser("C01"), decide, {"hands_for": "20", "hands_against": "20"}).status_code == 422
    assert post(browser("C01"), decide, {"hands_for": "3", "hands_against": "12"}).status_code == 302
    assert "Overturned by the council" in text_of(browser("").get(motion(sitting, "M1")))
    assert "Carried" in text_of(browser("").get(motion(sitting, "A1")))


def test_addresses_of_other_sessions_and_councils_lead_nowhere(sitting: Sitting, browser: Browser) -> None:
    main(sitting)
    foreign = sitting_of(make_world(slug="other"))
    main(foreign)
    made = do(lambda: rulings.rule(foreign.item, "Yes.", "So.", actor=foreign.person("P01")))
    base = session_page(sitting)
    for url in (f"{base}/rulings/{made.id}/decide", f"{base}/items/{foreign.item.id}/postpone", f"{base}/items/99/rule",
                motion(sitting, "A9/close-debate"), motion(sitting, "A9/reconsider"), f"{base}/rulings/{2**40}/decide"):
        code = "C01" if "decide" in url else "P01"
        assert browser(code).get(url).status_code == 404, url
    assert post(browser("M05"), f"{base}/rulings/{made.id}/appeal", page=base).status_code == 404
    db.session.rollback()
    assert db.session.query(Ruling).one().appealed_at is None


def test_the_page_costs_the_same_with_many_rulings(app: Flask, sitting: Sitting, browser: Browser) -> None:
    head = main(sitting)

    def cost(page: str) -> int:
        reader = browser("M05")
        reader.get(page)
        with statements(app) as sent:
            assert reader.get(page).status_code == 200
        return len(sent)

    do(lambda: rulings.rule(sitting.item, "Yes.", "So.", motion=head, actor=sitting.person("P01")))
    pages = (session_page(sitting), motion(sitting, "M1"))
    before = [cost(page) for page in pages]
    for n in range(29):
        do(lambda n=n: rulings.rule(sitting.item, f"Yes {n}.", "So.", motion=head, actor=sitting.person("P01")))
        do(lambda: rulings.appeal(db.session.query(Ruling).order_by(Ruling.id.desc()).first(), actor=sitting.person("M05")))
    assert [cost(page) for page in pages] == before


def test_a_stranger_reads_what_is_decided_and_the_whole_text(sitting: Sitting, browser: Browser) -> None:
    main(sitting)
    amendment(sitting, Op.REPLACE, "p2", "Zwei.")
    amendment(sitting, Op.DELETE, "p2", None, mover="M05")
    amendment(sitting, Op.INSERT_AT_END, None, "Vier.", mover="M06")
    reader = browser("")
    first = text_of(reader.get(motion(sitting, "A1")))
    assert "The council decides: shall paragraph 2 of the plan for “Green” be reworded?" in first
    assert "Same paragraph as A2" in first
    assert "The whole text if A1 passes" in first
    assert "1 One. 2 Zwei. ▲ reworded 3 Three." in first
    second = text_of(reader.get(motion(sitting, "A2")))
    assert "▲ deleted: paragraph 2 as it stood before" in second
    assert "1 One. 2 Three. ▲" in second
    assert "3 Three. 4 Vier. ▲ new paragraph" in text_of(reader.get(motion(sitting, "A3")))
    main_page = text_of(reader.get(motion(sitting, "M1")))
    assert "shall the plan for “Green” be adopted as it reads below?" in main_page
    assert "The whole text if M1 passes" in main_page
    assert "1 One. 2 Two. 3 Three." in main_page
