"""The attendee page in one file that needs no server: for a failed network, a link, a USB stick."""

from __future__ import annotations

import base64
import html
from importlib.resources import files
from typing import Final

from kesos_sim import i18n
from kesos_sim.forum.attendee_texts import boot, packed
from kesos_sim.forum.bundle import bundle, stylesheet
from kesos_sim.forum.session import Session
from kesos_sim.forum.settings import example_session

__all__ = ["static_copy"]

_FONTS: Final = ((400, "KesosInter-Regular.ttf"), (620, "KesosInter-Bold.ttf"))
# Nothing may be asked of anybody: the file may stand on a computer that is on some network.
_POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "font-src data:; img-src data: blob:; base-uri 'none'; form-action 'none'"
)
_PAGE: Final = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>{fonts}{css}</style>
</head>
<body>
<div id="kesos-forum" class="kf"></div>
<script type="application/json" id="kesos-boot">{boot}</script>
<script type="text/plain" id="kesos-surface">{surface}</script>
<script type="text/plain" id="kesos-families">{families}</script>
<script type="module">
{script}
</script>
</body>
</html>
"""


def static_copy(settings: Session | None = None, lang: str = "id") -> str:
    """Return the attendee page as one file without a server.

    All screens are open and answer from the surface in the file; nothing is sent, so that there
    is no voting, no room and no full model.

    Parameters
    ----------
    settings : Session, optional
        Settings of the meeting; the shipped example if left out.
    lang : str
        ``id`` or ``en``, the language in which it opens; it can be changed on the page.

    Returns
    -------
    str
        HTML; it asks nothing of any address, also when opened from a folder.
    """
    session = settings or example_session()
    if lang not in i18n.LANGUAGES:
        raise KeyError(f"language {lang!r}; known: {', '.join(i18n.LANGUAGES)}")
    return _PAGE.format(
        lang=lang,
        policy=_POLICY,
        title=html.escape(session.title[lang]),
        fonts=_fonts(),
        css=stylesheet(),
        boot=boot(session, lang),
        surface=_packed("mpu.json"),
        families=_packed("families.json"),
        script=bundle("alone.js").replace("</script", "<\\/script"),
    )


def _packed(name: str) -> str:
    """Return a file of the surfaces, compressed, in letters."""
    return base64.b64encode(packed(name)).decode("ascii")


def _fonts() -> str:
    """Return the page's letters as CSS that holds them."""
    found = []
    for weight, name in _FONTS:
        data = (files("kesos_sim.reports") / "fonts" / name).read_bytes()
        found.append(
            '@font-face { font-family: "Kesos Inter"; '
            f"font-weight: {weight}; font-display: swap; "
            f'src: url("data:font/ttf;base64,{base64.b64encode(data).decode("ascii")}"); }}\n'
        )
    return "".join(found)
