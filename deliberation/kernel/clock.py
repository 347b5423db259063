"""The one clock. Aware UTC instants to the second; tests and the demo freeze or shift it here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_frozen: datetime | None = None
_offset = timedelta()


def now() -> datetime:
    """The present instant, aware, UTC, whole seconds."""
    return at(datetime.now(UTC))


def at(machine: datetime) -> datetime:
    """What this clock shows when a machine's clock (this one's, or the database's) shows ``machine``."""
    return _frozen if _frozen is not None else (machine + _offset).replace(microsecond=0)


def today(zone: str) -> date:
    """The calendar day of `now` in the time zone named ``zone``."""
    return now().astimezone(ZoneInfo(zone)).date()


def shift(offset: timedelta) -> None:
    """Let this process live ``offset`` away from the machine's clock (a demonstration database keeps one)."""
    global _offset
    _offset = offset


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Stop this process's clock at the aware instant ``at`` for the block."""
    global _frozen
    if at.tzinfo is None:
        raise ValueError("the clock needs an aware instant")
    before, _frozen = _frozen, at.astimezone(UTC).replace(microsecond=0)
    try:
        yield
    finally:
        _frozen = before
