"""PDF: text without page furniture, and damaged files."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from kg.read import read
from tests.read.results import error_of, one_of

PAGE = (
    "Ann Lee, who founded Acme in 1998 and led the com-",
    "pany for ten years, left on Monday. Nobody at the",
    "firm said why she had gone.",
    "Bo Dahl, who had been with her from the beginning,",
    "takes her place.",
)


def pdf(*pages: tuple[str, ...], title: str = "") -> bytes:
    """A PDF of these lines, as small as the format allows (ISO 32000-1, 7.5)."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    kids = []
    for lines in pages:
        text = b"".join(b"(%s) Tj T*\n" % line.replace("(", r"\(").replace(")", r"\)").encode() for line in lines)
        stream = b"BT /F1 11 Tf 14 TL 72 720 Td\n" + text + b"ET"
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
        kids.append(len(objects) + 1)
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>"
            % len(objects)
        )
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    objects.append(b"<</Title(%s)>>" % title.encode())
    body, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    body += b"trailer\n<</Size %d/Root 1 0 R/Info %d 0 R>>\n" % (len(objects) + 1, len(objects))
    return bytes(body) + b"startxref\n%d\n%%%%EOF\n" % start


def test_lines_are_put_together_to_paragraphs_and_hyphenated_words_to_words(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(PAGE, title="Ann Lee leaves"))
    article = one_of(tmp_path / "a.pdf")
    assert article.title == "Ann Lee leaves"
    assert article.text == (
        "Ann Lee, who founded Acme in 1998 and led the company for ten years, left on Monday. "
        "Nobody at the firm said why she had gone.\n\n"
        "Bo Dahl, who had been with her from the beginning, takes her place."
    )


def test_headers_footers_and_page_numbers_are_left_out(tmp_path: Path) -> None:
    pages = [
        ("The Daily", f"Fact {number} is that it rained in Boston on that day.", f"{number} of 4")
        for number in range(4)
    ]
    (tmp_path / "a.pdf").write_bytes(pdf(*pages))
    text = one_of(tmp_path / "a.pdf").text
    assert "Fact 3" in text
    assert "The Daily" not in text
    assert "of 4" not in text


def test_the_title_is_the_first_line_where_the_file_names_only_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(
        pdf(("Ann Lee leaves Acme", "", "November 7, 2025", "", *PAGE), title="draft3.docx")
    )
    article = one_of(tmp_path / "a.pdf")
    assert (article.title, article.published) == ("Ann Lee leaves Acme", "2025-11-07")


def test_a_pdf_under_another_name_is_read_as_one(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(pdf(PAGE))
    assert "ten years" in one_of(tmp_path / "a.txt").text


def test_a_pdf_without_text_gets_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(()))
    assert "character recognition" in error_of(tmp_path / "a.pdf")


def test_a_pdf_with_a_password_gets_one_clear_line(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf(PAGE))))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "a.pdf")
    assert "password" in error_of(tmp_path / "a.pdf")


@pytest.mark.parametrize("length", [5, 9, 60, 400, 700, 900])
def test_a_pdf_that_was_cut_off_never_raises(tmp_path: Path, length: int) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(PAGE)[:length])
    assert len(list(read(str(tmp_path / "a.pdf")))) == 1


@pytest.mark.parametrize("step", range(3, 40, 3))
def test_a_damaged_pdf_never_raises(tmp_path: Path, step: int) -> None:
    data = bytearray(pdf(PAGE, PAGE))
    data[20::step] = b"<" * len(data[20::step])
    (tmp_path / "a.pdf").write_bytes(data)
    assert len(list(read(str(tmp_path / "a.pdf")))) == 1
