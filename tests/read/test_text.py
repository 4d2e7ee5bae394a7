"""Plain text: its header, its title and its date."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.read import document
from kg.read.published import date_of_head, iso_date
from kg.read.text import title_of
from tests.read.results import error_of, one_of

BODY = "Ann Lee left Acme on Monday. She had been with the company for ten years."


def test_header_lines_are_read_and_are_not_text(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(
        "Title: Ann Lee leaves\nDATE: 7 November 2025\nUrl: https://example.org/a#top\nPublisher: The Daily\n"
        f"Author: Bo Dahl and Cy Young\nTags: x\n\n{BODY}\n"
    )
    article = one_of(file)
    assert article.text == BODY
    assert article.title == "Ann Lee leaves"
    assert article.authors == ("Bo Dahl", "Cy Young")
    assert article.publisher == "The Daily"
    assert article.url == "https://example.org/a"
    assert article.published == "2025-11-07"
    assert article.language == "en"
    assert article.source == str(file)


def test_front_matter_between_dashes_is_a_header(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f'---\ntitle: "Ann Lee leaves"\ndate: 2025-11\n---\n{BODY}')
    article = one_of(tmp_path / "a.md")
    assert (article.title, article.published, article.text) == ("Ann Lee leaves", "2025-11", BODY)


def test_an_article_that_begins_with_a_colon_has_no_header(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Boston: the mayor left.\n\nMore text follows here.")
    assert one_of(tmp_path / "a.txt").text.startswith("Boston: the mayor")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"Ann Lee leaves Acme\n\n{BODY}", "Ann Lee leaves Acme"),
        (f"# Ann Lee leaves Acme\n\n{BODY}", "Ann Lee leaves Acme"),
        (f"Is Acme lost?\n==========\n{BODY}", "Is Acme lost?"),
        (f"{BODY}\n\nMore.", None),
        ("Ann Lee leaves Acme", None),
        (f"{'Ann Lee ' * 40}\n\n{BODY}", None),
    ],
)
def test_the_first_line_is_the_title_where_it_looks_like_one(text: str, title: str | None) -> None:
    assert title_of(text) == title


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ("2025-11-07", "2025-11-07"),
        ("November 7, 2025", "2025-11-07"),
        ("Published on Friday, 7 November 2025 at 10:30", "2025-11-07"),
        ("By Ann Lee | Nov. 7, 2025", "2025-11-07"),
        (
            "SAN FRANCISCO, Calif., Nov. 6, 2025 /Wire/ -- Acme said today that it would close its plant in Ohio.",
            "2025-11-06",
        ),
        ("PARIS, 7 November 2025 (Agency) - Acme closes.", "2025-11-07"),
        ("On November 6, 2025, he left.", None),
        ("February 30, 2025", None),
        ("What happened on November 6, 2025", None),
    ],
)
def test_the_head_of_an_article_gives_its_date_only_where_it_says_so_plainly(head: str, published: str | None) -> None:
    assert date_of_head(f"A title\n\n{head}\n\n{BODY}") == published


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2025", "2025"),
        ("2025-11", "2025-11"),
        ("2025-11-07T01:00:00+09:00", "2025-11-07"),
        ("Fri, 07 Nov 2025 10:00:00 GMT", "2025-11-07"),
        ("November 2025", "2025-11"),
        ("2025/11/7", "2025-11-07"),
        ("2025-02-30", None),
        ("2025-13", None),
        ("0000-00-00", None),
        ("yesterday", None),
        ("9" * 5000, None),
    ],
)
def test_a_date_keeps_its_precision_and_an_impossible_one_is_none(text: str, date: str | None) -> None:
    assert iso_date(text) == date


def test_a_byline_gives_the_authors(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"Ann Lee leaves Acme\n\nBy Bo Dahl and Cy Young, Staff Writers\n\n{BODY}")
    assert one_of(tmp_path / "a.txt").authors == ("Bo Dahl", "Cy Young")


@pytest.mark.parametrize(
    ("data", "reason"), [(b"", "empty"), (b" \n\t", "empty"), (b"\0\1\2", "not text"), (b"PK\x03\x04\0\0", "ZIP")]
)
def test_a_file_without_text_gets_one_clear_line(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    assert reason in error_of(tmp_path / "a.txt")


def test_a_text_in_utf_16_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(BODY, "utf-16")
    assert one_of(tmp_path / "a.txt").text == BODY


def test_an_article_of_200_000_words_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ann Lee left Acme. " * 50_000)
    assert len(one_of(tmp_path / "a.txt").sentences) == 50_000


def test_an_article_is_named_by_its_address_else_by_its_identifier_else_by_its_text() -> None:
    assert document(BODY).id == document(BODY, title="Other").id != document(BODY + "!").id
    assert document(BODY, identifier="7").id == document("Other", identifier="7").id != document(BODY).id
    by_address = document(BODY, url="https://example.org/a", identifier="7")
    assert by_address.id == document("Other", url="https://example.org/a#part").id
    assert len(by_address.id) == 16


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "http://[", "https://", "not a url", "https://a b/"]
)
def test_what_is_no_address_on_the_web_is_no_url(url: str) -> None:
    assert document(BODY, url=url).url is None


def test_each_character_of_a_given_text_keeps_its_place() -> None:
    text = "One\r\nline\x00 with\ud800 Zu\u0308rich and a\u200bb in it."
    made = document(text)
    assert len(made.text) == len(text)
    assert made.text.index("Zu\u0308rich") == text.index("Zu\u0308rich")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (BODY, "en"),
        ("Der Vorstand der Firma hat am Montag mitgeteilt, dass die Leiterin das Unternehmen verlassen wird.", "de"),
        ("La directrice a annoncé lundi que l'entreprise quitterait le pays avant la fin de l'année.", "fr"),
        ("Acme", None),
    ],
)
def test_the_language_is_told_from_the_text(text: str, language: str | None) -> None:
    assert document(text).language == language
