"""What `cchc source check` says, in the sender's language: it is the one command that clerks use."""

from pathlib import Path

import typer

from cchc.cli.output import show, talk
from cchc.clock import parse_as_of
from cchc.errors import ConfigError, DataError
from cchc.settings import settings


def check(file: Path, source: str | None, out: Path, as_of: str | None, as_json: bool) -> None:
    """Check a file as the night would, talk, write the workbook. Raises DataError when anything is to be mended."""
    from cchc.intake.check_book import write_check_book
    from cchc.intake.words import sample
    from cchc.night.rehearse import rehearse

    config = settings()
    if out.resolve().is_relative_to(config.inbox_path.resolve()):
        raise ConfigError(f"{out}: not into the inbox, where it would be taken for a delivery; name another place with --out")
    try:
        moment = parse_as_of(as_of)
    except ValueError as error:
        raise typer.BadParameter(f"{as_of!r} is no date YYYY-MM-DD and no ISO instant") from error
    found = rehearse(config, file, source, moment)
    lines = [_counted(found.counts)] if found.counts else []
    if found.known:
        lines.append(f"Tệp này đã gửi: lần gửi {found.known[0]}, trạng thái {found.known[1]}. Gửi lại đúng tệp này không thay đổi gì.")
    if found.status != "accepted":
        lines.append(f"{'Sẽ không được tiếp nhận' if found.status == 'refused' else 'Sẽ bị tạm giữ'}: {found.reason}")
    elif found.entries:
        lines.append(f"Đề nghị sửa: {sample(found.entries)}")
    lines = lines or ["Tệp đạt."]
    for words in lines:
        talk(words)
    write_check_book(out, [file.read_bytes()], found.context, lines, found.entries)
    talk(f"Bảng tính có đánh dấu ô cần sửa: {out}. Đề nghị xóa sau khi dùng, vì có dữ liệu gốc.")
    rows = [(e["line"], e["column_name"] or None, e["rule"], e["message_vi"]) for e in sorted(found.entries, key=lambda e: e["line"])]
    if as_json or rows:
        show(("line", "column", "rule", "reason"), rows, as_json)
    if found.status != "accepted" or found.entries:
        raise DataError(f"{file.name}: đề nghị sửa trước khi gửi ({found.source_id})")


def _counted(counts: dict) -> str:
    from cchc.intake.words import count

    usable = counts["rows_accepted"] + counts["rows_unchanged"]
    skipped = f", {count(counts['rows_skipped'])} bỏ qua" if counts["rows_skipped"] else ""
    return f"{count(counts['rows_read'])} dòng: {count(usable)} đạt, {count(counts['rows_quarantined'])} cần sửa{skipped}"
