"""Calendar text as RFC 5545 has it: read back by a reader written from its sections 3.1 and 3.3.11."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from deliberation.meetings.ical import Event, calendar, fold

TEXTS = ("SUMMARY", "LOCATION", "DESCRIPTION", "X-WR-CALNAME", "UID")
ESCAPED = re.compile(r"(?:[^\\;,\n]|\\[\\;,n])*")

EVENT = Event(
    uid="meeting-1@mochou",
    stamped_at=datetime(2026, 3, 20, 1, 10, tzinfo=UTC),
    starts_at=datetime(2026, 3, 26, 6, 30, tzinfo=UTC),
    ends_at=None,
    summary="议事会会议",
    place="社区会议室",
    description="1. 莫让社区变农庄",
    url="https://example.org/c/mochou/meetings/1",
    sequence=0,
    is_cancelled=False,
)


def unfolded(text: str) -> list[str]:
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    for line in text.split("\r\n"):
        assert len(line.encode()) <= 75, line
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def values(text: str) -> dict[str, str]:
    """Property → value, escapes undone; of the last event."""
    found = {}
    for line in unfolded(text):
        name, _colon, value = line.partition(":")
        assert name not in TEXTS or ESCAPED.fullmatch(value), line
        found[name] = re.sub(r"\\([\\;,n])", lambda m: "\n" if m[1] == "n" else m[1], value)
    return found


def test_an_event_says_when_where_what_and_which_notice() -> None:
    lines = unfolded(calendar("莫愁", [EVENT]))
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"] and lines[-1] == "END:VCALENDAR"
    assert "DTSTART:20260326T063000Z" in lines and "DTSTAMP:20260320T011000Z" in lines
    assert "SEQUENCE:0" in lines and "STATUS:CONFIRMED" in lines
    assert not [line for line in lines if line.startswith("DTEND")]
    over = replace(EVENT, ends_at=datetime(2026, 3, 26, 8, 5, tzinfo=UTC), is_cancelled=True, sequence=2)
    lines = unfolded(calendar("莫愁", [over]))
    assert {"DTEND:20260326T080500Z", "STATUS:CANCELLED", "SEQUENCE:2"} <= set(lines)


def test_an_empty_calendar_is_one() -> None:
    assert unfolded(calendar("", []))[-1] == "END:VCALENDAR"


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n,;\\:\"' 农"), max_size=200))
def test_any_text_comes_back_as_it_was(words: str) -> None:
    text = calendar(words, [replace(EVENT, summary=words, place=words, description=words)])
    assert text.count("BEGIN:VEVENT") - words.count("BEGIN:VEVENT") * 4 <= 1
    found = values(text)
    assert (found["SUMMARY"], found["LOCATION"], found["X-WR-CALNAME"]) == (words, words, words)
    assert found.get("DESCRIPTION", "") == words


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=80, max_size=400))
def test_a_folded_line_is_short_and_whole(line: str) -> None:
    folded = fold(line)
    assert folded.replace("\r\n ", "") == line
    assert all(len(piece.encode()) <= 75 for piece in folded.split("\r\n"))
