from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from deliberation.blueprints.pages import actor, council_or_404, form_page, need
from deliberation.councils.authority import why_not
from deliberation.kernel.forms import BaseForm, choice, text
from deliberation.people.permissions import Permission
from noticeboard import services

bp = Blueprint("noticeboard", __name__, url_prefix="/c/<community>/noticeboard", template_folder="templates")


class PinForm(BaseForm):
    text = text(_l("The notice"), most=services.LONGEST)
    desk = choice(_l("The desk"), [("open", _l("is open")), ("closed", _l("is closed"))])


@bp.get("/")
def show(community):
    council = council_or_404(community)
    may_pin = why_not(actor(), Permission.MEETING_RECORD, council) is None
    return render_template(
        "noticeboard/show.html", council=council, notice=services.notice_of(council.id), may_pin=may_pin
    )


@bp.route("/pin", methods=["GET", "POST"])
def pin(community):
    council = council_or_404(community)
    person = need(Permission.MEETING_RECORD, council)
    form = PinForm()
    board = url_for("noticeboard.show", community=community)
    return form_page(
        form,
        lambda: services.pin(council, form.text.data, closed=form.desk.data == "closed", actor=person),
        board,
        title=_("Pin a notice"),
        submit_label=_("Pin it"),
        said=_("The notice hangs on the board."),
        council=council,
        back_url=board,
    )
