"""What the verbs of the room share: a new appeal with its clocks, a reply inside a recording, texts that are checked."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from deliberation.agenda.states import Body
from deliberation.appeals import clocks, codes
from deliberation.appeals.models import Appeal, AppealReply
from deliberation.appeals.states import Kind, Means, State
from deliberation.audit.models import PersonalRecord
from deliberation.audit.recording import Capacity
from deliberation.audit.services import personal
from deliberation.councils import rules
from deliberation.councils.models import Council
from deliberation.councils.services import holidays, rules_in_force
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.calendar import local_day
from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_

LONGEST = 2000
LONGEST_REASON = 200
LATE_ENTRY = timedelta(days=30)
"""How long after it came in an appeal may still be taken down."""


def checked_time(received_at: datetime | None, is_online: bool) -> datetime:
    now = clock.now()
    if received_at is None:
        return now
    if is_online or received_at > now:
        raise Invalid(N_("An appeal cannot come in after it is taken down. Please check the time."), field="received_at")
    if received_at < now - LATE_ENTRY:
        message = N_("This is more than %(n)s days ago. Please ask the author to raise it anew.")
        raise Invalid(message, n=LATE_ENTRY.days, field="received_at")
    return received_at


def new_appeal(council: Council, received: datetime) -> tuple[Appeal, str]:
    """An appeal with its number, both clocks and a fresh code, not yet with its words."""
    rule_set = rules_in_force(council)
    law, calendar, day = rules.parse(rule_set.data), holidays(), local_day(received, ZoneInfo(council.zone))
    year = clock.today(council.zone).year
    last = select(func.max(Appeal.number)).where(Appeal.council_id == council.id, Appeal.year == year)
    appeal = Appeal(
        council_id=council.id,
        rule_set_id=rule_set.id,
        year=year,
        number=(db.session.scalar(last) or 0) + 1,
        holder=Body.STATION.value,
        state=State.RECEIVED.value,
        received_at=received,
        first_due_on=clocks.first_due(day, law, calendar),
        reply_due_on=clocks.reply_due(day, law, calendar),
    )
    code = codes.new_code()
    appeal.receipt_code = codes.hashed(code, f"{council.id}/{appeal.no}")
    return appeal, code


def receipt(appeal: Appeal, capacity: Capacity, holder: Body) -> AppealReply:
    appeal.holder = holder.value
    return reply(appeal, capacity, Kind.RECEIPT, words(capacity, "appeal.reply", holder.value, "holder"))


def reply(
    appeal: Appeal,
    capacity: Capacity,
    kind: Kind,
    text: PersonalRecord,
    *,
    means: str = Means.DIRECT.value,
    reason: str | None = None,
    referred_to: str | None = None,
    extends_to: date | None = None,
) -> AppealReply:
    """Inside a recording: the reply, and what the first word to the appellant means for the first clock."""
    now = clock.now()
    if appeal.first_answered_at is None:
        appeal.first_answered_at = now
        appeal.taken_by_id = capacity.person_id
        appeal.state = State.IN_HAND.value
    made = AppealReply(
        council_id=appeal.council_id, kind=kind.value, means=means, text=text, reason=reason, referred_to=referred_to,
        extends_to=extends_to, by_id=capacity.person_id, at=now,
    )  # fmt: skip
    appeal.replies.append(made)
    return made


def close(appeal: Appeal, state: State) -> None:
    appeal.state = state.value
    appeal.closed_at = clock.now()


def words(capacity: Capacity, kind: str, text: str | None, field: str) -> PersonalRecord:
    """A personal text that has to be there and is not too long (`Invalid`)."""
    kept = personal(capacity.log_id, kind, (text or "").strip())
    if kept is None:
        raise Invalid(N_("Please fill this in."), field=field)
    if len(kept.value or "") > LONGEST:
        raise Invalid(N_("This is too long: at most %(most)s characters."), most=LONGEST, field=field)
    return kept


def public_reason(reason: str) -> str:
    tidy = reason.strip()
    if not tidy:
        raise Invalid(N_("Please give the reason; it will be public."), field="reason")
    if len(tidy) > LONGEST_REASON:
        raise Invalid(N_("This is too long: at most %(most)s characters."), most=LONGEST_REASON, field="reason")
    return tidy
