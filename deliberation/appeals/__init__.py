"""One-stop intake of appeals, reply clocks, merging into matters, replies."""

from __future__ import annotations

from flask import Flask

from deliberation.agenda.services import step_rules
from deliberation.appeals import actions, models
from deliberation.appeals.services import answers_are_given, everybody_answered
from deliberation.implementation.services import task_rules

__all__ = ["actions", "models", "setup"]


def setup(app: Flask) -> None:
    """Wire the room into the application: a matter closes only when everybody who raised it has an answer."""
    step_rules.add("appeals.everybody_answered", everybody_answered)
    task_rules.add("appeals.answers_are_given", answers_are_given)
