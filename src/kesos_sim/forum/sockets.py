"""Sockets that outlive the server behind them, taken ports, and where visitors come from."""

from __future__ import annotations

import errno
import socket
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from typing import Final

from kesos_sim.errors import InputError

__all__ = ["join_address", "listening", "visitor_address"]

_BACKLOG: Final = 1024
_ANYWHERE: Final = {"0.0.0.0", "::", ""}  # noqa: S104 (compared, not bound)
# Reserved for documentation: the system chooses a way to it, and nothing is sent.
_FAR_AWAY: Final = ("192.0.2.1", 9)


def listening(ip: str, port: int, whose: str = "") -> socket.socket:
    """Open a socket that listens; connections wait in it while a server starts again.

    Parameters
    ----------
    ip : str
        Address of this machine; ``0.0.0.0`` for all of them.
    port : int
        Port; 0 for any that is free.
    whose : str
        Beginning of the options that name both, for instance ``facilitator-``; empty for those of
        the attendees.

    Returns
    -------
    socket

    Raises
    ------
    InputError
        If the port is taken or forbidden, or the address is not of this machine.
    """
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((ip, port))
        opened.listen(_BACKLOG)
    except OSError as error:
        opened.close()
        key = {
            errno.EADDRINUSE: "port_taken",
            errno.EACCES: "port_forbidden",
        }.get(error.errno or 0, "not_our_address")
        # What the system says of an address is English and tells no more than the key.
        name, got = ("ip", ip) if key == "not_our_address" else ("port", port)
        option = f"--{whose}{name}"
        raise InputError(
            "KS9401", f"forum_server.{key}", field=option, got=got, ip=ip, option=option
        ) from error
    return opened


def join_address(ip: str, port: int) -> str:
    """Return what attendees type.

    Parameters
    ----------
    ip : str
        Address that the server listens on.
    port : int
        Its port.

    Returns
    -------
    str
        With the address of this machine in its network where it listens on all of them.
    """
    host = _own_address() if ip in _ANYWHERE else ip
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}/" if port == 80 else f"http://{shown}:{port}/"  # noqa: PLR2004


def visitor_address(peer: str, forwarded: Sequence[str], proxy: str) -> str:
    """Return where a visitor comes from, also behind a proxy.

    Parameters
    ----------
    peer : str
        IP address at the other end of the connection.
    forwarded : sequence of str
        Values of the header ``X-Forwarded-For``. Anybody can write them: only the last address,
        which the proxy itself has put there, is read, and only on a connection from the proxy.
    proxy : str
        IP address of the proxy; empty without one.

    Returns
    -------
    str
        An IP address; that of the connection where nobody else is to be believed.

    Examples
    --------
    >>> visitor_address("127.0.0.1", ["10.9.9.9, 192.168.1.7"], "127.0.0.1")
    '192.168.1.7'
    >>> visitor_address("192.168.1.7", ["10.9.9.9"], "127.0.0.1")
    '192.168.1.7'
    """
    told = ",".join(forwarded).rpartition(",")[2].strip()
    with suppress(ValueError):
        if proxy and _plain(peer) == _plain(proxy):
            return _plain(told)
    return peer


def _plain(ip: str) -> str:
    """Return an IP address in its one shortest form; an IPv4 address inside of IPv6 as such."""
    found = ip_address(ip)
    inner = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(inner or found)


def _own_address() -> str:
    """Return the address under which others in the network see this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_FAR_AWAY)
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"
