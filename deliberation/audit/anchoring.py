"""Copies outside: which place has which checkpoint, and the signatures of witnesses.

They are facts about other people's machines, kept in tables without entries: an entry for each night's copy would make the
log grow by itself, so that no copy would ever be the newest. What vouches for a copy is the place that has it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from deliberation.audit import delivering, marks, notes, places, signing, stored, tree
from deliberation.audit.delivering import Fork, Superseded, Undelivered
from deliberation.audit.marks import Mark
from deliberation.audit.models import Anchor, Cosignature, Log
from deliberation.audit.models import Signed as SignedRow
from deliberation.audit.notes import NoteError, SignerKey, WitnessKey
from deliberation.audit.places import Place
from deliberation.audit.signing import SigningError
from deliberation.extensions import db, transaction
from deliberation.kernel import clock
from deliberation.kernel.words import N_, Words

KINDS = {
    places.DIRECTORY: N_("folder"),
    places.MAIL: N_("mail"),
    places.HOOK: N_("web address"),
    places.WITNESS: N_("witness"),
}
SLACK = 600
"""Seconds that the clock of a witness may be ahead."""


@dataclass(frozen=True)
class Outcome:
    """What became of one checkpoint at one place, or of all of them where ``log`` is empty."""

    log: str
    problem: str = ""
    is_fork: bool = False


@dataclass(frozen=True)
class Copies:
    """The copies of one log outside: of each place its newest, the newest of all first."""

    anchors: list[Anchor]
    cosignatures: list[Cosignature]

    @property
    def newest(self) -> list[Anchor]:
        """Those that have as many entries as any."""
        return [one for one in self.anchors if one.size == self.anchors[0].size]


def sign_all(keys: Sequence[SignerKey]) -> Iterator[delivering.Signed | Outcome]:
    """Every log's newest checkpoint, signed now if need be; a log that must not be signed is told and passed over."""
    for log_id, name in [(log.id, log.name) for log in db.session.scalars(select(Log).order_by(Log.id))]:
        try:
            with transaction():
                note = signing.sign(log_id, keys)
        except SigningError as error:
            yield Outcome(name, str(error), isinstance(error, signing.Forked))
            continue
        point = notes.checkpoint(notes.parse(note.encode()).text)
        yield delivering.Signed(log_id, name, Mark(point.origin, point.size, point.root), note)


def missing_at(place: Place, points: Sequence[delivering.Signed]) -> list[delivering.Signed]:
    """Those that this place did not get yet."""
    rows = db.session.execute(select(Anchor.log_id, Anchor.size, Anchor.root).where(Anchor.place == place.name))
    there = {(log_id, size, bytes(root)) for log_id, size, root in rows}
    db.session.rollback()
    return [one for one in points if (one.log_id, one.mark.size, one.mark.root) not in there]


def deliver(place: Place, points: Sequence[delivering.Signed], subject: str) -> Iterator[Outcome]:
    """Hand checkpoints over to one place, one outcome each; note at once what it took. A place that cannot be reached is
    not asked again."""
    try:
        if place.kind == places.MAIL and points:
            text = "\n".join(point.note for point in points)
            delivering.by_mail(places.mailer(current_app.config), place.address, subject, text)
        for point in points:
            try:
                _hand_over(place, point)
            except Superseded:
                continue
            except Fork as fork:
                yield Outcome(point.log, str(fork), is_fork=True)
                continue
            _note(place, point)
            yield Outcome(point.log)
    except Undelivered as error:
        yield Outcome("", str(error))


def _hand_over(place: Place, point: delivering.Signed) -> None:
    if place.kind == places.DIRECTORY:
        acknowledged = set(marks.read(marks.acknowledged_file(Path(current_app.config["LOG_KEY"]))))
        delivering.into_folder(Path(place.address), point, lambda mark: _begins_with(point.log_id, mark), acknowledged)
    elif place.kind == places.HOOK:
        delivering.to_hook(place.address, point)
    elif place.kind == places.WITNESS and place.key is not None:
        known = select(func.max(Anchor.size)).where(Anchor.log_id == point.log_id, Anchor.place == place.name)
        old = db.session.scalar(known) or 0
        db.session.rollback()
        lines = delivering.to_witness(
            place.address, point, old, lambda size: _proof(point, size), lambda: _size_now(point.log_id)
        )
        try:
            accept(point.log_id, point.note, lines, [place.key])
        except NoteError as error:
            raise Undelivered(f"its answer does not hold: {error}") from None


def _size_now(log_id: int) -> int:
    with db.engine.connect() as connection:
        return int(connection.execute(select(Log.size).where(Log.id == log_id)).scalar_one())


def _begins_with(log_id: int, mark: Mark) -> bool:
    with db.engine.connect() as connection:
        return signing.contains(connection, log_id, mark, _size_now(log_id))


def _proof(point: delivering.Signed, old: int) -> list[bytes]:
    """That the log goes on from the first ``old`` entries; nothing where there is nothing to prove."""
    if not 0 < old < point.mark.size:
        return []
    try:
        with db.engine.connect() as connection:
            return stored.consistency(connection, point.log_id, old, point.mark.size)
    except (tree.ProofError, KeyError):
        raise Fork(f"the log here cannot prove that it goes on from its first {old} entries") from None


def _note(place: Place, point: delivering.Signed) -> None:
    mark = point.mark
    try:
        with transaction():
            row = Anchor(log_id=point.log_id, place=place.name, size=mark.size, root=mark.root, kind=place.kind, at=clock.now())
            db.session.merge(row)
    except IntegrityError:
        # Another run noted the same at the same time.
        db.session.rollback()


def accept(log_id: int, note: str, lines: str, keys: Sequence[WitnessKey]) -> list[WitnessKey]:
    """Keep the lines that these witnesses signed for exactly the text of this note. Raises `NoteError` where none did."""
    text = notes.parse(note.encode()).text
    given = notes.parse(f"{text}\n{lines}".encode())
    signed = notes.verify(given, keys)
    point = notes.checkpoint(text)
    for key in signed:
        found = next(one for one in given.signatures if (one.name, one.key_id) == (key.name, key.key_id))
        at = notes.cosigned_at(found.blob)
        if at > time.time() + SLACK:
            raise NoteError(f"the signature of {key.name} is from the future")
        row = Cosignature(
            log_id=log_id, witness=key.name, key_id=key.key_id.hex(), size=point.size, root=point.root, line=str(found),
            at=datetime.fromtimestamp(at, UTC),
        )  # fmt: skip
        try:
            _keep(row)
        except IntegrityError:
            # Another run kept the first line of this witness at the same time; now it is there to be replaced.
            db.session.rollback()
            _keep(row)
    return list(signed)


def _keep(row: Cosignature) -> None:
    """The newest line of a witness stays, whichever run comes last."""
    with transaction():
        known = db.session.get(Cosignature, (row.log_id, row.witness, row.key_id), with_for_update=True, populate_existing=True)
        if known is None or known.size <= row.size:
            db.session.merge(row)


def accept_by_hand(raw: bytes, keys: Sequence[WitnessKey]) -> list[tuple[str, WitnessKey]]:
    """Signature lines of witnesses, alone or below a whole note, for whichever log's last signed checkpoint they are:
    (log, witness). Raises `NoteError` where they are for none."""
    text = raw.decode("utf-8", "replace")
    above, gap, below = text.rpartition("\n\n")
    rows = db.session.execute(select(Log.id, Log.name, SignedRow.note).join(SignedRow, SignedRow.log_id == Log.id))
    signed = [(log_id, name, note) for log_id, name, note in rows if note]
    db.session.rollback()
    problem = NoteError("this is not the last signed checkpoint of any log here")
    found = []
    for log_id, name, note in signed:
        if not gap or note.startswith(f"{above}\n\n"):
            try:
                found += [(name, key) for key in accept(log_id, note, below, keys)]
            except NoteError as error:
                problem = error
    if not found:
        raise problem
    return found


def with_witnesses(log_id: int, note: str) -> str:
    """The note with the signatures of the witnesses who signed exactly this."""
    if not note:
        return note
    point = notes.checkpoint(notes.parse(note.encode()).text)
    wanted = select(Cosignature.line).where(
        Cosignature.log_id == log_id, Cosignature.size == point.size, Cosignature.root == point.root
    )
    return note + "".join(db.session.scalars(wanted.order_by(Cosignature.at, Cosignature.witness)))


def copies(log_id: int) -> Copies:
    """What stands outside of one log, in two statements."""
    last = select(Anchor.place, func.max(Anchor.size).label("size")).where(Anchor.log_id == log_id).group_by(Anchor.place)
    newest = last.subquery()
    anchors = select(Anchor).join(newest, (Anchor.place == newest.c.place) & (Anchor.size == newest.c.size))
    anchors = anchors.where(Anchor.log_id == log_id).order_by(Anchor.size.desc(), Anchor.at.desc(), Anchor.place)
    signatures = select(Cosignature).where(Cosignature.log_id == log_id).order_by(Cosignature.at.desc(), Cosignature.witness)
    return Copies(list(db.session.scalars(anchors)), list(db.session.scalars(signatures)))


def overdue(log_id: int) -> Words | None:
    """What to say to whoever keeps the installation when the last copy outside is old; None where no log is signed."""
    last = select(func.max(Anchor.at)).where(Anchor.log_id == log_id).scalar_subquery()
    note, at = db.session.execute(select(SignedRow.note, last).where(SignedRow.log_id == log_id)).one()
    days = int(current_app.config["LOG_ANCHOR_DAYS"])
    if not note or (at is not None and clock.now() - at <= timedelta(days=days)):
        return None
    if at is None:
        return Words(N_("No copy of the log's checkpoint was made outside yet. Please ask whoever keeps the server for one."))
    return Words(
        N_("The last copy of the log's checkpoint outside is older than %(days)s days. Please ask whoever keeps the server."),
        days=days,
    )
