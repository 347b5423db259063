"""What joint and co-ordination meetings end in: their sides, the points agreed, a written agreement or the next channel."""

from __future__ import annotations

from flask import Flask

from deliberation.agreements import actions, endings, models, services

__all__ = ["actions", "endings", "models", "services", "setup"]


def setup(app: Flask) -> None:
    """Wire the room into the application."""
