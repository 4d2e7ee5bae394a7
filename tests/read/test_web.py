"""Fetching, from a real server that lies, stalls and leads astray."""

from __future__ import annotations

import gzip
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from kg.read import Options, web
from tests.read.conftest import Site
from tests.read.results import error_of, one_of

TEXT = "Ann Lee left Acme on Monday after ten years, and nobody said why she had gone. " * 6
HTML = (
    f"<!doctype html><html lang=en><head><title>Gone</title></head><body><article><p>{TEXT}</p></article></body></html>"
)


def test_a_page_is_read_from_the_web_and_newsgraph_says_who_it_is(site: Site) -> None:
    url = site.page("/a", HTML)
    article = one_of(url)
    assert (article.text, article.url, article.source) == (TEXT.strip(), url, url)
    assert site.seen[0][1].startswith("newsgraph/")


def test_what_is_read_is_told_by_content_and_not_by_content_type(site: Site) -> None:
    assert one_of(site.page("/a", HTML, "image/png")).text == TEXT.strip()
    assert one_of(site.page("/b.pdf", HTML, "application/pdf")).text == TEXT.strip()
    assert "a PNG image" in error_of(site.page("/c", b"\x89PNG\r\n\x1a\n\0\0\0", "text/html"))


def test_the_charset_of_the_header_is_used_where_it_is_right(site: Site) -> None:
    body = HTML.replace("Ann Lee", "Энн Ли").encode("koi8-r")
    assert one_of(site.page("/a", body, "text/html; charset=koi8-r")).text.startswith("Энн Ли")
    assert one_of(site.page("/b", HTML.replace("Ann", "Änn"), "text/html; charset=ascii")).text.startswith("Änn")


def test_lines_of_articles_are_read_from_the_web(site: Site) -> None:
    assert one_of(site.page("/a.jsonl", '{"text": "Ann left."}\n', "application/octet-stream")).text == "Ann left."


def test_a_redirect_is_followed_and_the_last_address_counts(site: Site) -> None:
    target = site.page("/b", HTML)
    assert one_of(site.redirect("/a", "/b")).url == target


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "javascript:alert(1)", "data:text/html,x"]
)
def test_a_redirect_to_another_scheme_is_refused(site: Site, target: str) -> None:
    assert "only http and https" in error_of(site.redirect("/a", target))


def test_redirects_in_a_circle_end(site: Site) -> None:
    assert "redirects more than" in error_of(site.redirect("/a", "/a"))


@pytest.mark.parametrize(("status", "reason"), [(404, "404"), (500, "500"), (403, "403"), (204, "204")])
def test_an_answer_that_is_no_page_is_named(site: Site, status: int, reason: str) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.end_headers()

    site.pages["/a"] = answer
    assert reason in error_of(site.url + "/a")


def test_a_download_that_is_too_large_is_stopped(site: Site) -> None:
    sent = 0

    def answer(handler: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        handler.send_response(200)
        handler.end_headers()
        for _ in range(10_000):
            sent += handler.wfile.write(b"x" * 65_536)

    site.pages["/a"] = answer
    assert "larger than 1,000,000 bytes" in error_of(site.url + "/a", Options(max_bytes=1_000_000))
    assert sent < 100_000_000


def test_a_compressed_page_is_read_and_a_compressed_bomb_is_stopped(site: Site) -> None:
    packed = gzip.compress(HTML.encode())
    assert one_of(site.page("/a", packed, Content_Encoding="gzip")).text == TEXT.strip()
    bomb = gzip.compress(b"x" * 50_000_000)
    assert "larger than" in error_of(site.page("/b", bomb, Content_Encoding="gzip"), Options(max_bytes=1_000_000))


@pytest.mark.parametrize("where", ["before", "headers", "body"])
def test_a_server_that_stalls_or_drips_is_given_up(site: Site, where: str) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if where != "before":
            handler.wfile.write(b"HTTP/1.0 200 OK\r\n" + (b"\r\n" if where == "body" else b"X-Slow: "))
        for _ in range(40):
            time.sleep(0.1)
            if where != "before":
                handler.wfile.write(b"x")
                handler.wfile.flush()

    site.pages["/a"] = answer
    start = time.monotonic()
    assert "too long" in error_of(site.url + "/a", Options(timeout=0.5))
    assert time.monotonic() - start < 2


def test_a_page_that_ends_before_its_time_is_not_taken_for_the_whole(site: Site) -> None:
    assert "ended before" in error_of(site.page("/a", HTML, Content_Length="99999"))


def test_what_is_no_http_gets_one_clear_line(site: Site) -> None:
    site.pages["/a"] = lambda handler: handler.wfile.write(b"\0\1\2 nonsense\r\n\r\n")
    assert "can't be fetched" in error_of(site.url + "/a")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/",
        "http://nowhere.invalid/",
        "http://[::1/",
        "http://",
        "http://a:b/",
        "https://user:pass@example.org/",
        "http://127.0.0.1:99999/",
        "http://exa mple.org/",
        "http://\u2100.example/",
    ],
)
def test_an_address_that_cannot_be_reached_gets_one_clear_line(url: str) -> None:
    assert error_of(url)


def test_an_address_in_any_script_is_fetched(site: Site) -> None:
    site.page("/%C3%BCber%20uns?q=%C3%A9", HTML)
    assert one_of(site.url + "/über uns?q=é").text == TEXT.strip()


def test_a_public_page_does_not_lead_to_an_address_of_this_machine(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The trusted host is made a public one by name, since no public server can be had here."""
    monkeypatch.setattr(web, "_is_public", lambda host: host == "127.0.0.1")
    assert "an address of this machine" in error_of(site.page("/a", HTML))


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("fe80::1%eth0", False),
        ("0.0.0.0", False),
        ("100.64.0.1", False),
    ],
)
def test_an_address_of_a_private_network_is_told_from_a_public_one(address: str, public: bool) -> None:
    assert web._public(address) is public


def test_no_library_for_the_web_is_imported_to_read_a_text(tmp_path: Path) -> None:
    import subprocess
    import sys

    (tmp_path / "a.txt").write_text(TEXT)
    code = (
        "import sys, kg.read; assert next(kg.read.read(sys.argv[1])).text;"
        "print([m for m in ('trafilatura', 'lxml', 'feedparser', 'pypdf', 'numpy', 'urllib.request') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "a.txt")], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
