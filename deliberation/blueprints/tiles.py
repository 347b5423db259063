"""A council's log for machines: signed checkpoint, tiles and bundles of entries (C2SP tlog-tiles), and the verifier key.

And the page that checks a proof from them without this server."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Response, current_app
from flask_babel import gettext as _
from sqlalchemy import bindparam, select

from deliberation.audit import anchoring, exporting, signing
from deliberation.audit.keyfile import KeyFileError, NoKeyFile
from deliberation.audit.signing import SigningError
from deliberation.audit.tiles import TileError, parse
from deliberation.blueprints.check_page import check_page as made_page
from deliberation.councils.models import Council
from deliberation.extensions import db, transaction
from deliberation.kernel.errors import ReadOnly

bp = Blueprint("tiles", __name__, url_prefix="/c/<community>/log")

LOG = select(Council.log_id).where(Council.slug == bindparam("slug"))
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=3600"
NOT_KEPT = "no-cache"


def log_of(community: str) -> int | None:
    known = community.isascii() and community.isprintable()
    return db.session.scalar(LOG, {"slug": community}) if known else None


def answer(content: str | bytes, kept: str, mimetype: str = "text/plain") -> Response:
    found = Response(content, mimetype=mimetype)
    found.headers["Cache-Control"] = kept
    return found


def no(status: int, line: str) -> Response:
    """A refusal in one line, for whoever asks with a tool."""
    found = answer(line + "\n", NOT_KEPT)
    found.status_code = status
    return found


@bp.get("/checkpoint")
def checkpoint(community: str) -> Response:
    log_id = log_of(community)
    if log_id is None:
        return no(404, _("There is no such community here."))
    note = newest_note(log_id)
    return answer(note, NOT_KEPT) if note else no(404, _("This log is not signed yet."))


def newest_note(log_id: int) -> str:
    """The signed checkpoint of a log, signed now where the log has grown; empty where none ever was."""
    note, is_newest = signing.last_signed(log_id)
    if not is_newest:
        try:
            keys = signing.usable_keys(Path(current_app.config["LOG_KEY"]))
            with transaction():
                note = signing.sign(log_id, keys)
        except NoKeyFile:
            pass
        except (KeyFileError, SigningError, ReadOnly) as error:
            # What was signed before still stands, and is all that is said.
            db.session.rollback()
            current_app.logger.error("no checkpoint is signed: %s", error)
    return anchoring.with_witnesses(log_id, note)


@bp.get("/key")
def key(community: str) -> Response:
    """The verifier keys in use, one a line."""
    log_id = log_of(community)
    if log_id is None:
        return no(404, _("There is no such community here."))
    keys = signing.verifier_keys(signing.name_of(log_id))
    return answer("".join(f"{one}\n" for one in keys), NOT_KEPT) if keys else no(404, _("This log is not signed yet."))


@bp.get("/check.html")
def check_page(community: str) -> Response:
    """A page to keep, the same for every log."""
    if log_of(community) is None:
        return no(404, _("There is no such community here."))
    page = made_page()
    found = answer(page.content, FOR_A_WHILE, "text/html")
    found.headers["Content-Security-Policy"] = f"{page.policy}; frame-ancestors 'none'"
    found.headers["Content-Disposition"] = f"attachment; filename=\"check.html\"; filename*=UTF-8''{quote(page.name)}.html"
    return found


@bp.get("/tile/")
@bp.get("/tile/<path:address>")
def tile(community: str, address: str = "") -> Response:
    try:
        wanted = parse(address)
    except TileError:
        return no(400, _("This is not the address of a tile."))
    log_id = log_of(community)
    if log_id is None:
        return no(404, _("There is no such community here."))
    content = exporting.content(log_id, wanted)
    if content is None:
        return no(404, _("The log has no such tile yet."))
    return answer(content, FOR_EVER if wanted.is_full else FOR_A_WHILE, "application/octet-stream")
