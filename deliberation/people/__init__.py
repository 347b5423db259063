"""Persons, accounts, households, units, the permission catalogue."""

from __future__ import annotations

from flask import Flask

from deliberation.people import actions, models

__all__ = ["actions", "models", "setup"]


def setup(app: Flask) -> None:
    """Wire the room into the application."""
