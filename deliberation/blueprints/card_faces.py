"""What is printed on a card: name, council, QR code, digits, until when. The template is ``auth/_card.html``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import segno
from markupsafe import Markup

from deliberation.blueprints.addresses import printed_address
from deliberation.people.cards import Issued


@dataclass(frozen=True)
class Face:
    name: str
    council: str
    digits: str
    """In two groups of four."""
    qr: Markup
    address: str
    """Where the digits are typed, without what a browser adds by itself."""
    valid_until: datetime
    login: str
    """The name that belongs to a passphrase, for whoever sets one."""


def face(issued: Issued, *, name: str, council: str) -> Face:
    """A card ready to be printed by ``{% from "auth/_card.html" import printed %}{{ printed(face) }}``."""
    scanned = printed_address("auth.card_scanned", code=issued.code)
    typed = printed_address("auth.card")
    return Face(name, council, issued.grouped, qr(scanned), typed.partition("://")[2], issued.expires_at, issued.login)


def qr(text: str) -> Markup:
    """A QR code as SVG in the page: dark on light in every mode, sized by the style sheet."""
    drawn = segno.make(text, error="m", micro=False)
    # Everything in it comes from segno: the text is only in the pattern.
    return Markup(drawn.svg_inline(omitsize=True, svgclass="qr", lineclass=None, border=4, light="#fff"))  # noqa: S704
