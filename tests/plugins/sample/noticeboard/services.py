from deliberation.agenda.models import Matter
from deliberation.agenda.states import Act
from deliberation.audit.recording import recording
from deliberation.councils.authority import authorize
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_, Words
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from noticeboard.actions import PIN
from noticeboard.models import Notice

LONGEST = 500


def notice_of(council_id: int) -> Notice | None:
    return db.session.get(Notice, council_id)


def pin(council: Council, text: str, *, closed: bool = False, actor: Person) -> Notice:
    """Hang a notice on the council's board in the place of the present one. Raises `Invalid` for a text too long or empty."""
    capacity = authorize(actor, Permission.MEETING_RECORD, council)
    if not 0 < len(text) <= LONGEST:
        raise Invalid(N_("A notice has 1 to %(most)s characters."), most=LONGEST, field="text")
    notice = notice_of(council.id) or Notice(council_id=council.id)
    with recording(capacity, PIN.name, notice):
        notice.text, notice.closed, notice.pinned_at = text, closed, clock.now()
        db.session.add(notice)
    return notice


def not_while_closed(matter: Matter, act: Act) -> Words | None:
    """A step rule: a matter stays where it is while the notice says that the desk is closed."""
    notice = notice_of(matter.council_id)
    return Words(N_("The desk is closed, as the noticeboard says.")) if notice is not None and notice.closed else None
