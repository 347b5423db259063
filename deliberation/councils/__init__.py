"""Councils, terms, offices, rules, and who may do what."""

from __future__ import annotations

from flask import Flask

from deliberation.councils import actions, models

__all__ = ["actions", "models", "setup"]


def setup(app: Flask) -> None:
    """Wire the room into the application."""
