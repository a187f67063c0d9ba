"""How officials write numbers, dates, periods and lists."""

import random
import unicodedata
from datetime import date
from decimal import Decimal

import pytest

from cchc.reports.vietnamese import (
    LETTERS,
    day,
    list_letter,
    long_day,
    number,
    percent,
    period_label,
    period_words,
    roman,
    round_half_up,
    sort_key,
)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        ("7209", 0, "7.209"),
        ("30027", 0, "30.027"),
        ("999", 0, "999"),
        ("1234567.895", 2, "1.234.567,90"),
        ("0", 0, "0"),
        ("-1254000", 0, "-1.254.000"),
        ("-0.4", 0, "0"),
        ("0.5", 0, "1"),
        ("2.675", 2, "2,68"),
        ("1E+3", 0, "1.000"),
        ("12345678901234567890123", 0, "12.345.678.901.234.567.890.123"),
    ],
)
def test_numbers_have_points_between_thousands_and_a_decimal_comma(value, decimals, text):
    assert number(Decimal(value), decimals) == text


def test_a_figure_nobody_has_is_a_dash_and_none_is_0():
    assert number(None) == percent(None) == "–"
    assert number(0) == "0"
    assert percent(Decimal(0)) == "0,00 %"


def test_shares_are_written_as_the_directives_write_them():
    assert percent(Decimal(940) / Decimal(1329)) == "70,73 %"
    assert percent(Decimal("0.98335")) == "98,34 %"  # halves round up, as by hand, not to even
    assert percent(Decimal(1), 0) == "100 %"


def test_halves_round_away_from_zero():
    assert [str(round_half_up(Decimal(value), 1)) for value in ("0.05", "-0.05", "0.15", "0.25")] == ["0.1", "-0.1", "0.2", "0.3"]


def test_dates_and_the_months_that_take_a_leading_zero():
    assert day(date(2013, 12, 5)) == "05/12/2013"
    assert long_day(date(2014, 2, 5)) == "ngày 05 tháng 02 năm 2014"
    assert long_day(date(2014, 3, 22)) == "ngày 22 tháng 3 năm 2014"


@pytest.mark.parametrize(
    ("code", "words", "label"),
    [
        ("2013-Q4", "quý IV năm 2013", "Quý IV/2013"),
        ("2013-H1", "6 tháng đầu năm 2013", "6 tháng đầu năm 2013"),
        ("2013-9M", "9 tháng đầu năm 2013", "9 tháng đầu năm 2013"),
        ("2013", "năm 2013", "Năm 2013"),
        ("2013-05", "tháng 5 năm 2013", "Tháng 5/2013"),
        ("2013-02", "tháng 02 năm 2013", "Tháng 02/2013"),
        ("2013-12-14", "ngày 14/12/2013", "Ngày 14/12/2013"),
        ("P2016-2020", "giai đoạn 2016-2020", "Giai đoạn 2016-2020"),
    ],
)
def test_period_codes_in_words(code, words, label):
    assert (period_words(code), period_label(code)) == (words, label)


@pytest.mark.parametrize("code", ["2013-Q5", "13-Q1", "2013Q4", "", "2013-Q4 "])
def test_another_shape_is_no_period(code):
    with pytest.raises(ValueError, match="no period code"):
        period_words(code)


def test_roman_numerals_and_list_letters():
    assert [roman(value) for value in (1, 4, 9, 14, 40, 2013)] == ["I", "IV", "IX", "XIV", "XL", "MMXIII"]
    assert [list_letter(place) for place in range(1, 11)] == list("abcdđeghik")
    with pytest.raises(ValueError, match="23"):
        list_letter(24)


def test_names_sort_by_letter_and_then_by_tone():
    wanted = [
        "An Giang",
        "Ăn",
        "Ân Thi",
        "Bà Rịa",
        "Bắc Giang",
        "Dĩ An",
        "Đà Nẵng",
        "Hà Nội",
        "ma",
        "mà",
        "mả",
        "mã",
        "má",
        "mạ",
        "Ỷ La",
    ]
    shuffled = list(wanted)
    random.Random(1).shuffle(shuffled)
    assert sorted(shuffled, key=sort_key) == wanted


def test_there_are_134_letters_that_ascii_lacks():
    assert len(set(LETTERS)) == len(LETTERS) == 134
    assert all(unicodedata.normalize("NFC", letter) == letter for letter in LETTERS)
    assert {"ạ", "Ỹ", "đ", "Ặ", "ử"} <= set(LETTERS)
