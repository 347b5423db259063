"""AT04: hand over to the committee, then to the council: two signed records."""

from deliberation.agenda import queries, services
from deliberation.agenda.models import Matter
from deliberation.audit.actions import changed
from deliberation.audit.queries import timeline
from deliberation.extensions import db
from tests.builders import do
from tests.web import in_english, post, sign_in, text_of


def test_at04_each_handover_is_a_record_with_giver_taker_product_and_time(world, new_client):
    matter = do(lambda: services.open_matter(world.council, title="莫让社区变农庄", problem="毗邻绿地被种菜。", actor=world["S01"]))
    secretary, committee = "mochou-s01", "mochou-k01"
    place = f"/c/mochou/agenda/{matter.no}"
    db.session.rollback()

    browser = in_english(sign_in(new_client(), secretary))
    confirm = text_of(browser.get(f"{place}/hand-over/to_committee"))
    for word in ("Party-member service station", "Community party committee", "the problem list"):
        assert word in confirm
    assert post(browser, f"{place}/hand-over/to_committee").status_code == 302

    branch = in_english(sign_in(new_client(), committee))
    written = post(branch, f"{place}/plan", {"text": "彻底清除。\n第一步自清，第二步组织人员清除。", "powers": "within"})
    assert written.status_code == 302
    assert post(branch, f"{place}/hand-over/to_council").status_code == 302

    db.session.expire_all()
    matter = db.session.get(Matter, matter.id)
    given = queries.handovers(matter)
    assert [(one.giver, one.taker, one.product, one.giver_office, one.is_back) for one in given] == [
        ("station", "committee", "problem_list", "secretary_general", False),
        ("committee", "council", "plan", "committee", False),
    ]
    assert [one.giver_id for one in given] == [world["S01"].id, world["K01"].id]
    assert given[1].version_id == matter.current_version.id
    assert all(one.at is not None for one in given)
    signed = [line for line in timeline(world.council.log_id, matter.id) if line.body["action"] == "matter.hand_over"]
    assert [changed(line.body, "handover", "product") for line in signed] == ["plan", "problem_list"]
    assert len({line.body["actor"] for line in signed}) == 2

    page = text_of(browser.get(place))
    assert "Party-member service station → Community party committee" in page
    assert "Community party committee → Party-member deliberation council" in page
