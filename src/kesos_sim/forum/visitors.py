"""Who a visitor is: nobody by name, but always the same browser."""

from __future__ import annotations

from typing import Final

import tornado.web

__all__ = ["visitor_of"]

_TOKEN: Final = 1


def visitor_of(handler: tornado.web.RequestHandler) -> bytes:
    """Return what only the browser of a visitor knows.

    It is in the cookie ``_xsrf`` that came with the page and comes back with every request of it,
    also after a reload or a sleep.

    Parameters
    ----------
    handler : RequestHandler
        Of the request.

    Returns
    -------
    bytes
        Random, and of nobody else, where the request has no such cookie; the cookie that
        `RequestHandler.xsrf_token` then sets holds the same.
    """
    token: bytes = handler._get_raw_xsrf_token()[_TOKEN]
    return token
