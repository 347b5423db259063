"""The room's forms."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from deliberation.audit.services import RESTRICTION_WORDS, Restriction
from deliberation.kernel.forms import BaseForm, OneOf, choice, line
from deliberation.kernel.forms import text as long_text
from deliberation.privacy.states import RELATION_WORDS, WISH_WORDS, Relation, Wish

WISHES = tuple((one.value, _l(WISH_WORDS[one])) for one in (Wish.DELETE, Wish.CORRECT, Wish.RESTRICT))
RELATIONS = tuple((one.value, _l(RELATION_WORDS[one])) for one in Relation)
MUST_STAY = tuple(
    (one.value, _l(RESTRICTION_WORDS[one])) for one in (Restriction.ARCHIVE, Restriction.LEGAL_HOLD, Restriction.TECHNICAL)
)
LONGEST_NAME = 40
LONGEST_SEARCH = 60


class CorrectForm(BaseForm):
    text = long_text(_l("The right wording"), hint=_l("The whole text as it should stand: change what is wrong."))


class NameForm(BaseForm):
    text = line(_l("The right name"), most=LONGEST_NAME)


class WishForm(BaseForm):
    text = long_text(_l("What should be considered (may stay empty)"), required=False)


class NoWordsForm(BaseForm):
    """One press, after reading what it means."""


class AskForm(BaseForm):
    council = OneOf(_l("Which council"), coerce=str)
    text = long_text(_l("What do you want to know?"))


class EnterForm(BaseForm):
    relation = choice(_l("Who asks"), RELATIONS, hint=_l("Look at the paper that shows it; no copy and no number is kept here."))
    wish = choice(_l("What is asked"), WISHES)
    text = long_text(_l("The right wording, or what should be considered"), required=None)


class AnswerForm(BaseForm):
    outcome = choice(_l("Answer"), ())
    restriction = choice(
        _l("Why it has to be kept"), MUST_STAY, required=None, hint=_l("Only where it is kept and no longer used.")
    )
    reason = long_text(
        _l("Reason"), required=None, hint=_l("The person concerned reads it. Needed where you do not do what is asked.")
    )
