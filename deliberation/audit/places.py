"""The places outside that get the signed checkpoints, as the keeper names them in LOG_ANCHORS:

    archive=dir:/srv/anchors library=mail:archive@example.cn hook=https://hook.example.cn/abc w=witness:https://w.example.cn|KEY

The short name before the sign is public. What comes after it may hold secrets and is never repeated, not even where it
cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from deliberation.audit import notes
from deliberation.audit.notes import NoteError, WitnessKey
from deliberation.config import SettingError, is_loopback

DIRECTORY, MAIL, HOOK, WITNESS = "directory", "mail", "hook", "witness"
NAME = re.compile(r"[^\W_][\w.-]{0,39}")
ADDRESS = re.compile(r"[!-?A-~]+@[!-?A-~]+")
FORM = "write NAME=dir:/FOLDER, NAME=mail:SOMEBODY@HOST, NAME=https://…, NAME=witness:https://…|KEY or NAME=witness:KEY"


@dataclass(frozen=True)
class Place:
    """``address`` is a folder, a mail address or a URL, and never shown; empty for a witness who signs by hand."""

    name: str
    kind: str
    address: str = field(repr=False)
    key: WitnessKey | None = None


@dataclass(frozen=True)
class Mailer:
    """The server that takes mail, and in whose name."""

    host: str
    port: int
    is_tls: bool
    sender: str
    user: str = ""
    passphrase: str = field(default="", repr=False)


def configured(settings: Mapping[str, Any]) -> list[Place]:
    """Every place. Raises `SettingError` in one line."""
    found: list[Place] = []
    for number, item in enumerate(str(settings["LOG_ANCHORS"]).split(), 1):
        name, _sign, rest = item.partition("=")
        if not NAME.fullmatch(name) or not rest:
            raise SettingError(f"LOG_ANCHORS: cannot read place {number}: {FORM}")
        try:
            found.append(_place(name, rest))
        except ValueError as error:
            raise SettingError(f"LOG_ANCHORS: cannot read {name}: {error}") from None
    if len({place.name for place in found}) != len(found):
        raise SettingError("LOG_ANCHORS: two places have one name")
    if any(place.kind == MAIL for place in found):
        mailer(settings)
    return found


def _place(name: str, rest: str) -> Place:
    kind, _colon, address = rest.partition(":")
    if kind == "dir" and address.startswith("/"):
        return Place(name, DIRECTORY, address)
    if kind == "mail" and ADDRESS.fullmatch(address):
        return Place(name, MAIL, address)
    if kind in ("http", "https"):
        return Place(name, HOOK, _url(rest))
    if kind == "witness":
        url, _bar, key = address.rpartition("|")
        try:
            return Place(name, WITNESS, _url(url) if url else "", notes.witness_key(key))
        except NoteError as error:
            raise ValueError(f"{error}; the verifier key of a witness is NAME+IDENTITY+KEY") from None
    raise ValueError(FORM)


def _url(text: str) -> str:
    """An address that can be asked; http leads to this computer only."""
    parts = urlsplit(text)
    parts.port  # noqa: B018 - raises where it is no number
    if not text.isascii() or not parts.hostname or parts.username is not None or parts.fragment:
        raise ValueError("this is no address of a server without a name and a passphrase in it")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(text)):
        raise ValueError("only https leaves this computer")
    return text.rstrip("/")


def mailer(settings: Mapping[str, Any]) -> Mailer:
    """How mail is sent. Raises `SettingError` in one line."""
    try:
        parts = urlsplit(str(settings["MAIL_SERVER"]))
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/"):
        raise SettingError("MAIL_SERVER: write smtps://NAME:PASSPHRASE@HOST, or smtp://HOST where none is asked for")
    if not ADDRESS.fullmatch(str(settings["MAIL_SENDER"])):
        raise SettingError("MAIL_SENDER: write the address from which mail is sent, as in log@example.cn")
    is_tls = parts.scheme == "smtps"
    user, passphrase = unquote(parts.username or ""), unquote(parts.password or "")
    return Mailer(parts.hostname, port or (465 if is_tls else 25), is_tls, str(settings["MAIL_SENDER"]), user, passphrase)
