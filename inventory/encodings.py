"""Encodings of text files from Vietnamese offices: Unicode and Windows-1258 are read, older font codes are named."""

import codecs
import re
import unicodedata
from typing import Final

from inventory.cells import BadFile
from inventory.text import Text

_LETTERS: Final = frozenset(
    "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
)  # fmt: skip
_SIGNS: Final = frozenset("“”‘’–—…•°²³½×±€₫\u00a0§©®«»·")
_TCVN3: Final = re.compile("[A-Za-z][µ¶¸¹¨»¼½¾©®ª«¬\u00ad§¦]|[µ¶¸¹¨»¼½¾©®ª«¬§][a-z]|[A-Za-z]·")
"""A letter beside a sign that TCVN 5712 (the .Vn fonts, ABC) shows as an accented letter."""
_VNI: Final = re.compile(r"[AEOUYaeouyôö][ØÛÏÅÄËÜøûïåäëü]|[ñÑ][AEIOUYaeiouyôö]")
"""A vowel followed by a letter that the VNI- fonts show as its accent."""
_FEW: Final = 3
_LEAST_SHARE: Final = 0.95


def decoded(octets: bytes) -> str:
    """Return the text of a file: UTF-8, UTF-16, or Windows-1258 where every accented letter is Vietnamese.

    Raises:
        BadFile: It is none of these, a mixture, or written with the TCVN3 or VNI fonts.
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if octets.startswith(mark):
            return _strictly(octets[len(mark) :], name)
    if b"\x00" in octets[:200]:
        return _strictly(octets, "utf-16-le" if octets[1:2] == b"\x00" else "utf-16-be")
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError as error:
        text = _older(octets, error.start)
    refuse_fonts(text)
    return text


def refuse_fonts(text: str) -> None:
    """Let Unicode pass and refuse text that only looks right in a TCVN3 or VNI font.

    Raises:
        BadFile: It is such a text.
    """
    proper = sum(character.lower() in _LETTERS for character in text)
    for name, pattern in (("TCVN3 (ABC)", _TCVN3), ("VNI", _VNI)):
        found = pattern.findall(text)
        if len(set(found)) >= _FEW and len(found) > proper / 4:
            raise BadFile(
                Text(
                    vi="Tệp viết bằng bảng mã {name}, không phải Unicode; chữ có dấu sẽ sai.",
                    en="The file is written with the old {name} fonts, not in Unicode; accents would be wrong.",
                ).fill(name=name),
                Text(
                    vi="Mở tệp, bôi đen toàn bộ, dùng UniKey (Ctrl+Shift+F6) chuyển từ {name} sang Unicode, lưu lại.",
                    en="Open it, select everything, convert from {name} to Unicode with UniKey (Ctrl+Shift+F6), save.",
                ).fill(name=name),
            )


def _strictly(octets: bytes, name: str) -> str:
    try:
        text = octets.decode(name)
    except UnicodeDecodeError as error:
        line = octets[: error.start].decode(name, errors="replace").count("\n") + 1
        raise _mixed(line) from None
    refuse_fonts(text)
    return text


def _older(octets: bytes, first_wrong: int) -> str:
    """Return the text as Windows-1258 if that makes sense of it."""
    # Python's codec gives letters and tone marks apart, as Windows writes them.
    text = unicodedata.normalize("NFC", octets.decode("cp1258", errors="replace"))
    refuse_fonts(octets.decode("cp1252", errors="replace"))
    foreign = [character.lower() for character in text if ord(character) > 127]
    known = sum(character in _LETTERS or character in _SIGNS for character in foreign)
    if known < _LEAST_SHARE * len(foreign) or _has_utf8(octets):
        raise _mixed(octets[:first_wrong].count(b"\n") + 1)
    return text


def _has_utf8(octets: bytes) -> bool:
    """Return whether some line is UTF-8 beyond ASCII: then the file is a mixture."""
    for line in octets.splitlines():
        if not line.isascii():
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                continue
            return True
    return False


def _mixed(line: int) -> BadFile:
    return BadFile(
        Text(
            vi="Không đọc được chữ từ dòng {line}: tệp không phải Unicode, hoặc trộn nhiều bảng mã.",
            en="The text cannot be read from line {line} on: it is not Unicode, or mixes several encodings.",
        ).fill(line=line),
        Text(
            vi="Mở tệp bằng Excel, sửa chữ sai ở dòng đó, rồi lưu dạng XLSX hoặc “CSV UTF-8”.",
            en="Open it in a spreadsheet program, correct that line, and save it as XLSX or “CSV UTF-8”.",
        ),
    )
