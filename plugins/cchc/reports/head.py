"""What stands around the body: issuing body, number, place and date, subject, addressee, signature, receivers.

The province's own words come from its settings (reference/setting.csv, frozen in the release); where one is not set, and
for every other unit, they follow from the unit's name and kind.
"""

from datetime import date
from typing import Literal

from cchc.reports.annex_notes import SYNTHETIC, as_of_words, bounds
from cchc.reports.document import Head
from cchc.reports.notes import UnitNote
from cchc.reports.reading import Release
from cchc.reports.tree_words import opening_words, subject_lines
from cchc.reports.units import province_unit, unit_of
from cchc.reports.vietnamese import period_words

COMMITTEE = "Ủy ban nhân dân"
NEW_LOOK_FROM = date(2020, 3, 5)  # NĐ 30/2020/NĐ-CP takes effect; before it TT 01/2011/TT-BNV
BLANK = "     "
PLACES = frozenset({"province", "district", "commune"})  # kinds whose body is the place's people's committee


def signing_day(release: Release) -> date:
    """When the report can be expected to be signed: its deadline, or the as-of when that is later."""
    return max(release.notes.periods[release.period].due_on, release.as_of.date())


def look_of(release: Release) -> Literal["nd30", "tt01"]:
    """The rules on a document's look, by the document's date."""
    return "nd30" if signing_day(release) >= NEW_LOOK_FROM else "tt01"


def head_of(release: Release, code: str) -> Head:
    """The head of the report of unit `code`; number, day and month stay blank until it is signed."""
    unit = unit_of(release, code)
    own = release.notes.setting if unit.kind == "province" else {}
    blank_day = f"ngày{BLANK}tháng{BLANK}năm {signing_day(release).year}"
    symbol = own.get("document_symbol_vi") or ("BC-UBND" if unit.kind in PLACES else "BC-......")
    signed = tuple(filter(None, (own.get("signer_authority_vi"), own.get("signer_title_vi"))))
    return Head(
        body_upper="" if unit.kind in PLACES else full_name(unit_of(release, province_unit(release))).upper(),
        body=_lines(own.get("issuing_body_vi")) or _body(unit),
        symbol=f"Số:{BLANK}/{symbol}",
        place_and_date=f"{place_name(release)}, {blank_day}",
        subject=(
            f"Công tác cải cách hành chính {period_words(release.period)}",
            *_of_whom(unit),
            *subject_lines(release),
            *_made_up(release),
        ),
        addressed_to=own.get("recipient_vi") or ("Bộ Nội vụ" if unit.kind == "province" else "Sở Nội vụ"),
        opening=_opening(release, unit),
        attached=f"(Kèm theo Báo cáo số{BLANK}/{symbol} {blank_day} của {full_name(unit)})",
        signed_as=signed or _signed_as(unit),
        receivers=_lines(own.get("distribution_vi")) or ("Như trên;", "Lưu: VT, ......"),
    )


def place_name(release: Release) -> str:
    """Where the province's documents are signed: its setting, else the province's own name."""
    name = _bare(unit_of(release, province_unit(release)).name_vi)
    return release.notes.setting.get("place_vi") or name.removeprefix("tỉnh ").removeprefix("thành phố ")


def full_name(unit: UnitNote) -> str:
    """`Ủy ban nhân dân tỉnh Sơn La`, `Sở Nội vụ`."""
    return f"{COMMITTEE} {_bare(unit.name_vi)}" if unit.kind in PLACES else unit.name_vi


def _bare(name: str) -> str:
    """The place without its committee: `tỉnh Sơn La`, `huyện Mai Sơn`."""
    for word in (COMMITTEE, "Uỷ ban nhân dân", "UBND"):
        if name.lower().startswith(word.lower()):
            name = name[len(word) :].strip()
    first, _, rest = name.partition(" ")
    return f"{first.lower()} {rest}" if first.lower() in _PLACE_WORDS else name


_PLACE_WORDS = frozenset({"tỉnh", "thành", "huyện", "quận", "thị", "xã", "phường"})


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


def _body(unit: UnitNote) -> tuple[str, ...]:
    """Two lines for a people's committee, one for every other body."""
    return (COMMITTEE.upper(), _bare(unit.name_vi).upper()) if unit.kind in PLACES else (unit.name_vi.upper(),)


def _of_whom(unit: UnitNote) -> tuple[str, ...]:
    return () if unit.kind == "province" else (f"của {full_name(unit)}",)


def _made_up(release: Release) -> tuple[str, ...]:
    """The line under the subject of a report whose figures are no real ones: the first page says so."""
    return (f"({SYNTHETIC})",) if release.notes.synthetic else ()


def _opening(release: Release, unit: UnitNote) -> str:
    words = period_words(release.period)
    told = f"{as_of_words(release.as_of)}, bản chốt {release.release_id}{opening_words(release)}"
    return (
        f"{full_name(unit)} báo cáo kết quả công tác cải cách hành chính {words} như sau "
        f"(kỳ báo cáo: {bounds(release)}; số liệu chốt {told}):"
    )


def _signed_as(unit: UnitNote) -> tuple[str, ...]:
    if unit.kind in PLACES:
        return (f"TM. {COMMITTEE.upper()}", "CHỦ TỊCH")
    return ("GIÁM ĐỐC",) if unit.name_vi.lower().startswith("sở ") else ("THỦ TRƯỞNG CƠ QUAN",)
