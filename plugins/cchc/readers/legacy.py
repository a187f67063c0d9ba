"""The encodings of Vietnamese text from before Unicode, TCVN3 and VNI, as incremental decoders. A file has one encoding."""

import codecs
import re

# TCVN 5712:1993 as the ABC fonts have it: one byte a letter; capitals with a tone mark are a matter of the font.
TCVN3 = {
    "µ": "à", "¸": "á", "¶": "ả", "·": "ã", "¹": "ạ", "¨": "ă", "»": "ằ", "¾": "ắ", "¼": "ẳ", "½": "ẵ", "Æ": "ặ", "©": "â", "Ç": "ầ",
    "Ê": "ấ", "È": "ẩ", "É": "ẫ", "Ë": "ậ", "®": "đ", "Ì": "è", "Ð": "é", "Î": "ẻ", "Ï": "ẽ", "Ñ": "ẹ", "ª": "ê", "Ò": "ề", "Õ": "ế",
    "Ó": "ể", "Ô": "ễ", "Ö": "ệ", "×": "ì", "Ý": "í", "Ø": "ỉ", "Ü": "ĩ", "Þ": "ị", "ß": "ò", "ã": "ó", "á": "ỏ", "â": "õ", "ä": "ọ",
    "«": "ô", "å": "ồ", "è": "ố", "æ": "ổ", "ç": "ỗ", "é": "ộ", "¬": "ơ", "ê": "ờ", "í": "ớ", "ë": "ở", "ì": "ỡ", "î": "ợ", "ï": "ù",
    "ó": "ú", "ñ": "ủ", "ò": "ũ", "ô": "ụ", "\xad": "ư", "õ": "ừ", "ø": "ứ", "ö": "ử", "÷": "ữ", "ù": "ự", "ú": "ỳ", "ý": "ý", "û": "ỷ",
    "ü": "ỹ", "þ": "ỵ", "¡": "Ă", "¢": "Â", "§": "Đ", "£": "Ê", "¤": "Ô", "¥": "Ơ", "¦": "Ư",
}  # fmt: skip

# VNI for Windows: a base letter and a mark, except for a few letters of one byte.
MARKS = {"": {"ø": "à", "ù": "á", "û": "ả", "õ": "ã", "ï": "ạ"}, "ê": {"è": "ằ", "é": "ắ", "ú": "ẳ", "ü": "ẵ", "ë": "ặ", "ê": "ă"},
         "â": {"à": "ầ", "á": "ấ", "å": "ẩ", "ã": "ẫ", "ä": "ậ", "â": "â"}}  # fmt: skip
PLAIN_VOWELS = {"a": "àáảãạ", "e": "èéẻẽẹ", "o": "òóỏõọ", "u": "ùúủũụ", "y": "ỳýỷỹ", "ô": "ờớởỡợ", "ö": "ừứửữự"}
HATTED = {"a": "ầấẩẫậâ", "e": "ềếểễệê", "o": "ồốổỗộô"}
SINGLES = {"ñ": "đ", "ì": "ì", "í": "í", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ô": "ơ", "ö": "ư", "î": "ỵ"}


def _vni() -> dict[str, str]:
    pairs = {base + mark: letter for base, letters in PLAIN_VOWELS.items() for mark, letter in zip("øùûõï", letters, strict=False)}
    pairs |= {base + mark: letter for base, letters in HATTED.items() for mark, letter in zip("àáåãäâ", letters, strict=True)}
    pairs |= {"a" + mark: letter for mark, letter in MARKS["ê"].items()}
    return pairs | {_upper(old): letter.upper() for old, letter in pairs.items()} | SINGLES | {
        _upper(old): letter.upper() for old, letter in SINGLES.items()
    }  # fmt: skip


def _upper(text: str) -> str:
    return "".join(chr(ord(sign) - 0x20) if sign >= "à" or "a" <= sign <= "z" else sign for sign in text)


VNI = _vni()
VNI_PATTERN = re.compile("|".join(sorted(map(re.escape, VNI), key=len, reverse=True)))
VNI_BASES = frozenset(pair[0] for pair in VNI if len(pair) == 2)


class Tcvn3Decoder(codecs.IncrementalDecoder):
    """Bytes of TCVN3 to text. Raises UnicodeDecodeError for a byte that no Vietnamese font of the time draws."""

    _letters = str.maketrans(TCVN3)

    def decode(self, data: bytes, final: bool = False) -> str:  # type: ignore[override]
        """One block; a letter is one byte, so blocks may be cut anywhere."""
        return _strict(data, "tcvn3", bytes(map(ord, TCVN3))).translate(self._letters)


class VniDecoder(codecs.IncrementalDecoder):
    """Bytes of VNI-Windows to text; a letter cut by the end of a block waits for the next one."""

    _waiting = b""

    def decode(self, data: bytes, final: bool = False) -> str:  # type: ignore[override]
        """One block of the file."""
        data, self._waiting = self._waiting + data, b""
        if data and not final and chr(data[-1]) in VNI_BASES:
            data, self._waiting = data[:-1], data[-1:]
        text = _strict(data, "vni", bytes({ord(sign) for pair in VNI for sign in pair if ord(sign) > 0x7F}))
        return VNI_PATTERN.sub(lambda found: VNI[found.group()], text)


def _strict(data: bytes, encoding: str, letters: bytes) -> str:
    """Latin-1 text of `data` for the letters and of Windows-1252 for quotes and dashes; other high bytes are an error."""
    odd = data.translate(None, bytes(range(0x80)) + letters + PUNCTUATION)
    if odd:
        place = data.index(odd[:1])
        raise UnicodeDecodeError(encoding, data, place, place + 1, "no letter of this encoding")
    return data.decode("latin-1").translate(_PUNCTUATION_SIGNS)


PUNCTUATION = b"\x85\x91\x92\x93\x94\x95\x96\x97\xa0\xb0"
_PUNCTUATION_SIGNS = {code: bytes([code]).decode("cp1252") for code in PUNCTUATION if code < 0xA0}
DECODERS: dict[str, type[codecs.IncrementalDecoder]] = {"tcvn3": Tcvn3Decoder, "vni": VniDecoder}


def decoder(encoding: str) -> codecs.IncrementalDecoder:
    """A strict incremental decoder for a declared encoding: utf-8, utf-16, windows-1258, tcvn3 or vni."""
    made = DECODERS.get(encoding)
    return (
        made("strict") if made else codecs.getincrementaldecoder({"windows-1258": "cp1258", "utf-8": "utf-8-sig"}.get(encoding, encoding))()
    )
