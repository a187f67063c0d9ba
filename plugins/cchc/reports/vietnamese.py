"""How officials write numbers, dates, periods and lists (reports.md, "The look of the document"; NĐ 30/2020)."""

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

NOT_COLLECTED = "–"  # a figure nobody has; none is "0"
LIST_LETTERS = tuple("abcdđeghiklmnopqrstuvxy")
_MARKS = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the dictionary's order of tones
_ORDER = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
LETTERS = "".join(
    letter
    for base in "aăâeêioôơuưyđ"
    for mark in ("", *(_MARKS if base != "đ" else ""))
    for lower in [unicodedata.normalize("NFC", base + mark)]
    if not lower.isascii()
    for letter in (lower, lower.upper())
)  # the 134 letters of Vietnamese that ASCII lacks


def number(value: Decimal | int | None, decimals: int = 0) -> str:
    """`value` with a point between thousands and a decimal comma: 7.209; 98,33. None is "–"; halves round up."""
    if value is None:
        return NOT_COLLECTED
    rounded = round_half_up(Decimal(value), decimals)
    whole, _, part = f"{abs(rounded):,.{decimals}f}".partition(".")
    sign = "-" if rounded < 0 else ""
    return sign + whole.replace(",", ".") + (f",{part}" if part else "")


def percent(value: Decimal | None, decimals: int = 2) -> str:
    """A share between 0 and 1 as `98,33 %`; None is "–"."""
    return NOT_COLLECTED if value is None else f"{number(value * 100, decimals)} %"


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """`value` with `decimals` places, halves away from zero as people do by hand."""
    with localcontext(prec=60):
        return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0  # + 0: no negative zero


def day(value: date) -> str:
    """`14/12/2013`."""
    return f"{value:%d/%m/}{value.year:04d}"


def long_day(value: date) -> str:
    """`ngày 05 tháng 02 năm 2014`: a leading 0 for days under 10 and for months 1 and 2 only (NĐ 30/2020)."""
    month = f"{value.month:02d}" if value.month <= 2 else str(value.month)
    return f"ngày {value.day:02d} tháng {month} năm {value.year}"


_PERIODS: list[tuple[str, str]] = [
    (r"(\d{4})-Q([1-4])", "quý {roman} năm {year}"),
    (r"(\d{4})-H1", "6 tháng đầu năm {year}"),
    (r"(\d{4})-H2", "6 tháng cuối năm {year}"),
    (r"(\d{4})-9M", "9 tháng đầu năm {year}"),
    (r"(\d{4})-(\d{2})-(\d{2})", "ngày {three}/{two}/{year}"),
    (r"(\d{4})-(\d{2})", "tháng {two} năm {year}"),
    (r"(\d{4})", "năm {year}"),
    (r"P(\d{4})-(\d{4})", "giai đoạn {year}-{two}"),
]


def period_words(code: str) -> str:
    """A period code (reports.md) in words: `2013-Q4` → `quý IV năm 2013`. Raises ValueError on another shape."""
    for pattern, words in _PERIODS:
        if found := re.fullmatch(pattern, code):
            year, two, three = (*found.groups(), "", "")[:3]
            quarter = roman(int(two)) if "Q" in code else ""
            plain = two.lstrip("0") if "tháng {two}" in words and int(two) > 2 else two  # as in long_day
            return words.format(year=year, two=plain, three=three, roman=quarter)
    raise ValueError(f"{code!r} is no period code such as 2013-Q4, 2013-H1, 2013-9M, 2013-05 or 2013")


def period_label(code: str) -> str:
    """The short form with a capital for lists and tables: `Quý IV/2013`, `Năm 2013`."""
    words = period_words(code).replace(" năm ", "/", 1) if re.search(r"Q|^\d{4}-\d\d$", code) else period_words(code)
    return words[0].upper() + words[1:]


_ROMAN = {
    "M": 1000, "CM": 900, "D": 500, "CD": 400, "C": 100, "XC": 90, "L": 50, "XL": 40, "X": 10, "IX": 9, "V": 5, "IV": 4, "I": 1,
}  # fmt: skip


def roman(value: int) -> str:
    """1 → I, 4 → IV; for headings and annexes. Raises ValueError outside 1..3999."""
    if not 0 < value < 4000:
        raise ValueError(f"{value} has no Roman numeral here")
    text = ""
    for sign, size in _ROMAN.items():
        count, value = divmod(value, size)
        text += sign * count
    return text


def list_letter(position: int) -> str:
    """The letter of a list's point, from 1: a b c d đ e g h i k ... Raises ValueError past the alphabet."""
    if not 1 <= position <= len(LIST_LETTERS):
        raise ValueError(f"a list has at most {len(LIST_LETTERS)} lettered points, not {position}")
    return LIST_LETTERS[position - 1]


def sort_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Orders names as a Vietnamese dictionary does: letters first (a ă â b ... d đ), then tones, for `sorted(key=)`."""
    letters, tones = [], []
    for sign in unicodedata.normalize("NFC", text).lower():
        base, tone = _split_tone(sign)
        letters.append(1000 + _ORDER.index(base) if base in _ORDER else ord(base[0]))  # space and digits come first
        tones.append(tone)
    return tuple(letters), tuple(tones)


def _split_tone(sign: str) -> tuple[str, int]:
    parts = unicodedata.normalize("NFD", sign)
    tone = next((rank for rank, mark in enumerate(_MARKS, 1) if mark in parts), 0)
    return unicodedata.normalize("NFC", "".join(part for part in parts if part not in _MARKS)), tone
