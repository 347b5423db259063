"""Meetings as iCalendar text (RFC 5545): a file for one, a feed for a council. Pure.

Lines end with CRLF and are folded at 75 octets, never inside a character; text values are escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST_LINE = 75
ESCAPES = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}


@dataclass(frozen=True)
class Event:
    """One meeting. ``sequence`` grows with every notice, so that calendars take the newest one over the others."""

    uid: str
    stamped_at: datetime
    starts_at: datetime
    ends_at: datetime | None
    summary: str
    place: str
    description: str
    url: str
    sequence: int
    is_cancelled: bool


def calendar(name: str, events: Iterable[Event]) -> str:
    """The whole text of a calendar with these events."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//deliberation//meetings//ZH", "METHOD:PUBLISH"]
    lines.append(_text("X-WR-CALNAME", name))
    for one in events:
        lines += _event(one)
    lines.append("END:VCALENDAR")
    return "".join(f"{fold(line)}\r\n" for line in lines)


def _event(one: Event) -> list[str]:
    return [
        "BEGIN:VEVENT",
        _text("UID", one.uid),
        f"DTSTAMP:{_moment(one.stamped_at)}",
        f"DTSTART:{_moment(one.starts_at)}",
        *([f"DTEND:{_moment(one.ends_at)}"] if one.ends_at is not None else []),
        f"SEQUENCE:{one.sequence}",
        f"STATUS:{'CANCELLED' if one.is_cancelled else 'CONFIRMED'}",
        _text("SUMMARY", one.summary),
        _text("LOCATION", one.place),
        *([_text("DESCRIPTION", one.description)] if one.description else []),
        f"URL:{one.url}",
        "END:VEVENT",
    ]


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(name: str, value: str) -> str:
    plain = value.replace("\r\n", "\n").replace("\r", "\n")
    return f"{name}:{''.join(ESCAPES.get(character, character) for character in plain)}"


def fold(line: str) -> str:
    """A line of any length as lines of at most 75 octets; each but the first begins with a blank."""
    pieces, piece, room = [], "", LONGEST_LINE
    for character in line:
        size = len(character.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", LONGEST_LINE - 1
        piece += character
        room -= size
    return "\r\n ".join([*pieces, piece])
