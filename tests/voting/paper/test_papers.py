"""Paper in a secret vote, as law: one name once whatever the way, two entries that agree, one count of both."""

from __future__ import annotations

from deliberation.extensions import db
from deliberation.voting.paper import queries
from tests.voting.paper.scenes import desk, marked


def test_votes_by_phone_and_on_paper_are_counted_together(world):
    made = desk(world, given=8)
    for person in made.secret.voters[8:]:
        made.secret.cast(next(code for code, one in world.people.items() if one is person), "for")
    made.secret.close()
    made.by_both(marked(made.serials, ["against"] * 6 + ["invalid:unclear"] * 2))
    row = made.secret.count()
    assert (row.votes_for, row.votes_against, row.votes_invalid, row.void) == (10, 6, 2, None)
    db.session.expire_all()
    told = queries.channels(made.poll)
    assert (told.phone, told.paper, told.all, told.invalid) == (10, 8, 18, 2)
