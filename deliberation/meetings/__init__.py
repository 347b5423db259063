"""Meetings of every kind: calling, notice, roster, speeches, polls with those present, minutes."""

from __future__ import annotations

from flask import Flask

from deliberation.meetings import actions, minutes_models, models

__all__ = ["actions", "minutes_models", "models", "setup"]


def setup(app: Flask) -> None:
    """Wire the room into the application."""
