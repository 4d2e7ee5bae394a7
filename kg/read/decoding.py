"""Bytes to text: character sets (labelled, mislabelled and unlabelled), and text that can be stored and exported.

The order is that of the WHATWG Encoding Standard (https://encoding.spec.whatwg.org/), with one change: bytes that
are valid UTF-8 are read as UTF-8 whatever the label says, because a text in another encoding is all but never valid
UTF-8 by chance, and wrong labels are common.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: it begins with the same bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# The labels that the WHATWG reads as windows-1252: pages say Latin-1 and mean this.
_LATIN = {"ascii", "iso8859-1", "cp1252"}

_SAMPLE = 200_000  # bytes
_HIGH = bytes(range(128, 256))
_FEW = 3  # percent

# Characters that XML, and so RDF/XML, cannot hold, or that UTF-8 cannot: each is replaced by one character, so that
# offsets stay.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LINE_END = re.compile("[\x0b\x0c\x85\u2028\u2029]|\r(?!\n)")
_UNSTORABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")

_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")  # soft hyphens, zero-width spaces, byte order marks


def is_wide(data: bytes) -> bool:
    """Whether `data` begins with a byte order mark of UTF-16 or UTF-32, so that its lines are not lines of bytes."""
    return any(data.startswith(bom) for bom, encoding in BOMS if encoding != "utf-8")


def is_text(data: bytes) -> bool:
    """Whether `data` begins like text in some encoding."""
    head = data[:4096]
    if any(head.startswith(bom) for bom, _ in BOMS):
        return True
    return _utf16(head) is not None if b"\0" in head else not _is_binary(head)


def decode(data: bytes, label: str | None = None) -> str | None:
    """The text that `data` holds, or None where it is not text.

    `label` is the encoding that its sender or its markup names; it may be wrong or unknown.
    """
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace")
    if not is_text(data):
        return None
    if wide := _utf16(data[:4096]):
        return data.decode(wide, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        broken = error
    named = _known(label)
    if named and named not in _LATIN:
        try:
            return data.decode(named)
        except UnicodeError:
            pass  # mislabelled: guessed below
    return _damaged_utf8(data, broken) or _guess(data)


def storable(text: str) -> str:
    """`text` without the characters that a graph's files cannot hold, each offset kept: line ends become `\\n`."""
    if not _UNSAFE.search(text):
        return text
    text = _LINE_END.sub("\n", text.replace("\r\n", " \n"))
    return _UNSTORABLE.sub("\ufffd", _CONTROL.sub(" ", text))


def normal(text: str) -> str:
    """`text` as it is compared and stored when it comes from a file: storable, composed (NFC), nothing invisible."""
    text = storable(text.replace("\r\n", "\n"))
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def _known(label: str | None) -> str | None:
    """Python's name of the encoding that `label` names, None if it names none."""
    if not label:
        return None
    try:
        info = codecs.lookup(label.strip().strip("\"'"))
    except (LookupError, ValueError):
        return None
    return info.name if info._is_text_encoding else None


def _utf16(head: bytes) -> str | None:
    """UTF-16 without a byte order mark has its zero bytes in odd or in even places, but not in both."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 5 and even < odd // 20:
        return "utf-16-le"
    if even > len(head) // 5 and odd < even // 20:
        return "utf-16-be"
    return None


def _is_binary(head: bytes) -> bool:
    """Whether more than one byte in a hundred is a control character that no encoding of text uses."""
    control = len(head) - len(head.translate(None, bytes(range(9)) + bytes(range(14, 27)) + bytes(range(28, 32))))
    return control * 100 > len(head)


def _damaged_utf8(data: bytes, error: UnicodeDecodeError) -> str | None:
    """UTF-8 with a few broken bytes: read so where valid sequences are many times more."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    valid = sum(map(len, re.findall("[^\x00-\x7f\ufffd]+", text)))
    if valid >= 10 * broken or (error.start >= len(data) - 4 and error.reason == "unexpected end of data"):
        return text
    return None


def _guess(data: bytes) -> str:
    """What charset-normalizer makes of it; windows-1252 where few letters are not ASCII, for then it mostly errs."""
    sample = data[:_SAMPLE]
    encoding = None
    if (len(sample) - len(sample.translate(None, _HIGH))) * 100 > _FEW * len(sample):
        from charset_normalizer import from_bytes

        best = from_bytes(sample).best()
        encoding = _known(best.encoding) if best else None
    return data.decode("cp1252" if encoding is None or encoding in _LATIN else encoding, "replace")
