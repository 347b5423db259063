"""Debates, motions, amendments, seconding, the order of voting, and the text that results."""

from __future__ import annotations

from flask import Flask

from deliberation.agenda.services import step_rules
from deliberation.motions import actions, models, reconsidering, sittings

__all__ = ["actions", "models", "setup"]


def setup(app: Flask) -> None:
    """Wire the room into the application."""
    step_rules.add("motions.not_in_debate", sittings.not_in_debate)
    step_rules.add("motions.not_reconsidered", reconsidering.not_reconsidered)
