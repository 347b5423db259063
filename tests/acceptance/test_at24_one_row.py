"""AT24: change one audit row in SQL, and verify names the first bad sequence number."""

from sqlalchemy import select

from deliberation.audit.models import Entry, Log
from deliberation.audit.services import verify
from deliberation.extensions import db
from tests.audit.test_log import drop_triggers, tamper

COUNCIL = "council/mochou"


def found() -> dict[str, int | None]:
    return {one.name: one.bad_seq for one in verify()}


def test_at24_one_changed_byte_of_one_body_is_named(demo):
    assert found() == {"installation": None, COUNCIL: None}
    log_id = db.session.scalar(select(Log.id).where(Log.name == COUNCIL))
    middle = db.session.scalar(select(Log.size).where(Log.id == log_id)) // 2
    body = bytes(db.session.scalar(select(Entry.body).where(Entry.log_id == log_id, Entry.seq == middle)))
    db.session.remove()
    drop_triggers()
    changed = body[:-1] + bytes([body[-1] ^ 1])
    tamper("UPDATE audit_entry SET body = :b WHERE log_id = :l AND seq = :s", b=changed, l=log_id, s=middle)
    assert found() == {"installation": None, COUNCIL: middle}
    tamper("UPDATE audit_entry SET body = :b WHERE log_id = :l AND seq = :s", b=body, l=log_id, s=middle)
    assert found() == {"installation": None, COUNCIL: None}

