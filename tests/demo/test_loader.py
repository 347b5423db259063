"""The demonstration is the same every time, stands on every step, and keeps its own clock."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import flask_migrate
import pytest
from sqlalchemy import func, select

from deliberation.agenda.models import Handover, Matter
from deliberation.agenda.states import State
from deliberation.app import is_demo
from deliberation.audit import recorded_tables
from deliberation.audit.models import Entry
from deliberation.audit.services import verify
from deliberation.demo import loader
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Refused
from deliberation.review.models import CommentWindow
from tests.conftest import copied, let_go, make_app

# What is drawn by chance: salts, keys and hashes, the references of persons in a log, and the order of comments in a rating.
RANDOM = re.compile(r"salt|hash|receipt_code|root|document|public_key|fingerprint")
HEX = re.compile(r'"[0-9a-f]{12}"|"[0-9a-f]{16}"|"[0-9a-f]{64}"')
MIXED = re.compile(r'"id":\d+,|"text_id":\d+')


def dump():
    rows = {}
    for name in sorted(recorded_tables()):
        table = db.metadata.tables[name]
        columns = [c for c in table.columns if not RANDOM.search(c.name)]
        found = sorted(map(repr, db.session.execute(select(*columns))))
        rows[name] = len(found) if name == "rating_comment" else [one for one in found if "rating.comment" not in one]
    bodies = db.session.execute(select(Entry.log_id, Entry.seq, Entry.body).order_by(Entry.log_id, Entry.seq))
    return rows, [(log, seq, alike(bytes(body).decode())) for log, seq, body in bodies]


def alike(body: str) -> str:
    """An entry without what is drawn by chance."""
    body = HEX.sub('"x"', body)
    return MIXED.sub("", body) if '"rating_comment"' in body else body


def test_two_loads_are_equal_in_rows_texts_times_and_log_positions(demo, database_server, template_database, tmp_path):
    first = dump()
    with copied(database_server, template_database, tmp_path / "second.db") as url:
        other = make_app(url)
        with other.app_context():
            loader.load()
            second = dump()
        let_go(other)
    assert first[0] == second[0]
    assert first[1] == second[1]


def test_every_step_and_every_way_out_has_a_matter(demo):
    states = dict(db.session.execute(select(Matter.state, func.count()).group_by(Matter.state)).all())
    assert set(states) == set(State)
    assert sum(states.values()) >= 10
    backs = select(Matter.id).join(Handover).where(Handover.is_back, Matter.ended_at.is_(None)).distinct()
    assert len(db.session.scalars(backs).all()) >= 2


def test_a_review_window_has_three_days_left(demo):
    now = clock.now()
    zone = ZoneInfo("Asia/Shanghai")
    ends = [w.closes_at for w in db.session.scalars(select(CommentWindow)) if w.opens_at <= now < w.closes_at]
    left = [(end.astimezone(zone).date() - timedelta(days=1) - now.astimezone(zone).date()).days for end in ends]
    assert left == [3]


def test_the_clock_of_a_demonstration_is_its_own(demo):
    assert is_demo(demo.app)
    now = clock.now().astimezone(ZoneInfo("Asia/Shanghai"))
    assert (now.year, now.month, now.day) == (2026, 12, 21)


def test_the_log_of_the_demonstration_verifies_and_its_times_never_go_back(demo):
    assert [found.bad_seq for found in verify()] == [None, None]
    bodies = db.session.scalars(select(Entry.body).where(Entry.log_id == 2).order_by(Entry.seq))
    times = [json.loads(body)["at"] for body in bodies]
    assert all(a <= b for a, b in pairwise(times))


def test_a_database_that_is_not_empty_is_refused(demo):
    with pytest.raises(Refused, match="not empty"):
        loader.load()


def test_an_empty_database_is_brought_up_to_date_by_the_command(empty_database_url):
    app = make_app(empty_database_url)
    result = app.test_cli_runner().invoke(args=["db", "current"])
    assert result.exit_code == 0
    with app.app_context():
        flask_migrate.upgrade(revision="head")
        assert db.session.scalar(select(func.count()).select_from(Matter)) == 0
    let_go(app)


def test_home_and_forum_say_the_same_three_days(demo, client):
    for page in ("/c/mochou/", "/c/mochou/forum/"):
        assert "3 days left" in client.get(page, headers={"Accept-Language": "en"}).text
