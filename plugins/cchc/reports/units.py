"""Units of a release: who stands under whom, in official order, under which heading."""

from cchc.errors import DataError
from cchc.reports.notes import UnitNote
from cchc.reports.reading import Release

GROUPS = {
    "province": "Cấp tỉnh",
    "department": "Sở, ban, ngành",
    "district": "Huyện, thành phố",
    "commune": "Xã, phường, thị trấn",
}


def province_unit(release: Release) -> str:
    """The province's own unit. Raises DataError when there is none or more than one."""
    found = [code for code, unit in release.notes.units.items() if unit.kind == "province"]
    if len(found) != 1:
        raise DataError(f"release {release.release_id}: {len(found)} units of kind province in notes.units, exactly 1 is needed")
    return found[0]


def unit_of(release: Release, code: str) -> UnitNote:
    """A unit's words. Raises DataError for a code that the release doesn't know."""
    if code not in release.notes.units:
        raise DataError(f"unit {code} is not in release {release.release_id}; see `cchc unit list`")
    return release.notes.units[code]


def below(release: Release, code: str) -> list[str]:
    """Units that an annex lists under `code`: a province's departments and districts, a district's communes."""
    if unit_of(release, code).kind == "province":
        found = [other for other, unit in release.notes.units.items() if unit.kind in {"department", "district"}]
    else:
        found = [other for other, unit in release.notes.units.items() if unit.parent_code == code]
    return in_order(release, found)


def in_order(release: Release, codes: list[str]) -> list[str]:
    """By kind, then the units' own rank, then code."""
    kinds = list(GROUPS)
    units = release.notes.units

    def place(code: str) -> tuple[int, str, int, str]:
        kind = units[code].kind
        return (kinds.index(kind) if kind in kinds else len(kinds), kind, units[code].sort_rank, code)

    return sorted(codes, key=place)


def group_title(kind: str) -> str:
    """The heading over units of a kind."""
    return GROUPS.get(kind, kind)
