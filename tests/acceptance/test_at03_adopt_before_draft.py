"""AT03: adopting before drafting is refused with 409, and the missing hand-over is named."""

from deliberation.agenda import services
from deliberation.agenda.models import Handover, Matter
from deliberation.agenda.states import Act
from deliberation.audit.models import Log
from deliberation.extensions import db
from deliberation.kernel.errors import Refused
from tests.builders import do
from tests.web import in_english, post, sign_in, text_of


def test_at03_adopting_before_drafting_names_the_missing_handover(world, new_client):
    matter = do(lambda: services.open_matter(world.council, title="莫让社区变农庄", problem="毗邻绿地被种菜。", actor=world["S01"]))
    login = "mochou-s01"
    size = db.session.get(Log, world.council.log_id).size
    db.session.rollback()
    browser = in_english(sign_in(new_client(), login))

    for act, missing in (
        ("to_forum", "the hand-over of the problem list to the community party committee"),
        ("to_implementation", "the hand-over of the problem list to the community party committee"),
        ("to_council", "the hand-over of the problem list to the community party committee"),
    ):
        answer = post(browser, f"/c/mochou/agenda/{matter.no}/hand-over/{act}", page="/about")
        assert (answer.status_code, missing in text_of(answer)) == (409, True), act

    db.session.expire_all()
    assert db.session.get(Matter, matter.id).state == "collecting"
    assert db.session.query(Handover).count() == 0
    assert db.session.get(Log, world.council.log_id).size == size


def test_at03_the_missing_handover_has_a_stable_code(world):
    matter = do(lambda: services.open_matter(world.council, title="绿地", problem="种菜。", actor=world["S01"]))
    do(lambda: services.hand_over(matter, Act.TO_COMMITTEE, actor=world["S01"]))
    try:
        do(lambda: services.hand_over(matter, Act.TO_FORUM, actor=world["S01"]))
    except Refused as refused:
        assert refused.code == "missing_handover_adopting"
        assert "the hand-over of the plan to the council" in str(refused)
    else:
        raise AssertionError("adopted text was handed over before there was any")
