"""The report meeting's paper: composed from the records since the last one, never typed, frozen when the notice goes out."""

from __future__ import annotations

from flask import Flask

from deliberation.reporting import actions, models, services

__all__ = ["actions", "models", "services", "setup"]


def setup(app: Flask) -> None:
    """Wire the room into the application."""
