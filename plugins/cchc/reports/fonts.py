"""Which serif font the PDF is set in: one family that has every Vietnamese letter, or the embedded fallback.

A font that lacks letters gets mixed with another one inside words (Debian's fonts-liberation 1.07 lacks 93 letters), so
each style is looked at before it is used, and typst neither sees the system's fonts nor falls back to a second one.
"""

from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont, TTLibError

from cchc.reports.vietnamese import LETTERS
from cchc.settings import Settings

FAMILIES = ("Times New Roman", "Liberation Serif", "Tinos")  # the same widths; the first one found is taken
EMBEDDED = "Libertinus Serif"  # inside typst: all Vietnamese letters, not the widths of Times
SYSTEM = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
STYLES = frozenset({"Regular", "Bold", "Italic", "Bold Italic"})
NEEDED = LETTERS + "".join(map(chr, range(0x20, 0x7F))) + "–≥≤§“”…"


@dataclass(frozen=True)
class FontChoice:
    """The family to set documents in, the folder it lies in (None = embedded), and why it was chosen."""

    name: str
    path: Path | None
    reason: str


def find_font(config: Settings) -> FontChoice:
    """The font of this installation: CCHC_FONT_PATH, then `<home>/fonts`, then system folders, else the embedded one.

    Never fails; `reason` says what was looked at and refused (`cchc doctor` prints it).
    """
    refused: list[str] = []
    for place in filter(None, (config.font_path, config.home / "fonts", *SYSTEM)):
        found = _fonts_under(place)
        if not found and place == config.font_path:
            refused.append(f"CCHC_FONT_PATH {place} holds none of {', '.join(FAMILIES)}")
        for (family, folder), styles in found.items():
            missing = _why_not(styles)
            if not missing:
                said = f"{family} in {folder} has all {len(LETTERS)} Vietnamese letters"
                return FontChoice(family, folder, "; ".join([*refused, said]))
            refused.append(f"{family} in {folder}: {missing}")
    why = "; ".join(refused) or f"none of {', '.join(FAMILIES)} found"
    return FontChoice(EMBEDDED, None, f"{why}; the embedded {EMBEDDED} is used (install fonts-liberation2 or set CCHC_FONT_PATH)")


def _fonts_under(place: Path) -> dict[tuple[str, Path], dict[str, frozenset[int]]]:
    """Wanted families under `place`: (family, folder) → style → code points, in order of preference."""
    found: dict[tuple[str, Path], dict[str, frozenset[int]]] = {}
    for path in sorted([place] if place.is_file() else place.rglob("*")) if place.exists() else ():
        if path.suffix.lower() not in {".ttf", ".otf", ".ttc"} or not _may_be_wanted(path):
            continue
        for family, style, letters in _faces(path):
            if family in FAMILIES and style in STYLES:
                found.setdefault((family, path.parent), {})[style] = letters
    return dict(sorted(found.items(), key=lambda item: (FAMILIES.index(item[0][0]), str(item[0][1]))))


def _may_be_wanted(path: Path) -> bool:
    """By the file's name, so that a system with thousands of fonts isn't read whole."""
    return any(word in path.stem.lower() for word in ("times", "liberationserif", "tinos"))


def _faces(path: Path) -> list[tuple[str, str, frozenset[int]]]:
    try:
        fonts = TTCollection(path, lazy=True).fonts if path.suffix.lower() == ".ttc" else [TTFont(path, lazy=True)]
        return [
            (str(font["name"].getBestFamilyName()), str(font["name"].getBestSubFamilyName()), frozenset(font.getBestCmap()))
            for font in fonts
        ]
    except (OSError, TTLibError, KeyError, TypeError):
        return []  # no readable font: not a candidate


def _why_not(styles: dict[str, frozenset[int]]) -> str:
    if absent := sorted(STYLES - styles.keys()):
        return f"style {', '.join(absent)} is not there"
    missing = max(sum(ord(letter) not in letters for letter in NEEDED) for letters in styles.values())
    return f"{missing} letters are missing" if missing else ""
