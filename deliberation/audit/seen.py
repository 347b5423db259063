"""After a restore: does this database still hold everything that was published?

What was signed last is remembered beside the key (`marks`) and stands in the folders outside. Where the stored trees do not
begin with it, nobody writes and nothing is signed until the keeper has said in public what is lost (`acknowledge`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from deliberation.audit import delivering, keyfile, marks, notes, places, signing
from deliberation.audit.keyfile import KeyFileError
from deliberation.audit.marks import Mark
from deliberation.audit.models import Log, LogKey, LostPart
from deliberation.audit.notes import NoteError
from deliberation.audit.recording import Capacity, recording
from deliberation.audit.services import INSTALLATION, open_log
from deliberation.extensions import db, transaction
from deliberation.kernel import clock
from deliberation.kernel.errors import ReadOnly
from deliberation.kernel.words import N_, Words

ALLOWED = "writes in spite of losses"
STATE = "LOG_LOSSES"
"""Where an application keeps what it found: in its configuration, once a process."""


@dataclass(frozen=True)
class Loss:
    """A published checkpoint that is not in this database. ``log_id`` is None where the whole log is missing."""

    mark: Mark
    log_id: int | None
    kept: int

    @property
    def words(self) -> Words:
        if self.kept < self.mark.size:
            return Words(
                N_("Of %(log)s, %(published)s entries were published, %(kept)s are here: from No. %(kept)s on, they are missing."),
                log=self.mark.origin, published=self.mark.size, kept=self.kept,
            )  # fmt: skip
        return Words(
            N_("Of %(log)s, the first %(published)s entries are not those that were published."),
            log=self.mark.origin, published=self.mark.size,
        )  # fmt: skip


def losses() -> tuple[Loss, ...]:
    """What was published and is not here. Found once a process; what was found is looked at again when the files change."""
    path = Path(current_app.config["LOG_KEY"])
    known = current_app.config.get(STATE)
    if known is not None and known[0] == path and (not known[2] or known[1] == marks.stamp(path)):
        return known[2]  # type: ignore[no-any-return]
    stamp = marks.stamp(path)
    try:
        found = tuple(_compare(path))
    except (OperationalError, ProgrammingError):
        # A database without tables; whoever needs one is told elsewhere.
        return ()
    current_app.config[STATE] = (path, stamp, found)
    return found


def require_whole() -> None:
    """Raises `ReadOnly` where published entries are missing. Asked before every transaction."""
    if not db.session().info.get(ALLOWED) and (found := losses()):
        raise ReadOnly(
            N_(
                "Only reading is possible now, nothing is recorded. An older copy was restored here. %(loss)s"
                " The keeper of the installation has to look into it: deliberation log acknowledge."
            ),
            loss=found[0].words,
        )


@contextmanager
def allowed() -> Iterator[None]:
    """What must happen in an older copy too: erasing again what was erased, saying what is lost."""
    session = db.session()
    session.info[ALLOWED] = True
    try:
        yield
    finally:
        session.info.pop(ALLOWED)


def _compare(key: Path) -> Iterator[Loss]:
    last = marks.read(marks.last_file(key))
    outside_places = [place for place in _places() if place.kind == places.DIRECTORY]
    if not last and not outside_places:
        return
    with db.engine.connect() as connection:
        names = list(connection.scalars(select(LogKey.origin).distinct()))
        acknowledged = set(marks.read(marks.acknowledged_file(key)))
        outside = [mark for place in outside_places for mark in _newest(connection, key, place, acknowledged)]
        missing: dict[str, Loss] = {}
        for mark in sorted([*last, *outside], key=lambda mark: mark.size):
            for name in names:
                if mark.origin.startswith(f"{name}/") and (lost := _lost(connection, name, mark)) is not None:
                    missing[mark.origin] = lost
    yield from missing.values()


def _places() -> list[places.Place]:
    return places.configured(current_app.config)


def _lost(connection: Connection, key_name: str, mark: Mark) -> Loss | None:
    log = mark.origin.removeprefix(f"{key_name}/")
    row = connection.execute(select(Log.id, Log.size).where(Log.name == log)).one_or_none()
    if row is None:
        return Loss(mark, None, 0)
    return None if signing.contains(connection, row.id, mark, row.size) else Loss(mark, row.id, row.size)


def _newest(connection: Connection, key: Path, place: places.Place, acknowledged: set[Mark]) -> Iterator[Mark]:
    """The newest checkpoint of each log in a folder outside, if it carries a signature of ours."""
    keys = {(row.origin, bytes.fromhex(row.public_key)) for row in connection.execute(select(LogKey.origin, LogKey.public_key))}
    try:
        keys |= {(one.name, one.verifier.public) for one in keyfile.read(key)}
    except KeyFileError:
        pass
    for inside in _folders(place):
        for mark in delivering.kept(inside):
            if mark not in acknowledged and _is_ours(inside, mark, keys):
                yield mark
                break


def _folders(place: places.Place) -> list[Path]:
    try:
        return sorted(path for path in Path(place.address).iterdir() if path.is_dir())
    except OSError as error:
        current_app.logger.warning("LOG_ANCHORS: the folder of %s cannot be read: %s", place.name, error.strerror)
        return []


def _is_ours(inside: Path, mark: Mark, keys: set[tuple[str, bytes]]) -> bool:
    try:
        raw = (inside / delivering.file_of(mark)).read_bytes()
        known = [notes.VerifierKey(mark.origin, public) for name, public in keys if mark.origin.startswith(f"{name}/")]
        return notes.open_checkpoint(raw, known) == notes.Checkpoint(mark.origin, mark.size, mark.root)
    except (OSError, NoteError):
        return False


def acknowledge() -> tuple[Loss, ...]:
    """Record in each log concerned what is lost, keep the marks for the public notice, and let everybody write again."""
    key, found = Path(current_app.config["LOG_KEY"]), losses()
    with allowed():
        for loss in found:
            with transaction():
                _record(loss)
    marks.acknowledge(key, [*(loss.mark for loss in found), *_contradicted(found)])
    current_app.config.pop(STATE, None)
    return found


def _record(loss: Loss) -> Any:
    row = LostPart(
        origin=loss.mark.origin, published=loss.mark.size, root=loss.mark.root.hex(), kept=loss.kept, acknowledged_at=clock.now()
    )
    log_id = loss.log_id if loss.log_id is not None else open_log(INSTALLATION)
    with recording(Capacity(None, signing.OFFICE, log_id), "log.loss_acknowledge", row):
        db.session.add(row)


def _contradicted(found: tuple[Loss, ...]) -> Iterator[Mark]:
    """What else stands in the folders outside of the part that is lost."""
    by_origin = {loss.mark.origin: loss for loss in found}
    with db.engine.connect() as connection:
        for place in _places():
            folders = _folders(place) if place.kind == places.DIRECTORY else []
            for mark in (mark for inside in folders for mark in delivering.kept(inside)):
                loss = by_origin.get(mark.origin)
                if loss and not (loss.log_id and signing.contains(connection, loss.log_id, mark, loss.kept)):
                    yield mark
