"""AT02: five appeals become one matter, and each is still owed its own reply."""

import pytest

from deliberation.agenda import services as agenda
from deliberation.agenda.models import Matter
from deliberation.appeals import queries, services
from deliberation.appeals.models import Appeal
from deliberation.audit import queries as audit
from deliberation.audit.actions import sentence
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Refused
from deliberation.people.permissions import office_words
from tests.appeals.case import file_all
from tests.builders import at, do
from tests.web import in_english, post, sign_in


def merged(world):
    filed = [one.appeal for one in file_all(world)]
    matter = do(lambda: agenda.open_matter(world.council, title="莫让社区变农庄", problem="绿地种菜", actor=world["C01"]))
    do(lambda: services.merge(filed, matter, actor=world["C01"]))
    return filed, matter


def test_at02_each_appeal_links_to_the_matter_and_is_still_owed_its_own_reply(world):
    with clock.frozen(at("2026-03-01T09:00")):
        filed, matter = merged(world)
        assert [row.matter_no for row in queries.of_matter(matter, world.council)] == ["2026-1"] * 5
        assert queries.owed(matter.id) == 5
        do(lambda: services.answer(filed[1], "对您的答复", actor=world["S01"]))
        assert queries.owed(matter.id) == 4
        assert [row.no for row in queries.work_list(world.council)] == [f"QS-2026-000{n}" for n in (3, 1, 4, 5)]


def test_at02_the_matters_timeline_tells_of_it_in_one_sentence(world):
    with clock.frozen(at("2026-03-01T09:00")):
        _, matter = merged(world)
        newest = audit.timeline(world.council.log_id, matter.id)[0]
        said = sentence(newest.body, office_words).render()
    assert said == "Clerk brought appeals together in matter 2026-1: 5. Each still gets its own reply."


def test_at02_an_appeal_belongs_to_one_matter_only(world):
    with clock.frozen(at("2026-03-01T09:00")):
        filed, _ = merged(world)
        other = do(lambda: agenda.open_matter(world.council, title="b", problem="b", actor=world["C01"]))
        with pytest.raises(Refused) as refused:
            do(lambda: services.merge(filed[:1], other, actor=world["C01"]))
        assert refused.value.code == "merged_already"
        db.session.rollback()


def test_at02_the_clerk_ticks_five_and_names_the_new_matter_in_the_browser(world, client):
    with clock.frozen(at("2026-03-01T09:00")):
        numbers = [one.appeal.no for one in file_all(world)]
        in_english(sign_in(client, world.account("C01")))
        data = {"appeals": numbers, "matter": "new", "title": "莫让社区变农庄", "problem": "绿地种菜"}
        answer = post(client, "/c/mochou/appeals/merge", data)
        assert answer.location == "/c/mochou/agenda/2026-1"
        db.session.rollback()
        (matter,) = db.session.query(Matter).all()
        assert {appeal.matter_id for appeal in db.session.query(Appeal)} == {matter.id}
        page = client.get("/c/mochou/appeals/QS-2026-0003").text
        assert "莫让社区变农庄" in page
