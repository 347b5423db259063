"""Forms of the forum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.validators import ValidationError

from deliberation.agenda.models import PlanParagraph
from deliberation.agenda.texts import LONGEST_PARAGRAPH, MOST_PARAGRAPHS
from deliberation.kernel.forms import BaseForm, choice, line, text
from deliberation.kernel.forms import text as long_text
from deliberation.review.answers import LONGEST_REASON
from deliberation.review.checks import LONGEST_COMMENT, tells_private_number
from deliberation.review.moderation import rules_for
from deliberation.review.stances import DISPOSITION_WORDS, STANCE_WORDS

WHOLE = ""


def _choices(words: Any) -> list[tuple[str, Any]]:
    return [(code.value, _l(message)) for code, message in words.items()]


class PlaceField(SelectField):
    """The whole text or one paragraph; what is no paragraph of the text is said in our words."""

    def pre_validate(self, form: Any) -> None:
        if self.data not in {value for value, _ in self.choices or ()}:
            raise ValidationError(gettext("This paragraph is not in the text. Please choose another."))


class CommentForm(BaseForm):
    stance = choice(_l("What do you think of it?"), _choices(STANCE_WORDS))
    paragraph = PlaceField(_l("What is your comment about?"), default=WHOLE)
    text = text(_l("Your comment"), most=LONGEST_COMMENT, rows=6, hint=_l("Please leave out telephone numbers and addresses."))
    public = BooleanField(_l("Everybody may read this number"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not tells_private_number(self.text.data or ""):
            del self.public

    def validate_public(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(
                gettext("Your comment seems to hold a telephone or identity number. Take it out there, or tick this.")
            )

    def offer(self, paragraphs: Sequence[PlanParagraph]) -> None:
        """Name the paragraphs that can be chosen."""
        places = [(p.key, f"{p.position}. {p.text[:40]}{'…' if len(p.text) > 40 else ''}") for p in paragraphs]
        self.paragraph.choices = [(WHOLE, gettext("The whole text")), *places]


class TranscribeForm(CommentForm):
    stance = choice(_l("What is ticked on the paper?"), _choices(STANCE_WORDS))
    paragraph = PlaceField(_l("Which part is it about?"), default=WHOLE)
    text = text(_l("What is written on it"), most=LONGEST_COMMENT, rows=6)
    public = BooleanField(_l("Everybody may read this number"))
    paper_no = line(_l("Number on the paper"), most=40, hint=_l("As it was written on the sheet when it came in."))


class ReplyForm(BaseForm):
    disposition = choice(_l("What becomes of the comment?"), _choices(DISPOSITION_WORDS))
    text = text(_l("Answer"), most=LONGEST_COMMENT, rows=5, hint=_l("Everybody can read it."))


def _rule(kind: str) -> Any:
    return choice(_l("Which rule applies?"), [(rule.code, _l(rule.name)) for rule in rules_for(kind)])


def _reason() -> Any:
    return text(_l("Reason"), most=LONGEST_REASON, rows=3, hint=_l("The reason is public. Do not repeat in it what you cover."))


class MaskForm(BaseForm):
    text = text(
        _l("What the public will read"),
        most=LONGEST_COMMENT,
        rows=6,
        hint=_l("Replace only the place that must be covered, for example by [covered], and leave the rest as it is."),
    )
    rule = _rule("masked")
    reason = _reason()


class HideForm(BaseForm):
    rule = _rule("hidden")
    reason = _reason()


class ReviseForm(BaseForm):
    text = long_text(
        _l("The text, one paragraph a line"),
        most=MOST_PARAGRAPHS * (LONGEST_PARAGRAPH + 1),
        rows=12,
    )
    causes = long_text(
        _l("Which comments caused which change?"),
        required=False,
        rows=4,
        hint=_l("One paragraph a line: its number, a colon, the comments. For example 2: C-03, C-09"),
    )
