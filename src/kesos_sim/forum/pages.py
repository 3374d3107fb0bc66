"""What the servers of the forum answer: the page, the waiting page, and little else.

Voila and Jupyter offer much more than a meeting needs. Only what is here can be reached: the
page itself, its own files, whether the server is there, whether a kernel is there, the channels
of a kernel, and its end.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any, Final, cast
from urllib.parse import parse_qs, urlsplit

import tornado.web
from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import JupyterHandler
from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.web import OutputTransform
from voila.request_info_handler import RequestInfoSocketHandler
from voila.tornado.handler import TornadoVoilaHandler

from kesos_sim import i18n
from kesos_sim.forum.kernels import ForumKernels
from kesos_sim.forum.limits import Gate
from kesos_sim.forum.sockets import visitor_address
from kesos_sim.forum.visitors import visitor_of

__all__ = [
    "Alive",
    "Asset",
    "End",
    "ForumPage",
    "Headers",
    "KernelState",
    "Secret",
    "jupyter_folder",
    "plain_page",
]

_KERNEL: Final = re.compile(r'"kernelId": "([0-9a-f-]{36})"')
_HOST: Final = re.compile(r"[A-Za-z0-9.\-:\[\]]{1,255}")
_ASSETS: Final = {
    "host.js": "text/javascript; charset=utf-8",
    "waiting.js": "text/javascript; charset=utf-8",
    "page.css": "text/css; charset=utf-8",
    "KesosInter-Regular.ttf": "font/ttf",
    "KesosInter-Bold.ttf": "font/ttf",
}
_COMES_BACK: Final = "20"
_STATIC: Final = "voila/templates/kesos-forum/static"
_NOT_FOUND: Final = 404
_ASK: Final = 401
_FORBIDDEN: Final = 403


def jupyter_folder() -> Any:
    """Return the folder in which Voila finds the template of the page.

    Returns
    -------
    Traversable
        Part of the package.
    """
    return files("kesos_sim.forum") / "jupyter"


def plain_page(key: str, *, script: bool = False, form: bool = False) -> str:
    """Write a page of a few words in both languages.

    Parameters
    ----------
    key : str
        ``forum_server.<key>_title`` and ``forum_server.<key>`` of the catalogue.
    script : bool
        Whether the page comes back by itself.
    form : bool
        Whether it asks for the secret.

    Returns
    -------
    str
        HTML.
    """
    lang = i18n.LANGUAGES[0]
    words = {
        name: {by: escape(i18n.text(f"forum_server.{key}{name}", by)) for by in i18n.LANGUAGES}
        for name in ("_title", "")
    }
    # Without scripts the page comes back too, only less often.
    again = '<meta http-equiv="refresh" content="20">' if script else ""
    runs = '<script src="forum/waiting.js" defer></script>' if script else ""
    asks = _secret_form(lang) if form else ""
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"{again}<title>{words['_title'][lang]}</title>\n"
        '<link rel="icon" href="data:,">\n<link rel="stylesheet" href="/forum/page.css">\n'
        f'{runs}</head>\n<body>\n<main class="kesos-plain" role="main">\n'
        f"<h1>{words['_title'][lang]}</h1>\n<p>{words[''][lang]}</p>\n{asks}"
        f'<p lang="en"><strong>{words["_title"]["en"]}</strong> {words[""]["en"]}</p>\n'
        "</main>\n</body>\n</html>\n"
    )


def _secret_form(lang: str) -> str:
    """Write the form that asks for the secret."""
    label = escape(i18n.text("forum_server.secret_label", lang))
    button = escape(i18n.text("forum_server.secret_button", lang))
    return (
        f'<form action="/" method="get"><label for="token">{label}</label>'
        '<input id="token" name="token" type="password" autocomplete="off" required>'
        f"<button>{button}</button></form>\n"
    )


class Headers(OutputTransform):
    """Puts the same headers on everything that a server says, refusals included."""

    def __init__(self, request: HTTPServerRequest) -> None:
        super().__init__(request)
        self._host = request.host if _HOST.fullmatch(request.host or "") else ""

    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        """Add the headers to the first part of an answer."""
        sockets = f" ws://{self._host} wss://{self._host}" if self._host else ""
        headers["Content-Security-Policy"] = (
            # Components are text that the kernel sends; they are imported from a blob.
            "default-src 'none'; script-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
            "img-src 'self' data: blob:; font-src 'self' data: blob:; "
            f"connect-src 'self'{sockets}; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        headers["X-Frame-Options"] = "DENY"
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
        headers["Server"] = "kesos"
        return super().transform_first_chunk(status_code, headers, chunk, finishing)


class _Plain(JupyterHandler):
    """What pages with visitors share: the gate, and refusals in both languages."""

    @property
    def gate(self) -> Gate:
        """Who decides about visitors."""
        gate: Gate = self.settings["forum_gate"]
        return gate

    @property
    def kernels(self) -> ForumKernels:
        """The kernels of the visitors."""
        kernels: Any = self.kernel_manager
        return cast(ForumKernels, kernels)

    def refuse_strangers(self, kernel_id: str) -> None:
        """Answer as if a kernel were not there unless it is of the visitor who asks.

        Parameters
        ----------
        kernel_id : str
            The kernel.

        Raises
        ------
        HTTPError
            If it is not.
        """
        if not self.kernels.is_of(kernel_id, visitor_of(self)):
            raise tornado.web.HTTPError(_NOT_FOUND)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say in both languages that something is not there."""
        self.set_status(status_code)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(plain_page("no_such_page" if status_code == _NOT_FOUND else "refused"))


class ForumPage(_Plain, TornadoVoilaHandler):
    """The page, with a kernel of its own for each visitor."""

    @tornado.web.authenticated
    async def get(self, path: str | None = None) -> None:
        """Send the page, or the one that waits for a place."""
        if path:
            raise tornado.web.HTTPError(_NOT_FOUND)
        if self.get_query_argument("token", None) is not None:
            # The secret has done its work; it shall not stay in the address bar.
            self.redirect(self.base_url)
            return
        if "text/html" not in self.request.headers.get("Accept", ""):
            # A script or a preview of a link: not a reader, so no kernel.
            self.finish({"ready": True})
            return
        address = visitor_address(
            self.request.remote_ip or "",
            self.request.headers.get_list("X-Forwarded-For"),
            self.settings["forum_proxy"],
        )
        if not self.gate.enter(address):
            self._wait()
            return
        _ = self.xsrf_token  # the kernel answers only to the browser that has this cookie
        entering, sent = True, False
        try:
            async for html in self.get_generator(path=path):
                found = _KERNEL.search(html)
                if found and entering:
                    # In one step, so that nobody counts twice.
                    self.kernels.claim(found[1], visitor_of(self))
                    self.gate.leave(address, found[1])
                    entering = False
                self.write(html)
                sent = True
                await self.flush()
        except Exception:
            self.log.exception("a page could not be made")
            if not sent:
                self.clear()
                self._wait()
        finally:
            if entering:
                self.gate.leave(address, None)
            # Voila keeps what it knows of every request there, for ever.
            RequestInfoSocketHandler._cache.clear()

    @tornado.web.authenticated
    def head(self, path: str | None = None) -> None:
        """Say that the server is there, without a kernel."""
        if path:
            raise tornado.web.HTTPError(_NOT_FOUND)
        self.finish()

    def _wait(self) -> None:
        """Send the page that comes back by itself."""
        self.set_status(503)
        self.set_header("Retry-After", _COMES_BACK)
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(plain_page("waiting", script=True))


class KernelState(_Plain):
    """Whether the kernel of a page is still there, told to its visitor only."""

    @tornado.web.authenticated
    def get(self, kernel_id: str) -> None:
        """Say it; nothing else about the kernel is told."""
        self.refuse_strangers(kernel_id)
        self.set_header("Cache-Control", "no-store")
        self.finish({"alive": True})


class End(_Plain):
    """The end of the kernel of a page that closes; needs the cookie that came with that page."""

    @tornado.web.authenticated
    async def post(self, kernel_id: str) -> None:
        """End it."""
        self.refuse_strangers(kernel_id)
        await ensure_async(self.kernels.shutdown_kernel(kernel_id, now=True))
        self.set_status(204)
        self.finish()


class Alive(tornado.web.RequestHandler):
    """Whether the server is there, and whether one more visitor fits."""

    def get(self) -> None:
        """Say it."""
        self.set_header("Cache-Control", "no-store")
        self.finish({"ready": True, "room": self.settings["forum_gate"].room()})


class Secret(tornado.web.RequestHandler):
    """Asks for the secret of the facilitator."""

    def get(self) -> None:
        """Send the form; whoever comes from a wrong secret is told so, and nothing more."""
        came_from = parse_qs(urlsplit(self.get_query_argument("next", "")).query)
        wrong = bool(came_from.get("token"))
        self.set_status(_FORBIDDEN if wrong else _ASK)
        self.set_header("Cache-Control", "no-store")
        self.finish(plain_page("wrong_secret" if wrong else "secret", form=True))


class Asset(tornado.web.RequestHandler):
    """The files of the page itself, compressed once."""

    def get(self, name: str) -> None:
        """Send one of the few that there are."""
        if name not in _ASSETS:
            raise tornado.web.HTTPError(_NOT_FOUND)
        plain, packed, mark = _asset(name)
        self.set_header("Content-Type", _ASSETS[name])
        self.set_header("Cache-Control", "max-age=86400" if name.endswith(".ttf") else "no-cache")
        self.set_header("Vary", "Accept-Encoding")
        self.set_header("ETag", mark)
        if self.check_etag_header():
            self.set_status(304)
        elif "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.write(packed)
        else:
            self.write(plain)
        self.finish()

    def compute_etag(self) -> str | None:
        """Return the mark that was already set."""
        return self._headers.get("ETag")

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say no more than the number."""
        self.finish(str(status_code))


@cache
def _asset(name: str) -> tuple[bytes, bytes, str]:
    """Read a file, compress it, and compute its mark."""
    font = name.endswith(".ttf")
    folder = files("kesos_sim.reports") / "fonts" if font else jupyter_folder() / _STATIC
    content = (folder / name).read_bytes()
    mark = hashlib.sha256(content).hexdigest()[:20]
    return content, gzip.compress(content, mtime=0), f'"{mark}"'
