"""Public review on the residents' forum: windows, comments, replies, moderation."""

from __future__ import annotations

from flask import Flask

from deliberation.review import actions, models

__all__ = ["actions", "models", "setup"]


def setup(app: Flask) -> None:
    """Wire the room into the application."""
