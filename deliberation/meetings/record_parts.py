"""The door for what upper rooms put into the minutes: what happened in a meeting and is theirs to tell.

A room registers, in its ``setup``, one function for each code that a kind of meeting names under ``record`` in ``kinds.json``:

    record_parts.add("rounds", record.of)

It is called with the meeting and returns a `Part`, or None where there is nothing to tell. The part is frozen with the minutes,
so it names nobody: whoever stands in a line is given as a `Someone` or a person, whatever was said as a personal record. The
page puts the sentences into the reader's language, and the names in for those who may read them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from deliberation.audit.models import PersonalRecord
from deliberation.audit.recording import commitment_of
from deliberation.audit.values import instant
from deliberation.kernel.registry import Registry
from deliberation.kernel.words import Words
from deliberation.meetings.models import Meeting
from deliberation.people.models import Person

Doc = dict[str, Any]


@dataclass(frozen=True)
class Someone:
    """Somebody who is known by what they are there (a side, a unit); ``name`` is put in for those who may read names."""

    known_as: Words
    name: PersonalRecord | None = None


@dataclass(frozen=True)
class Open:
    """A personal text that everybody may read, as long as it is not erased."""

    record: PersonalRecord


@dataclass(frozen=True)
class Sub:
    """A line that is a heading over those after it."""

    words: Words


Line = Words | Sub | str
"""A sentence, or an official text as it is. What goes into a sentence: whole numbers, official texts, other `Words`, an instant
or a day, a name by language (``zh``, ``en``), a `Person` (who stands there by the seat), a `Someone`, a `PersonalRecord` (members
read it) or an `Open` one."""


@dataclass(frozen=True)
class Part:
    heading: Words
    lines: Sequence[Line]


record_parts: Registry[Callable[[Meeting], Part | None]] = Registry("part of the minutes")


def parts_of(meeting: Meeting, codes: Sequence[str], numbers: Mapping[int, int]) -> list[Doc]:
    """The registered parts among ``codes``, in that order, as the document holds them."""
    found = ((code, record_parts[code](meeting)) for code in codes if code in record_parts)
    return [
        {"code": code, "heading": plain(part.heading, numbers), "lines": [_line(one, numbers) for one in part.lines]}
        for code, part in found
        if part is not None
    ]


def _line(line: Line, numbers: Mapping[int, int]) -> Any:
    return {"sub": plain(line.words, numbers)} if isinstance(line, Sub) else plain(line, numbers)


def plain(value: Any, numbers: Mapping[int, int]) -> Any:
    """A sentence and what goes into it as data without a name; ``numbers`` are those of the people on the roster."""
    if isinstance(value, Words):
        return {"say": value.message, "with": {key: plain(one, numbers) for key, one in value.params.items()}}
    if isinstance(value, Person):
        return {"person": numbers.get(value.id)}
    if isinstance(value, Someone):
        return {"as": plain(value.known_as, numbers), "name": words_of(value.name)}
    if isinstance(value, Open):
        return {"open": words_of(value.record)}
    if isinstance(value, PersonalRecord):
        return words_of(value)
    if isinstance(value, datetime):
        return {"at": instant(value)}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Mapping):
        return {"in": dict(value)}
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value).__name__} does not stand in minutes")


def words_of(record: PersonalRecord | None) -> Doc | None:
    """A personal text as the document holds it."""
    if record is None:
        return None
    return {"record": record.id, "commitment": commitment_of(record) if record.salt is not None else None}
