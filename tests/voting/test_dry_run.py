"""What is said before the vote agrees with what is decided after it, whatever the rule and however it falls."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy import select

from deliberation.councils.thresholds import Base, Threshold
from deliberation.extensions import db
from deliberation.voting.dry_run import dry_run
from deliberation.voting.models import Poll
from deliberation.voting.verdicts import Count, Outcome, PassRule, decide
from tests.web import in_english

HALF = Threshold(Fraction(1, 2), False, Base.ENTITLED)
QUORUM = Threshold(Fraction(2, 3), True, Base.ENTITLED)
COUNCIL = PassRule(QUORUM, HALF)


def said(rule, entitled, present, recused, may_vote=None):
    voters = present - recused if may_vote is None else may_vote
    return dry_run(rule, entitled=entitled, present=present, recused=recused, may_vote=voters).sentence().render()


def test_the_sentence_of_the_case():
    expected = "17 may vote (18 present, 1 recused); 11 must say yes; it fails as soon as 7 do not."
    assert said(COUNCIL, 21, 18, 1) == expected


def test_without_a_quorum_it_says_who_is_missing():
    expected = "No vote yet: 12 are here, 14 are needed. 2 more, and it can be opened."
    assert said(COUNCIL, 21, 12, 0) == expected


def test_what_cannot_pass_is_said_before():
    assert said(PassRule(None, HALF), 21, 9, 0) == "9 may vote (9 present); 11 would have to say yes: it cannot pass."


def test_a_chair_who_does_not_vote_is_not_among_those_who_may():
    expected = "16 may vote (18 present, 1 recused); 11 must say yes; it fails as soon as 6 do not."
    assert said(COUNCIL, 21, 18, 1, may_vote=16) == expected


def test_where_the_base_is_the_votes_no_figure_is_promised():
    rule = PassRule(None, Threshold(Fraction(1, 2), False, Base.FOR_AGAINST))
    assert said(rule, 21, 18, 0) == (
        "18 may vote (18 present); more than 1/2 of the votes for and against must say yes, and more must say yes than no."
    )


fractions = st.builds(lambda n, d: Fraction(min(n, d), max(n, d)), st.integers(0, 5), st.integers(1, 6))
rules = st.builds(
    lambda fraction, inclusive, base, in_base: PassRule(None, Threshold(fraction, inclusive, base), recused_in_base=in_base),
    fractions, st.booleans(), st.sampled_from([Base.ENTITLED, Base.PRESENT]), st.booleans(),
)  # fmt: skip


@given(rule=rules, people=st.tuples(*[st.integers(0, 9)] * 5))
def test_the_figures_hold_for_every_way_the_votes_can_fall(rule, people):
    absent, recused, yes, no, silent = people
    present = recused + yes + no + silent
    entitled = absent + present
    assume(present > recused)
    before = dry_run(rule, entitled=entitled, present=present, recused=recused, may_vote=present - recused)
    after = decide(rule, Count(entitled, present, recused, yes, no, present - recused - yes - no, 0))
    adopted = after.outcome is Outcome.ADOPTED
    assert adopted == (yes >= before.needed and yes > no)
    if before.fails_at is not None:
        assert adopted == (present - recused - yes < before.fails_at)


def test_the_vote_of_the_case_keeps_what_was_said_before_it(demo, client):
    poll = db.session.scalars(select(Poll).where(Poll.label == "M1").order_by(Poll.id)).first()
    page = in_english(client).get(f"/c/mochou/polls/{poll.id}")
    assert "17 may vote (18 present, 1 recused); 11 must say yes; it fails as soon as 7 do not." in page.text
