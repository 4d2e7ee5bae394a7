"""Feeds: each entry is an article; entities and external files are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import ReadError
from kg.model import Document
from kg.read import Options, read
from tests.read.conftest import Site
from tests.read.results import error_of

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>The Daily</title>
<entry><title>Lee &amp; Dahl leave AT&amp;amp;T</title><id>urn:1</id><link href="https://daily.example/1"/>
<published>2025-11-01T10:00:00Z</published><author><name>Cy Young</name></author>
<content type="html">&lt;p&gt;Ann Lee left AT&amp;amp;T.&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;&lt;ul&gt;&lt;li&gt;Bo stays&lt;/li&gt;&lt;/ul&gt;</content>
</entry><entry><title>Two</title><id>urn:2</id><updated>2025-11-02T10:00:00Z</updated><summary>Only a summary.</summary></entry>
</feed>"""  # fmt: skip
RSS = """<?xml version="1.0" encoding="{charset}"?>{doctype}
<rss version="2.0"><channel><title>The Daily</title><language>en-us</language>
<item><title>One</title><link>{link}</link><guid>{link}</guid><pubDate>Fri, 07 Nov 2025 10:00:00 GMT</pubDate>
<description>{text}</description></item></channel></rss>"""


def rss(text: str, link: str = "https://daily.example/1", doctype: str = "", charset: str = "utf-8") -> str:
    return RSS.format(text=text, link=link, doctype=doctype, charset=charset)


def documents(path: Path | str, options: Options | None = None) -> list[Document]:
    results = list(read(str(path), options))
    assert not any(isinstance(result, ReadError) for result in results), results
    return [result for result in results if isinstance(result, Document)]


def test_each_entry_of_an_atom_feed_is_an_article(tmp_path: Path) -> None:
    (tmp_path / "news.atom").write_text(ATOM)
    one, two = documents(tmp_path / "news.atom")
    assert one.text == "Ann Lee left AT&T.\n\nBo stays"
    assert one.title == "Lee & Dahl leave AT&T"
    assert (one.url, one.published, one.authors) == ("https://daily.example/1", "2025-11-01", ("Cy Young",))
    assert (one.publisher, one.source) == ("The Daily", f"{tmp_path}/news.atom#https://daily.example/1")
    assert (two.text, two.published, two.url) == ("Only a summary.", "2025-11-02", None)


def test_an_rss_feed_is_read_whatever_its_charset(tmp_path: Path) -> None:
    (tmp_path / "news.xml").write_bytes(rss("Jörg left.", charset="iso-8859-1").encode("latin-1"))
    (one,) = documents(tmp_path / "news.xml")
    assert (one.text, one.published, one.language) == ("Jörg left.", "2025-11-07", "en")


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE rss [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!ENTITY % a SYSTEM "http://127.0.0.1/x"> %a;]>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_feed_that_declares_entities_is_refused(tmp_path: Path, doctype: str, encoding: str) -> None:
    (tmp_path / "news.xml").write_bytes(rss("&a;", doctype=doctype, charset=encoding).encode(encoding))
    assert "entities" in error_of(tmp_path / "news.xml")


def test_no_file_and_no_address_named_by_a_doctype_is_opened(tmp_path: Path, site: Site) -> None:
    doctype = f'<!DOCTYPE rss SYSTEM "{site.url}/rss.dtd">'
    (tmp_path / "news.xml").write_text(rss("Ann left.", doctype=doctype))
    assert [one.text for one in documents(tmp_path / "news.xml")] == ["Ann left."]
    assert site.seen == []


def test_a_damaged_feed_gives_the_entries_that_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "news.rss").write_text(rss("Ann left & stayed.").replace("</channel></rss>", ""))
    assert [one.text for one in documents(tmp_path / "news.rss")] == ["Ann left & stayed."]


def test_a_feed_without_entries_gets_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "news.rss").write_text("<rss version='2.0'><channel><title>x</title></channel></rss>")
    assert "no entries" in error_of(tmp_path / "news.rss")


def test_xml_that_is_no_feed_gets_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<?xml version='1.0'?><urlset><url>x</url></urlset>")
    assert "neither a page nor a feed" in error_of(tmp_path / "a.xml")


def test_summaries_of_a_feed_on_the_web_are_followed_to_their_pages(site: Site) -> None:
    text = "Ann Lee left Acme on Monday after ten years, and nobody said why. " * 8
    link = site.page("/1", f"<html lang=en><title>T</title><body><article><p>{text}</p></article></body></html>")
    feed = site.page("/feed", rss("Ann Lee left.", link), "text/xml; charset=utf-8")
    (followed,) = documents(feed)
    assert (followed.text, followed.url) == (text.strip(), link)
    assert [one.text for one in documents(feed, Options(follow=False))] == ["Ann Lee left."]


def test_summaries_of_a_feed_in_a_file_are_followed_only_if_asked(tmp_path: Path, site: Site) -> None:
    link = site.page("/1", "Ann Lee left Acme, the whole story.", "text/plain")
    (tmp_path / "news.rss").write_text(rss("Ann Lee left.", link))
    assert documents(tmp_path / "news.rss")[0].text == "Ann Lee left."
    assert site.seen == []
    assert documents(tmp_path / "news.rss", Options(follow=True))[0].text == "Ann Lee left Acme, the whole story."


def test_a_link_that_leads_nowhere_is_an_error_of_its_own_and_the_rest_is_read(site: Site) -> None:
    feed = site.page("/feed", rss("Ann Lee left.", site.url + "/gone").replace("</channel>", f"{_item()}</channel>"))
    missing, other = read(feed)
    assert isinstance(missing, ReadError)
    assert "404" in str(missing)
    assert isinstance(other, Document)


def _item() -> str:
    return f"<item><title>Two</title><description>{'Bo stays with the firm. ' * 60}</description></item>"
