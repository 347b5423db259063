"""Hearings: who takes part for which side, what was said, the findings, and the council's answer to them."""

from __future__ import annotations

from flask import Flask

from deliberation.agenda.services import step_rules
from deliberation.hearings import actions, answers, models, places_models, queries, record, services
from deliberation.meetings.naming import named_in
from deliberation.meetings.record_parts import record_parts

__all__ = ["actions", "models", "places_models", "services", "setup"]


def setup(app: Flask) -> None:
    """Wire the room into the application.

    No matter goes on before its hearings are answered, and the minutes of a hearing hold its record. Nobody
    who takes part stands by name in what is published.
    """
    step_rules.add("hearings.answered_first", answers.answered_first)
    record_parts.add("rounds", record.of)
    if queries.names not in named_in:
        named_in.append(queries.names)
