"""What the minutes hold of a meeting of sides: who they were, what became of the last points, what was agreed or how it goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deliberation.agreements import queries
from deliberation.agreements.queries import PointLine, Who
from deliberation.agreements.states import Ending, channels, point_words
from deliberation.kernel import clock
from deliberation.kernel.words import N_, Words
from deliberation.meetings.kinds import kind_of, parties
from deliberation.meetings.models import Meeting
from deliberation.meetings.record_parts import Line, Part, Someone
from deliberation.meetings.roster import council_of
from deliberation.people.permissions import office_words


def name_of(one: Who) -> Mapping[str, str] | Words | str:
    """A party by its names, a side by its own, an office in words."""
    if one.party is not None:
        return parties()[one.party]
    return one.name or office_words(one.office or "")


def sides(meeting: Meeting) -> Part | None:
    told: list[Line] = []
    for one in queries.sides(meeting):
        known = Words("%(name)s", name=name_of(queries.who(one)))
        words = N_("%(who)s: came") if one.is_present else N_("%(who)s: did not come")
        told.append(Words(words, who=Someone(known, one.speaker) if one.speaker else known))
    return Part(Words(N_("Sides")), told) if told else None


def last_points(meeting: Meeting) -> Part | None:
    """As they stood when the minutes are composed."""
    council = council_of(meeting)
    found = queries.last_points(council, meeting, clock.today(council.zone))
    told: list[Line] = []
    for n, one in enumerate(found, 1):
        became = Words(N_("%(point)s %(state)s"), point=_point(n, one), state=point_words(one.state))
        told.append(Words(N_("%(point)s. %(word)s"), point=became, word=one.word) if one.word else became)
    return Part(Words(N_("What became of the last points")), told) if told else None


def agreed(meeting: Meeting) -> Part | None:
    """The points that count, or why there was no agreement and where it goes on."""
    council, ending = council_of(meeting), queries.settlement(meeting)
    if ending is not None and ending.ending == Ending.NOT_REACHED:
        names = channels()[ending.channel or ""]
        channel = {language: names[language] for language in ("zh", "en")}
        goes = Words(N_("It goes on here: %(channel)s"), channel=channel)
        lines: list[Line] = [Words(N_("Reason: %(reason)s"), reason=ending.reason), goes]
        return Part(Words(N_("No agreement was reached")), [*lines, *([ending.channel_words] if ending.channel_words else [])])
    if not queries.do_points_count(meeting, ending):
        return None
    found = _points(queries.agreed_points(meeting, clock.today(council.zone)))
    if ending is not None:
        every = Words(N_("Every side agreed to this text; its SHA-256 is %(hash)s."), hash=ending.document_hash)
        return Part(Words(N_("Written agreement")), [*found, every])
    seeks_none = kind_of(meeting.kind).agrees == "points"
    return Part(Words(N_("Points agreed")), found) if found and seeks_none else None


def _points(found: Sequence[PointLine]) -> list[Line]:
    return [_point(n, one) for n, one in enumerate(found, 1)]


def _point(n: int, one: PointLine) -> Words:
    return Words(N_("%(n)s. %(text)s (%(who)s, by %(day)s)"), n=n, text=one.text, who=name_of(one.who), day=one.due_on)
