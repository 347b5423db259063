"""AT14: residents and visitors cannot vote; the poll's page is open to them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberation.audit.queries import head
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import votes
from deliberation.people.models import SecurityEvent
from deliberation.voting.models import Ballot
from tests.acceptance.session import SITTING, case_world, in_session
from tests.builders import at, do
from tests.web import post, sign_in


@pytest.mark.parametrize("code", ["R01", "V01", ""])
@pytest.mark.parametrize("method", ["get", "post", "confirmed"])
def test_at14_the_casting_page_is_shut_and_only_the_security_log_notes_it(
    app_context: Flask, client: FlaskClient, code: str, method: str
) -> None:
    sitting = in_session(case_world())
    with clock.frozen(at(SITTING)):
        poll = do(lambda: votes.put(sitting.motions["A1-1"], actor=sitting.person("P01")))
        if code:
            sign_in(client, sitting.world.account(code))
        db.session.rollback()
        before = head(sitting.world.council.log_id)
        url = f"/c/mochou/polls/{poll.id}"
        data = {"choice": "for", **({"confirmed": "1"} if method == "confirmed" else {})}
        answer = client.get(f"{url}/cast") if method == "get" else post(client, f"{url}/cast", data, page="/about")
        assert answer.status_code == 403
        db.session.rollback()
        assert head(sitting.world.council.log_id) == before
        assert db.session.scalars(select(Ballot)).all() == []
        person = sitting.person(code).id if code else None
        noted = db.session.scalars(select(SecurityEvent)).all()
        assert [(line.kind, line.person_id, line.path) for line in noted] == [("forbidden", person, f"{url}/cast")]
        public = client.get(url)
        assert (public.status_code, sitting.matter.title in public.text) == (200, True)
