"""How the values of a row stand in an entry."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement


@cache
def names_person(column: Column[Any]) -> bool:
    return any(key.target_fullname == "person.id" for key in column.foreign_keys)


def names_resident(row: Any, column: ColumnElement[Any]) -> bool:
    """Whether the column names a person as a resident: always, never, or as the row says."""
    said = column.info.get("as_resident", False)
    return bool(getattr(row, said) if isinstance(said, str) else said)


def simple(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def instant(at: datetime) -> str:
    """RFC 3339 in UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
