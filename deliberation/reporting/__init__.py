"""The report meeting's paper: composed from the records since the last one, never typed, frozen when the notice goes out."""

from __future__ import annotations

from flask import Flask

from deliberation.meetings.record_parts import record_parts
from deliberation.reporting import actions, models, record, services

__all__ = ["actions", "models", "services", "setup"]


def setup(app: Flask) -> None:
    """Wire the room into the application: the minutes name the paper by its hash."""
    record_parts.add("report", record.of)
