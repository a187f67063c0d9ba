"""Which encoding a file is in, by how many of its accented words are Vietnamese syllables. One answer per file, never per cell."""

import codecs
import re
import unicodedata
from dataclasses import dataclass

from cchc.readers.legacy import decoder

ENCODINGS = ("utf-8", "utf-16", "tcvn3", "vni", "windows-1258")
SAMPLE = 1 << 20
SURE, CLEAR = 0.8, 0.3  # ours: what a sure answer scores at least, and how far the next one must lie behind
ONSET = "ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnpqrstvx]"
RHYME = "[aăâeêioôơuưy]{1,3}(?:ch|nh|ng|[cmnptu])?"
SYLLABLE = re.compile(f"(?:{ONSET})?{RHYME}")
WORD = re.compile(r"[^\W\d_]+")
TONES = "\u0300\u0301\u0303\u0309\u0323"


@dataclass(frozen=True)
class Guess:
    """An encoding and how sure it is, from 0 to 1; `sure` says whether it may be proposed without asking."""

    encoding: str
    confidence: float
    sure: bool


def guess_encoding(content: bytes) -> Guess:
    """The likeliest encoding of the first MiB of `content`. ASCII is UTF-8; bytes that fit nothing score 0."""
    sample = content[:SAMPLE]
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Guess("utf-16", 1.0, True)
    if _reads(sample, "utf-8"):
        return Guess("utf-8", 1.0, True)
    scores = sorted(((score(sample, encoding), encoding) for encoding in ENCODINGS[2:]), reverse=True)
    (best, name), (second, _) = scores[:2]
    return Guess(name, round(best, 2), best >= SURE and best - second >= CLEAR)


def score(sample: bytes, encoding: str) -> float:
    """The share of accented words in `sample` that are Vietnamese syllables when read so; 0 when it does not read."""
    try:
        text = unicodedata.normalize("NFC", decoder(encoding).decode(sample))
    except UnicodeError:
        return 0.0
    words = [word for word in WORD.findall(text) if not word.isascii()]
    return sum(map(is_syllable, words)) / len(words) if words else 0.0


def is_syllable(word: str) -> bool:
    """Whether a word is built like one of Vietnamese: at most one tone, a known onset, rhyme and coda."""
    parts = unicodedata.normalize("NFD", word.lower())
    bare = "".join(sign for sign in parts if sign not in TONES)
    return len(parts) - len(bare) <= 1 and SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)) is not None


def contradicts(sample: bytes, declared: str) -> Guess | None:
    """The encoding that a file is in beyond doubt while another one-byte encoding is declared; None when nothing speaks against it."""
    if declared not in ENCODINGS[2:]:
        return None
    found = guess_encoding(sample)
    odd = (found.sure and found.encoding not in (declared, "utf-8")) or (found.encoding == "utf-8" and not sample.isascii())
    return found if odd else None


def _reads(sample: bytes, encoding: str) -> bool:
    try:
        decoder(encoding).decode(sample)
    except UnicodeError:
        return False
    return True
