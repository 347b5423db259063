"""The forum with many comments: a hundred a page, every one found, and a kept page that is never out of date."""

import pytest

from deliberation.blueprints import comment_rows
from deliberation.blueprints.kept import kept
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.review import listing, services
from deliberation.review.models import Comment
from tests.builders import at, do
from tests.review.scenes import answer, back_and_adopted_again, comment, opened
from tests.web import post, statements, text_of

SHOW = "/c/mochou/forum/2026-1"
GOOD = {"stance": "support", "paragraph": "", "text": "The last one so far."}


@pytest.fixture
def many(world, monkeypatch):
    """Pages of 10, and a call for comment with 14 comments of three residents; the last ones are C-11 to C-14."""
    monkeypatch.setattr(listing, "PAGE", 10)
    window = opened(world)
    with clock.frozen(at("2026-03-28T10:00")):
        for n in range(14):
            stance = "oppose" if n % 4 == 0 else "support"
            do(lambda n=n, stance=stance: services.comment(
                window, stance, f"Word number {n + 1}.", "p2" if n % 2 else None, actor=world[f"R0{n % 3 + 1}"]
            ))  # fmt: skip
    return window


def test_a_page_holds_its_share_and_the_whole_is_counted_on_each(many, visit):
    client = visit()
    first, second = client.get(SHOW), client.get(SHOW + "?page=2")
    assert ('id="C-10"' in first.text, 'id="C-11"' in first.text) == (True, False)
    assert ('id="C-10"' in second.text, 'id="C-11"' in second.text, 'id="C-14"' in second.text) == (False, True, True)
    for page in (first, second):
        assert "In favour 10" in text_of(page) and "Opposed 4" in text_of(page)
        assert "7 comments on this paragraph" in text_of(page)
    assert "Page 1 of 2 Later comments" in text_of(first)
    assert "Page 2 of 2 Earlier comments" in text_of(second)


@pytest.mark.parametrize("page", ["0", "-1", "x", "²", "1e3", "99999999999999999999"])
def test_strange_page_numbers_show_the_first_page(many, visit, page):
    assert 'id="C-01"' in visit().get(f"{SHOW}?page={page}").text


def test_a_page_after_the_last_is_empty_and_leads_back(many, visit):
    shown = visit().get(SHOW + "?page=900")
    assert 'id="C-' not in shown.text
    assert "page=2#comments" in shown.text


def test_the_way_back_leads_to_the_page_on_which_the_comment_stands(many, visit):
    client = visit("R01")
    done = post(client, SHOW + "/comment", GOOD)
    assert done.location.endswith(f"{SHOW}?page=2#C-15")
    assert ['id="C-15"' in client.get(page).text for page in (done.location, SHOW)] == [True, False]
    assert "The last one so far." in text_of(client.get(SHOW)), "their own ones stand on every page"


def test_the_desk_is_led_to_what_waits(world, many, visit):
    rows = listing.comments(many.matter, None)
    first = db.session.get(Comment, rows[0].id)
    answer(world, first, when="2026-03-28T11:00")
    desk = visit("C01")
    assert "13 comments wait for an answer" in text_of(desk.get(SHOW))
    waiting = desk.get(SHOW + "?waiting=1").text
    assert ('id="C-01"' in waiting, 'id="C-02"' in waiting, 'id="C-11"' in waiting) == (False, True, True)
    assert 'id="C-01"' in visit("R01").get(SHOW + "?waiting=1").text


def test_comments_on_an_earlier_text_are_paged_along(world, many, visit):
    back_and_adopted_again(world, many.matter, when="2026-03-28T11:00")
    with clock.frozen(at("2026-03-28T11:30")):
        do(lambda: services.open_window(many.matter, actor=world["S01"]))
    first, second = visit().get(SHOW).text, visit().get(SHOW + "?page=2").text
    assert ('id="earlier-C-10"' in first, 'id="earlier-C-11"' in first) == (True, False)
    assert ('id="earlier-C-10"' in second, 'id="earlier-C-14"' in second) == (False, True)


def test_a_kept_page_asks_nothing_of_the_matter_and_yet_is_never_old(world, app, visit):
    window, reader = opened(world), visit()
    db.session.rollback()
    assert "Nobody has commented yet." in text_of(reader.get(SHOW))
    with statements(app) as sent:
        reader.get(SHOW)
    assert not any("FROM matter" in one or "comment" in one for one in sent)
    one = comment(world, window, text="Plant trees.", when="2026-03-28T12:00")
    assert "Plant trees." in text_of(reader.get(SHOW))
    do(lambda: services.hide(one, "insult", "It is rude.", actor=world["C01"]))
    assert "Plant trees." not in reader.get(SHOW).text and "It is rude." in text_of(reader.get(SHOW))


def test_what_is_kept_is_nobodys_own(world, visit):
    window = opened(world)
    comment(world, window, by="R01", text="Plant trees.", when="2026-03-28T11:00")
    kept.clear()
    author, reader, desk = visit("R01"), visit(), visit("C01")
    assert "Your comment" in text_of(author.get(SHOW))
    assert "Your comment" not in text_of(reader.get(SHOW))
    assert "Your comment" in text_of(author.get(SHOW)) and "Cover a place" in text_of(desk.get(SHOW))
    assert "Cover a place" not in text_of(reader.get(SHOW))


def test_who_is_signed_in_reads_what_is_kept_until_something_belongs_to_them(world, app, visit):
    window, resident = opened(world), visit("R02")
    visit().get(SHOW)
    db.session.rollback()
    with statements(app) as sent:
        assert "Nobody has commented yet." in text_of(resident.get(SHOW))
    assert not any("FROM matter" in one for one in sent)
    comment(world, window, by="R02", text="Plant trees.", when="2026-03-28T11:00")
    assert "Withdraw" in text_of(resident.get(SHOW)) and "Withdraw" not in text_of(visit("R01").get(SHOW))


def test_a_comment_is_made_again_when_it_changes_and_only_then(world, many, visit, monkeypatch):
    comment_rows._made.cache_clear()
    reader, made = visit(), []
    reader.get(SHOW)
    say_row = comment_rows.say
    monkeypatch.setattr(comment_rows, "say", lambda words: made.append(words) or say_row(words))
    first = db.session.get(Comment, listing.comments(many.matter, None)[0].id)
    answer(world, first, when="2026-03-28T11:00")
    assert "C-01" in reader.get(SHOW).text and len(made) == 1
    do(lambda: services.hide(db.session.get(Comment, first.id), "insult", "It is rude.", actor=world["C01"]))
    assert "It is rude." in text_of(reader.get(SHOW)) and len(made) == 2


def test_a_kept_page_follows_the_language_and_the_clock(world, new_client, visit):
    window = opened(world)
    reader = visit()
    assert "6 days left" in text_of(reader.get(SHOW))
    assert "还剩6天" in text_of(new_client().get(SHOW))
    with clock.frozen(at("2026-03-29T00:00")):
        assert "5 days left" in text_of(reader.get(SHOW))
    with clock.frozen(window.closes_at):
        assert "The time for comments ended" in text_of(reader.get(SHOW))
    assert "6 days left" in text_of(reader.get(SHOW))


def test_names_that_people_chose_are_never_kept(world, visit, monkeypatch):
    monkeypatch.setattr(listing, "shows_names", lambda matter: True)
    comment(world, opened(world), when="2026-03-28T11:00")
    kept.clear()
    assert "R01" in text_of(visit().get(SHOW))
    assert not kept._parts
