"""Addresses that leave the screen: on cards, receipts and the notice board."""

from __future__ import annotations

from typing import Any

from flask import current_app, request, url_for

from deliberation.config import is_loopback


def printed_address(endpoint: str, **values: Any) -> str:
    """Below PUBLIC_ADDRESS where it is set, else below the address by which this visitor came."""
    public: str = current_app.config["PUBLIC_ADDRESS"]
    return public + url_for(endpoint, **values) if public else url_for(endpoint, _external=True, **values)


def leads_here_only() -> bool:
    """Whether what is printed now leads nobody else to these pages."""
    return is_loopback(current_app.config["PUBLIC_ADDRESS"] or request.host_url)
