"""The minutes of 26 March, composed without a word typed for them: every fact is that of the case's own file."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

import pytest
from sqlalchemy import select

from deliberation.extensions import db
from deliberation.meetings import composing, minutes
from deliberation.meetings.minutes_models import Minutes, MinutesEdit
from deliberation.meetings.models import Meeting
from tests.acceptance.session import case
from tests.builders import SHANGHAI, at
from tests.web import in_english, sign_in, text_of

STEP = case()["step3_adopt"]
FIGURES = {"A1-1": (14, 2, 1), "A1": (13, 3, 1), "A2": (12, 4, 1), "A3": (16, 0, 1), "A4": (17, 0, 0), "A5": (5, 11, 1),
           "M1": (15, 1, 1)}  # fmt: skip
"""DOMAIN.md §2: for, against, abstaining."""


@pytest.fixture
def meeting(demo) -> Meeting:
    found = select(Meeting).where(Meeting.starts_at == at("2026-03-26T14:30"))
    return db.session.scalars(found).one()


@pytest.fixture
def doc(meeting):
    return json.loads(db.session.get(Minutes, meeting.id).document)


def local(moment: str) -> str:
    return f"{datetime.fromisoformat(moment.replace('Z', '+00:00')).astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"


def names(meeting: Meeting) -> dict[int, str | None]:
    return {n: row.person.name for n, row in enumerate(composing.numbered(meeting), 1)}


def test_time_place_and_people_are_those_of_the_case(meeting, doc):
    by = names(meeting)
    assert (local(doc["starts_at"]), local(doc["opened_at"]), local(doc["closed_at"])) == (
        "2026-03-26T14:30", "2026-03-26T14:30", "2026-03-26T16:05"
    )  # fmt: skip
    assert local(doc["called_at"])[:10] == str(STEP["notice"]["sent"])
    assert (by[doc["chair"]], meeting.clerk.name) == (STEP["meeting"]["chair"], STEP["meeting"]["clerk"])
    there = STEP["meeting"]
    assert doc["quorum"] == {"entitled": there["entitled"], "present": there["present"], "needed": 14, "met": True}
    states = {by[one["n"]]: one["state"] for one in doc["people"]}
    away = {one["id"] for one in STEP["absent"]}
    assert {who for who, state in states.items() if state == "excused"} == away
    assert len([who for who, state in states.items() if state == "attending"]) == 18
    assert [one["title"] for one in doc["items"]] == [STEP["meeting"]["topic"]]
    assert [by[n] for n in doc["items"][0]["recused"]] == [one["id"] for one in STEP["recused"]]


def test_every_motion_stands_there_with_mover_seconder_words_figures_and_what_became_of_it(meeting, doc):
    by, told = names(meeting), {one["label"]: one for one in doc["items"][0]["motions"]}
    assert [one["label"] for one in doc["items"][0]["motions"]] == [one["id"] for one in STEP["votes"]]
    for vote in STEP["votes"]:
        one = told[vote["id"]]
        assert (by[one["mover"]], by[one["seconder"]]) == (vote["mover"], vote["seconder"]), vote["id"]
        assert one["text"] == vote.get("text"), vote["id"]
        figures = one["vote"]
        assert (figures["for"], figures["against"], figures["abstain"]) == FIGURES[vote["id"]], vote["id"]
        assert (figures["entitled"], figures["present"], figures["recused"], figures["invalid"]) == (21, 18, 1, 0)
        assert one["state"] == vote["result"], vote["id"]
    assert doc["items"][0]["adopted"] == STEP["resolved"]


def test_the_speeches_are_those_that_were_made(meeting, doc):
    by, said = names(meeting), doc["items"][0]["speeches"]
    expected = {(one["by"], one["stance"]) for one in STEP["speeches"]}
    assert {(by[one["by"]], one["stance"]) for one in said} == expected
    assert all(one["words"]["commitment"] for one in said)


def test_nothing_was_typed_for_them_and_the_frozen_text_is_what_is_composed(meeting, doc):
    assert db.session.scalars(select(MinutesEdit).where(MinutesEdit.meeting_id == meeting.id)).all() == []
    assert (doc["items"][0]["summary"], doc["arrangements"], doc["objections"]) == (None, None, [])
    assert composing.compose(meeting) == doc


def test_they_are_signed_by_two_and_published_under_their_hash(meeting):
    kept = db.session.get(Minutes, meeting.id)
    assert (kept.chair_signer.name, kept.clerk_signer.name, meeting.state) == ("P01", "C01", "published")
    assert kept.document_hash == minutes.frozen(meeting, kept)[1]
    assert kept.chair_signed_at >= kept.objections_until


def test_the_public_reads_them_whole_and_without_a_name(meeting, new_client):
    answer = in_english(new_client()).get(f"/c/mochou/meetings/{meeting.id}/minutes/")
    page = text_of(answer)
    for code in ("P01", "S01", "C01", *(f"Z0{n}" for n in range(1, 7)), "K01", "U03", "J02", "L02"):
        assert code not in page, code
    for one in STEP["speeches"]:
        assert one["text"] not in page
    for vote in STEP["votes"]:
        assert vote.get("text") is None or vote["text"] in page
        yes, no, abstain = FIGURES[vote["id"]]
        assert f"{yes} for, {no} against, {abstain} abstaining." in page
    assert page.count("15 for, 1 against") == 1, "the figures of a vote stand there once"
    assert "With 15 for, it is adopted." in page and "With 5 for, that is not reached: it is rejected." in page
    assert "21 entitled, 18 present at the opening. The quorum of 14 was reached." in page
    assert "moved by one of: Self-managed member, seconded by Hardship-group member" in page
    assert "moved by Secretary-general, seconded by one of: Committee member" in page
    for text in STEP["resolved"]:
        assert text in page


def test_the_members_read_names_words_and_reasons(meeting, demo, new_client):
    browser = in_english(sign_in(new_client(), demo.login("Z02"), demo.password))
    page = text_of(browser.get(f"/c/mochou/meetings/{meeting.id}/minutes/"))
    for one in STEP["speeches"]:
        assert one["text"] in page and one["by"] in page
    for one in STEP["absent"]:
        assert f"{one['id']} (" in page and one["why"] in page
    assert "is not the one that was signed" not in page


def test_the_signed_text_is_for_everybody_and_gives_the_printed_hash(meeting, client):
    answer = client.get(f"/c/mochou/meetings/{meeting.id}/minutes/document.json")
    assert answer.content_type.startswith("application/json")
    digest = hashlib.sha256(answer.data).hexdigest()
    assert digest in client.get(f"/c/mochou/meetings/{meeting.id}/minutes/").text
    for code in ("P01", "C01", "Z02", "出差"):
        assert code not in answer.text


def test_an_objection_that_was_upheld_stands_in_the_minutes_with_both_wordings(demo, new_client):
    meeting = db.session.scalars(select(Meeting).where(Meeting.starts_at == at("2026-11-05T14:30"))).one()
    told = json.loads(db.session.get(Minutes, meeting.id).document)["objections"]
    assert [(one["upheld"], one["answer"]) for one in told] == [(True, "已按发言人的本意更正。")]
    browser = sign_in(new_client(), demo.login("Z02"), demo.password)
    page = text_of(browser.get(f"/c/mochou/meetings/{meeting.id}/minutes/"))
    assert "先要有依据，不是一律不能清" in page and page.count("清走别人的东西先要有依据") == 2


def test_everybody_reads_the_minutes_of_both_hearings_of_the_demonstration(demo, client):
    held = select(Meeting).where(Meeting.kind == "hearing", Meeting.closed_at.is_not(None)).order_by(Meeting.id)
    published = list(db.session.scalars(held))
    assert [one.state for one in published] == ["published", "published"]
    shown = text_of(in_english(client).get(f"/c/mochou/meetings/{published[0].id}/minutes/"))
    assert "地下室" in shown and "What was said word for word is for the council" not in shown
