"""The residents' forum: calls for comment, commenting, the text rewritten. Acts on one comment: ``comment_acts``."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from deliberation.agenda import queries as agenda
from deliberation.agenda.models import Matter
from deliberation.agenda.queries import matter_alone
from deliberation.agenda.states import State
from deliberation.agenda.texts import split
from deliberation.blueprints.comment_acts import Page, bp, comment_url, require
from deliberation.blueprints.comment_rows import Around, listed, own
from deliberation.blueprints.kept import Part, kept
from deliberation.blueprints.pages import act, actor, council_or_404, form_page, matter_or_404
from deliberation.councils.models import Council
from deliberation.councils.queries import permissions_of
from deliberation.kernel import clock
from deliberation.kernel.calendar import closing_instant, local_day
from deliberation.kernel.errors import NotFound, Refused
from deliberation.kernel.words import N_
from deliberation.people.permissions import Permission
from deliberation.review import listing, queries, services
from deliberation.review.forms import WHOLE, CommentForm, ReviseForm, TranscribeForm
from deliberation.review.models import CommentWindow
from deliberation.review.moderation import RULES
from deliberation.review.revision import read_causes
from deliberation.review.rows import CommentRow, Forum


def may(council: Council) -> dict[str, bool]:
    """What the reader may do, by the last word of the permission."""
    held = permissions_of(actor(), council)
    wanted = {
        "answer": Permission.COMMENT_ANSWER,
        "moderate": Permission.COMMENT_MODERATE,
        "original": Permission.COMMENT_READ_ORIGINAL,
        "transcribe": Permission.COMMENT_TRANSCRIBE,
        "revise": Permission.PLAN_WRITE,
        "hand_over": Permission.MATTER_TO_FORUM,
        "resolve": Permission.RESOLUTION_ISSUE,
    }
    return {name: permission in held for name, permission in wanted.items()}


def newest(matter: Matter) -> CommentWindow:
    """The matter's newest call for comment; `Refused` where it was never opened."""
    windows = queries.windows_of(matter)
    if not windows:
        raise Refused(N_("This text has not been opened for comment yet."), code="missing_window")
    return windows[-1][0]


@bp.get("/forum/")
def index(community: str) -> Page:
    council = council_or_404(community)
    lines = queries.index(council)
    paths = agenda.paths(council, (line.no for line in lines))
    return render_template("forum/index.html", council=council, lines=lines, paths=paths)


@bp.get("/forum/rules")
def rules(community: str) -> Page:
    council = council_or_404(community)
    return render_template("forum/rules.html", council=council, rules=list(RULES.values()))


@bp.get("/forum/<no>")
def show(community: str, no: str) -> Page:
    council = council_or_404(community)
    page, waiting, allowed = asked_page(), "waiting" in request.args, may(council)
    # Who has nothing to do here reads what everybody reads, and beside it what they wrote themselves.
    if not any(allowed.values()):
        part = kept.part(council, ("forum", no, page), lambda: the_page(council, no, page, allowed, False))
    else:
        part = the_page(council, no, page, allowed, waiting)
    return render_template("forum/show.html", council=council, no=no, part=part, own=own(council, actor(), part.around))


def the_page(council: Council, no: str, page: int, allowed: dict[str, bool], waiting: bool) -> Part:
    """A matter at the forum as this reader may see it."""
    matter = lean_matter_or_404(council, no)
    waiting = waiting and allowed["answer"]
    forum = listing.forum(matter, page=page, answers=allowed["answer"] or allowed["resolve"], only_waiting=waiting)
    in_review = matter.state == State.IN_REVIEW
    # While residents may comment, the text on the table is the one that was adopted and opened.
    is_open = forum is not None and forum.is_open
    version = None if is_open else matter_or_404(council, no).current_version
    around = Around.of(matter.id, forum, in_review) if forum else None
    shown: Any = current_app.jinja_env.get_template("forum/_page.html").module
    body = shown.page(
        council,
        matter,
        forum,
        allowed,
        in_review,
        needs_window=forum is None or (not is_open and services.needs_window(matter)),
        needs_vote=version is not None and matter.adopted_hash != version.text_hash,
    )
    rest = ""
    if forum is not None and around is not None:
        now = listed(in_order(forum, allowed["answer"]), around, council, allowed, "")
        rest = shown.comments(council, matter, forum, now, listed(forum.earlier, around, council, allowed, "earlier-"), waiting)
    return Part(matter.title, body, right_until(matter, council, forum), rest, around)


def right_until(matter: Matter, council: Council, forum: Forum | None) -> datetime | None:
    """When the page tells something else although nobody did anything: at midnight, and when the window opens or closes.

    None where it shows names that people chose: they are recorded in another log.
    """
    if listing.shows_names(matter):
        return None
    now, zone = clock.now(), ZoneInfo(council.zone)
    changes = [closing_instant(local_day(now, zone), zone), *((forum.opens_at, forum.closes_at) if forum else ())]
    return min(instant for instant in changes if instant > now)


def in_order(forum: Forum, answers: bool) -> list[CommentRow]:
    """Who answers finds on top what waits for an answer."""
    return sorted(forum.comments, key=lambda row: row.is_answered) if answers else forum.comments


def asked_page() -> int:
    """The page of comments that the address asks for; the first one for whatever is no number."""
    given = request.args.get("page", "")
    return min(max(int(given), 1), listing.MOST_PAGES) if given.isascii() and given.isdigit() and len(given) < 8 else 1


def lean_matter_or_404(council: Council, no: str) -> Matter:
    """The matter without its plan's versions: the page shows one text alone."""
    found = matter_alone(council, no)
    if found is None:
        raise NotFound(N_("There is nothing at this address."))
    return found


@bp.post("/forum/<no>/open")
def open_window(community: str, no: str) -> Response:
    matter = matter_or_404(council_or_404(community), no)
    return act(
        lambda: services.open_window(matter, actor=actor()),
        url_for("forum.show", community=community, no=matter.no),
        _("The text is open for comment."),
    )


@bp.route("/forum/<no>/comment", methods=["GET", "POST"])
def comment(community: str, no: str) -> Page:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    window = newest(matter)
    if request.method == "GET":
        services.require_open(window)
        if actor() is None:
            return render_template("forum/sign_in.html", council=council, matter=matter)
    form = CommentForm()
    _offer(form, window)
    return form_page(
        form,
        lambda: services.comment(
            window, form.stance.data, form.text.data, form.paragraph.data or None, actor=actor()
        ),
        lambda made: comment_url(council, matter.no, made),
        title=_("Comment on “%(title)s”", title=matter.title),
        submit_label=_("Hand in the comment"),
        said=_("Your comment is recorded. Everybody can read it now; the answer will stand below it."),
        template="forum/comment.html",
        council=council,
        matter=matter,
        window=window,
        back_url=url_for("forum.show", community=community, no=matter.no),
    )


def _offer(form: CommentForm, window: CommentWindow) -> None:
    form.offer(window.version.paragraphs)
    asked = request.args.get("paragraph", WHOLE)
    if request.method == "GET" and asked in {value for value, _ in form.paragraph.choices}:
        form.paragraph.data = asked


@bp.get("/forum/<no>/paper")
def paper(community: str, no: str) -> Page:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    return render_template("forum/paper.html", council=council, matter=matter, window=newest(matter), form=CommentForm())


@bp.route("/forum/<no>/transcribe", methods=["GET", "POST"])
def transcribe(community: str, no: str) -> Page:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    person = require(Permission.COMMENT_TRANSCRIBE, council)
    window = newest(matter)
    if request.method == "GET":
        services.require_open(window)
    form = TranscribeForm()
    _offer(form, window)
    return form_page(
        form,
        lambda: services.transcribe(
            window, form.stance.data, form.text.data, form.paragraph.data or None, paper_no=form.paper_no.data, actor=person
        ),
        lambda made: comment_url(council, matter.no, made),
        title=_("Enter a comment from paper"),
        submit_label=_("Enter the comment"),
        said=_("The comment is recorded."),
        council=council,
        intro=[matter.title, _("Word for word as it is written; telephone numbers and addresses stay on the paper.")],
        back_url=url_for("forum.show", community=community, no=matter.no),
    )


@bp.route("/forum/<no>/revise", methods=["GET", "POST"])
def revise(community: str, no: str) -> Page:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    person = require(Permission.PLAN_WRITE, council)
    form = ReviseForm()
    if request.method == "GET" and matter.current_version is not None:
        form.text.data = "\n".join(p.text for p in matter.current_version.paragraphs)

    def hand_in() -> Any:
        causes = read_causes(form.causes.data or "", queries.standing_ids(matter))
        return services.revise(matter, split(form.text.data), causes, actor=person)

    return form_page(
        form,
        hand_in,
        url_for("forum.show", community=community, no=matter.no),
        title=_("Rewrite the text after the comments"),
        submit_label=_("Keep the new text"),
        said=_("The new text is kept. It needs a new vote before it can be numbered."),
        council=council,
        intro=[
            _("A changed text goes back to the council for a new vote."),
            _("Where every changed paragraph names the comment that caused it, it need not be opened for comment again, "
              "if the council's rules say so."),
        ],
        back_url=url_for("forum.show", community=community, no=matter.no),
    )
