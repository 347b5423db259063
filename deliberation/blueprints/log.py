"""The trail: a council's public log in sentences, one entry with its proof, and the root for the notice board."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from deliberation.agenda.models import Matter
from deliberation.audit import anchoring, queries, signing
from deliberation.audit.tree import leaf_hash
from deliberation.blueprints.pages import LARGEST_ID, council_or_404, matter_or_404
from deliberation.blueprints.tiles import newest_note
from deliberation.blueprints.words import told
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.kernel.errors import NotFound
from deliberation.kernel.words import N_

bp = Blueprint("log", __name__, url_prefix="/c/<community>")

PAGE = 50
MOST = 1000
SHOWN = 16


@bp.get("/log/")
def trail(community: str) -> str:
    council = council_or_404(community)
    size, root = queries.head(council.log_id)
    given = request.args.get("before", "")
    before = min(int(given), size) if given.isascii() and given.isdigit() and len(given) < 10 else size
    lines = queries.page(council.log_id, before=before, limit=PAGE)
    entries = [{"time": line.at, "sentence": _line(line), "check_url": _entry_url(council, line.seq)} for line in lines]
    older = lines[-1].seq if lines and lines[-1].seq > 0 else None
    newer = None if before >= size else min(before + PAGE, size)
    return render_template(
        "log/trail.html",
        council=council,
        entries=entries,
        size=size,
        root=root.hex(),
        next_url=url_for("log.trail", community=council.slug, before=older) if older else None,
        previous_url=url_for("log.trail", community=council.slug, before=newer) if newer else None,
    )


def _line(line: queries.Line) -> str:
    return _("No. %(seq)s: %(sentence)s", seq=line.seq, sentence=told(line.body))


def _entry_url(council: Council, seq: int) -> str:
    return url_for("log.entry", community=council.slug, seq=seq)


def told_of(matter: Matter, council: Council, most: int) -> list[dict[str, Any]]:
    """The newest entries that tell of a matter, in sentences, each with the way to check it."""
    lines = queries.timeline(council.log_id, matter.id, most)
    return [{"time": line.at, "sentence": told(line.body), "check_url": _entry_url(council, line.seq)} for line in lines]


@bp.get("/agenda/<no>/log")
def matter(community: str, no: str) -> str:
    council = council_or_404(community)
    found = matter_or_404(council, no)
    return render_template("log/matter.html", council=council, matter=found, entries=told_of(found, council, MOST))


@bp.get("/log/<int:seq>")
def entry(community: str, seq: int) -> str:
    council = council_or_404(community)
    found = queries.entry(council.log_id, seq) if seq <= LARGEST_ID else None
    if found is None:
        raise NotFound(N_("There is nothing at this address."))
    line, body = found
    size, root = queries.head(council.log_id)
    return render_template(
        "log/entry.html",
        council=council,
        line=line,
        sentence=told(line.body),
        origin=origin(council, line.body),
        pretty=json.dumps(line.body, ensure_ascii=False, indent=2, sort_keys=True),
        raw=body.decode(errors="replace"),
        leaf=leaf_hash(body).hex(),
        proof=[step.hex() for step in queries.inclusion(council.log_id, seq, size)],
        size=size,
        root=root.hex(),
        signed=bool(newest_note(council.log_id)),
        older_url=_entry_url(council, seq - 1) if seq else None,
        newer_url=_entry_url(council, seq + 1) if seq + 1 < size else None,
    )


def origin(council: Council, body: dict[str, Any]) -> tuple[str, str] | None:
    """Address and name of the page that shows what an entry is about: the vote with its verdict, or the matter."""
    kind, _colon, number = str(body.get("subject", "")).partition(":")
    if kind == "poll" and number.isdecimal():
        return url_for("polls.show", community=council.slug, poll_id=int(number)), _("To the vote and its verdict")
    matters = body.get("matters") or []
    found = db.session.get(Matter, matters[0]) if matters else None
    if found is None or found.council_id != council.id:
        return None
    return url_for("agenda.show", community=council.slug, no=found.no), _("To the matter")


@bp.get("/log/root")
def root(community: str) -> str:
    council = council_or_404(community)
    size, value = queries.head(council.log_id)
    return render_template(
        "log/root.html",
        council=council,
        size=size,
        root=value.hex(),
        short=value.hex()[:SHOWN],
        keys=signing.verifier_keys(signing.name_of(council.log_id)),
        copies=anchoring.copies(council.log_id),
        kinds={kind: _(words) for kind, words in anchoring.KINDS.items()},
    )
