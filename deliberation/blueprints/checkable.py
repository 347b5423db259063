"""The kinds of documents that can be held against the log, one line each in ``KINDS``."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from deliberation.agenda.texts import text_hash
from deliberation.agreements.models import Settlement
from deliberation.audit import queries
from deliberation.audit.checking import Claim
from deliberation.blueprints.comment_acts import comment_url
from deliberation.blueprints.pages import load_or_404
from deliberation.blueprints.roll_calls import poll_or_404
from deliberation.blueprints.session_plan import address, held_or_404, meeting_or_404
from deliberation.blueprints.words import when
from deliberation.councils.models import Council
from deliberation.evaluations import queries as rounds
from deliberation.kernel.errors import NotFound
from deliberation.kernel.words import N_, Words
from deliberation.meetings.composing import numbered, order_of
from deliberation.meetings.corrections import corrections
from deliberation.meetings.minutes_models import Minutes
from deliberation.meetings.models import Meeting
from deliberation.publishing.models import Resolution
from deliberation.publishing.queries import format_number
from deliberation.reporting.models import Paper
from deliberation.review.models import Comment
from deliberation.voting.models import Poll
from deliberation.voting.secret.queries import sealed_poll


@dataclass(frozen=True)
class Record:
    """A document: ``what`` the log's index calls it, its name, where it is shown, and what is held against the entries about
    it, the document itself first."""

    what: tuple[str, ...]
    name: Words
    url: str
    claims: Sequence[Claim]


def resolution(council: Council, key: int) -> Record:
    one = load_or_404(Resolution, council, id=key)
    number = one.number
    shown = url_for("decisions.show", community=council.slug, year=number.year, no=number.number)
    text = text_hash(paragraph.text for paragraph in one.version.paragraphs)
    claims = [
        Claim(Words(N_("The text")), one, ("text_hash",), text),
        Claim(Words(N_("What this resolution can bind")), one, ("effect",)),
        Claim(Words(N_("Its number")), number),
        Claim(Words(N_("Day of issue, and what else is recorded of it")), one, ("issued_on", "issued_at", "log_size", "log_root")),
    ]
    return Record((f"resolution:{key}",), format_number(number), shown, claims)


def verdict(council: Council, key: int) -> Record:
    poll = poll_or_404(council, key)
    row = poll.verdict or poll.result
    if row is None:
        raise NotFound(N_("This vote has not been counted: there is no verdict to verify yet."))
    if poll.least_shown is not None:
        return _rating(council, poll)
    claims = [Claim(Words(N_("What was counted, and what came out")), row)]
    if poll.rule is not None:
        claims.append(Claim(Words(N_("The rule")), poll.rule))
    claims.append(Claim(Words(N_("What was voted on, and when")), poll))
    name = Words(N_("The result of the vote on %(label)s"), label=poll.label)
    return Record((f"poll:{key}",), name, poll_url(council, poll), claims)


def _rating(council: Council, poll: Poll) -> Record:
    """A rating round once it is published: its numbers and roots, and its grades where no person was rated."""
    round_ = rounds.round_of(poll)
    if round_ is None or round_.published_at is None:
        raise NotFound(N_("This round is not published: there is nothing to verify yet."))
    box = ("marks", "sealed", "sealed_root", "ballots", "ballots_root")
    claims = [Claim(Words(N_("What was counted, and what came out")), poll.result),
              Claim(Words(N_("The box: how many ballots, and their roots")), sealed_poll(poll), box),
              Claim(Words(N_("What was voted on, and when")), poll)]  # fmt: skip
    what = (f"poll:{poll.id}", f"rating_round:{round_.id}")
    name = Words(N_("The result of the vote on %(label)s"), label=poll.label)
    return Record(what, name, url_for("evaluations.show", community=council.slug, round_id=round_.id), claims)


def poll_url(council: Council, poll: Poll) -> str:
    return url_for("questions.show" if poll.question is not None else "polls.show", community=council.slug, poll_id=poll.id)


def comment(council: Council, key: int) -> Record:
    one = load_or_404(Comment, council, id=key)
    claims = [Claim(Words(N_("The words of the comment")), one.text)]
    if one.masked is not None:
        claims.append(Claim(Words(N_("The words as they are shown, with a place covered")), one.masked))
    if one.reply is not None:
        claims.append(Claim(Words(N_("The answer")), one.reply))
    claims.append(Claim(Words(N_("Stance, place and time of the comment")), one))
    name = Words(N_("Comment %(label)s on “%(title)s”"), label=one.label, title=one.window.matter.title)
    return Record((f"comment:{key}",), name, comment_url(council, one.window.matter.no, one), claims)


def meeting(council: Council, key: int) -> Record:
    one = meeting_or_404(council, key)
    papers = [Claim(Words(N_("Paper sent with the notice: %(title)s"), title=paper.title), paper) for paper in one.materials]
    topics = [Claim(Words(N_("Topic of the agenda: %(title)s"), title=topic.text), topic) for topic in one.topics]
    claims = [Claim(Words(N_("Day, place and course of the session")), one), *topics, *papers]
    name = Words(N_("Council session, %(when)s"), when=when(one.starts_at))
    return Record((f"meeting:{key}",), name, address(council, key), claims)


def minutes(council: Council, key: int) -> Record:
    held = held_or_404(council, key)
    one = load_or_404(Minutes, council, meeting_id=held.id)
    if one.document is None:
        raise NotFound(N_("These minutes have not been signed: there is no text to verify yet."))
    dates = ("laid_out_at", "objections_until", "chair_signed_at", "clerk_signed_at", "published_at", "document_hash")
    claims = [Claim(Words(N_("The signed text")), one, ("document",)), Claim(Words(N_("Signatures and publication")), one, dates)]
    claims.append(_who_is_who(council, held, one))
    claims += [Claim(Words(N_("Correction no. %(n)s"), n=made.number), made) for made in corrections(held) if made.number]
    name = Words(N_("Minutes of %(when)s"), when=when(held.starts_at))
    shown = url_for("minutes.show", community=council.slug, meeting_id=held.id)
    return Record((f"meeting:{key}",), name, shown, claims)


def _read(document: str | None) -> dict[str, Any]:
    """The document as data; nothing where somebody changed it so that it is none."""
    try:
        doc = json.loads(document or "")
    except ValueError:
        return {}
    return doc if isinstance(doc, dict) else {}


def _who_is_who(council: Council, meeting: Meeting, kept: Minutes) -> Claim:
    """Which number of the minutes is whose: the rows of the roster, held against the entries by the people's references, and
    the secret that orders them against its hash in the document."""
    doc, rows = _read(kept.document), numbered(meeting)
    references = queries.references(council.log_id, (row.person_id for row in rows))
    order = order_of(kept.salt) if kept.salt else None
    wrong: list[tuple[str, Any, Any]] = []
    if doc.get("order") != order:
        wrong.append(("order of the numbers", doc.get("order"), order))
    people = len(doc.get("people", ()))
    if people != len(rows):
        wrong.append(("people on the roster", people, len(rows)))
    name = Words(N_("Which number of the minutes is whose"))
    # Of whom nobody knows the name any more, nobody can be taken for.
    parts = [Claim(name, row, ("person_id",), references.get(row.person_id, "")) for row in rows
             if row.person_id in references or row.person.name]  # fmt: skip
    return Claim(name, parts=tuple(parts), differs=tuple(wrong))


def agreement(council: Council, key: int) -> Record:
    held = meeting_or_404(council, key)
    one = load_or_404(Settlement, council, meeting_id=held.id)
    text = ("document",) if one.document is not None else ("reason",)
    claims = [Claim(Words(N_("The text")), one, text), Claim(Words(N_("How the meeting ended, and when")), one)]
    name = Words(N_("What the sides agreed on %(when)s"), when=when(held.starts_at))
    shown = url_for("agreements.show", community=council.slug, meeting_id=held.id)
    return Record((f"meeting:{key}",), name, shown, claims)


def report(council: Council, key: int) -> Record:
    held = meeting_or_404(council, key)
    one = load_or_404(Paper, council, meeting_id=held.id)
    claims = [
        Claim(Words(N_("The text")), one, ("document",)),
        Claim(Words(N_("The time that it tells of")), one, ("since", "until", "document_hash")),
    ]
    name = Words(N_("Report for the meeting of %(when)s"), when=when(held.starts_at))
    shown = url_for("reports.show", community=council.slug, meeting_id=held.id)
    return Record((f"meeting:{key}",), name, shown, claims)


KINDS: dict[str, Callable[[Council, int], Record]] = {
    "resolution": resolution,
    "verdict": verdict,
    "comment": comment,
    "meeting": meeting,
    "minutes": minutes,
    "agreement": agreement,
    "report": report,
}
"""How the record of a kind is found by its id. It raises `NotFound` for what this reader may not see."""


def record_or_404(council: Council, kind: str, key: int) -> Record:
    if kind not in KINDS:
        raise NotFound(N_("There is nothing at this address."))
    return KINDS[kind](council, key)
