"""The forms by which motions are made and seconded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import ValidationError

from deliberation.kernel.forms import BaseForm, choice, text
from deliberation.motions.amend import Op, Paragraph
from deliberation.motions.services import LONGEST
from deliberation.motions.states import OP_WORDS

ANCHORED = (Op.REPLACE, Op.INSERT_AFTER, Op.DELETE)
ORDER = (Op.REPLACE, Op.INSERT_AFTER, Op.DELETE, Op.INSERT_AT_START, Op.INSERT_AT_END)


def person_id(value: Any) -> int:
    """A person's id as a select sends it; -1, which nobody offers, for anything else."""
    return int(value) if str(value).isascii() and str(value).isdigit() and len(str(value)) < 10 else -1


class MemberSelect(SelectField):
    """One of the council's members; 0 stands for nobody, which is for the form to allow."""

    def __init__(self, label: Any = None, **options: Any) -> None:
        super().__init__(label, coerce=person_id, choices=[], validate_choice=False, **options)

    def pre_validate(self, form: Any) -> None:
        offered = {value for value, *_rest in self.iter_choices()}
        if 0 in offered and not "".join(map(str, self.raw_data or ())).strip():
            self.data = 0
        if self.data not in offered:
            raise ValidationError(_l("Please choose one of these."))


class ForMemberForm(BaseForm):
    """Whoever keeps the record may take it down for a member."""

    member = MemberSelect(_l("Who says it"))

    def offer(self, members: Sequence[tuple[int, str]], *, own: bool, others: bool) -> None:
        """Let the record-keeper choose a member; everybody else acts for oneself and is not asked."""
        if not others:
            del self.member
            return
        first = [(0, _("I myself"))] if own else []
        self.member.choices = [*first, *members]

    @property
    def chosen(self) -> int:
        """The chosen member's id; 0 for the actor."""
        return int(self.member.data or 0) if "member" in self else 0


class MainMotionForm(ForMemberForm):
    """Only the button, and for the clerk the mover."""


class SecondForm(ForMemberForm):
    """For the clerk: who seconds."""


class AmendmentForm(ForMemberForm):
    op = choice(_l("What should change"), [(op.value, _l(OP_WORDS[op.value])) for op in ORDER])
    paragraph = SelectField(_l("Which paragraph"), validate_choice=False, choices=[])
    text = text(
        _l("The new words"), most=LONGEST, required=None, rows=4,
        hint=_l("One paragraph, as it should read. To delete a paragraph, leave this empty."),
    )  # fmt: skip

    def number(self, paragraphs: Iterable[Paragraph]) -> None:
        """Offer the text's paragraphs with their numbers."""
        shown = [(p.key, f"{n}. {p.text[:60]}{'…' if len(p.text) > 60 else ''}") for n, p in enumerate(paragraphs, 1)]
        self.paragraph.choices = [("", _("None: at the beginning or at the end")), *shown]

    def validate_paragraph(self, field: Any) -> None:
        if (field.data or "") not in {value for value, *_rest in field.choices}:
            raise ValidationError(_l("Please choose one of these."))
        if self.op.data in ANCHORED and not field.data:
            raise ValidationError(_l("Say which paragraph it is about."))

    def validate_text(self, field: Any) -> None:
        if self.op.data != Op.DELETE and not field.data:
            raise ValidationError(_l("Please write the text that you propose."))


class SecondaryForm(ForMemberForm):
    text = text(_l("How the amendment should read"), most=LONGEST, rows=4, hint=_l("The whole paragraph, in your words."))
