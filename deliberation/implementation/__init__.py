"""Tasks, progress, satisfaction."""

from __future__ import annotations

from flask import Flask

from deliberation.agenda.services import step_rules
from deliberation.implementation import actions, models, services

__all__ = ["actions", "models", "services", "setup"]


def setup(app: Flask) -> None:
    """Wire the room into the application: nothing is closed while a task is not done."""
    step_rules.add("implementation.tasks_done", services.tasks_done)
