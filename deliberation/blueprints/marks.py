"""What is printed on paper so that a phone can hold it against the log: the square on a document, the notice of the week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from flask import render_template
from markupsafe import Markup

from deliberation.audit import checking, queries, signing
from deliberation.blueprints.addresses import printed_address
from deliberation.blueprints.card_faces import qr
from deliberation.blueprints.checkable import record_or_404
from deliberation.blueprints.checks import bp, signed_point
from deliberation.blueprints.pages import council_or_404
from deliberation.blueprints.tiles import newest_note
from deliberation.councils.models import Council
from deliberation.kernel import clock
from deliberation.kernel.calendar import local_day


@dataclass(frozen=True)
class Mark:
    """Beside a printed document: the square, and the same in figures."""

    picture: Markup
    document: str
    entry: int
    size: int
    root: str


def mark(council: Council, kind: str, key: int) -> Mark | None:
    """The mark of a document as it stands now; None where the log has no entry about it."""
    record = record_or_404(council, kind, key)
    first = checking.hold(council.log_id, record.what, record.claims[:1])[0]
    if first.seq is None:
        return None
    size, root = last_checkpoint(council, first.seq)
    values = {"entry": first.seq, "document": first.now, "size": size, "root": root.hex()}
    address = printed_address("checks.paper", community=council.slug, **values)
    return Mark(square(address), first.now, first.seq, size, root.hex())


@lru_cache(maxsize=256)
def square(address: str) -> Markup:
    """The square of an address: drawn once, for it costs more than the page around it."""
    return qr(address)


def last_checkpoint(council: Council, seq: int) -> tuple[int, bytes]:
    """The last checkpoint that was signed, where it covers the entry; else the log as it stands. Nothing is signed here."""
    point = signed_point(signing.last_signed(council.log_id)[0])
    return point if point is not None and seq < point[0] else queries.head(council.log_id)


@bp.get("/log/notice")
def notice(community: str) -> str:
    """The notice for the board: what the log was this week, in large print, with the square that checks it later."""
    council = council_or_404(community)
    zone = ZoneInfo(council.zone)
    monday = monday_of(local_day(clock.now(), zone))
    note = newest_note(council.log_id)
    size, root = signed_point(note) or queries.head(council.log_id)
    first = queries.since(council.log_id, datetime.combine(monday, time(), zone), size)
    where = printed_address("checks.paper", community=council.slug, size=size, root=root.hex())
    return render_template(
        "log/notice.html",
        council=council,
        monday=monday,
        sunday=monday + timedelta(days=6),
        entries=size - first,
        size=size,
        groups=[root.hex()[at : at + 4] for at in range(0, 64, 4)],
        keys=signing.verifier_keys(signing.name_of(council.log_id)),
        note=note,
        picture=qr(where),
        address=printed_address("log.root", community=council.slug).partition("://")[2],
    )


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


__all__ = ["Mark", "bp", "mark"]
