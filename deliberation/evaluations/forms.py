"""The forms of rating rounds, of sorting comments, and of promises."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from deliberation.evaluations.models import Finding, Round
from deliberation.evaluations.promises import LONGEST_OWNER, LONGEST_TEXT
from deliberation.evaluations.sealed import LONGEST
from deliberation.evaluations.services import LONGEST_NAME, LONGEST_TITLE
from deliberation.evaluations.sorting import LONGEST_FINDING
from deliberation.evaluations.states import ASIDE_WORDS, PROMISE_WORDS, Outcome
from deliberation.implementation.forms import DayField
from deliberation.implementation.kinds import OWNER_WORDS
from deliberation.kernel.forms import BaseForm, ChoiceField, OneOf, choice, line, text
from deliberation.voting.forms import BallotForm, ballot_fields
from deliberation.voting.kinds import SCALE_WORDS, Paper

MOST_AT_ONCE = 4000
NEW = "new"


class RoundForm(BaseForm):
    title = line(_l("What the round is called"), most=LONGEST_TITLE, hint=_l("For example: the station’s work in 2026"))
    group = choice(_l("Who rates"), [])
    scale = choice(_l("Grades"), [(name, _l(words)) for name, words in SCALE_WORDS.items()])

    def offer(self, groups: Iterable[tuple[str, str]]) -> None:
        self.group.choices = [SelectChoice(code, words) for code, words in groups]


class NamedForm(BaseForm):
    name = line(_l("Its name"), most=LONGEST_NAME, hint=_l("As it is to stand on the ballot. No person’s name."))


class ChosenForm(BaseForm):
    """A resolution, or a person, out of a list."""

    which = OneOf(_l("Which"), choices=[], validators=[InputRequired(_l("Please choose one of these."))])

    def offer(self, rows: Iterable[tuple[int, str]]) -> None:
        self.which.choices = [SelectChoice(str(key), words) for key, words in rows]


class RatersForm(BaseForm):
    logins = text(
        _l("Sign-in names of those who rate on a phone"), most=MOST_AT_ONCE, required=False, rows=4, hint=_l("One on a line.")
    )  # fmt: skip
    names = text(
        _l("Names of those without an account, who rate on paper"), most=MOST_AT_ONCE, required=False, rows=4,
        hint=_l("One on a line. Only the council’s own people read them."),
    )  # fmt: skip

    def lines(self, field: str) -> list[str]:
        return [one.strip() for one in (self[field].data or "").splitlines() if one.strip()]


class RatingForm(BallotForm):
    """The ballot of a round, and one comment with it. The fields of the grades are added by `rating_form`."""


def rating_form(paper: Paper, options: Sequence[str]) -> RatingForm:
    hint = _l("At most %(n)s characters. It is sealed apart from your grades: nobody learns who wrote it.", n=LONGEST)
    fields = ballot_fields(paper, options)
    fields["comment"] = text(_l("A comment with your grades"), most=LONGEST, required=False, rows=3, hint=hint)
    made: RatingForm = type("RatingForm", (RatingForm,), fields)()
    return made


class CommentForm(BaseForm):
    comment = text(_l("What stands on the paper"), most=LONGEST, rows=4, hint=_l("Word for word, without a name."))


class FindingForm(BaseForm):
    words = text(
        _l("The finding"), most=LONGEST_FINDING, rows=4,
        hint=_l("What several people say, in your words. Everybody reads it: name no persons."),
    )  # fmt: skip


class MergeForm(BaseForm):
    into = OneOf(_l("Into which finding"), choices=[])

    def offer(self, findings: Iterable[Finding]) -> None:
        self.into.choices = [SelectChoice(str(one.id), one.words) for one in findings]


class SettleForm(BaseForm):
    """``end``: the number of a finding, ``new`` with its words, or the reason to set the comment aside."""

    end: ChoiceField = choice(_l("Where it goes"), [])
    words = text(
        _l("The new finding"), most=LONGEST_FINDING, required=None, rows=3,
        hint=_l("Only for a new one. Everybody reads it: name no persons."),
    )  # fmt: skip

    def offer(self, findings: Sequence[Finding]) -> None:
        self.end.choices = [
            *(SelectChoice(str(one.id), one.words) for one in findings),
            SelectChoice(NEW, _l("To a new finding")),
            *(SelectChoice(code, _l("Set aside: %(why)s", why=_l(words))) for code, words in ASIDE_WORDS.items()),
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if good and self.end.data == NEW and not self.words.data:
            self.words.errors = [*self.words.errors, _l("Please fill this in.")]
            return False
        return bool(good)


class PromiseForm(BaseForm):
    """``about``: ``f3`` a finding, ``s1`` one of those rated."""

    about = OneOf(_l("For what"), choices=[])
    text = text(
        _l("What will be better"), most=LONGEST_TEXT,
        hint=_l("Something that can be seen. Everybody reads it: name no persons."),
    )  # fmt: skip
    owner_kind = choice(_l("Who sees to it"), [(owner.value, _l(word)) for owner, word in OWNER_WORDS.items()])
    owner = line(_l("Named as"), most=LONGEST_OWNER, hint=_l("A station, a group or a unit; no person’s name"))
    due_on = DayField(_l("Due on"), validators=[InputRequired(_l("Please fill this in."))])

    def offer(self, round_: Round, findings: Iterable[Finding], names: dict[int, str]) -> None:
        self.about.choices = [
            *(SelectChoice(f"f{one.id}", _l("Finding: %(words)s", words=one.words)) for one in findings),
            *(SelectChoice(f"s{one.position}", names[one.position]) for one in round_.subjects),
        ]


class EndForm(BaseForm):
    outcome = choice(_l("How it ended"), [(one.value, _l(PROMISE_WORDS[one.value])) for one in Outcome])
    done = text(
        _l("What was done, and where it can be seen"), most=LONGEST_TEXT, hint=_l("Everybody reads it: name no persons.")
    )  # fmt: skip
