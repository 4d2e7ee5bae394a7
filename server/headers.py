"""The headers that every response has."""

from __future__ import annotations

COMMON = {
    "X-Store": "newsgraph",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "*",
}
"""What serves, which `kg` goes by (a web server in front keeps this header, and not `Server`);
scripts, styles and requests of this server alone, and no script or style that stands in a page; no guess at a type;
any page elsewhere may read: the one cookie there is, a reviewer's, is not sent along from there, and an answer to a
request with cookies is one that `*` lets no page read."""

HINT = "Query-Hint"
"""The header that tells why an answer may be empty."""


def ascii_of(text: str) -> str:
    """`text` as the value of a header, which holds ASCII."""
    return text.encode("ascii", "backslashreplace").decode("ascii")
