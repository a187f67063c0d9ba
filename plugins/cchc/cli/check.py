"""What `cchc source check` says, in the sender's language: it is the one command that clerks use."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cchc.cli.output import show, talk
from cchc.clock import ZONE, monotonic, parse_as_of
from cchc.errors import ConfigError, DataError
from cchc.settings import Settings, settings

if TYPE_CHECKING:
    from cchc.night.rehearse import Verdicts


def check(file: Path | None, source: str | None, out: Path | None, as_of: str | None, as_json: bool) -> None:
    """Check a file, or what the source offers now, as the night would; talk, write the workbook.

    Raises DataError when anything is to be mended, UnreachableError and ConfigError as an intake would.
    """
    config, moment = settings(), _moment(as_of)
    if out and out.resolve().is_relative_to(config.inbox_path.resolve()):
        raise ConfigError(f"{out}: not into the inbox, where it would be taken for a delivery; name another place with --out")
    if file:
        _check_file(config, file, file.name, source, out or Path(f"kiem-tra-{file.stem}.xlsx"), moment, as_json)
    elif source:
        _check_live(config, source, out, moment, as_json)
    else:
        raise typer.BadParameter("--file, --source or both: a file, or what the source has now")


def _moment(as_of: str | None) -> datetime:
    try:
        return parse_as_of(as_of)
    except ValueError as error:
        raise typer.BadParameter(f"{as_of!r} is no date YYYY-MM-DD and no ISO instant") from error


def _check_live(config: Settings, wanted: str, out: Path | None, moment: datetime, as_json: bool) -> None:
    """Step by step: the YAML, the way to the source, what it has, and the newest of that as a file."""
    from cchc.connectors.sources import named_source
    from cchc.contracts import attachments
    from cchc.night.on_offer import on_offer

    place = named_source(config, wanted)
    talk(f"✓ {place.path.name} đọc được")
    begun = monotonic()
    with on_offer(config, place, moment) as found:
        talk(f"✓ tới được nguồn ({monotonic() - begun:.1f} s)".replace(".", ","))
        for why in found.left:
            talk(f"✗ {why}")
        if not found.offers:
            talk("– chưa có tệp mới nào")
            return
        newest = found.offers[-1]
        talk(f"✓ {len(found.offers)} tệp, mới nhất {newest.arrived_at.astimezone(ZONE):%d/%m/%Y %H:%M}: {newest.name}")
        if place.source.feed not in attachments():
            _check_file(config, newest.path, newest.name, wanted, out or Path(f"kiem-tra-{place.name}.xlsx"), moment, as_json)


def _check_file(config: Settings, file: Path, name: str, source: str | None, out: Path, moment: datetime, as_json: bool) -> None:
    from cchc.intake.check_book import write_check_book
    from cchc.night.hints import hints
    from cchc.night.rehearse import rehearse

    found = rehearse(config, file, source, moment)
    lines = _said(found)
    for words in lines:
        talk(words)
    to_mend = found.status != "accepted" or bool(found.entries)
    if to_mend:
        yaml = f"{found.source_id.split('/')[1]}.yaml"
        for hint in hints(yaml, found.context.source, file, found.entries):
            talk(f"→ {hint}")
    write_check_book(out, [file.read_bytes()], found.context, lines, found.entries)
    talk(f"Bảng tính có đánh dấu ô cần sửa: {out}. Đề nghị xóa sau khi dùng, vì có dữ liệu gốc.")
    rows = [(e["line"], e["column_name"] or None, e["rule"], e["message_vi"]) for e in sorted(found.entries, key=lambda e: e["line"])]
    if as_json or rows:
        show(("line", "column", "rule", "reason"), rows, as_json)
    if to_mend:
        raise DataError(f"{name}: đề nghị sửa trước khi gửi ({found.source_id})")


def _said(found: "Verdicts") -> list[str]:
    """The verdict in sentences, the counts first."""
    from cchc.intake.words import sample

    lines = [_counted(found.counts)] if found.counts else []
    if found.known:
        lines.append(f"Tệp này đã gửi: lần gửi {found.known[0]}, trạng thái {found.known[1]}. Gửi lại đúng tệp này không thay đổi gì.")
    if found.status != "accepted":
        lines.append(f"{'Sẽ không được tiếp nhận' if found.status == 'refused' else 'Sẽ bị tạm giữ'}: {found.reason}")
    elif found.entries:
        lines.append(f"Đề nghị sửa: {sample(found.entries)}")
    if found.status == "accepted" and found.reason:
        lines.append(f"{found.reason}.")
    return (lines or ["Tệp đạt."]) + [f"Đã hiểu là: {words}." for words in found.assumed]


def _counted(counts: dict) -> str:
    from cchc.intake.words import count

    usable = counts["rows_accepted"] + counts["rows_unchanged"]
    skipped = f", {count(counts['rows_skipped'])} bỏ qua" if counts["rows_skipped"] else ""
    return f"{count(counts['rows_read'])} dòng: {count(usable)} đạt, {count(counts['rows_quarantined'])} cần sửa{skipped}"
