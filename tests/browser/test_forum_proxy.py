"""nginx in front of a meeting, set up by the example of the documentation, with https."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.conftest import CHROMIUM_FLAGS, ROOT, chromium
from tests.forum.servers.conftest import Running, Start, start_server  # noqa: F401 (a fixture)
from tests.required import lacking

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EXAMPLE = ROOT / "docs" / "nginx-forum.conf"
NAME, PROXY = "forum.office.example", "127.0.0.1"
# All of them are this machine; each is a visitor of its own to the limits.
ONE, OTHER = "127.0.0.2", "127.0.0.3"
START_SECONDS = 20.0
WAITING = 503


def nginx() -> str:
    """Return the proxy, or skip; where everything is required its absence is a failure."""
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        lacking("nginx is not installed (on Debian: apt-get install nginx)")
    return found


@dataclass(frozen=True)
class Proxy:
    """A running proxy.

    Attributes
    ----------
    https, http : its ports
    server : what is behind it
    """

    https: int
    http: int
    server: Running

    def page(self, visitor: str, claim: str = "") -> int:
        """Ask for the page from an address; return the status."""
        careless = ssl._create_unverified_context()  # noqa: S323 (made a moment ago, by itself)
        line = HTTPSConnection(
            PROXY, self.https, timeout=20, source_address=(visitor, 0), context=careless
        )
        return status(line, NAME, claim)

    def page_without(self, visitor: str, claim: str) -> int:
        """Ask the server itself for the page, past the proxy."""
        port = int(self.server.address.rstrip("/").rpartition(":")[2])
        line = HTTPConnection(PROXY, port, timeout=20, source_address=(visitor, 0))
        return status(line, f"{PROXY}:{port}", claim)


def status(line: HTTPConnection, host: str, claim: str) -> int:
    headers = {"Host": host, "Accept": "text/html"}
    if claim:
        headers["X-Forwarded-For"] = claim
    line.request("GET", "/", headers=headers)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind((PROXY, 0))
        other.bind((PROXY, 0))
        return one.getsockname()[1], other.getsockname()[1]


@pytest.fixture(scope="module")
def proxy(start_server: Start, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:  # noqa: F811
    """The example with ports, a certificate and a server of this test, and nothing else changed."""
    program, folder = nginx(), tmp_path_factory.mktemp("nginx")
    server = start_server(proxy=PROXY, https=True, pages_burst=2.0, pages_per_second=0.001)
    https, http = free_ports()
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-days", "2", "-subj", f"/CN={NAME}", "-keyout", key, "-out", certificate,
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    text = EXAMPLE.read_text(encoding="utf-8")
    for found, put in {
        "listen 80;": f"listen {PROXY}:{http};",
        "listen 443 ssl;": f"listen {PROXY}:{https} ssl;",
        f"/etc/ssl/certs/{NAME}.pem": str(certificate),
        f"/etc/ssl/private/{NAME}.key": str(key),
        "http://127.0.0.1:8866": server.address.rstrip("/"),
    }.items():
        assert text.count(found) == 1, found
        text = text.replace(found, put)
    (folder / "forum.conf").write_text(text, encoding="utf-8")
    own = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    settings = folder / "nginx.conf"
    settings.write_text(
        f"daemon off; pid {folder}/pid; error_log stderr;\n"
        + ("user root root;\n" if os.geteuid() == 0 else "")
        + f"events {{}}\nhttp {{ {own} include {folder}/forum.conf; }}\n",
        encoding="utf-8",
    )
    command = [program, "-p", str(folder), "-e", "stderr", "-c", str(settings)]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        until = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex((PROXY, https)) == 0:
                    break
            time.sleep(0.1)
        else:
            pytest.fail((folder / "log").read_text(encoding="utf-8")[-2000:])
        yield Proxy(https, http, server)
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_a_visitor_comes_in_by_https_and_is_answered(proxy: Proxy) -> None:
    with sync_playwright() as playwright:
        flags = [*CHROMIUM_FLAGS, f"--host-resolver-rules=MAP {NAME} {PROXY}"]
        browser = playwright.chromium.launch(executable_path=chromium(), args=flags)
        page = browser.new_context(ignore_https_errors=True).new_page()
        sockets: list[str] = []
        refused: list[str] = []
        page.on("websocket", lambda one: sockets.append(one.url))
        page.on("console", lambda said: said.type == "error" and refused.append(said.text))
        page.goto(f"https://{NAME}:{proxy.https}/")
        page.get_by_role("button", name="Kirim").click(timeout=60_000)
        expect(page.locator("#kesos-page p")).to_have_text("echo hello", timeout=20_000)
        assert sockets and all(re.match(f"wss://{NAME}:{proxy.https}/", url) for url in sockets)
        assert not refused
        (cookie,) = page.context.cookies()
        assert cookie["secure"] and cookie["sameSite"] == "Strict"
        browser.close()


def test_plain_http_is_sent_to_https(proxy: Proxy) -> None:
    line = HTTPConnection(PROXY, proxy.http, timeout=20)
    line.request("GET", "/?sesi=MPU26", headers={"Host": NAME})
    answer = line.getresponse()
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://{NAME}/?sesi=MPU26"
    line.close()


def test_limits_are_those_of_each_visitor_whatever_a_visitor_claims(proxy: Proxy) -> None:
    assert [proxy.page(ONE), proxy.page(ONE, "10.1.1.1")] == [200, 200]
    assert proxy.page(ONE) == WAITING
    assert proxy.page(ONE, "10.1.1.2") == WAITING
    assert proxy.page_without(ONE, "10.1.1.3") == WAITING
    assert proxy.page(OTHER) == 200
