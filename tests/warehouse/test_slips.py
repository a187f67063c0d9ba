"""Return slips: in the sender's words, without anybody's data, never a formula, the same bytes twice."""

import io
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cchc.clock import ZONE, parse_as_of
from cchc.intake.decide import decide
from cchc.intake.slip import Row, Slip, read_slip
from cchc.intake.slip_book import FORMULA_STARTS, slip_bytes
from cchc.intake.slips import needed_slips, write_slips
from cchc.night.run import take_cut
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from test_quarantine import EARLY, ONE, province, put  # noqa: F401  (province: the fixture)
from three_feeds import day, dossier, send, task


def slip(config: Settings, number: int) -> Path:
    return config.home / f"slips/thu-nghiem/so-mot/{number}.xlsx"


def cells(path: Path, sheet: str) -> list[tuple]:
    return list(load_workbook(path)[sheet].iter_rows(values_only=True))


def letter(path: Path) -> dict[str, str]:
    return {row[0]: row[1] for row in cells(path, "Phiếu trả lại") if row[0]}


def test_an_intake_leaves_the_slip_of_what_it_refused(province: Settings) -> None:  # noqa: F811
    path = province.province / "sources/so-mot.yaml"
    text = path.read_text(encoding="utf-8").replace("    read:", '    columns: {due_at: "Hạn trả KQ"}\n    read:', 1)
    path.write_text(text, encoding="utf-8")
    sent = send(
        province, "so-mot", "dossier_log", day(1), [dossier(ONE, "A"), dossier(ONE, "B", due=EARLY), dossier(ONE, "C", received="31/02")]
    )
    sent.write_text(sent.read_text(encoding="utf-8").replace("Ngày hẹn trả", "HẠN TRẢ KQ"), encoding="utf-8")
    put(province, "survey_response", 1)
    (number,) = [row[0] for row in needed_slips(province) if row[2].startswith(f"so-mot/{day(1)}/dossier")]
    told = letter(slip(province, number))
    assert told["Kính gửi"] == "Sở Một"
    assert told["Loại dữ liệu"] == "Nhật ký hồ sơ thủ tục hành chính"
    assert told["Kết quả kiểm tra"] == "Tổng số 3 dòng: 1 đạt, 2 cần sửa, 0 bỏ qua."
    assert told["Thời hạn gửi lại"] == "Hết ngày 08/03/2013", "five working days from Saturday 2/3"
    assert "Trực vận hành" in told["Đầu mối hỗ trợ"]
    head, *rows = cells(slip(province, number), "Dòng cần sửa")
    assert head[:4] == ("Dòng", "Cột", "Nội dung cần sửa", "Tình trạng")
    assert [row[:4] for row in rows] == [
        ("3", "", "Ngày hẹn trả phải sau ngày tiếp nhận", "Cần sửa"),
        ("4", "Ngày tiếp nhận", "Cột 'Ngày tiếp nhận' không phải là ngày giờ hợp lệ.", "Cần sửa"),
    ]
    shown = dict(zip(head, rows[0], strict=True))
    assert (shown["Hạn trả KQ"], shown["Ngày tiếp nhận"], shown["Mã hồ sơ"]) == ("01/02/2013 08:00", "20/02/2013 08:00", "B")


def test_the_stored_slip_holds_nobodys_name(province: Settings) -> None:  # noqa: F811
    put(province, "dossier_log", 0, dossier(ONE, "A"), dossier(ONE, "B", due="0912 345 678"))
    with zipfile.ZipFile(slip(province, 1)) as package:
        everything = b"".join(package.read(name) for name in package.namelist()).decode()
    assert "Mật" not in everything and "0912" not in everything and "B" in everything


def test_the_same_state_gives_the_same_bytes_and_a_mended_row_says_so(province: Settings) -> None:  # noqa: F811
    put(province, "dossier_log", 0, dossier(ONE, "A"), dossier(ONE, "B", due=EARLY))
    before = slip(province, 1).read_bytes()
    slip(province, 1).unlink()
    assert write_slips(province) == [slip(province, 1)]
    assert slip(province, 1).read_bytes() == before
    put(province, "dossier_log", 1, dossier(ONE, "B"))
    write_slips(province)
    assert [row[3] for row in cells(slip(province, 1), "Dòng cần sửa")[1:]] == ["Đã sửa ở lần gửi 2"]


def test_refused_held_and_withdrawn_deliveries_go_back_too(province: Settings) -> None:  # noqa: F811
    put(province, "plan_task", 0, *[task(ONE, str(n)) for n in range(9)])
    put(province, "plan_task", 1, task(ONE, "1"))
    send(province, "so-mot", "dossier_log", day(2), [dossier(ONE, "A", due=EARLY)])
    send(province, "so-mot", "survey_response", day(2), []).write_bytes(b"\xff\xfe\x00bad")
    put(province, "plan_task", 2)
    take_cut(province, parse_as_of(day(2)))
    verdicts = {row[0]: letter(row[6])["Kết quả kiểm tra"] for row in needed_slips(province)}
    assert verdicts[2].startswith("Tạm giữ, chưa đưa vào số liệu: Số nhiệm vụ không giảm quá một nửa so với lần trước.")
    assert sorted(words.split(".")[0] for number, words in verdicts.items() if number > 2) == ["Không tiếp nhận cả lần gửi"] * 3
    assert any("Không có dòng nào đạt. Ngày hẹn trả phải sau ngày tiếp nhận (1 dòng: 2)." in words for words in verdicts.values())
    decide(province.province.name, 2, "withdrawn", "gửi nhầm")
    with connect("cchc_loader") as connection:
        assert read_slip(connection, 2).verdict.startswith("Đã rút khỏi số liệu: gửi nhầm")


@pytest.mark.parametrize("start", FORMULA_STARTS, ids=repr)
def test_no_text_becomes_a_formula(start: str) -> None:
    evil = f'{start}HYPERLINK("http://example.invalid","x")+cmd|\' /C calc\'!A0'
    row = Row(2, evil, evil, evil, {"title": evil})
    arrived = datetime(2013, 3, 1, tzinfo=ZONE)
    content = slip_bytes(Slip(1, "so-mot", evil, evil, evil, arrived, evil, None, evil, {"title": evil}, (row,)))
    book = load_workbook(io.BytesIO(content))
    written = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]
    dangerous = [cell for cell in written if "calc" in str(cell.value)]
    assert len(dangerous) >= 9
    assert {cell.data_type for cell in written} == {"s"}
    assert all(cell.quotePrefix for cell in dangerous), "nor when someone edits the cell"
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheets = b"".join(package.read(name) for name in package.namelist() if "worksheets/" in name)
    assert b"<f>" not in sheets and b"hyperlink" not in sheets.lower()
