"""The resolution names the vote by which exactly its text was adopted."""

from deliberation.agenda import services as agenda
from deliberation.agenda.states import Act
from deliberation.kernel import clock
from deliberation.meetings import services as meetings
from deliberation.publishing import queries, services
from deliberation.review import services as review
from tests.acceptance.session import case, case_world, in_session, run_votes
from tests.builders import at, do
from tests.web import in_english, text_of


def test_the_document_shows_the_verdict_on_the_main_motion_and_the_composed_text(app_context, client):
    world = case_world()
    sitting = in_session(world)
    run_votes(sitting)
    with clock.frozen(at("2026-03-26T16:00")):
        do(lambda: meetings.close_meeting(sitting.meeting, actor=world["P01"]))
    with clock.frozen(at("2026-03-27T08:00")):
        do(lambda: agenda.hand_over(sitting.matter, Act.TO_FORUM, actor=world["S01"]))
        do(lambda: review.open_window(sitting.matter, actor=world["S01"]))
    with clock.frozen(at("2026-04-07T09:00")):
        made = do(lambda: services.resolve(sitting.matter, "It binds members.", actor=world["S01"]))
    verdict = queries.verdict_of(made)
    assert verdict.poll.label == "M1"
    shown = text_of(in_english(client).get("/c/mochou/decisions/2026/1"))
    facts = "On March 26, 2026: 21 entitled, 18 present, 1 recused; 15 for, 1 against, 1 abstaining."
    for part in (facts, *case()["step3_adopt"]["resolved"]):
        assert part in shown
    page = client.get(f"/c/mochou/agenda/{sitting.matter.no}/motions/M1").text
    assert f'href="/c/mochou/polls/{verdict.poll.id}"' in page, "the motion leads to its verdict"
