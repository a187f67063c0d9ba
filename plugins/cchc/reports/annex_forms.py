"""The forms II.06a and II.07b: of a province by unit in blocks (II.06a); of everybody else, and II.07b, by procedure sector."""

from cchc.reports.document import Annex, Row
from cchc.reports.figures import Figures
from cchc.reports.form_table import NO_SECTOR, FormRow, form_legend, form_line, form_table
from cchc.reports.forms import Form, form_of
from cchc.reports.outline import FormUse, Outline
from cchc.reports.rows import DossierFormRow, ProcedureFormRow
from cchc.reports.tree import REST, REST_DIM, bare
from cchc.reports.tree_rows import form_rows
from cchc.reports.tree_words import REST_VI, above_table
from cchc.reports.units import in_order, unit_of
from cchc.reports.vietnamese import number, roman, sort_key

BLOCKS = {"province": "Sở, ban, ngành", "district": "Cấp huyện", "commune": "Cấp xã"}
TOTAL = "Tổng cộng"


def forms_annexes(outline: Outline, figures: Figures, unit: str) -> list[Annex]:
    """The forms that the outline attaches to this kind of period and for which the release has rows of `unit`."""
    kind = figures.release.notes.periods[figures.release.period].kind
    asked = [(use, name) for use in outline.forms if kind in use.period_kinds for name in use.forms]
    return [annex for use, name in asked if (annex := _annex(use, form_of(name), figures, unit))]


def _annex(use: FormUse, form: Form, figures: Figures, unit: str) -> Annex | None:
    release = figures.release
    dossiers = form.form == "ii06a"
    rows: list[FormRow] = [*form_rows(release, release.form_ii06a)] if dossiers else [*form_rows(release, release.form_ii07b)]
    own = [row for row in rows if row.agency_code == unit]
    whole = next((row for row in own if not bare(row.dim)), None)
    if whole is None:
        return None
    by_unit = form.form == "ii06a" and unit_of(figures.release, unit).kind == "province"
    body = _by_unit(figures, form, own, rows) if by_unit else _by_sector(figures, form, own)
    lines = (*body, form_line(figures, form, whole, "", TOTAL, total=True))
    above = (f"{form.name_vi} ({form.source_vi}). Đơn vị tính: {form.unit_vi}.", f"{form.sums_vi}.", *filter(None, [use.note_vi]))
    return Annex(
        form.title_vi,
        form_table(form, lines, "Cơ quan, đơn vị" if by_unit else "Lĩnh vực"),
        (*above, *above_table(release)),
        (*_remarks(figures, whole, rows), form_legend(figures, form)),
    )


def _by_unit(figures: Figures, form: Form, own: list[FormRow], rows: list[FormRow]) -> list[Row]:
    """I departments, II districts, III communes: the block's sum, then its units in official order; by today's tree then the rest."""
    sums = {bare(row.dim).removeprefix("level="): row for row in own if row.dim}
    units = {row.agency_code: row for row in _others(rows, own[0].agency_code)}
    lines: list[Row] = []
    place = 0
    for place, level in enumerate((level for level in BLOCKS if level in sums), 1):
        lines.append(form_line(figures, form, sums[level], roman(place), BLOCKS[level], total=True))
        members = in_order(figures.release, [code for code in units if unit_of(figures.release, code).level == level])
        for count, code in enumerate(members, 1):
            lines.append(form_line(figures, form, units[code], str(count), unit_of(figures.release, code).name_vi))
    if REST in sums:
        lines.append(form_line(figures, form, sums[REST], roman(place + 1), REST_VI, total=True))
    return lines


def _by_sector(figures: Figures, form: Form, own: list[FormRow]) -> list[Row]:
    """A line per sector by name, the unknown one last."""
    sectors = [row for row in own if row.dim.startswith("sector=")]
    ordered = sorted(sectors, key=lambda row: (not row.sector_vi, sort_key(row.sector_vi or ""), row.dim))
    return [form_line(figures, form, row, str(place), row.sector_vi or NO_SECTOR) for place, row in enumerate(ordered, 1)]


def _others(rows: list[FormRow], province: str) -> list[FormRow]:
    return [row for row in rows if not bare(row.dim) and row.agency_code != province]


# ---- what the heads don't say -----------------------------------------------------------------------------------------------


def _remarks(figures: Figures, whole: FormRow, rows: list[FormRow]) -> list[str]:
    if isinstance(whole, ProcedureFormRow):
        return _of_procedures(figures, whole)
    aside = figures.release.notes.setting.get("form_ii06a_paused") == "column_9"
    province = unit_of(figures.release, whole.agency_code).kind == "province"
    rest = sum(row.c3 for row in rows if row.agency_code == whole.agency_code and row.dim == REST_DIM)
    direct = whole.c3 - rest - sum(row.c3 for row in _others(rows, whole.agency_code)) if province else 0
    return [
        *([f"Khối I gồm cả {number(direct)} hồ sơ của cơ quan cấp tỉnh không có dòng riêng."] if direct else []),
        _column_6(whole, aside),
        _column_9(whole, aside),
    ]


def _column_6(whole: DossierFormRow, aside: bool) -> str:
    """Carried over, and where paused dossiers stand (dossiers.md: a setting; by default within time, in column 12)."""
    if aside:
        return f"Cột (6): số ở cột (11) của kỳ liền trước và {number(whole.resumed)} hồ sơ tạm dừng nay giải quyết tiếp."
    paused = f"Trong số ở cột (11) có {number(whole.paused)} hồ sơ đang tạm dừng"
    return f"Cột (6): số ở cột (11) của kỳ liền trước. {paused}; hồ sơ tạm dừng khi còn trong hạn đứng ở cột (12)."


def _column_9(whole: DossierFormRow, aside: bool) -> str:
    """By the form's note returned and withdrawn dossiers stand there; stopped ones and those without a due date by us."""
    paused = f"; hồ sơ tạm dừng khi còn trong hạn: {number(whole.paused)}" if aside else ""
    return (
        f"Cột (9) gồm cả, theo chú thích của biểu, hồ sơ trả lại, rút: {number(whole.returned)}; theo quy ước của hệ thống, hồ sơ dừng, "
        f"từ chối: {number(whole.stopped)}; hồ sơ không có hạn trả: {number(whole.no_due)}{paused}. "
        "Các hồ sơ này không tính vào tỷ lệ đúng hạn."
    )


def _of_procedures(figures: Figures, whole: ProcedureFormRow) -> list[str]:
    told = ["Tính các thủ tục có hiệu lực ở ngày cuối kỳ, hoặc ở ngày chốt số liệu khi kỳ chưa kết thúc."]
    if unit_of(figures.release, whole.agency_code).kind == "province":
        told.append("Một thủ tục của nhiều đơn vị cùng cấp được tính một lần.")
    if whole.c11 is None:
        told.append("Danh mục đã gửi không cho biết quy trình nội bộ: cột (11)-(14) không có số liệu.")
    return [" ".join(told)]
