"""JSON Lines of articles."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from kg.errors import ReadError
from kg.model import Document
from kg.read import Options, expand, read, read_input
from tests.read.results import error_of, one_of


def lines(folder: Path, *articles: object) -> Path:
    file = folder / "articles.jsonl"
    file.write_text("".join(json.dumps(article) + "\n" for article in articles))
    return file


def test_every_field_of_a_line_is_read(tmp_path: Path) -> None:
    file = lines(
        tmp_path,
        {
            "id": 7,
            "text": "Ann left.",
            "title": "T",
            "url": "https://e.org/1",
            "publisher": "P",
            "published": "2025-11",
        },
    )
    article = one_of(file)
    assert (article.text, article.title, article.url) == ("Ann left.", "T", "https://e.org/1")
    assert (article.publisher, article.published, article.source) == ("P", "2025-11", f"{file}#7")


def test_each_line_is_an_input_that_another_process_can_read(tmp_path: Path) -> None:
    file = lines(tmp_path, {"id": "a", "text": "One."}, {"id": "b", "text": "Two."})
    inputs = pickle.loads(pickle.dumps(list(expand([str(file)]))))
    assert [document.text for item in inputs for document in read_input(item) if isinstance(document, Document)] == [
        "One.",
        "Two.",
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("not json", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("5", "object"),
        ('{"title": "T"}', "'text'"),
        ('{"text": 5}', "'text'"),
        ('{"text": "x", "title": []}', "'title'"),
        ('{"text": "x", "authors": [1]}', "'authors'"),
        ('{"text": "x", "authors": 1}', "'authors'"),
        ("\0\0\0", "not JSON"),
    ],
)
def test_a_wrong_line_is_named_with_its_number_and_the_rest_is_read(tmp_path: Path, line: str, reason: str) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text(f'{{"text": "One."}}\n\n{line}\n{{"text": "Two."}}\n')
    one, wrong, two = read(str(file))
    assert isinstance(wrong, ReadError)
    assert "articles.jsonl:3: " in str(wrong)
    assert reason in str(wrong)
    assert [document.text for document in (one, two) if isinstance(document, Document)] == ["One.", "Two."]


def test_a_line_that_is_too_long_is_left_out_and_the_rest_is_read(tmp_path: Path) -> None:
    file = lines(tmp_path, {"text": "x" * 5000}, {"text": "Two."})
    long, two = read(str(file), Options(max_bytes=1000))
    assert isinstance(long, ReadError)
    assert "1,000 bytes" in str(long)
    assert isinstance(two, Document)


def test_characters_keep_their_places_even_where_they_cannot_be_stored(tmp_path: Path) -> None:
    text = "A\r\nB\ud800 \x00 e\u0301 Lee."
    article = one_of(lines(tmp_path, {"text": text}))
    assert len(article.text) == len(text)
    article.text.encode()


def test_lines_in_utf_16_are_read(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text('{"text": "One."}\n{"text": "Two."}\n', "utf-16")
    assert len(list(read(str(file)))) == 2


def test_an_empty_file_gets_one_clear_line(tmp_path: Path) -> None:
    assert "empty" in error_of(lines(tmp_path))
