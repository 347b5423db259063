"""Evaluation meetings: rating rounds by separate groups, comments and findings, promises of improvement."""

from __future__ import annotations

from flask import Flask

from deliberation.evaluations import actions, models, promises, sealed, services

__all__ = ["actions", "models", "promises", "sealed", "services", "setup"]


def setup(app: Flask) -> None:
    """Nothing to wire."""
