"""Voila as the forum needs it: few addresses, own kernels, own limits, one given socket."""

from __future__ import annotations

import logging
import re
import socket
from collections import defaultdict
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final

import tornado.httpserver
import tornado.ioloop
import tornado.web
from jupyter_server.auth.identity import IdentityProvider, User
from traitlets import Any as AnyTrait
from traitlets.config import Config
from voila.app import Voila

from kesos_sim import i18n
from kesos_sim.forum.channels import KERNEL_GONE, ForumChannels, ForumConnection, Sockets
from kesos_sim.forum.kernels import ForumKernels, ForumSpecs
from kesos_sim.forum.limits import Gate
from kesos_sim.forum.pace import Bucket
from kesos_sim.forum.pages import Alive, Asset, End, ForumPage, Headers, KernelState, Secret
from kesos_sim.forum.server import Served

__all__ = ["ForumIdentity", "ForumServer", "settings_of"]

_KERNEL: Final = r"(?P<kernel_id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
_HIDDEN: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?<=token=)[^&\s]+")
_GUESSES, _GUESSES_PER_SECOND = 20.0, 0.1
_TOO_MANY: Final = 429
_BACKLOG: Final = 1024
_CULL_EVERY: Final = 10
# Jupyter looks at the last answer only when it asks again, so the patience is more than two turns.
_PING_MILLISECONDS, _PONG_MILLISECONDS = 20_000, 50_000
_LARGEST_REQUEST: Final = 64 * 1024


class ForumIdentity(IdentityProvider):
    """Who a visitor is: nobody in particular, or somebody who knows the secret."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._guesses = Bucket(_GUESSES, _GUESSES_PER_SECOND)

    @property
    def auth_enabled(self) -> bool:
        """Whether a secret is asked for."""
        return bool(self.token)

    async def get_user(self, handler: Any) -> User | None:
        """Let everybody in where no secret is set; count wrong ones where it is."""
        if not self.auth_enabled:
            return User("visitor")
        guessed = handler.get_query_argument("token", None) or handler.request.headers.get(
            "Authorization"
        )
        user = await self._get_user(handler)
        if user is None and guessed and not self._guesses.take():
            raise tornado.web.HTTPError(_TOO_MANY)
        return user


class _Discreet(logging.Filter):
    """Keeps names of kernels and secrets out of the log: who knows one can use it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Hide them."""
        message = record.getMessage()
        hidden = _HIDDEN.sub("…", message)
        if hidden != message:
            record.msg, record.args = hidden, None
        return True


class ForumServer(Voila):
    """Serves one page.

    Attributes
    ----------
    served : Served
        What is served.
    zygote : Zygote
        What forks kernels.
    """

    served = AnyTrait()
    zygote = AnyTrait()

    def init_settings(self) -> dict[str, Any]:
        """Add what the handlers of this package look up."""
        settings: dict[str, Any] = super().init_settings()
        # The notebook is ours; whether a user has marked it as trusted says nothing here.
        self.contents_manager.mark_trusted_cells = lambda *_: None
        kernels: ForumKernels = self.kernel_manager
        sockets: Sockets = defaultdict(set)
        limits = self.served.limits

        def close_all(kernel_id: str) -> None:
            for one in tuple(sockets.get(kernel_id, ())):
                one.close(KERNEL_GONE)

        kernels.when_gone = close_all
        settings |= {
            "forum_limits": limits,
            "forum_proxy": self.served.proxy,
            "forum_sockets": sockets,
            "forum_gate": Gate(
                limits,
                lambda: kernels.visitors,
                kernels.connected,
                kernels.asleep,
                kernels.make_way,
            ),
            "login_url": "/secret",
            "log_function": _log_request,
            "websocket_max_message_size": limits.message_bytes,
            "websocket_compression_options": {},
            "ws_ping_interval": _PING_MILLISECONDS,
            "ws_ping_timeout": _PONG_MILLISECONDS,
            # The server itself is spoken to in plain http by the proxy, so it cannot see this.
            "xsrf_cookie_kwargs": {"samesite": "Strict", "secure": self.served.https},
            "default_handler_class": _Nothing,
        }
        return settings

    def init_handlers(self) -> list[Any]:
        """Return the few addresses that there are; those of Voila and Jupyter are not."""
        self.app.transforms.append(Headers)
        page = next(one for one in super().init_handlers() if one[0] == "/(.*)")
        handlers: list[Any] = [
            (f"/api/kernels/{_KERNEL}", KernelState),
            (f"/api/kernels/{_KERNEL}/channels", ForumChannels),
            (f"/voila/api/shutdown/{_KERNEL}", End),
            ("/forum/alive", Alive),
            ("/forum/([A-Za-z.-]+)", Asset),
            (page[0], ForumPage, page[2]),
        ]
        return [("/secret", Secret), *handlers] if self.served.guarded else handlers

    def listen(self) -> None:
        """Listen on the socket that was given, or on a port, and serve."""
        patience = self.served.limits.request_seconds
        server = tornado.httpserver.HTTPServer(
            self.app,
            max_body_size=_LARGEST_REQUEST,
            idle_connection_timeout=patience,
            body_timeout=patience,
        )
        if self.served.inherited >= 0:
            given = socket.socket(fileno=self.served.inherited)
            given.setblocking(False)
            server.add_socket(given)
        else:
            server.listen(self.served.port, self.served.ip, backlog=_BACKLOG)
        for handler in (*self.log.handlers, *logging.getLogger().handlers):
            handler.addFilter(_Discreet())
        # Tornado takes Jupyter's milliseconds for seconds and complains about them.
        logging.getLogger("tornado.general").setLevel(logging.ERROR)
        self.ioloop = tornado.ioloop.IOLoop.current()
        try:
            self.ioloop.start()
        finally:
            self.stop()


class _Nothing(tornado.web.RequestHandler):
    """Whatever no address is for."""

    def prepare(self) -> None:
        """Refuse it."""
        raise tornado.web.HTTPError(404)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say no more than the number."""
        self.finish(str(status_code))


def settings_of(served: Served, secret: str, folder: str) -> Config:
    """Write the settings of Voila and Jupyter for one server.

    Parameters
    ----------
    served : Served
        What is served.
    secret : str
        What a guarded page asks for.
    folder : str
        Private folder of the server.

    Returns
    -------
    Config
    """
    settings = Config()
    limits = served.limits
    settings.Application.log_level = settings.Voila.log_level = logging.WARNING
    settings.Voila.config_file_paths = []
    settings.Voila.open_browser = False
    settings.Voila.connection_dir_root = folder
    settings.Voila.ip = served.ip
    settings.Voila.port = served.port
    settings.Voila.token = secret if served.guarded else ""
    if served.guarded:
        # Who was let in still is after the server has started anew with the same secret.
        settings.Voila.cookie_secret = sha256(f"kesos-forum cookie {secret}".encode()).digest()
    settings.Voila.identity_provider_class = ForumIdentity
    settings.Voila.kernel_websocket_connection_class = ForumConnection
    settings.VoilaConfiguration.template = "kesos-forum"
    settings.VoilaConfiguration.allow_template_override = "NO"
    settings.VoilaConfiguration.allow_theme_override = "NO"
    settings.VoilaConfiguration.file_allowlist = []
    settings.VoilaConfiguration.show_tracebacks = False
    settings.VoilaConfiguration.preheat_kernel = limits.pool > 0
    settings.VoilaConfiguration.default_pool_size = limits.pool
    settings.VoilaConfiguration.multi_kernel_manager_class = ForumKernels
    settings.VoilaConfiguration.kernel_spec_manager_class = ForumSpecs
    settings.VoilaConfiguration.resources = {"forum": _words(served)}
    settings.VoilaKernelManager.fill_delay = 0.2
    settings.KernelManager.transport = "ipc"
    # A kernel that died is not started again empty: its page asks for a new one.
    settings.KernelRestarter.restart_limit = 0
    settings.KernelRestarter.time_to_dead = 1.0
    settings.MappingKernelManager.cull_idle_timeout = max(1, int(limits.left_seconds))
    settings.MappingKernelManager.cull_interval = min(
        _CULL_EVERY, max(1, int(limits.unclaimed_seconds))
    )
    settings.ForumKernels.unclaimed_seconds = limits.unclaimed_seconds
    settings.ForumKernels.left_seconds = limits.left_seconds
    settings.ForumKernels.asleep_seconds = limits.asleep_seconds
    return settings


def _words(served: Served) -> dict[str, Any]:
    """Collect the words of the page template."""
    known = {
        name: {lang: i18n.text(f"forum_server.page_{name}", lang) for lang in i18n.LANGUAGES}
        for name in ("loading", "no_script", "no_cookies", "failed", "slow")
    }
    return {"lang": i18n.LANGUAGES[0], "title": served.title, **known}


def _log_request(handler: tornado.web.RequestHandler) -> None:
    """Log what went wrong in the server, not what visitors did; addresses are not kept."""
    status = handler.get_status()
    # A full room is answered with 503: nothing is wrong then.
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.SERVICE_UNAVAILABLE:
        logging.getLogger("tornado.access").warning("%d %s", status, handler.request.path)
