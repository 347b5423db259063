"""「查验」: one document held against the log, its proof as a file, and what a phone finds that reads the square on a paper."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from deliberation.audit import checking, notes, queries
from deliberation.audit.checking import Held
from deliberation.audit.notes import NoteError
from deliberation.audit.proofs import Proof
from deliberation.audit.tree import ProofError, leaf_hash, verify_inclusion
from deliberation.blueprints.checkable import Record, record_or_404
from deliberation.blueprints.pages import LARGEST_ID, council_or_404
from deliberation.blueprints.tiles import NOT_KEPT, answer, log_of, newest_note, no
from deliberation.blueprints.words import day, say, told
from deliberation.councils.models import Council
from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_

bp = Blueprint("checks", __name__, url_prefix="/c/<community>")

SHOWN = 16
HASH = re.compile(r"[0-9a-f]{64}")
NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")


@dataclass(frozen=True)
class Standing:
    """Under which checkpoint an entry stands; ``way`` leads from it to the root, None where it does not."""

    size: int
    root: bytes
    note: str
    way: tuple[bytes, ...] | None

    @property
    def is_signed(self) -> bool:
        return bool(self.note)


def standing(log_id: int, seq: int, body: bytes) -> Standing:
    """The entry under the newest signed checkpoint that covers it, else under the log as it stands, unsigned."""
    note = newest_note(log_id)
    point = signed_point(note)
    if point is None or seq >= point[0]:
        note, point = "", queries.head(log_id)
    size, root = point
    try:
        way = tuple(queries.inclusion(log_id, seq, size))
        verify_inclusion(leaf_hash(body), seq, size, way, root)
    except (ProofError, KeyError):
        return Standing(size, root, note, None)
    return Standing(size, root, note, way)


def entry_at(log_id: int, seq: int) -> tuple[queries.Line | None, bytes]:
    """One entry and its exact bytes; no entry where there is none, or somebody changed it so that it cannot be read."""
    try:
        line, body = queries.entry(log_id, seq) or (None, b"")
    except (ValueError, KeyError):
        return None, b""
    return line, body


def signed_point(note: str) -> tuple[int, bytes] | None:
    """Size and root of a signed checkpoint."""
    try:
        point = notes.checkpoint(notes.parse(note.encode()).text) if note else None
    except NoteError:
        return None
    return (point.size, point.root) if point else None


@bp.get("/log/check/<kind>/<int:key>")
def show(community: str, kind: str, key: int) -> str:
    council = council_or_404(community)
    record = record_or_404(council, kind, key)
    held = checking.hold(council.log_id, record.what, record.claims)
    seq = held[0].seq
    line, body = entry_at(council.log_id, seq) if seq is not None else (None, b"")
    at = standing(council.log_id, line.seq, body) if line else None
    return render_template(
        "log/check.html",
        council=council,
        record=record,
        held=held,
        line=line,
        sentence=told(line.body) if line else "",
        raw=body.decode(errors="replace"),
        at=at,
        verdict=verdict(record, held, line, at),
        shown=SHOWN,
    )


def verdict(record: Record, held: list[Held], line: queries.Line | None, at: Standing | None) -> tuple[str, str, str]:
    """Kind of notice, word, and what is proven, in one plain sentence."""
    name, first = say(record.name), held[0]
    if line is None or at is None:
        return "refusal", _("Not proven"), _("No entry of the log tells of this: %(name)s.", name=name)
    said = {"name": name, "seq": line.seq, "day": day(line.at), "hash": first.now[:SHOWN], "size": at.size}
    if at.way is None:
        return "refusal", _("Not proven"), _(
            "Entry no. %(seq)s, which tells of “%(name)s”, does not stand in the log as it was sealed: somebody changed the log.",
            **said)  # fmt: skip
    if not all(one.agrees for one in held if not one.is_erased):
        return "refusal", _("Does not agree"), _(
            "What these pages show today as “%(name)s” is not what was entered in the log: see below what differs.", **said)
    if first.is_erased:
        return "info", _("Erased"), _(
            "Something was entered as entry no. %(seq)s on %(day)s (%(name)s); its words were erased since, "
            "so that nobody can say any more what they were, and the entry still stands.", **said)  # fmt: skip
    if not at.is_signed:
        return "success", _("Agrees"), _(
            "Exactly this (%(name)s, fingerprint %(hash)s…) was entered as entry no. %(seq)s on %(day)s, and that entry stands "
            "in the log of %(size)s entries, which nobody has signed yet.", **said)  # fmt: skip
    return "success", _("Proven"), _(
        "Exactly this (%(name)s, fingerprint %(hash)s…) was entered as entry no. %(seq)s on %(day)s, and that entry stands "
        "under the signed checkpoint of %(size)s entries.", **said)  # fmt: skip


@bp.get("/forum/c/<int:key>")
def comment(community: str, key: int) -> BaseResponse:
    """The short address that a page of a hundred comments has room for."""
    return redirect(url_for("checks.show", community=community, kind="comment", key=key))


@bp.get("/log/<number>.tlog-proof")
def proof(community: str, number: str) -> Response:
    """The proof of one entry as a file that is checked without these pages (C2SP tlog-proof)."""
    log_id = log_of(community)
    if log_id is None:
        return no(404, _("There is no such community here."))
    seq = int(number) if number.isascii() and number.isdigit() and len(number) < 20 else LARGEST_ID + 1
    line, body = entry_at(log_id, seq) if seq <= LARGEST_ID else (None, b"")
    if line is None:
        return no(404, _("The log has no such entry."))
    at = standing(log_id, seq, body)
    if at.way is None:
        return no(404, _("No proof can be made of this entry: it was changed after it was sealed."))
    if not at.is_signed:
        return no(404, _("This log is not signed yet."))
    file = answer(Proof(body, seq, at.way, at.note).text(), NOT_KEPT)
    file.headers["Content-Disposition"] = f'attachment; filename="{community}-{seq}.tlog-proof"'
    return file


@bp.get("/log/paper")
def paper(community: str) -> str:
    """What the square on a printed document leads to: is there such an entry, does it hold that document, and does the log
    of today go on from the checkpoint on the paper."""
    council = council_or_404(community)
    size, root = int(asked("size", NUMBER)), bytes.fromhex(asked("root", HASH))
    about_document = "entry" in request.args or "document" in request.args
    answers = said_of_entry(council, int(asked("entry", NUMBER)), asked("document", HASH)) if about_document else []
    answers.append(said_of_checkpoint(council, size, root))
    return render_template(
        "log/paper.html",
        council=council,
        answers=answers,
        agrees=all(right for right, _sentence in answers),
        entry=int(request.args["entry"]) if about_document and answers[0][0] else None,
    )


def asked(name: str, form: re.Pattern[str]) -> str:
    given = request.args.get(name, "")
    if not form.fullmatch(given):
        raise Invalid(N_("This is not the whole of what stands on a printed document. Please read the square on the paper again."))
    return given


def said_of_entry(council: Council, seq: int, document: str) -> list[tuple[bool, str]]:
    line, body = entry_at(council.log_id, seq) if seq <= LARGEST_ID else (None, b"")
    if line is None:
        return [(False, _("The log has no entry no. %(seq)s.", seq=seq))]
    whole = standing(council.log_id, seq, body).way is not None
    stands = _("Entry no. %(seq)s stands in the log since %(day)s: %(sentence)s")
    said = stands % {"seq": seq, "day": day(line.at), "sentence": told(line.body)}
    holds = document in checking.fingerprints(body)
    return [
        (whole, said if whole else _("Entry no. %(seq)s was changed after it was sealed.", seq=seq)),
        (holds, _("It holds exactly the document of the paper, fingerprint %(hash)s….", hash=document[:SHOWN]) if holds else
         _("It does not hold the document of the paper, fingerprint %(hash)s….", hash=document[:SHOWN])),
    ]  # fmt: skip


def said_of_checkpoint(council: Council, size: int, root: bytes) -> tuple[bool, str]:
    now, _root = queries.head(council.log_id)
    if size > now:
        return False, _("The paper counts %(size)s entries, the log has only %(now)s: entries are missing.", size=size, now=now)
    if queries.goes_on(council.log_id, size, root):
        return True, _("The log of today, %(now)s entries, goes on from the %(size)s entries on the paper.", size=size, now=now)
    return False, _(
        "The log of today does not go on from the checkpoint on the paper: the past was rewritten, or the paper belongs elsewhere.")

