"""The record of a hearing as its minutes hold it: who was heard, what each side said, findings, who confirmed them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from deliberation.extensions import db
from deliberation.hearings.models import Hearing, Participant, Word
from deliberation.hearings.queries import participants, rounds_of
from deliberation.hearings.states import Kind, Party, kind_words, party_words
from deliberation.kernel.words import N_, Words
from deliberation.meetings.models import Meeting
from deliberation.meetings.record_parts import Line, Open, Part, Someone, Sub


def of(meeting: Meeting) -> Part | None:
    """The rounds that were held in this meeting, one after the other; three statements a round."""
    rounds = sorted(rounds_of(meeting).values(), key=lambda one: one.id)
    if not rounds:
        return None
    return Part(Words(N_("What was heard")), [line for one in rounds for line in _round(one)])


def _round(hearing: Hearing) -> list[Line]:
    joined, said = participants(hearing), _said(hearing)
    return [
        Sub(Words(N_("Round %(n)s"), n=hearing.round)),
        Words(N_("The question: %(question)s"), question=hearing.question),
        *(Words(N_("Plan or paper presented: %(title)s"), title=paper.title) for paper in hearing.meeting.materials),
        *_people(joined),
        *_statements(said, joined),
        *_questions(said),
        *_sent(said),
        *_findings(hearing, joined),
    ]


def _said(hearing: Hearing) -> list[Word]:
    query = select(Word).where(Word.hearing_id == hearing.id).order_by(Word.id)
    return list(db.session.scalars(query.options(joinedload(Word.text))))


def who(one: Participant) -> Someone:
    return Someone(Words(N_("No. %(n)s, %(party)s"), n=one.number, party=party_words(one.party)), one.name)


def _people(joined: Sequence[Participant]) -> list[Line]:
    here, far = [one for one in joined if one.comes], [one for one in joined if not one.comes]
    return [
        Sub(Words(N_("Who took part"))),
        *(Words(N_("%(who)s: in the room"), who=who(one)) for one in here),
        *(Words(N_("%(who)s: in writing"), who=who(one)) for one in far),
    ]


def _statements(said: Sequence[Word], joined: Sequence[Participant]) -> list[Line]:
    """By side, in the order of the list of parties: each with its statements and the minutes they took."""
    told: list[Line] = []
    for party in Party:
        if not any(one.party == party and one.comes for one in joined):
            continue
        some = [one for one in said if one.kind == Kind.STATEMENT and one.participant.party == party]
        total = sum(one.minutes or 0 for one in some)
        words = N_("%(party)s: %(n)s statements, %(minutes)s minutes")
        told.append(Sub(Words(words, party=party_words(party), n=len(some), minutes=total)))
        told += [Words(N_("%(who)s (%(at)s): %(text)s"), who=who(one.participant), at=one.at, text=Open(one.text)) for one in some]
    return told


def _questions(said: Sequence[Word]) -> list[Line]:
    asked = [one for one in said if one.kind == Kind.QUESTION]
    told: list[Line] = [Sub(Words(N_("Questions and answers")))] if asked else []
    for question in asked:
        answers = [one for one in said if one.to_id == question.id]
        told += [_word(question), *(_word(one) for one in answers)]
        if not answers:
            told.append(Words(N_("Nobody answered.")))
    return told


def _word(one: Word) -> Words:
    return Words(N_("%(kind)s, %(who)s: %(text)s"), kind=kind_words(one.kind), who=who(one.participant), text=Open(one.text))


def _sent(said: Sequence[Word]) -> list[Line]:
    sent = [one for one in said if one.kind == Kind.SUBMISSION]
    head: list[Line] = [Sub(Words(N_("From those who could not come")))] if sent else []
    return [*head, *(_word(one) for one in sent)]


def _findings(hearing: Hearing, joined: Sequence[Participant]) -> list[Line]:
    told: list[Line] = [Sub(Words(N_("Findings")))]
    if hearing.findings is None or hearing.found_at is None:
        return [*told, Words(N_("There are no findings yet."))]
    told += [line for line in hearing.findings.splitlines() if line.strip()]
    told += [Words(N_("Written %(at)s by the clerk."), at=hearing.found_at), Sub(Words(N_("Confirmation of the record")))]
    return told + [_confirmation(one) for one in joined if one.comes]


def _confirmation(one: Participant) -> Words:
    if one.confirmed_at is None:
        return Words(N_("%(who)s: not confirmed"), who=who(one))
    how = Words(N_("signed on paper") if one.on_paper else N_("with the own account"))
    if one.reservation is None:
        return Words(N_("%(who)s: confirmed %(at)s, %(how)s"), who=who(one), at=one.confirmed_at, how=how)
    words = N_("%(who)s: confirmed %(at)s, %(how)s, with a reservation: %(text)s")
    return Words(words, who=who(one), at=one.confirmed_at, how=how, text=Open(one.reservation))
