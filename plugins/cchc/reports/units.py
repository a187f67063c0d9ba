"""Units of a release: who stands under whom, in official order, under which heading."""

from dataclasses import replace
from datetime import date

from cchc.errors import DataError
from cchc.reports.notes import UnitNote
from cchc.reports.reading import Release
from cchc.reports.tree import Tree

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


def day_of_tree(release: Release) -> date:
    """The day of today's tree: the as-of's."""
    return release.as_of.date()


def has_history(release: Release) -> bool:
    """Whether any unit was merged or has ended: where not, both trees are one."""
    return any(unit.today_how not in (None, "same") for unit in release.notes.units.values())


def merged_into(release: Release) -> dict[str, list[str]]:
    """A unit of today → those that were merged into it."""
    found: dict[str, list[str]] = {}
    for code, unit in release.notes.units.items():
        if unit.today_code and unit.today_how != "same":
            found.setdefault(unit.today_code, []).append(code)
    return found


def is_estimated(release: Release, code: str) -> bool:
    """Whether a unit of today has all of one that was split among several: what part went where no figure tells. The province: any."""
    units = release.notes.units
    return any(unit.today_how == "first" and (unit.today_code == code or units[code].kind == "province") for unit in units.values())


def stands(release: Release, code: str) -> bool:
    """Whether a unit is in the release's tree: it lived on a day of the period, or lives at the as-of. A release that doesn't
    tell when its units lived has them all.
    """
    unit, period = release.notes.units[code], release.notes.periods[release.period]
    if unit.today_how is None:
        return True
    if release.tree is Tree.TODAY:
        return unit.today_how == "same" and (unit.valid_from is None or unit.valid_from <= day_of_tree(release))
    cutoff = min(period.ends_on, day_of_tree(release))
    return (unit.valid_from is None or unit.valid_from <= cutoff) and (unit.valid_to is None or unit.valid_to > period.starts_on)


def below(release: Release, code: str) -> list[str]:
    """Units of the period's time that stand under `code`: a province's departments and districts, a district's communes."""
    return _below(replace(release, tree=Tree.THEN), code)


def listed(release: Release, code: str) -> list[str]:
    """Units that an annex by the release's tree lists under `code`. By today's a province has also the communes that no living
    district is above.
    """
    found = _below(release, code)
    if release.tree is Tree.THEN or unit_of(release, code).kind != "province":
        return found
    units = release.notes.units
    free = [other for other, unit in units.items() if unit.kind == "commune" and stands(release, other)
            and (unit.parent_code not in units or unit.parent_code == code or not stands(release, unit.parent_code))]  # fmt: skip
    return in_order(release, [*found, *free])


def _below(release: Release, code: str) -> list[str]:
    whole = unit_of(release, code).kind == "province"
    found = [other for other, unit in release.notes.units.items()
             if (unit.kind in {"department", "district"} if whole else unit.parent_code == code)]  # fmt: skip
    return in_order(release, [other for other in found if stands(release, other)])


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
