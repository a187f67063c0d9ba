"""What a report says of its tree. Where no unit of the release was merged or has ended both trees are one, and it says nothing unasked."""

from dataclasses import replace

from cchc.reports.reading import Release
from cchc.reports.tree import Tree
from cchc.reports.units import day_of_tree, has_history, in_order, merged_into, stands
from cchc.reports.vietnamese import day

REST_VI = "Đơn vị đã kết thúc, không nêu đơn vị kế thừa"
SUBJECT = "(số liệu theo đơn vị hành chính hiện nay)"
THEN = "Số liệu theo đơn vị hành chính tại thời điểm của kỳ báo cáo."
TODAY = (
    "Số liệu theo đơn vị hành chính hiện nay (tại ngày {day}): số liệu của đơn vị đã sắp xếp được tính cho đơn vị kế thừa; "
    "số liệu của đơn vị đã kết thúc mà không nêu đơn vị kế thừa là phần riêng của tỉnh."
)
LEFT = "Chỉ tiêu không cộng được (trung vị, điểm, xếp hạng) không có số liệu theo đơn vị hiện nay cho đơn vị đã tiếp nhận đơn vị khác."
MADE_THEN = "Nội dung của phụ lục này theo đơn vị tại thời điểm của kỳ báo cáo, không tính lại theo đơn vị hành chính hiện nay."


def subject_lines(release: Release) -> tuple[str, ...]:
    """The line under the report's subject, of today's tree."""
    return (SUBJECT,) if release.tree is Tree.TODAY else ()


def opening_words(release: Release) -> str:
    """`; số liệu theo đơn vị hành chính hiện nay, tại ngày 31/12/2025`: the end of the report's opening."""
    if release.tree is Tree.TODAY:
        return f"; số liệu theo đơn vị hành chính hiện nay, tại ngày {day(day_of_tree(release))}"
    return "; số liệu theo đơn vị hành chính tại thời điểm của kỳ báo cáo" if has_history(release) else ""


def above_table(release: Release) -> tuple[str, ...]:
    """What stands above the table of an annex whose rows or figures go by the tree."""
    if release.tree is Tree.TODAY:
        return (TODAY.format(day=day(day_of_tree(release))),)
    return (THEN,) if has_history(release) else ()


def made_then(release: Release) -> tuple[str, ...]:
    """What stands above the table of an annex that has no other tree than its time's."""
    return (MADE_THEN,) if release.tree is Tree.TODAY else ()


def notes_on_tree(release: Release) -> tuple[str, ...]:
    """Sentences of the notes on the data: which tree, and who was merged into whom."""
    if release.tree is not Tree.TODAY:
        return above_table(release)
    units, then = release.notes.units, replace(release, tree=Tree.THEN)
    merged = {into: [code for code in codes if stands(then, code)] for into, codes in merged_into(release).items()}
    told = [f"{_named(release, into)} từ {', '.join(_named(release, code) for code in in_order(release, merged[into]))}"
            for into in in_order(release, list(merged)) if merged[into]]  # fmt: skip
    rest = in_order(release, [code for code, unit in units.items() if unit.today_how == "none" and stands(then, code)])
    return (
        *above_table(release),
        LEFT,
        *([f"Đơn vị kế thừa và các đơn vị của kỳ báo cáo đã sắp xếp: {'; '.join(told)}."] if told else []),
        *([f"{REST_VI}: {'; '.join(_named(release, code) for code in rest)}."] if rest else []),
    )


def _named(release: Release, code: str) -> str:
    return f"{release.notes.units[code].name_vi} ({code})"
