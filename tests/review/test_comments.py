"""Comments: who may, when, what stays of them, what the log knows."""

import pytest

from deliberation.agenda import services as agenda
from deliberation.agenda.states import Act
from deliberation.audit.queries import page
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.review import listing, queries, services
from deliberation.review.models import Comment
from tests.builders import at, do
from tests.review.scenes import AFTER, OPENING, adopt, answer, at_the_forum, back_and_adopted_again, comment, opened


@pytest.fixture
def window(world):
    return opened(world)


def bodies(world):
    return [line.body for line in page(world.council.log_id, limit=200)]


def test_only_an_adopted_text_is_opened_and_only_once(world):
    matter = at_the_forum(world)
    opened(world, matter)
    with pytest.raises(Refused) as refusal:
        opened(world, matter)
    assert refusal.value.code == "done_already"


def test_a_matter_before_the_forum_names_the_missing_hand_over(world):
    with clock.frozen(at(OPENING)):
        matter = do(lambda: agenda.open_matter(world.council, title="Lift", problem="No lift.", actor=world["C01"]))
        with pytest.raises(Refused) as refusal:
            do(lambda: services.open_window(matter, actor=world["S01"]))
    assert refusal.value.code == "missing_handover_drafting"


@pytest.mark.parametrize("code", ["R01", "M01", "V01", "A01"])
def test_residents_members_station_and_administrator_do_not_open_it(world, code):
    matter = at_the_forum(world)
    with clock.frozen(at(OPENING)), pytest.raises(Forbidden):
        do(lambda: services.open_window(matter, actor=world[code]))


@pytest.mark.parametrize("code", ["R01", "M01", "P01", "C01"])
def test_everybody_comments_as_a_resident(world, window, code):
    made = comment(world, window, by=code)
    assert bodies(world)[0]["office"] == "resident"
    (row,) = listing.comments(window.matter, None)
    assert (row.author.render(), made.channel) == ("Resident", "online")


def test_the_log_holds_no_word_of_it(world, window):
    comment(world, window, text="CANARY of a sentence")
    assert "CANARY" not in str(bodies(world))


@pytest.mark.parametrize(
    ("stance", "text", "key", "field"),
    [
        ("maybe", "Good.", None, "stance"),
        ("support", "  ", None, "text"),
        ("support", "x" * 2001, None, "text"),
        ("support", "Good.", "p99", "paragraph"),
    ],
)
def test_bad_input_is_told_at_its_field(world, window, stance, text, key, field):
    with pytest.raises(Invalid) as refusal:
        comment(world, window, stance, text, key=key)
    assert refusal.value.field == field
    assert db.session.query(Comment).count() == 0


def test_paper_is_entered_once_by_its_number(world, window):
    def enter():
        with clock.frozen(at("2026-03-29T09:00")):
            return do(lambda: services.transcribe(window, "oppose", "No.", paper_no="Z-7", actor=world["V01"]))

    made = enter()
    assert (made.channel, made.author_id, made.transcribed_by_id) == ("paper", None, world["V01"].id)
    with pytest.raises(Refused) as refusal:
        enter()
    assert refusal.value.field == "paper_no"
    with clock.frozen(at("2026-03-29T09:00")), pytest.raises(Forbidden):
        do(lambda: services.transcribe(window, "oppose", "No.", paper_no="Z-8", actor=world["R01"]))


def test_only_the_author_withdraws_and_a_line_stays(world, window):
    one = comment(world, window, text="Mistaken.")
    with clock.frozen(at("2026-03-29T09:00")):
        with pytest.raises(Forbidden):
            do(lambda: services.withdraw(one, actor=world["R02"]))
        do(lambda: services.withdraw(one, actor=world["R01"]))
    (row,) = listing.comments(window.matter, world["R01"])
    assert (row.state, row.text, row.is_answered) == ("withdrawn", None, True)
    with pytest.raises(Refused):
        answer(world, one)


def test_one_answer_and_its_correction(world, window):
    one = comment(world, window)
    answer(world, one, "noted", "Thanks.")
    with pytest.raises(Refused) as refusal:
        answer(world, one, "adopted", "Yes.")
    assert refusal.value.code == "done_already"
    with clock.frozen(at(AFTER)):
        do(lambda: services.correct_reply(one, "adopted", "Yes.", actor=world["S01"]))
    (row,) = listing.comments(window.matter, None)
    assert (row.reply.disposition.render(), row.reply.text) == ("Taken up", "Yes.")
    assert bodies(world)[0]["action"] == "comment.correct_reply"


def test_hiding_needs_a_published_rule_that_permits_it_and_a_reason(world, window):
    one = comment(world, window)
    with clock.frozen(at(AFTER)):
        for rule, reason, field in (("opinion", "I differ.", "rule"), ("insult", " ", "reason")):
            with pytest.raises(Invalid) as refusal:
                do(lambda rule=rule, reason=reason: services.hide(one, rule, reason, actor=world["C01"]))
            assert refusal.value.field == field
        with pytest.raises(Invalid):
            do(lambda: services.mask(one, "x", "advertising", "Only hiding.", actor=world["C01"]))
        with pytest.raises(Forbidden):
            do(lambda: services.hide(one, "insult", "Rude.", actor=world["V01"]))


def test_a_second_mask_erases_the_first(world, window):
    one = comment(world, window, text="Call 111 or 222.")
    with clock.frozen(at(AFTER)):
        do(lambda: services.mask(one, "Call [covered] or 222.", "personal_details", "A number.", actor=world["C01"]))
        first = one.masked
        do(lambda: services.mask(one, "Call [covered].", "personal_details", "Two numbers.", actor=world["C01"]))
    assert (first.value, first.salt, one.masked.value) == (None, None, "Call [covered].")


def test_a_window_broken_off_does_not_count_and_a_new_one_opens(world, window):
    matter = window.matter
    back_and_adopted_again(world, matter, "2026-03-30T09:00")
    with pytest.raises(Refused) as refusal:
        comment(world, window, when="2026-03-30T10:00")
    assert refusal.value.code == "window_replaced"
    again = opened(world, matter, "2026-03-30T10:00")
    assert comment(world, again, when="2026-03-30T11:00").label == "C-01"
    assert [broken for _, broken in queries.windows_of(matter)] == [True, False]


def test_no_comment_while_the_matter_is_back_with_the_council(world, window):
    with clock.frozen(at("2026-03-30T09:00")):
        do(lambda: agenda.hand_over(window.matter, Act.REOPEN, note="An objection.", actor=world["S01"]))
    with pytest.raises(Refused) as refusal:
        comment(world, window, when="2026-03-30T10:00")
    assert refusal.value.code == "missing_handover_in_review"


def test_the_text_is_not_rewritten_while_residents_comment_on_it(world, window):
    with clock.frozen(at("2026-03-30T09:00")), pytest.raises(Refused) as refusal:
        do(lambda: services.revise(window.matter, ["Other."], {}, actor=world["S01"]))
    assert refusal.value.code == "window_open"


def test_causes_are_comments_of_this_matter_that_stand(world, window):
    one = comment(world, window)
    other = comment(world, opened(world, at_the_forum(world, "Lift")))
    with clock.frozen(at("2026-03-29T09:00")):
        do(lambda: services.withdraw(one, actor=world["R01"]))
    for causes in ({1: [one.id]}, {1: [other.id]}, {9: [other.id]}):
        with clock.frozen(at(AFTER)), pytest.raises(Invalid) as refusal:
            do(lambda causes=causes: services.revise(window.matter, ["Other."], causes, actor=world["S01"]))
        assert refusal.value.field == "causes"


def test_an_unchanged_text_voted_again_after_its_time_needs_no_new_window(world, window):
    back_and_adopted_again(world, window.matter)
    with clock.frozen(at("2026-04-08T10:00")):
        assert services.needs_window(window.matter) is False
        with pytest.raises(Refused):
            do(lambda: services.open_window(window.matter, actor=world["S01"]))


def test_an_amendment_of_the_sitting_itself_names_no_comment_and_goes_out_again(world, window):
    one = comment(world, window)
    with clock.frozen(at(AFTER)):
        changed = ["Clear the vegetables!", *[p.text for p in window.version.paragraphs[1:]]]
        do(lambda: services.revise(window.matter, changed, {1: [one.id]}, actor=world["S01"]))
        do(lambda: agenda.hand_over(window.matter, Act.REOPEN, note="Changed.", actor=world["S01"]))
        adopt(world, window.matter, [*changed[:3], "Plant trees."])
        do(lambda: agenda.hand_over(window.matter, Act.TO_FORUM, actor=world["S01"]))
        assert services.may_skip_window(window.matter) is False
        assert services.needs_window(window.matter) is True
