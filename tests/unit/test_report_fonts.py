"""The PDF's font: the first family with every Vietnamese letter in all four styles, else the one inside typst."""

from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from cchc.reports import fonts
from cchc.reports.fonts import EMBEDDED, NEEDED, STYLES, find_font
from cchc.settings import Settings


@pytest.fixture
def config(tmp_path, monkeypatch) -> Settings:
    monkeypatch.setattr(fonts, "SYSTEM", (tmp_path / "system",))
    return Settings(home=tmp_path / "home")


def make_family(folder: Path, family: str, lacking: str = "", styles=STYLES) -> Path:
    """Font files with a box for each needed letter but those `lacking` from the italic."""
    folder.mkdir(parents=True, exist_ok=True)
    for style in styles:
        letters = [ord(letter) for letter in NEEDED if style != "Italic" or letter not in lacking]
        builder = FontBuilder(1000, isTTF=True)
        builder.setupGlyphOrder([".notdef", "box"])
        builder.setupCharacterMap(dict.fromkeys(letters, "box"))
        pen = TTGlyphPen(None)
        pen.moveTo((0, 0)), pen.lineTo((500, 0)), pen.lineTo((500, 500)), pen.closePath()
        builder.setupGlyf({".notdef": pen.glyph(), "box": pen.glyph()})
        builder.setupHorizontalMetrics({".notdef": (500, 0), "box": (500, 0)})
        builder.setupHorizontalHeader(ascent=800, descent=-200)
        builder.setupNameTable({"familyName": family, "styleName": style})
        builder.setupOS2()
        builder.setupPost()
        builder.save(folder / f"{family.replace(' ', '')}-{style.replace(' ', '')}.ttf")
    return folder


def test_without_any_font_the_embedded_one_is_used_and_the_reason_says_how_to_get_another(config):
    choice = find_font(config)
    assert (choice.name, choice.path) == (EMBEDDED, None)
    assert "fonts-liberation2" in choice.reason


def test_a_family_that_lacks_one_letter_in_one_style_is_refused(config, tmp_path):
    make_family(tmp_path / "system/old", "Liberation Serif", lacking="ẵ")
    choice = find_font(config)
    assert choice.name == EMBEDDED
    assert "1 letters are missing" in choice.reason


def test_a_family_without_its_italic_is_refused(config, tmp_path):
    make_family(tmp_path / "system", "Tinos", styles=STYLES - {"Italic"})
    assert find_font(config).name == EMBEDDED
    assert "style Italic is not there" in find_font(config).reason


def test_the_next_family_is_taken_when_the_first_is_refused(config, tmp_path):
    make_family(tmp_path / "system/liberation", "Liberation Serif", lacking="đ")
    whole = make_family(tmp_path / "system/croscore", "Tinos")
    assert (find_font(config).name, find_font(config).path) == ("Tinos", whole)


def test_the_setting_comes_before_the_home_folder_and_that_before_the_system(config, tmp_path):
    make_family(tmp_path / "system", "Liberation Serif")
    home = make_family(config.home / "fonts", "Tinos")
    assert find_font(config).path == home
    own = make_family(tmp_path / "own", "Tinos")
    assert find_font(Settings(home=config.home, font_path=own)).path == own


def test_a_font_path_without_a_font_is_told(config, tmp_path):
    make_family(tmp_path / "system", "Tinos")
    (tmp_path / "empty").mkdir()
    choice = find_font(Settings(home=config.home, font_path=tmp_path / "empty"))
    assert choice.name == "Tinos"
    assert "CCHC_FONT_PATH" in choice.reason


def test_a_broken_font_file_is_no_candidate(config, tmp_path):
    folder = config.home / "fonts"
    folder.mkdir(parents=True)
    (folder / "Tinos-Regular.ttf").write_bytes(b"not a font")
    assert find_font(config).name == EMBEDDED
