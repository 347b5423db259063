"""A matter's page and the forms that move it."""

import pytest

from deliberation.agenda import recusals, services
from deliberation.agenda.models import Handover, Matter, PlanVersion, Recusal
from deliberation.agenda.states import Act
from deliberation.audit.models import Log
from deliberation.extensions import db
from tests.agenda.worlds import FIRST, SECOND, adopting, drafting, hand, open_one, write
from tests.builders import do, make_world
from tests.web import in_english, post, sign_in, statements, text_of


@pytest.fixture
def enter(world, new_client):
    """Sign somebody in on a browser of their own."""

    def enter(code):
        db.session.rollback()
        return in_english(sign_in(new_client(), f"mochou-{code.lower()}"))

    return enter


def place(matter):
    return f"/c/mochou/agenda/{matter.no}"


def fresh(model):
    db.session.rollback()
    db.session.expire_all()
    return db.session.query(model).all()


def test_a_draft_is_hidden_until_it_is_handed_to_the_council(world, enter, client):
    matter = drafting(world)
    in_english(client)
    hidden = client.get(place(matter)).text
    assert FIRST[0] not in hidden
    assert "There is no plan to read yet." in hidden
    assert FIRST[0] in enter("K01").get(place(matter)).text
    assert FIRST[0] in enter("M01").get(place(matter)).text
    hand(world, matter, Act.TO_COUNCIL)
    assert FIRST[0] in client.get(place(matter)).text


def test_a_draft_rewritten_after_being_sent_back_is_hidden_while_the_old_one_stays_readable(world, client):
    matter = adopting(world)
    hand(world, matter, Act.SEND_BACK, note="请写明菊花脑是否保留。")
    write(world, matter, SECOND)
    page = in_english(client).get(place(matter)).text
    assert FIRST[0] in page
    assert SECOND[2] not in page
    assert "A newer draft is being written" in page
    assert client.get(f"{place(matter)}/compare?a=1&b=2").status_code == 404


def test_a_hand_over_back_is_shown_with_its_reason(world, client):
    matter = adopting(world)
    hand(world, matter, Act.SEND_BACK, note="请写明菊花脑是否保留。")
    page = text_of(in_english(client).get(place(matter)))
    assert "Sent back Party-member deliberation council → Community party committee" in page
    assert "请写明菊花脑是否保留。" in page
    assert "Sent back on" in page


def test_two_versions_are_compared_paragraph_by_paragraph(world, client):
    matter = adopting(world)
    hand(world, matter, Act.SEND_BACK, note="补充。")
    write(world, matter, SECOND)
    hand(world, matter, Act.TO_COUNCIL)
    page = in_english(client).get(f"{place(matter)}/compare?a=1&b=2").text
    assert page.count("<ins>") == 2
    assert "，菊花脑保留" in page
    assert "Unchanged" in page
    assert "Compare with version 1" in client.get(place(matter)).text
    assert client.get(f"{place(matter)}/compare?a=1&b=9").status_code == 404
    assert client.get(f"{place(matter)}/compare?a=x").status_code == 404


def test_paragraphs_that_stay_keep_their_identity_through_the_form(world, enter):
    matter = drafting(world)
    browser = enter("K01")
    form = browser.get(f"{place(matter)}/plan").text
    assert "\n".join(FIRST) in form
    answer = post(browser, f"{place(matter)}/plan", {"text": "\n".join([SECOND[0], FIRST[1], SECOND[2]]), "powers": "within"})
    assert answer.status_code == 302
    first, second = fresh(PlanVersion)
    assert [p.key for p in second.paragraphs] == [*[p.key for p in first.paragraphs], "p3"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"text": "", "powers": "within"}, "Please fill this in."),
        ({"text": "x" * 1001, "powers": "within"}, "Paragraph 1 is empty or longer than 1000 characters."),
        ({"text": "\n".join(["x"] * 61), "powers": "within"}, "A plan has at most 60 paragraphs."),
        ({"text": "甲", "powers": ""}, "Please choose one of these."),
        ({"text": "甲", "powers": "everything"}, "Please choose one of these."),
        ({"text": "甲\x00乙", "powers": "within"}, "characters that cannot be shown"),
    ],
)
def test_a_bad_plan_is_refused_at_its_field_and_keeps_its_contents(world, enter, data, words):
    matter = drafting(world)
    answer = post(enter("K01"), f"{place(matter)}/plan", {**data, "analysis": "去年清过一次"})
    assert (answer.status_code, words in answer.text, "去年清过一次" in answer.text) == (422, True, True)
    assert len(fresh(PlanVersion)) == 1


def test_a_form_handed_in_twice_makes_one_matter(world, enter):
    browser = enter("S01")
    data = {"title": "充电线", "problem": "从窗口垂下来。", "source": "visits", "once": "the-same-key"}
    first = post(browser, "/c/mochou/agenda/new", data)
    second = post(browser, "/c/mochou/agenda/new", data)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location
    assert [(m.title, m.source) for m in fresh(Matter)] == [("充电线", "visits")]


@pytest.mark.parametrize("code", ["M01", "V01", "R01", "A01", "D01"])
def test_people_without_the_office_cannot_move_a_matter(world, enter, code):
    matter = drafting(world)
    size = db.session.get(Log, world.council.log_id).size
    browser = enter(code)
    for path in ("edit", "hand-over/to_council", "end", "plan", "recusals/take-down"):
        assert browser.get(f"{place(matter)}/{path}").status_code == 403, path
        assert post(browser, f"{place(matter)}/{path}", page="/about").status_code == 403, path
    page = browser.get(place(matter)).text
    assert "hand-over" not in page
    db.session.expire_all()
    assert db.session.get(Log, world.council.log_id).size == size


def test_a_matter_can_be_rewritten_early_and_not_later(world, enter):
    matter = open_one(world)
    browser = enter("C01")
    answer = post(browser, f"{place(matter)}/edit", {"title": "绿地种菜", "problem": "有异味。"})
    assert answer.status_code == 302
    assert [(m.title, m.problem) for m in fresh(Matter)] == [("绿地种菜", "有异味。")]
    again = post(browser, f"{place(matter)}/edit", {"title": "绿地种菜", "problem": "有异味。"})
    assert (again.status_code, "Nothing was changed." in again.text) == (409, True)
    matter = fresh(Matter)[0]
    hand(world, matter, Act.TO_COMMITTEE)
    write(world, matter, FIRST)
    hand(world, matter, Act.TO_COUNCIL)
    late = post(browser, f"{place(matter)}/edit", {"title": "别的", "problem": "别的。"})
    assert late.status_code == 409
    assert fresh(Matter)[0].title == "绿地种菜"


def test_sending_back_needs_a_reason(world, enter):
    matter = adopting(world)
    browser = enter("P01")
    empty = post(browser, f"{place(matter)}/hand-over/send_back", {"note": " "})
    assert (empty.status_code, "Please fill this in." in empty.text) == (422, True)
    assert len(fresh(Handover)) == 2
    assert post(browser, f"{place(matter)}/hand-over/send_back", {"note": "请补充。"}).status_code == 302
    assert [one.is_back for one in fresh(Handover)] == [False, False, True]


@pytest.mark.parametrize(("act", "state"), [("decline", "declined"), ("refer", "referred"), ("withdraw", "withdrawn"),
                                            ("lapse", "lapsed")])
def test_a_matter_ends_with_a_public_reason(world, enter, act, state):
    matter = drafting(world)
    browser = enter("S01")
    assert post(browser, f"{place(matter)}/end", {"act": act, "reason": ""}).status_code == 422
    assert post(browser, f"{place(matter)}/end", {"act": act, "reason": "属交管部门职责。"}).status_code == 302
    assert [m.state for m in fresh(Matter)] == [state]
    page = text_of(browser.get(place(matter)))
    assert "Reason: 属交管部门职责。" in page
    assert "Ended in step 2 of 5" in page
    assert post(browser, f"{place(matter)}/end", {"act": act, "reason": "再来。"}, page="/about").status_code == 409


def test_only_the_ends_that_the_step_allows_are_offered(world, enter):
    matter = adopting(world)
    browser = enter("S01")
    form = browser.get(f"{place(matter)}/end").text
    assert 'value="withdraw"' in form
    assert 'value="decline"' not in form
    assert post(browser, f"{place(matter)}/end", {"act": "decline", "reason": "不。"}).status_code == 422
    assert [m.state for m in fresh(Matter)] == ["adopting"]


def test_a_member_steps_back_and_somebody_else_approves(world, enter):
    matter = adopting(world)
    member, president = enter("M01"), enter("P01")
    assert post(member, f"{place(matter)}/recusals/ask", {"reason": "我家也种了。"}).status_code == 302
    asked = fresh(Recusal)[0]
    approve = f"{place(matter)}/recusals/{asked.id}/approve"
    assert post(member, approve, page="/about").status_code == 403
    assert post(president, approve, page="/about").status_code == 302
    assert fresh(Recusal)[0].approved_by_id == world["P01"].id
    assert "我家也种了。" in president.get(f"{place(matter)}/recusals").text
    assert post(member, f"{place(matter)}/recusals/ask", {"reason": "再来。"}).status_code == 409


def test_the_president_cannot_approve_their_own_stepping_back(world, enter):
    matter = adopting(world)
    president = enter("P01")
    post(president, f"{place(matter)}/recusals/ask", {"reason": "亲属。"})
    asked = fresh(Recusal)[0]
    assert post(president, f"{place(matter)}/recusals/{asked.id}/approve", page="/about").status_code == 403
    assert fresh(Recusal)[0].approved_at is None


def test_the_clerk_takes_a_stepping_back_down_for_a_member_only(world, enter):
    matter = adopting(world)
    clerk = enter("C01")
    stranger = {"person": world["R01"].id, "reason": "亲属。"}
    assert post(clerk, f"{place(matter)}/recusals/take-down", stranger).status_code == 422
    for bad in ("", "x", "99999999999999"):
        assert post(clerk, f"{place(matter)}/recusals/take-down", {"person": bad, "reason": "亲属。"}).status_code == 422
    assert fresh(Recusal) == []
    member = {"person": world["M02"].id, "reason": "亲属。"}
    assert post(clerk, f"{place(matter)}/recusals/take-down", member).status_code == 302
    assert [one.person_id for one in fresh(Recusal)] == [world["M02"].id]


def test_the_reason_for_stepping_back_is_read_by_the_council_only(world, enter, client):
    matter = adopting(world)
    do(lambda: recusals.ask_recusal(matter, world["M01"], "我家也种了", actor=world["M01"]))
    db.session.rollback()
    public = in_english(client).get(place(matter)).text
    assert "1 member steps back from this matter." in public
    assert "我家也种了" not in public
    assert client.get(f"{place(matter)}/recusals").status_code == 403
    assert enter("R01").get(f"{place(matter)}/recusals").status_code == 403


@pytest.mark.parametrize("no", ["2026-0", "0-1", "2026-99", "x", "2026-1-1", "٢٠٢٦-1", "2026-99999999999"])
def test_unknown_matters_are_all_the_same_404(world, client, no):
    open_one(world)
    answer = in_english(client).get(f"/c/mochou/agenda/{no}")
    assert (answer.status_code, "There is nothing at this address." in answer.text) == (404, True)


def test_another_councils_matter_is_not_found_here(world, client):
    other = make_world(seats=3, slug="other", residents=0)
    matter = open_one(other)
    answer = in_english(client).get(place(matter))
    assert (answer.status_code, "There is nothing at this address." in answer.text) == (404, True)
    assert client.get(f"/c/other/agenda/{matter.no}").status_code == 200


def test_the_timeline_speaks_in_sentences_that_can_be_checked(world, client):
    matter = adopting(world)
    page = in_english(client).get(place(matter)).text
    assert "Secretary-general wrote version 1 of the plan." in page
    link = page.split('class="check" href="')[1].split('"')[0]
    assert "handed matter" in text_of(client.get(link))


def count(app, client, url):
    client.get(url)
    with statements(app) as sent:
        assert client.get(url).status_code == 200
    return len(sent)


def test_home_costs_the_same_for_1_and_for_30_matters(app, world, client):
    drafting(world)
    one = count(app, client, "/c/mochou/")
    for n in range(15):
        drafting(world, f"议题{n}")
        matter = open_one(world, f"旧题{n}")
        do(lambda matter=matter: services.end(matter, Act.DECLINE, reason="不属本会。", actor=world["S01"]))
    assert count(app, client, "/c/mochou/") == one


def test_a_matters_page_costs_the_same_for_1_and_for_30_versions(app, world, client):
    matter = adopting(world)
    one = count(app, client, place(matter))
    for n in range(15):
        hand(world, matter, Act.SEND_BACK, note="补充。")
        write(world, matter, [*FIRST, f"第{n}条"])
        hand(world, matter, Act.TO_COUNCIL)
    assert count(app, client, place(matter)) == one


def test_ended_matters_are_folded_on_the_home_page(world, client):
    matter = drafting(world)
    do(lambda: services.end(matter, Act.REFER, reason="属交管部门。", actor=world["S01"]))
    page = in_english(client).get("/c/mochou/").text
    folded = page.partition("<details>")[2]
    assert matter.title in folded
    assert matter.title not in page.partition("<details>")[0]
