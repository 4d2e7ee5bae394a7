"""Character sets, labelled and mislabelled, and characters that can't be stored."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.read.decoding import decode, normal, storable

GERMAN = "Jörg Müller verließ die Behörde, und die Straße führte über das Gebäude zurück. " * 5
RUSSIAN = "Линус Торвальдс создал ядро операционной системы в университете города Хельсинки. " * 5
JAPANESE = "まつもとゆきひろがプログラミング言語を開発したと発表した。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_form_of_unicode_is_read_without_a_label(encoding: str) -> None:
    text = "Naïve café: it’s “here”. And then plain English text."
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("text", "encoding", "label"),
    [
        (GERMAN, "utf-8", "iso-8859-1"),  # the commonest lie
        (GERMAN, "cp1252", "utf-8"),
        (GERMAN, "cp1252", None),
        ("It’s “fine”, said the Café’s owner.", "cp1252", "iso-8859-1"),
        (RUSSIAN, "cp1251", "utf-8"),
        (RUSSIAN, "koi8-r", "koi8-r"),
        (JAPANESE, "shift_jis", "Shift_JIS"),
        (JAPANESE, "euc-jp", '"euc-jp"'),
        (GERMAN, "cp1252", "no-such-charset"),
        (GERMAN, "cp1252", "rot13"),
    ],
)
def test_a_wrong_label_does_not_spoil_the_text(text: str, encoding: str, label: str | None) -> None:
    assert decode(text.encode(encoding), label) == text


def test_utf_8_with_a_broken_byte_is_still_read_as_utf_8() -> None:
    assert decode(GERMAN.encode() + b"\xff") == GERMAN + "\ufffd"


@pytest.mark.parametrize(
    "data", [b"\0\1\2\3", b"\x7fELF\x02\x01\x01" + b"\0" * 50, b"\x01\x02\x03\x04abc\x05\x06" * 99]
)
def test_binary_data_is_not_text(data: bytes) -> None:
    assert decode(data) is None


@given(st.text())
def test_storable_text_has_the_same_length_and_can_be_stored(text: str) -> None:
    cleaned = storable(text)
    assert len(cleaned) == len(text)
    cleaned.encode("utf-8")
    assert not any(unicodedata.category(character) == "Cc" and character not in "\t\n" for character in cleaned)


def test_text_of_a_file_is_composed_and_has_no_invisible_characters() -> None:
    assert normal("Zu\u0308rich\r\nco\u00adop\u200b\rX\x07") == "Zürich\ncoop\nX "
