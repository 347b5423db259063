"""After a restore: what the ledger lists and the database still holds is erased again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from deliberation.audit import ledger
from deliberation.audit import services as audit
from deliberation.audit.models import ActorRef, Log, PersonalRecord
from deliberation.audit.recording import Capacity, commitment_of, hold
from deliberation.audit.services import Restriction
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.people.permissions import Office
from deliberation.privacy.services import cut
from deliberation.privacy.texts import CORRECTED, erase

REPLACED, RESTORED = "replaced", "restored_backup"


def replay(name: str, lines: list[ledger.Line]) -> int:
    """Erase again what the ledger lists for this log and the database still holds; returns how many texts and ties.

    A number that means another text now is left alone: only what the ledger's commitment opens is the same one. The old
    text of a correction is restricted, because the new one may be lost: the person can correct it again.
    """
    log_id = db.session.scalar(select(Log.id).where(Log.name == name))
    if log_id is None:
        return 0
    hold(db.session(), log_id)
    council_id = db.session.scalar(select(Council.id).where(Council.log_id == log_id))
    capacity = Capacity(None, Office.INSTALLATION.value, log_id, council_id)
    done = 0
    for first in range(0, len(lines), 500):
        some = lines[first : first + 500]
        done += _records_again(log_id, some, capacity) + _ties_again(log_id, some, capacity)
    return done


def _records_again(log_id: int, lines: Sequence[ledger.Line], capacity: Capacity) -> int:
    wanted = {(line["record"], line["commitment"]): str(line.get("basis")) for line in lines if "record" in line}
    query = select(PersonalRecord).where(PersonalRecord.id.in_({number for number, _ in wanted}), PersonalRecord.log_id == log_id)
    done = 0
    for record in db.session.scalars(query.order_by(PersonalRecord.id)).all():
        basis = wanted.get((record.id, commitment_of(record))) if record.erased_at is None else None
        if basis is None or basis == REPLACED or (basis == CORRECTED and record.restricted_at is not None):
            continue
        if basis == CORRECTED:
            audit.restrict(record, Restriction.TECHNICAL, capacity=capacity)
        else:
            erase(record, RESTORED, capacity)
        done += 1
    return done


def _ties_again(log_id: int, lines: Sequence[ledger.Line], capacity: Capacity) -> int:
    refs = {line["ref"] for line in lines if "ref" in line}
    found = select(ActorRef.person_id, ActorRef.ref).where(ActorRef.log_id == log_id, ActorRef.ref.in_(refs)).order_by(ActorRef.ref)
    known: dict[int, list[str]] = {}
    for person_id, ref in db.session.execute(found) if refs else ():
        known.setdefault(person_id, []).append(ref)
    for one in known.values():
        cut(log_id, one, capacity)
    return len(known)
