"""Evaluation meetings: rating rounds by separate groups, comments and findings, promises of improvement."""

from __future__ import annotations

from flask import Flask

from deliberation.evaluations import actions, models, promises, record, sealed, services
from deliberation.meetings.record_parts import record_parts

__all__ = ["actions", "models", "promises", "sealed", "services", "setup"]


def setup(app: Flask) -> None:
    """The minutes of an evaluation meeting tell of its rounds."""
    record_parts.add("ratings", record.of)
