"""Run where the sample plugin is installed: uses the site with it, and prints what was seen as JSON."""

import json
import sys

from sqlalchemy import insert

from deliberation.agenda import services as agenda
from deliberation.agenda.states import Act
from deliberation.app import create_app
from deliberation.audit import services as audit
from deliberation.audit.recording import UnrecordedWrite
from deliberation.councils.models import Council
from deliberation.extensions import db, transaction
from deliberation.kernel.errors import Refused
from deliberation.people.models import Account
from tests.builders import do
from tests.conftest import SeparateClient
from tests.web import in_english, post, sign_in, text_of

BOARD = "/c/mochou/noticeboard/"


def main() -> None:
    app = create_app({"TESTING": True, "SECRET_KEY": "test"})
    app.test_client_class = SeparateClient
    visitor, clerk = app.test_client(), sign_in(app.test_client(), "mochou-c01")
    seen = {"empty": text_of(visitor.get(BOARD)), "menu": BOARD in visitor.get("/c/mochou/").text}
    seen["visitor"] = visitor.get(BOARD + "pin").status_code
    seen["bad"] = post(clerk, BOARD + "pin", {"text": "x" * 501, "desk": "open"}).status_code
    seen["pinned"] = post(clerk, BOARD + "pin", {"text": "Closed on Monday.", "desk": "closed"}).status_code
    seen["again"] = post(clerk, BOARD + "pin", {"text": "Closed on Tuesday.", "desk": "closed"}).status_code
    seen["board"] = text_of(in_english(visitor).get(BOARD))
    seen["trail"] = {"zh": text_of(clerk.get("/c/mochou/log/")), "en": text_of(visitor.get("/c/mochou/log/"))}
    with app.app_context():
        seen["unrecorded"] = refused_outside_recording()
        seen["step_rule"] = refused_step()
        seen["bad_logs"] = [found.name for found in audit.verify() if found.bad_seq is not None]
    json.dump(seen, sys.stdout)


def refused_outside_recording() -> str:
    """What the doors say to a write of the plugin's table that no entry tells of."""
    table = db.metadata.tables["noticeboard_notice"]
    try:
        with transaction():
            db.session.execute(insert(table).values(council_id=9, text="", closed=False, pinned_at="2026-01-01"))
    except UnrecordedWrite as error:
        return str(error)
    return ""


def refused_step() -> str:
    """What the plugin's step rule says to a matter on its way."""
    council = db.session.scalars(db.select(Council)).one()
    person = next(a.person for a in db.session.scalars(db.select(Account)) if a.login == "mochou-s01")
    matter = do(lambda: agenda.open_matter(council, title="Beds", problem="Weeds.", actor=person))
    try:
        do(lambda: agenda.hand_over(matter, Act.TO_COMMITTEE, actor=person))
    except Refused as error:
        return str(error)
    return ""


if __name__ == "__main__":
    main()
