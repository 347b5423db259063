"""Motions, votes, rulings and questions as the minutes hold them: data without a name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from deliberation.audit.values import instant
from deliberation.meetings.kinds import procedures
from deliberation.meetings.models import PollSubject
from deliberation.meetings.queries import ItemView
from deliberation.motions.lines import Line, RulingLine, Tree
from deliberation.voting.models import Poll

Doc = dict[str, Any]


def moment(at: datetime | None) -> str | None:
    return None if at is None else instant(at)


def ruling(one: RulingLine, numbers: Mapping[int, int]) -> Doc:
    return {
        "motion": one.motion,
        "text": one.text,
        "reason": one.reason,
        "at": moment(one.ruled_at),
        "appealed_by": numbers.get(one.appealed_by.person_id) if one.appealed_by else None,
        "hands": None if one.hands_for is None else [one.hands_for, one.hands_against],
        "overturned": one.is_overturned,
    }


def motions(view: ItemView, numbers: Mapping[int, int]) -> list[Doc]:
    """What lay before this sitting, in the order in which it was decided."""
    debate = view.item.debate_id
    every = [line for one in view.trees for line in one.lines] if debate is not None else []
    lines = [line for line in every if line.debate_id == debate or any(one.debate_id == debate for one in line.procedures)]
    lines.sort(key=lambda line: (line.decided_at is None, line.decided_at or line.proposed_at, line.id))
    return [_motion(line, numbers, debate) for line in lines]


def _motion(line: Line, numbers: Mapping[int, int], debate: int | None) -> Doc:
    return {
        "label": line.label,
        "kind": line.kind,
        "parent": line.parent,
        "op": line.op,
        "number": line.number,
        "text": line.text,
        "mover": numbers.get(line.mover.person_id),
        "seconder": numbers.get(line.seconder.person_id) if line.seconder else None,
        "proposed_at": moment(line.proposed_at),
        "state": line.state,
        "reconsiders": line.reconsiders,
        "vote": _vote(line.poll) if line.poll else None,
        "procedures": [
            {
                "kind": one.kind,
                "mover": numbers.get(one.mover.person_id),
                "seconder": numbers.get(one.seconder.person_id),
                "until": one.until_on.isoformat() if one.until_on else None,
                "reason": one.reason,
                "at": moment(one.made_at),
            }
            for one in line.procedures
            if one.debate_id == debate
        ],
    }


def _vote(poll: Poll) -> Doc | None:
    """The figures of a counted vote with the rule that judged them: enough to say the verdict again."""
    row, rule = poll.verdict, poll.rule
    if row is None or rule is None:
        return None
    return {
        "poll": poll.id,
        "mode": poll.mode,
        "opened_at": moment(poll.opened_at),
        "decided_at": moment(row.decided_at),
        "rule": json.loads(rule.rule),
        "rule_version": rule.rule_version,
        "entitled": row.entitled,
        "present": row.present,
        "recused": row.recused,
        "for": row.votes_for,
        "against": row.votes_against,
        "abstain": row.votes_abstain,
        "invalid": row.votes_invalid,
        "outcome": row.outcome,
        "void": row.void,
    }


def adopted(view: ItemView) -> list[str] | None:
    """The text that was adopted here, where a main motion was carried."""
    carried: list[Tree] = [one for one in view.trees if one.main.state == "carried" and one.main.debate_id == view.item.debate_id]
    return [one.text for one in carried[-1].text] if carried else None


def subject(one: PollSubject) -> Doc:
    """What of the agenda a question belonged to: its words, or the words of the procedure by language."""
    if one.procedure is not None:
        return {"procedure": one.procedure, "names": procedures().get(one.procedure, {})}
    return {"title": one.item.matter.title if one.item else one.topic.text if one.topic else None}


def question(poll: Poll, about: Doc | None) -> Doc:
    return {
        **({"about": about} if about else {}),
        "label": poll.label,
        "question": poll.question,
        "kind": poll.kind,
        "mode": poll.mode,
        "scale": poll.scale,
        "options": [one.text for one in poll.options],
        "vote": _vote(poll),
        # As it was kept: figures of a count are no whole numbers, and stay text here.
        "result": poll.result.result if poll.result else None,
    }
