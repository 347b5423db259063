"""The papers join the ballots of the box at the count: two entries that agree, or no count."""

from __future__ import annotations

from sqlalchemy import delete, update

from deliberation.extensions import db
from deliberation.kernel.errors import Refused
from deliberation.kernel.transactions import connection_of
from deliberation.kernel.words import N_, Words
from deliberation.voting.kinds import Mode
from deliberation.voting.models import Poll
from deliberation.voting.paper import comparing, queries
from deliberation.voting.paper.models import DIFFERS, PRINTED, Paper, PaperTally, PaperTyped
from deliberation.voting.results import INVALID, SMALL
from deliberation.voting.secret.box import beside
from deliberation.voting.services import alongside
from deliberation.voting.states import PollAct


def agreed(poll: Poll) -> list[str]:
    """What stands on the papers as two people typed it; a paper that was given out and never came back is invalid.

    Raises `Refused` as long as an entry is missing, is not finished, or differs from the other.
    """
    tally, given, both = queries.tally(poll), queries.given(poll), queries.entries(poll)
    if tally is None or not (given or both):
        return []
    if len(both) < 2:
        raise Refused(
            N_("%(n)s papers were given out. Two people type them in before the count."), n=given, code="papers_wait"
        )
    if not all(one.finished_at for one in both):
        raise Refused(N_("The papers have not all been typed in by two people yet."), code="papers_wait")
    first, second = queries.typed(poll, 1), queries.typed(poll, 2)
    roots = {one.root for one in both} | {comparing.root(one.items(), tally.salt) for one in (first, second)}
    if len(roots) != 1:
        raise Refused(N_("The two entries of the papers do not agree: type them in anew."), code="papers_differ")
    return [comparing.counted(one) for one in first.values()] + [INVALID] * max(0, given - len(first))


def obstacle(poll: Poll) -> Words | None:
    """Why the papers of a closed vote cannot be counted yet; None where they can, or where there are none."""
    try:
        agreed(poll)
    except Refused as error:
        return error.words
    return None


def keep(poll: Poll, act: PollAct) -> None:
    """What the acts of a secret poll's life do to its papers, inside the entry of each."""
    kept = queries.paper_poll(poll) if poll.mode == Mode.SECRET and act is not PollAct.OPEN else None
    tally = queries.tally(poll) if kept is not None else None
    if kept is None or tally is None:
        return
    if act is PollAct.CLOSE:
        kept.given = tally.given
        return
    if act is PollAct.COUNT:
        both = queries.entries(poll)
        if len(both) == 2 and all(one.finished_at for one in both):
            papers = [comparing.counted(one) for one in queries.typed(poll, 1).values()]
            kept.counted = len(papers)
            # Of few papers of a rating nothing is told, in the log neither.
            kept.invalid = None if poll.least_shown is not None and len(papers) < SMALL else papers.count(INVALID)
            kept.missing = max(0, (kept.given or 0) - len(papers))
    _clear(poll)


def _clear(poll: Poll) -> None:
    """Nothing of what stood on which paper stays, and nothing by which a root could be tried out."""
    connection = connection_of(db.session())
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
    connection.execute(delete(PaperTyped).where(PaperTyped.poll_id == poll.id))
    connection.execute(delete(PaperTally).where(PaperTally.poll_id == poll.id))
    connection.execute(update(Paper).where(Paper.poll_id == poll.id, Paper.state == DIFFERS).values(state=PRINTED))


beside.append(agreed)
alongside.append(keep)
