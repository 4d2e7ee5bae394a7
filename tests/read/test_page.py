"""Web pages: the article, what the page says about itself, and markup that was made to break a parser."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from kg.read import read
from tests.read.results import error_of, one_of

PARAGRAPH = "Ann Lee left Acme on Monday after ten years with the company, and nobody said why she had gone. "
PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head>
<meta charset="utf-8"><title>Ann Lee leaves Acme | The Daily</title>
<meta property="og:site_name" content="The Daily">
<link rel="canonical" href="https://daily.example/2025/ann-lee">
<meta property="article:published_time" content="2025-11-07T01:00:00+09:00">
<meta name="author" content="Bo Dahl">
<script type="application/ld+json">{"@type": "NewsArticle", "author": {"name": "Bo Dahl"}}</script>
<style>p { color: red }</style></head><body>
<div class="cookie-banner">We use cookies. <button>Accept all</button></div>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>Ann Lee leaves Acme</h1>
<p>PARAGRAPH“It is time,” she&nbsp;said.</p>
<h2>What comes next</h2><p>PARAGRAPH</p><ul><li>Her first plan is a boat of her own.</li><li>Her second plan is a dog.</li></ul>
</article>
<aside class="related"><h3>Related stories</h3><a href="/x">Acme opens a shop</a></aside>
<div id="comments" class="comments"><p>First! Great article, thank you so much for it.</p></div>
<footer>Copyright The Daily. All rights reserved.</footer></body></html>""".replace("PARAGRAPH", PARAGRAPH * 3)


def page(folder: Path, body: str | bytes) -> Path:
    file = folder / "page.html"
    file.write_bytes(body if isinstance(body, bytes) else body.encode())
    return file


def test_the_article_is_read_without_the_furniture_of_its_page(tmp_path: Path) -> None:
    article = one_of(page(tmp_path, PAGE))
    assert "“It is time,” she said." in article.text
    assert "Her first plan is a boat of her own." in article.text
    for furniture in ("cookies", "Sport", "Related", "First!", "Copyright", "color"):
        assert furniture not in article.text


def test_what_the_page_says_about_itself_is_read(tmp_path: Path) -> None:
    article = one_of(page(tmp_path, PAGE))
    assert article.title == "Ann Lee leaves Acme"
    assert article.authors == ("Bo Dahl",)
    assert article.publisher == "The Daily"
    assert article.url == "https://daily.example/2025/ann-lee"
    assert article.published == "2025-11-07"
    assert article.language == "en"


def test_a_heading_and_a_list_item_are_sentences(tmp_path: Path) -> None:
    article = one_of(page(tmp_path, PAGE))
    found = [article.text[start:end] for start, end in article.sentences]
    assert "What comes next" in found
    assert "- Her second plan is a dog." in found


def test_the_address_of_the_site_is_not_the_address_of_the_article(tmp_path: Path) -> None:
    assert one_of(page(tmp_path, PAGE.replace("/2025/ann-lee", "/"))).url is None


@pytest.mark.parametrize(("encoding", "label"), [("cp1252", "utf-8"), ("utf-8", "iso-8859-1"), ("utf-16", "utf-8")])
def test_a_mislabelled_page_is_read(tmp_path: Path, encoding: str, label: str) -> None:
    body = PAGE.replace("Bo Dahl", "Bo Dähl").replace('charset="utf-8"', f'charset="{label}"')
    article = one_of(page(tmp_path, body.encode(encoding)))
    assert article.authors == ("Bo Dähl",)
    assert "“It is time,”" in article.text


def test_a_page_under_the_name_of_a_text_is_read_as_a_page(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PAGE)
    assert one_of(tmp_path / "a.txt").title == "Ann Lee leaves Acme"


def test_an_impossible_date_is_left_out(tmp_path: Path) -> None:
    assert one_of(page(tmp_path, PAGE.replace("2025-11-07", "2025-02-30"))).published is None


def test_a_page_without_an_article_gets_one_clear_line(tmp_path: Path) -> None:
    assert "no article" in error_of(page(tmp_path, "<!doctype html><html><body></body></html>"))


@pytest.mark.parametrize("tag", ["div", "b", "span", "section", "a", "blockquote", "p", "x-y", "form"])
def test_fifty_thousand_nested_tags_neither_crash_nor_take_long(tmp_path: Path, tag: str) -> None:
    close = "</" + "></".join(reversed(tag.split("><"))) + ">"
    nest = f"<{tag}>" * 50_000 + f"<p>{PARAGRAPH * 5}</p>" + close * 50_000
    start = time.monotonic()
    assert "Ann Lee left" in one_of(page(tmp_path, f"<html><body>{nest}<p>The end.</p></body></html>")).text
    assert time.monotonic() - start < 20


@pytest.mark.parametrize(
    "piece", ["<", "<!--", "<script>", "<?x?>", "<!DOCTYPE x [", "<!-- -->", "<meta ", '<p "', "&amp;"]
)
def test_markup_that_was_made_to_be_slow_is_not(tmp_path: Path, piece: str) -> None:
    start = time.monotonic()
    one_result = one_of(page(tmp_path, f"<html><body><p>{PARAGRAPH * 5}</p>{piece * 50_000}"))
    assert PARAGRAPH.strip() in one_result.text
    assert time.monotonic() - start < 20


@pytest.mark.parametrize("tag", ["ul><li", "table><tr><td", "svg", "select"])
def test_nests_that_hold_no_article_end_too(tmp_path: Path, tag: str) -> None:
    start = time.monotonic()
    assert list(read(str(page(tmp_path, f"<html><body>{f'<{tag}>' * 50_000}<p>{PARAGRAPH * 5}"))))
    assert time.monotonic() - start < 20
