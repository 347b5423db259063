"""The desk's own mark on a paper is not published, so the log holds nothing from which it could be guessed."""

import hashlib

from sqlalchemy import select

from deliberation.appeals import services
from deliberation.audit.models import Entry
from deliberation.extensions import db
from tests.builders import do


def test_a_paper_number_can_not_be_guessed_from_the_log(world):
    do(lambda: services.file(world.council, channel="paper", text="Smoke.", paper_no="P-7", actor=world["C01"]))
    bodies = b"".join(bytes(body) for body in db.session.scalars(select(Entry.body)))
    assert b"appeal.file" in bodies
    assert b"P-7" not in bodies
    assert hashlib.sha256(b"P-7").hexdigest().encode() not in bodies
