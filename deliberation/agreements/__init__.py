"""What joint and co-ordination meetings end in: their sides, the points agreed, a written agreement or the next channel."""

from __future__ import annotations

from flask import Flask

from deliberation.agreements import actions, endings, models, queries, record, services
from deliberation.meetings.naming import named_in
from deliberation.meetings.record_parts import record_parts

__all__ = ["actions", "endings", "models", "services", "setup"]


def setup(app: Flask) -> None:
    """Wire the room into the application: the minutes hold who the sides were and what was agreed; nobody who
    speaks for a side stands by name in what is published."""
    record_parts.add("sides", record.sides)
    record_parts.add("last_points", record.last_points)
    record_parts.add("agreed", record.agreed)
    if queries.speakers not in named_in:
        named_in.append(queries.speakers)
