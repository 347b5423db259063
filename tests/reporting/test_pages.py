"""The report's page: the council's own until the notice, then everybody's; as many statements for many matters as for one."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import services as meetings
from deliberation.reporting.models import Paper
from tests.agreements.meetings import planned
from tests.builders import World, at, do
from tests.implementation.matters import implementing, set_task
from tests.web import in_english, post, sign_in, statements, text_of


def test_the_paper_is_prepared_by_the_clerk_and_public_with_the_notice(
    app: Flask, world: World, new_client: Callable[[], FlaskClient]
) -> None:
    clerk, member, anybody = (in_english(new_client()) for _ in range(3))
    sign_in(clerk, world.account("C01")), sign_in(member, world.account("M01"))
    one = implementing(world, title="Lamps", comments=())[0]
    set_task(world, one)
    with clock.frozen(at("2026-06-01T09:00")):
        meeting = planned(world, "report", "2026-06-25T14:30", "2026-06-01T09:00")
        url = f"/c/mochou/meetings/{meeting.id}/report/"
        assert anybody.get(url).status_code == 404
        shown = text_of(member.get(url))
        assert "Lamps" in shown and "Write an introduction" not in shown and "promise" in shown

        def cost() -> int:
            with statements(app) as sent:
                member.get(url)
            return len(sent)

        few = cost()
        for n in range(3):
            set_task(world, implementing(world, title=f"Matter {n}", comments=())[0])
        assert cost() == few and "Matter 2" in text_of(member.get(url))
        intro = url + "write/decisions"
        assert post(member, intro, {"number": "0", "text": "Mine."}, page=url).status_code == 403
        assert post(clerk, intro, {"number": "0", "text": "Ask C01."}).status_code == 422
        assert post(clerk, intro, {"number": "0", "text": "Four matters."}).status_code == 302
        late = post(clerk, intro, {"number": "0", "text": "My own words."})
        assert late.status_code == 409 and "Four matters." in late.text and "My own words." in late.text
        assert clerk.get(url + "write/secrets").status_code == 404
        assert anybody.get(url + "document.json").status_code == 404
        db.session.rollback()
        do(lambda: meetings.call(meeting, actor=world["S01"]))
        implementing(world, title="Afterwards", comments=())
        public = text_of(anybody.get(url))
        assert "Afterwards" not in public
        paper = db.session.get_one(Paper, meeting.id)
        assert "Four matters." in public and "Lamps" in public and paper.document_hash in public
        assert anybody.get(url + "document.json").text == paper.document
        assert post(clerk, intro, {"number": "1", "text": "Later."}).status_code == 409
        assert f"/c/mochou/meetings/{meeting.id}/report/" in text_of(anybody.get(f"/c/mochou/meetings/{meeting.id}/notice"))
        assert "The report" in text_of(anybody.get(f"/c/mochou/meetings/{meeting.id}"))
        check = anybody.get(f"/c/mochou/log/check/report/{meeting.id}").text
        assert paper.document_hash[:16] in check
        assert re.search(r"composed from the records from [A-Z]\w+ \d+, \d{4} to [A-Z]\w+ \d+, \d{4}", check)
