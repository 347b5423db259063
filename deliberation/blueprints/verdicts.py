"""A vote's rule, what was said before it, and its verdict, as pages show them."""

from __future__ import annotations

import json
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from deliberation.blueprints.words import in_every_language, say
from deliberation.voting import queries, tallying
from deliberation.voting.dry_run import dry_run
from deliberation.voting.models import Poll
from deliberation.voting.verdicts import PassRule


def verdict_card(poll: Poll, community: str) -> dict[str, Any]:
    """What the verdict macro shows of a counted poll; its "verify" holds it against the log."""
    assert poll.verdict is not None and poll.rule is not None
    row = poll.verdict
    return {
        "outcome": row.outcome,
        "for_": row.votes_for,
        "against": row.votes_against,
        "abstain": row.votes_abstain,
        "invalid": row.votes_invalid,
        "recused": row.recused,
        "absent": row.entitled - row.present,
        "entitled": row.entitled,
        "present": row.present,
        "quorum_needed": row.quorum_needed,
        "pass_needed": row.pass_needed,
        "sentence": say(tallying.verdict_of(row, poll.rule.rule).sentence()),
        "rule_line": _("Rules of the council, version %(n)s", n=poll.rule.rule_version),
        "check_url": url_for("checks.show", community=community, kind="verdict", key=poll.id),
    }


def rule_words(poll: Poll) -> list[str]:
    """The frozen rule in words."""
    if poll.rule is None:
        return []
    rule = PassRule.from_data(json.loads(poll.rule.rule))
    quorum = say(rule.quorum.words()) if rule.quorum else _("no quorum")
    return [
        _("Quorum: %(quorum)s", quorum=quorum),
        _("To pass: %(pass_)s must be for; a tie never adopts", pass_=say(rule.passing.words())),
    ]


def said_before(poll: Poll, progress: queries.Progress) -> str:
    """What was said before the vote: the frozen rule applied to the people frozen with it; the same for ever. Nothing where
    it is not known before how many will count as present: by correspondence."""
    if poll.rule is None or poll.by_correspondence:
        return ""
    people = {name: getattr(progress, name) for name in ("entitled", "present", "recused", "may_vote")}
    return say(dry_run(PassRule.from_data(json.loads(poll.rule.rule)), **people).sentence())


def sentences(poll: Poll) -> list[tuple[str, str]]:
    """The kept verdict with its arithmetic, in every language."""
    assert poll.rule is not None and poll.verdict is not None
    return in_every_language(tallying.verdict_of(poll.verdict, poll.rule.rule).sentence())
