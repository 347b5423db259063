"""The minutes as a page shows them: the document in the reader's language, with names for those who may read them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from deliberation.audit.models import PersonalRecord
from deliberation.audit.recording import commitment_of
from deliberation.blueprints.words import day, office_said, say, short_language, zone
from deliberation.blueprints.words import when as full_when
from deliberation.councils.queries import CATEGORY_WORDS, category_words
from deliberation.extensions import db
from deliberation.kernel.words import Words
from deliberation.meetings import queries
from deliberation.meetings.composing import NAMED, numbered, salt_of
from deliberation.meetings.masking import minute, unmasked, veiled
from deliberation.meetings.models import Meeting
from deliberation.meetings.states import Presence, presence_words, speech_words
from deliberation.voting import kinds, results
from deliberation.voting.states import outcome_words
from deliberation.voting.verdicts import Count, Outcome, PassRule, decide, declared_void

HERE = (Presence.ATTENDING.value, Presence.LEFT.value)


@dataclass(frozen=True)
class Face:
    """``names`` and ``words`` are None for everybody who may not read them. ``changed``: personal texts that are not those of
    the document any more."""

    doc: Mapping[str, Any]
    names: Mapping[int, str] | None = None
    words: Mapping[int, str | None] = field(default_factory=dict)
    changed: frozenset[int] = frozenset()

    @property
    def title(self) -> str:
        return _("Minutes: %(kind)s", kind=self.doc["names"][short_language()])

    def seat(self, n: int) -> str:
        """Office or seat, such as the president, or one of the self-managed members."""
        one = self.doc["people"][n - 1]
        if "sits_in" in one:
            return _("Somebody who sat in")
        if one["office"]:
            return office_said(one["office"])
        words = say(category_words(one["category"]) or _("Somebody who was there"))
        same = sum(
            other["category"] == one["category"] and not other["office"] and "sits_in" not in other for other in self.doc["people"]
        )
        return words if same == 1 else _("one of: %(seat)s", seat=words)

    def person(self, n: int | None) -> str:
        if n is None:
            return _("Somebody who is on the roster no more")
        if self.names is None:
            return self.seat(n)
        one = self.doc["people"][n - 1]
        seat = office_said(one["office"]) if one["office"] else say(category_words(one["category"]) or "")
        seat = (self.said(one["sits_in"]) or "") if "sits_in" in one else seat
        name = self.names.get(n) or _("(erased)")
        return _("%(name)s (%(seat)s)", name=name, seat=seat) if seat else name

    def standing(self, *states: str) -> list[Mapping[str, Any]]:
        """Those who stand so; who was in the room for a while was there, whatever came after."""
        own = [one for one in self.doc["people"] if "sits_in" not in one]
        some = [one for one in own if (HERE[0] if one["hours"] else one["state"]) in states]
        return sorted(some, key=self._rank)

    def _rank(self, one: Mapping[str, Any]) -> tuple[int, int, str]:
        """Offices first, then seats by category, then names: the numbers say nothing about people."""
        category = CATEGORIES.index(one["category"]) if one["category"] in CATEGORIES else len(CATEGORIES)
        return NAMED.get(one["office"] or "", len(NAMED)), category, (self.names or {}).get(one["n"], "")

    @property
    def sat_in(self) -> str:
        """Who sat in, by name, or how many they were."""
        some = [one["n"] for one in self.doc["people"] if "sits_in" in one and one["hours"]]
        if self.names is None:
            return ngettext("%(num)s person", "%(num)s people", len(some)) if some else ""
        return _(", ").join(self.person(n) for n in some)

    def listed(self, states: tuple[str, ...]) -> str:
        """Those who stand so, by name, or counted by office and seat."""
        some = self.standing(*states)
        if self.names is not None:
            return _(", ").join(self._with_reason(one) for one in some)
        seats = Counter(
            office_said(one["office"]) if one["office"] else say(category_words(one["category"]) or _("Somebody who was there"))
            for one in some
        )
        return _(", ").join(_("%(seat)s %(n)s", seat=seat, n=count) if count > 1 else seat for seat, count in seats.items())

    def _with_reason(self, one: Mapping[str, Any]) -> str:
        said = self.said(one["reason"]) if one["reason"] else None
        return _("%(who)s: %(reason)s", who=self.person(one["n"]), reason=said) if said else self.person(one["n"])

    def number(self, *states: str) -> int:
        return len(self.standing(*states))

    @property
    def attendance(self) -> list[tuple[str, str]]:
        """How people stood: (words with a count, who)."""
        lines = [(_("Present (%(n)s)", n=self.number(*HERE)), self.listed(HERE))]
        for state in (Presence.EXCUSED.value, Presence.ABSENT.value):
            if self.number(state):
                words = _("%(state)s (%(n)s)", state=say(presence_words(state)), n=self.number(state))
                lines.append((words, self.listed((state,))))
        return lines

    @property
    def comings(self) -> list[str]:
        """Who came after the opening, left before the close, or went out meanwhile, with the hours."""
        opened, closed = minute(self.doc["opened_at"]) or "", minute(self.doc["closed_at"]) or "9"
        told = []
        for one in self.doc["people"]:
            hours = one["hours"]
            whole = len(hours) == 1 and (minute(hours[0][0]) or "") <= opened and (minute(hours[0][1]) or closed) >= closed
            if hours and not whole:
                spans = _(", ").join(f"{self.clock(came)}–{self.clock(left or self.doc['closed_at'])}" for came, left in hours)
                told.append(_("%(who)s: %(reason)s", who=self.person(one["n"]), reason=spans))
        return told

    def said(self, words: Mapping[str, Any] | None) -> str | None:
        return self.words.get(words["record"]) if words else None

    def parts(self) -> list[tuple[str, str, list[tuple[bool, str]]]]:
        """What upper rooms told of the meeting: (code, heading, lines), a line being (whether it is a heading, its words)."""
        parts = self.doc.get("parts", ())
        return [(part["code"], self.tell(part["heading"]), [self._line(one) for one in part["lines"]]) for part in parts]

    def _line(self, line: Any) -> tuple[bool, str]:
        is_sub = isinstance(line, Mapping) and "sub" in line
        return is_sub, self.tell(line["sub"] if is_sub else line)

    def tell(self, value: Any) -> str:
        """A frozen sentence in the reader's language, with those who stand in it as this reader may know them."""
        if not isinstance(value, Mapping):
            return "" if value is None else str(value)
        if "say" in value:
            sentence, filled = value["say"], {key: self.tell(one) for key, one in value["with"].items()}
            return say(Words(sentence, **filled))
        if "person" in value:
            return self.person(value["person"])
        if "in" in value:
            return str(value["in"][short_language()])
        if "as" in value:
            return self._someone(self.tell(value["as"]), value["name"])
        if "at" in value or "day" in value:
            return self.when(value["at"]) if "at" in value else self.day(value["day"])
        if "open" in value:
            return self.said(value["open"]) or _("(erased)")
        return _("(for the council)") if self.names is None else self.said(value) or _("(erased)")

    def _someone(self, known_as: str, name: Mapping[str, Any] | None) -> str:
        if self.names is None or name is None:
            return known_as
        return _("%(name)s (%(seat)s)", name=self.said(name) or _("(erased)"), seat=known_as)

    def when(self, at: str | None) -> str:
        return full_when(_instant(at)) if at else ""

    def clock(self, at: str | None) -> str:
        return f"{_instant(at).astimezone(zone()):%H:%M}" if at else ""

    def day(self, iso: str) -> str:
        return day(datetime.fromisoformat(iso))

    def by_stance(self, item: Mapping[str, Any]) -> list[tuple[str, list[Any]]]:
        """The speeches of an item, those of one stance together."""
        found = [(say(speech_words(code)), [one for one in item["speeches"] if one["stance"] == code]) for code in STANCES]
        return [(words, some) for words, some in found if some]

    def length(self, turn: Mapping[str, Any]) -> str:
        """How long somebody had the floor."""
        seconds = int((_instant(turn["to"]) - _instant(turn["from"])).total_seconds())
        return f"{seconds // 60}:{seconds % 60:02d}"

    def figures(self, vote: Mapping[str, Any]) -> str:
        """The counts of a vote whose verdict does not say them: without a quorum, or void."""
        if not vote["void"] and vote["outcome"] != Outcome.NO_DECISION:
            return ""
        return _("%(yes)s for, %(no)s against, %(abstain)s abstaining",
                 yes=vote["for"], no=vote["against"], abstain=vote["abstain"])  # fmt: skip

    def outcome(self, vote: Mapping[str, Any]) -> str:
        return say(outcome_words(vote["outcome"]))

    def mode(self, vote: Mapping[str, Any]) -> str:
        return _("Secret vote") if vote["mode"] == kinds.Mode.SECRET else _("Recorded vote")

    def verdict(self, vote: Mapping[str, Any]) -> str:
        """The verdict's sentence, made again from the figures and the rule."""
        rule = PassRule.from_data(vote["rule"])
        names = ("entitled", "present", "recused", "for", "against", "abstain", "invalid")
        count = Count.from_data({name: vote[name] for name in names})
        return say((declared_void(rule, count, vote["void"]) if vote["void"] else decide(rule, count)).sentence())

    def about(self, question: Mapping[str, Any]) -> str:
        """What of the agenda a question belonged to."""
        held = question.get("about") or {}
        return str(held.get("title") or held.get("names", {}).get(short_language(), ""))

    def result(self, question: Mapping[str, Any]) -> str:
        """What came out of a question that is not yes or no."""
        data, options = json.loads(question["result"]), question["options"]
        if "grades" in data:
            scale = [say(word) for word in kinds.scale_words(question["scale"] or "")]
            rows = [zip(scale, row, strict=True) if row else () for row in data["grades"]]
            spread = [_(", ").join(f"{word} {n}" for word, n in row) for row in rows]
            return _("; ").join(_("%(who)s: %(reason)s", who=text, reason=row) for text, row in zip(options, spread, strict=True))
        if data.get("void"):
            return _("The vote is void.")
        if results.is_empty(data):
            return _("Nothing is decided")
        counted = data["counted"]
        winners = [options[int(one) - 1] for one in counted["winners"]] if results.is_decided(data) else [_("A tie")]
        told = [_("%(winners)s (%(n)s ballots)", winners=_(", ").join(winners), n=data["ballots"])]
        rounds = counted.get("rounds") or []
        if len(rounds) == 1:
            tally = rounds[0]["tally"]
            told.append(_(", ").join(f"{text} {tally[str(n)]}" for n, text in enumerate(options, 1) if str(n) in tally))
        if any(tie["chosen"] for tie in counted.get("ties", ())):
            told.append(_("the tie was broken by a lot"))
        return _("; ").join(told)


CATEGORIES = [*CATEGORY_WORDS]
STANCES = ("con", "pro", "neutral")


def _instant(at: str | None) -> datetime:
    return datetime.fromisoformat((at or "").replace("Z", "+00:00"))


def face(doc: Any, meeting: Meeting, *, reads: bool) -> Face:
    """The document for this reader: one statement more for the texts, two for those who may read names."""
    salt = salt_of(meeting)
    doc = unmasked(doc, salt) if salt else doc
    people = queries.people_on_roster(meeting) if reads else {}
    names = {n: people[row.person_id].name or "" for n, row in enumerate(numbered(meeting), 1)} if reads else None
    wanted = _records(doc) if reads else _records([one for part in doc.get("parts", ()) for one in _opened(part)])
    found = {one.id: one for one in db.session.scalars(select(PersonalRecord).where(PersonalRecord.id.in_(wanted)))}
    words = {key: one.value for key, one in found.items()}
    changed = {key for key, one in found.items() if one.salt is not None and _commitment(one, salt) != wanted[key]}
    return Face(doc, names, words, frozenset(changed))


def _commitment(one: PersonalRecord, salt: bytes | None) -> str | None:
    return veiled(commitment_of(one), salt) if salt else commitment_of(one)


def _opened(part: Any) -> list[Any]:
    """The personal texts that everybody may read."""
    if isinstance(part, Mapping):
        return [part["open"]] if set(part) == {"open"} else [one for value in part.values() for one in _opened(value)]
    return [one for value in part for one in _opened(value)] if isinstance(part, list) else []


def _records(part: Any) -> dict[int, str | None]:
    """Every personal text that the document names: id and commitment."""
    if isinstance(part, Mapping):
        if set(part) == {"record", "commitment"}:
            return {part["record"]: part["commitment"]}
        return {key: value for one in part.values() for key, value in _records(one).items()}
    if isinstance(part, list):
        return {key: value for one in part for key, value in _records(one).items()}
    return {}
