"""What is read of what a user names, and what is said of the rest."""

from __future__ import annotations

import os
import pickle
import time
from pathlib import Path

import pytest

from kg.errors import ReadError
from kg.read import Options, count, expand, read, readers
from tests.read.results import error_of, one_of


def test_a_folder_gives_its_articles_in_order_and_names_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Title: Two\n\nAnn Lee left Acme in 2025.")
    (tmp_path / "a.txt").write_bytes(b"\0\1\2\xff")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    broken, article = read(str(tmp_path))
    assert isinstance(broken, ReadError)
    assert "not text" in str(broken)
    assert not isinstance(article, ReadError)
    assert (article.title, article.text) == ("Two", "Ann Lee left Acme in 2025.")


def test_folders_are_searched_below_in_order_without_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/1.html", "a/3.PDF", "0.jsonl", ".git/x.txt", "a/.x.txt", "a/x.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text('{"text": "x"}\n{"text": "y"}\n')
    found = [(os.path.relpath(item.source, tmp_path), item.line) for item in expand([str(tmp_path)])]
    assert found == [("0.jsonl", 1), ("0.jsonl", 2), ("a/3.PDF", None), ("b/1.html", None), ("b/2.txt", None)]
    assert count([str(tmp_path)]) == len(found)


def test_inputs_can_be_sent_to_another_process(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ann left.")
    inputs = list(expand([str(tmp_path)]))
    assert pickle.loads(pickle.dumps(inputs)) == inputs


def test_a_folder_that_links_to_itself_ends(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ann left.")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    (tmp_path / "nowhere.txt").symlink_to("gone")
    results = [str(result) if isinstance(result, ReadError) else result.text for result in read(str(tmp_path))]
    assert results[0] == "Ann left."
    assert "symbolic links" in results[1]
    assert "no such file" in results[2]
    assert len(results) == 3


@pytest.mark.parametrize(
    "source", ["javascript:alert(1)", "file:///etc/passwd", "FTP://x/y", "data:,x", "mailto:a@b.c"]
)
def test_only_http_and_https_and_files_are_read(source: str) -> None:
    assert "only http, https and files" in error_of(source)


def test_a_file_whose_name_looks_like_an_address_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("note:1.txt").write_text("Ann left.")
    assert one_of("note:1.txt").text == "Ann left."


def test_a_pipe_or_a_device_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    start = time.monotonic()
    assert "a pipe" in error_of(tmp_path / "pipe.txt")
    assert "a device" in error_of("/dev/zero")
    assert time.monotonic() - start < 1


def test_a_file_that_cannot_be_read_is_named_with_the_reason(tmp_path: Path) -> None:
    assert "no such file" in error_of(tmp_path / "gone.txt")
    assert "can't be read" in error_of("/proc/self/mem")
    assert "larger than 5 bytes" in error_of(__file__, Options(max_bytes=5))
    assert "without a file" in error_of(tmp_path)
    assert error_of("")
    assert error_of("a\0b")


def test_a_name_that_would_break_a_line_is_escaped(tmp_path: Path) -> None:
    file = os.fsencode(tmp_path) + b'/a\nb\xff<>".txt'
    Path(os.fsdecode(file)).write_text("Ann left.")
    document = one_of(os.fsdecode(file))
    assert document.source == f'{tmp_path}/a\\nb\\xff<>".txt'
    assert "a\\nb" in error_of(tmp_path / "a\nb")


def test_the_built_in_readers_are_plug_ins() -> None:
    kinds = {suffix for reader in readers() for suffix in reader.suffixes}
    assert {".txt", ".html", ".pdf", ".xml", ".jsonl"} <= kinds
