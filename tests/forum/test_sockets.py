"""Who a connection comes from, behind a proxy and without one."""

from __future__ import annotations

import pytest

from kesos_sim.forum.sockets import visitor_address

LOCAL, GUEST, LIE = "127.0.0.1", "192.168.1.7", "10.9.9.9"


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxy", "visitor"),
    [
        (LOCAL, [GUEST], LOCAL, GUEST),
        (LOCAL, [f"{LIE}, {GUEST}"], LOCAL, GUEST),
        (LOCAL, [LIE, GUEST], LOCAL, GUEST),
        (f"::ffff:{LOCAL}", [GUEST], LOCAL, GUEST),
        (LOCAL, ["2001:DB8::1"], LOCAL, "2001:db8::1"),
        (GUEST, [LIE], LOCAL, GUEST),
        (LOCAL, [LIE], "", LOCAL),
        (LOCAL, [], LOCAL, LOCAL),
        (LOCAL, ["", "unknown"], LOCAL, LOCAL),
        (LOCAL, [f"{GUEST},"], LOCAL, LOCAL),
        ("", [GUEST], LOCAL, ""),
    ],
    ids=[
        "told-by-proxy", "lie-before", "two-headers", "mapped", "v6", "not-from-proxy",
        "no-proxy", "no-header", "no-address", "empty-last", "no-peer",
    ],
)  # fmt: skip
def test_only_the_last_word_of_the_proxy_is_believed(
    peer: str, forwarded: list[str], proxy: str, visitor: str
) -> None:
    assert visitor_address(peer, forwarded, proxy) == visitor
