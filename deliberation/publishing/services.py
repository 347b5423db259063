"""Numbering a resolution, and voiding a number. The text must be, to the character, the one that was adopted."""

from __future__ import annotations

from sqlalchemy import func, select

from deliberation.agenda.models import Matter
from deliberation.agenda.services import require_state
from deliberation.agenda.states import Act, State
from deliberation.agenda.texts import text_hash
from deliberation.audit.queries import head
from deliberation.audit.recording import recording
from deliberation.councils.authority import authorize
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Invalid, Refused
from deliberation.kernel.words import N_, Words
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.publishing.effects import default_effect
from deliberation.publishing.models import DocumentNumber, Resolution
from deliberation.publishing.queries import RESOLUTION, format_number, valid_resolution
from deliberation.review.services import require_reviewed

LONGEST_EFFECT = 500
LONGEST_REASON = 500


def usual_effect(matter: Matter) -> Words:
    """The usual line for what this matter's resolution can bind, by its check of powers; the issuer may reword it."""
    return default_effect(matter.current_version.powers if matter.current_version else None)


def resolve(matter: Matter, effect_note: str, *, actor: Person) -> Resolution:
    """Give the adopted text its number and its line on what it can bind (效力说明), in one transaction.

    Raises `Refused` naming what is missing: ``missing_handover_…``, ``done_already``, ``text_changed``,
    ``missing_window``, ``window_open``, ``unanswered_comments``.
    """
    capacity = authorize(actor, Permission.RESOLUTION_ISSUE, matter.council)
    if not effect_note.strip() or len(effect_note) > LONGEST_EFFECT:
        raise Invalid(N_("Please say what the resolution can bind, in at most %(n)s characters."), n=LONGEST_EFFECT, field="effect")
    require_resolvable(matter)
    version = matter.current_version
    assert version is not None
    council, now = matter.council, clock.now()
    size, root = head(council.log_id)
    number = _next_number(matter)
    made = Resolution(
        council_id=council.id,
        number=number,
        matter=matter,
        version=version,
        text_hash=version.text_hash,
        effect=effect_note,
        issued_on=clock.today(council.zone),
        issued_at=now,
        issued_by_id=actor.id,
        log_size=size,
        log_root=root.hex(),
    )
    with recording(capacity, "resolution.issue", made):
        db.session.add_all([number, made])
    return made


def require_resolvable(matter: Matter) -> None:
    """Raise `Refused` with what is missing before the matter's text can be numbered."""
    # A number that was voided after the hand-over leaves the matter in step 5 without a resolution.
    require_state(matter, State.IN_REVIEW, State.IMPLEMENTING)
    valid = valid_resolution(matter)
    if valid is not None:
        raise Refused(N_("This matter has its resolution: %(number)s."), number=format_number(valid.number), code="done_already")
    version = matter.current_version
    if version is None or not matter.adopted_hash == version.text_hash == text_hash(p.text for p in version.paragraphs):
        raise Refused(
            N_("The text is not the one that the council adopted. It needs a new vote before it can be numbered."),
            code="text_changed",
        )
    require_reviewed(matter, version)


def _next_number(matter: Matter) -> DocumentNumber:
    """The next number of the council's series for this year; the log's lock keeps it free of gaps and doubles."""
    council = matter.council
    year = clock.today(council.zone).year
    last = select(func.max(DocumentNumber.number)).where(
        DocumentNumber.council_id == council.id, DocumentNumber.kind == RESOLUTION, DocumentNumber.year == year
    )
    return DocumentNumber(
        council_id=council.id,
        kind=RESOLUTION,
        year=year,
        number=(db.session.scalar(last) or 0) + 1,
        prefix=council.number_prefix,
    )


def void(resolution: Resolution, reason: str, *, actor: Person) -> None:
    """Void a resolution's number, with a public reason. It stays listed and is never given again."""
    matter = resolution.matter
    capacity = authorize(actor, Permission.RESOLUTION_ISSUE, matter.council)
    require_state(matter, State.IN_REVIEW, State.IMPLEMENTING)
    number = resolution.number
    if number.voided_at is not None:
        raise Refused(N_("This number is void already."), code="done_already")
    if not reason.strip() or len(reason) > LONGEST_REASON:
        message = N_("Please give the reason in at most %(n)s characters; it will be public.")
        raise Invalid(message, n=LONGEST_REASON, field="reason")
    with recording(capacity, "resolution.void", resolution):
        number.voided_at = clock.now()
        number.void_reason = reason


def resolution_goes_along(matter: Matter, act: Act) -> Words | None:
    """Step rule: nothing is carried out without a valid resolution on its present text, and a matter that has one
    neither goes back nor lapses before its number is void."""
    if act not in (Act.TO_IMPLEMENTATION, Act.REOPEN, Act.LAPSE):
        return None
    valid = valid_resolution(matter)
    if act is Act.TO_IMPLEMENTATION:
        version = matter.current_version
        if valid is None or version is None:
            return Words(N_("The resolution has no number yet: issue it first."))
        return None if valid.text_hash == version.text_hash else Words(N_("The text is not the one of the resolution."))
    return _stands(valid)


def review_is_settled(matter: Matter) -> Words | None:
    """Settled rule of the review: once the number is given, comments and answers stand as they are."""
    return _stands(valid_resolution(matter))


def _stands(valid: Resolution | None) -> Words | None:
    if valid is None:
        return None
    message = N_("The resolution %(number)s has been issued. Its number must be voided first.")
    return Words(message, number=format_number(valid.number))
