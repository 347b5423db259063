"""Handing checkpoints over to a place outside: a folder, a mail, a web hook, a witness. Knows no database.

Whatever goes wrong is one of two things: `Undelivered`, to be tried again, or `Fork`, to be looked into: the place holds
another history of this log.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import smtplib
import ssl
from base64 import b64encode
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from deliberation.audit import notes
from deliberation.audit.marks import Mark
from deliberation.audit.notes import NoteError
from deliberation.audit.places import Mailer
from deliberation.config import is_loopback

SECONDS = 20
LARGEST = 64 * 1024
"""Bytes of an answer that are read."""
SIZE_TYPE = "text/x.tlog.size"
ENDING = ".checkpoint"
FILE = re.compile(r"[0-9]{1,19}-[0-9a-f]{16}\.checkpoint")


class Undelivered(Exception):
    """It was not handed over; one line says why, and repeats no address."""


class Superseded(Exception):
    """The place has a newer checkpoint of the same history already."""


class Fork(Exception):
    """The place holds what this log does not go on from; one line says what."""


@dataclass(frozen=True)
class Signed:
    """A signed checkpoint to be handed over."""

    log_id: int
    log: str
    mark: Mark
    note: str


def why(error: Exception) -> str:
    """An error of the network or of a disk in a few words, without the address."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not good: {error.verify_message}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the mail server answered {error.smtp_code}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "the mail server does not take mail to this address"
    said = error.strerror if isinstance(error, OSError) else None
    return said or type(error).__name__


def into_folder(folder: Path, point: Signed, contains: Callable[[Mark], bool], acknowledged: Collection[Mark]) -> None:
    """One file a checkpoint, below a folder of the log; what stands there is never written over.

    ``contains`` tells whether the log, as it is now, begins with another checkpoint found there.
    """
    inside = folder / folder_of(point.mark.origin)
    try:
        inside.mkdir(exist_ok=True)
        largest = 0
        for mark in kept(inside):
            if mark.origin == point.mark.origin and mark not in acknowledged:
                largest = largest or mark.size
                if mark.size < largest:
                    break
                if not contains(mark):
                    raise Fork(f"it holds another history, of {mark.size} entries")
        if largest > point.mark.size:
            raise Superseded
        put(inside / file_of(point.mark), point.note.encode())
    except OSError as error:
        raise Undelivered(why(error)) from None


def folder_of(origin: str) -> str:
    return origin.replace("/", "-").lstrip(".")


def file_of(mark: Mark) -> str:
    return f"{mark.size}-{mark.root.hex()[:16]}{ENDING}"


def kept(inside: Path) -> Iterator[Mark]:
    """The checkpoints that stand in the folder of one log, the longest first, unverified; what is none is passed over."""
    paths = [path for path in inside.glob("*" + ENDING) if FILE.fullmatch(path.name)]
    for path in sorted(paths, key=lambda path: (-int(path.name.partition("-")[0]), path.name)):
        with contextlib.suppress(NoteError, OSError):
            yield mark_in(path)


def mark_in(path: Path) -> Mark:
    with open(path, "rb") as file:
        point = notes.checkpoint(notes.parse(file.read(notes.LONGEST + 1)).text)
    return Mark(point.origin, point.size, point.root)


def put(path: Path, content: bytes) -> None:
    """A new file, whole or not at all; one of this name stays as it is."""
    made = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(made, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(made, path)
        except FileExistsError:
            return
        except OSError:
            # A file system without links, as on a stick.
            if not path.exists():
                os.rename(made, path)
    finally:
        made.unlink(missing_ok=True)


def by_mail(server: Mailer, recipient: str, subject: str, text: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = server.sender, recipient, subject
    message.set_content(text)
    context = ssl.create_default_context()
    is_here = is_loopback(f"//{server.host}")
    try:
        if server.is_tls:
            session: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context)
        else:
            session = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
        with session:
            session.ehlo()
            is_safe = server.is_tls or is_here
            if not is_safe and session.has_extn("starttls"):
                session.starttls(context=context)
                is_safe = True
            if server.user and not is_safe:
                raise Undelivered("the mail server offers no encryption, and the passphrase does not go there in the open")
            if server.user:
                session.login(server.user, server.passphrase)
            session.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise Undelivered(why(error)) from None


@dataclass(frozen=True)
class Answer:
    status: int
    kind: str
    content: bytes


def post(url: str, content: str) -> Answer:
    """One request; redirections are not followed, long answers not read to their end."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https":
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, parts.port, timeout=SECONDS, context=ssl.create_default_context()
        )
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=SECONDS)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        headers = {"Content-Type": "text/plain; charset=utf-8", "User-Agent": "deliberation", "Connection": "close"}
        connection.request("POST", target, content.encode(), headers)
        response = connection.getresponse()
        return Answer(response.status, response.headers.get_content_type(), response.read(LARGEST))
    except (OSError, http.client.HTTPException) as error:
        raise Undelivered(why(error)) from None
    finally:
        connection.close()


def to_hook(url: str, point: Signed) -> None:
    status = post(url, point.note).status
    if not 200 <= status < 300:
        raise Undelivered(f"it answered {status}")


def to_witness(url: str, point: Signed, old: int, proof: Callable[[int], Sequence[bytes]], size_now: Callable[[], int]) -> str:
    """Submit by ``add-checkpoint`` and give the lines with which the witness answered, unverified.

    ``old`` is the size that the witness is believed to know; where it says another one, that is tried once.
    """
    for is_again in (False, True):
        steps = "".join(f"{b64encode(step).decode()}\n" for step in proof(old))
        answer = post(f"{url}/add-checkpoint", f"old {old}\n{steps}\n{point.note}")
        if answer.status == 200:
            return answer.content.decode("utf-8", "replace")
        known = size_in(answer)
        if known is not None and known > point.mark.size:
            if known <= size_now():
                raise Superseded
            raise Fork(f"it saw {known} entries of this log, which holds {point.mark.size}")
        if known is not None and known != old and not is_again:
            old = known
        elif answer.status in (409, 422):
            raise Fork(f"it answered {answer.status}: what it saw before does not go on to these {point.mark.size} entries")
        else:
            raise Undelivered(f"it answered {answer.status}")
    raise AssertionError("unreachable")


def size_in(answer: Answer) -> int | None:
    """The size in the answer 409 of a witness."""
    text = answer.content.decode("ascii", "replace").removesuffix("\n")
    if answer.status != 409 or answer.kind != SIZE_TYPE or not notes.SIZE.fullmatch(text):
        return None
    return int(text)
