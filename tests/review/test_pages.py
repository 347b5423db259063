"""The forum's pages: who sees what, bad input, one record for two presses, constant cost."""

import pytest

from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.review.models import Comment, CommentReply, CommentWindow
from tests.builders import at
from tests.review.scenes import AFTER, answer, at_the_forum, comment, opened
from tests.web import post, statements, text_of

BASE = "/c/mochou/forum/"
SHOW = BASE + "2026-1"
GOOD = {"stance": "support", "paragraph": "", "text": "Good."}


def test_the_desk_opens_it_with_one_press_and_twice_is_once(world, visit):
    at_the_forum(world)
    desk = visit("C01")
    assert "Open it for comment" in text_of(desk.get(SHOW))
    assert "Open it for comment" not in text_of(visit("R01").get(SHOW))
    once = {"once": "the-same-key"}
    assert [post(desk, SHOW + "/open", once, page=SHOW).status_code for _ in range(2)] == [302, 302]
    assert db.session.query(CommentWindow).count() == 1


def test_a_stranger_is_shown_the_way_in_and_the_paper_form(world, visit):
    opened(world)
    answer = visit().get(SHOW + "/comment?paragraph=p2")
    assert "Open a light account" in text_of(answer)
    assert "next=/c/mochou/forum/2026-1/comment?paragraph%3Dp2" in answer.text
    assert "Your comment" in text_of(visit().get(SHOW + "/paper"))
    assert post(visit(), SHOW + "/comment", GOOD, page="/about").status_code == 403
    assert db.session.query(Comment).count() == 0


def test_a_resident_comments_on_one_paragraph_and_finds_it(world, visit):
    opened(world)
    client = visit("R01")
    assert 'selected value="p2"' in client.get(SHOW + "/comment?paragraph=p2").text
    done = post(client, SHOW + "/comment", {**GOOD, "paragraph": "p2", "text": "By when?", "stance": "question"})
    assert done.headers["Location"].endswith("/forum/2026-1#C-01")
    shown = text_of(client.get(SHOW))
    assert "1 comment on this paragraph" in shown
    assert "on paragraph 2 · Your comment" in shown and "By when?" in shown
    assert "on paragraph 2 · Resident ·" in text_of(visit("R02").get(SHOW))


PRIVATE = ["13800138000", "138 0013 8000", "138-0013-8000", "１３８００１３８０００", "32010219580101123X"]


@pytest.mark.parametrize("number", PRIVATE)
def test_a_private_number_is_read_back_before_everybody_can_read_it(world, visit, number):
    opened(world)
    client, given = visit("R01"), {**GOOD, "text": f"Ring me: {number}."}
    assert "Everybody may read this number" not in text_of(client.get(SHOW + "/comment"))
    answer = post(client, SHOW + "/comment", given)
    assert (answer.status_code, db.session.query(Comment).count()) == (422, 0)
    assert "seems to hold a telephone or identity number" in text_of(answer) and number in answer.text
    assert post(client, SHOW + "/comment", {**given, "public": "y"}).status_code == 302


@pytest.mark.parametrize("number", ["12345", "025-52345678", "2026-03-28 12:00", "0138001380001"])
def test_other_figures_are_taken_without_more_ado(world, visit, number):
    opened(world)
    assert post(visit("R01"), SHOW + "/comment", {**GOOD, "text": f"Ring {number}."}).status_code == 302


@pytest.mark.parametrize(
    "bad",
    [
        {"stance": ""}, {"stance": "maybe"}, {"text": ""}, {"text": "x" * 2001}, {"text": "a\x00b"}, {"paragraph": "p77"},
        {"text": "\u202e\ud83d".encode("utf-8", "replace").decode() + "\x07"},
    ],
)  # fmt: skip
def test_bad_input_is_said_at_the_field_and_nothing_is_written(world, visit, bad):
    opened(world)
    answer = post(visit("R01"), SHOW + "/comment", {**GOOD, **bad})
    assert answer.status_code == 422
    assert "Please look at these places again" in text_of(answer)
    assert db.session.query(Comment).count() == 0


def test_two_presses_make_one_comment(world, visit):
    opened(world)
    client = visit("R01")
    for _ in range(2):
        assert post(client, SHOW + "/comment", {**GOOD, "once": "the-same-key"}).status_code == 302
    assert db.session.query(Comment).count() == 1


def test_the_desk_answers_and_corrects_on_the_page(world, visit):
    one = comment(world, opened(world))
    desk, url = visit("C01"), f"{BASE}comments/{one.id}/reply"
    assert "Not answered yet" in text_of(desk.get(SHOW)) and "1 comment waits for an answer" in text_of(desk.get(SHOW))
    assert post(desk, url, {"disposition": "noted", "text": "Thanks."}).status_code == 302
    assert "Correct an answer" in text_of(desk.get(url))
    assert post(desk, url, {"disposition": "adopted", "text": "We do it."}).status_code == 302
    shown = text_of(visit().get(SHOW)).replace("✓ ", "")
    assert "Taken up" in shown and "We do it." in shown and "Thanks." not in shown


def test_ones_own_page_says_whether_a_comment_is_answered_and_leads_there(world, visit):
    one = comment(world, opened(world))
    mine = visit("R01").get("/me/")
    assert f'href="{SHOW}#C-01"' in mine.text and "Not answered yet" in text_of(mine)
    answer(world, one)
    told = text_of(visit("R01").get("/me/"))
    assert "Answered" in told and "Not answered yet" not in told


def test_a_hidden_comment_leaves_a_line_with_rule_and_reason(world, visit):
    one = comment(world, opened(world), text="Buy my seeds.")
    url = f"{BASE}comments/{one.id}/hide"
    assert post(visit("C01"), url, {"rule": "advertising", "reason": "It sells seeds."}).status_code == 302
    answer = visit().get(SHOW)
    assert "Buy my seeds." not in answer.text
    assert "This comment is hidden. Hidden under the rule “Advertising” Reason: It sells seeds." in text_of(answer)
    assert "1 that was withdrawn or hidden is not counted" in text_of(answer)


@pytest.mark.parametrize("verb", ["reply", "mask", "hide", "original", "withdraw", "erase"])
@pytest.mark.parametrize("code", [None, "R02", "M01"])
def test_acts_of_others_are_closed_to_strangers_residents_and_members(world, visit, verb, code):
    one = comment(world, opened(world))
    assert visit(code).get(f"{BASE}comments/{one.id}/{verb}").status_code == 403


@pytest.mark.parametrize(
    "path",
    ["2026-9", "2026-9/comment", "x", "2026-1x", "2026-99999999999", "comments/999/reply", "comments/99999999999999/reply"],
)
def test_unknown_addresses_are_the_same_404(world, visit, path):
    assert visit("C01").get(BASE + path).status_code == 404


def test_pages_of_a_matter_without_a_window_refuse_kindly(world, visit):
    at_the_forum(world)
    assert "waiting to be opened" in text_of(visit().get(SHOW))
    for path in ("/comment", "/paper"):
        assert visit().get(SHOW + path).status_code == 409


def test_rewriting_on_the_page_names_comments_by_label(world, visit):
    window = opened(world)
    comment(world, window, text="Plant trees.")
    with clock.frozen(at(AFTER)):
        desk = visit("S01")
        lines = [p.text for p in window.version.paragraphs]
        bad = post(desk, SHOW + "/revise", {"text": "\n".join([*lines, "Plant trees."]), "causes": "5: C-44"})
        assert bad.status_code == 422 and "There is no comment C-44 that stands here." in text_of(bad)
        done = post(desk, SHOW + "/revise", {"text": "\n".join([*lines, "Plant trees."]), "causes": "5: C-01"})
        assert done.status_code == 302
        assert "goes back to the council for a new vote" in text_of(desk.get(SHOW))


def test_the_forum_costs_the_same_for_1_and_for_30(world, app, visit):
    window = opened(world)

    def fill(number):
        for n in range(number):
            one = comment(world, window, key="p2" if n % 2 else None, by=f"R0{n % 3 + 1}", when="2026-03-28T10:00")
            if n % 2:
                answer(world, one, when="2026-03-28T11:00")

    def cost(client, url):
        client.get(url)
        with statements(app) as sent:
            client.get(url)
        return len(sent)

    readers = [visit(), visit("C01"), visit("R01")]
    fill(1)
    before = [[cost(client, url) for url in (BASE, SHOW)] for client in readers]
    fill(29)
    for n in range(29):
        opened(world, at_the_forum(world, f"Matter {n}"))
    assert db.session.query(Comment).count() == 30 and db.session.query(CommentReply).count() == 14
    assert [[cost(client, url) for url in (BASE, SHOW)] for client in readers] == before
