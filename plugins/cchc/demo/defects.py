"""What is wrong on purpose in the demonstration's files and what has to happen to it: the one list.

docs/demonstration.md shows it; tests walk it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from cchc.demo import spoil
from cchc.demo.province import at
from cchc.demo.spoil import Raw, Spoil, dossier, planted, then_corrected

Status = Literal["accepted", "held", "refused", "repeated", "absent", "late"]
Outcome = Literal["quarantined", "flagged", "skipped", "read", "whole delivery", "no delivery"]


@dataclass(frozen=True)
class Defect:
    """One planted defect: where it is and what happens to it.

    `status` is the delivery's, or `repeated` (the same bytes, no new delivery), `absent` (nothing comes), `late` (comes
    after the published date). `rows` counts the rows that meet `outcome` by `rule`; `lines` are theirs in the file (the
    header line counts), empty where it is the whole file. `flagged` rows are kept and named in the data notes.
    """

    id: str
    source_id: str
    feed: str
    file: str
    lines: tuple[int, ...]
    status: Status
    outcome: Outcome
    rule: str
    rows: int
    what_vi: str
    what_en: str
    spoil: Spoil

    @property
    def body(self) -> str:
        """The sender's slug."""
        return self.source_id.split("/")[1]

    @property
    def period(self) -> str:
        """The period of the good file that is spoilt, as its name has it."""
        return self.file.split(".")[0].removeprefix(f"{self.feed}_").split("_")[0]


def _dossiers(
    id: str, slug: str, period: str, lines: tuple[int, ...], outcome: Outcome, rule: str, vi: str, en: str, spoil: Spoil
) -> Defect:  # fmt: skip
    """A defect in single rows of a log of dossiers that is accepted otherwise."""
    source, file = f"son-la/{slug}/dossiers", f"dossier_log_{period}.csv"
    return Defect(id, source, "dossier_log", file, lines, "accepted", outcome, rule, len(lines), vi, en, spoil)


def _refused(id: str, slug: str, period: str, rule: str, vi: str, en: str, spoil: Spoil) -> Defect:
    """A log of dossiers that is refused as a whole; a good one follows."""
    source, file = f"son-la/{slug}/dossiers", f"dossier_log_{period}.csv"
    return Defect(id, source, "dossier_log", file, (), "refused", "whole delivery", rule, 0, vi, en, spoil)


def _day(year: int, month: int, day: int, hour: int = 9) -> datetime:
    return at(date(year, month, day), hour, 0)


# fmt: off
DEFECTS: tuple[Defect, ...] = (
    _dossiers(
        "duplicate-rows", "huyen-mai-son", "2013-03", (3, 4, 5), "skipped", "",
        "Ba dòng lặp lại nguyên văn dòng đầu: bỏ qua, chỉ nhận một.",
        "The first row stands three more times, letter for letter: skipped, one is accepted.",
        spoil.first_row_again(3),
    ),
    Defect(
        "re-sent-file", "son-la/so-giao-thong-van-tai/dossiers", "dossier_log", "dossier_log_2013-05_gui_lai.csv", (),
        "repeated", "no delivery", "", 0,
        "Gửi lại đúng tệp tháng 5 dưới tên khác: không thành lần gửi mới, không tính hai lần.",
        "The file of May comes again under another name: the same bytes are no new delivery and count once.",
        spoil.sent_again(3),
    ),
    _dossiers(
        "broken-date", "huyen-song-ma", "2013-04", (2, 3), "quarantined", "bad_instant",
        "Ngày tiếp nhận 31/02/2013: hai dòng bị cách ly.",
        "Received on 31/02/2013: two rows are quarantined.",
        planted(*[dossier(Raw(text), _day(2013, 4, 26), updated_at=_day(2013, 4, 2))
                  for text in ("31/02/2013 08:00", "31/02/2013 09:15")]),
    ),
    _dossiers(
        "unknown-procedure", "so-xay-dung", "2013-06", (2,), "flagged", "unknown_procedure",
        "Mã thủ tục 9.999999 không có trong danh mục: dòng được nhận, bản chốt ghi cảnh báo.",
        "Procedure 9.999999 is not in the catalogue: the row is accepted, the night's check of the facts warns of it.",
        planted(dossier(_day(2013, 6, 4), _day(2013, 6, 25, 17), _day(2013, 6, 20),
                        procedure_code="9.999999.000.00.00.H52")),
    ),
    _dossiers(
        "due-before-received", "huyen-yen-chau", "2013-07", (2, 3), "quarantined", "due_before_received",
        "Ngày hẹn trả trước ngày tiếp nhận: hai dòng bị cách ly.",
        "Due before it was received: two rows are quarantined.",
        planted(dossier(_day(2013, 7, 9), _day(2013, 7, 2)), dossier(_day(2013, 7, 11), _day(2013, 7, 1))),
    ),
    _dossiers(
        "windows-1258-declared", "huyen-bac-yen", "2013-06", (), "read", "",
        "Tệp Windows-1258, nguồn khai báo đúng: đọc được, tiếng Việt về dạng NFC.",
        "Windows-1258, as the source declares: read, its Vietnamese comes out in NFC.",
        spoil.untouched,
    ),
    _refused(
        "windows-1258-undeclared", "so-van-hoa-the-thao-du-lich", "2013-08", "wrong_encoding",
        "Tệp Windows-1258 trong khi nguồn khai báo UTF-8: từ chối; hai ngày sau gửi lại đúng.",
        "Windows-1258 though the source declares UTF-8: refused; the right one follows after two days.",
        then_corrected(spoil.recoded("windows-1258"), 2),
    ),
    Defect(
        "shrunk-file", "son-la/huyen-phu-yen/staff", "staff", "staff_2013-Q4.csv", (),
        "held", "whole delivery", "shrunk", 0,
        "Danh sách quý IV chỉ có 20 % số dòng: giữ lại, danh sách cũ vẫn dùng; hôm sau gửi lại đủ.",
        "The register of Q4 holds 20 % of its rows: held, the one before stands; the whole one follows the day after.",
        then_corrected(spoil.shrunk(0.2), 1),
    ),
    Defect(
        "total-row", "son-la/so-tai-chinh/dossiers", "dossier_log", "dossier_log_2013-12.xlsx", (),
        "accepted", "skipped", "", 1,
        "Dòng 'Tổng cộng' cuối sổ: bỏ qua, không thành hồ sơ.",
        "The row 'Tổng cộng' under the data: skipped, it becomes no dossier.",
        spoil.untouched,
    ),
    _refused(
        "missing-column", "huyen-quynh-nhai", "2013-09", "missing_column",
        "Thiếu cột 'Ngày tiếp nhận': từ chối; hai ngày sau gửi lại đủ cột.",
        "The column 'Ngày tiếp nhận' is missing: refused; a complete file follows after two days.",
        then_corrected(spoil.without("received_at"), 2),
    ),
    _dossiers(
        "unknown-unit", "huyen-thuan-chau", "2013-10", (2,), "quarantined", "unknown_unit",
        "Mã xã H52.23.99 không có trong danh mục đơn vị: dòng bị cách ly.",
        "The commune H52.23.99 does not exist: the row is quarantined.",
        planted(dossier(_day(2013, 10, 3), _day(2013, 10, 10), agency_code="H52.23.99")),
    ),
    _dossiers(
        "foreign-unit", "huyen-moc-chau", "2013-11", (2,), "quarantined", "foreign_unit",
        "Hồ sơ của một xã huyện Vân Hồ trong tệp của Mộc Châu: dòng bị cách ly.",
        "A dossier of a commune of Vân Hồ in Mộc Châu's file: the row is quarantined.",
        planted(dossier(_day(2013, 11, 5), _day(2013, 11, 8), agency_code="H52.32.01")),
    ),
    _dossiers(
        "negative-fee", "huyen-muong-la", "2013-11", (2,), "quarantined", "below_min",
        "Phí đã thu -50.000: dòng bị cách ly.",
        "A fee of -50,000 collected: the row is quarantined.",
        planted(dossier(_day(2013, 11, 6), _day(2013, 11, 27), _day(2013, 11, 20), fee_due=50000,
                        fee_collected=-50000)),
    ),
    _dossiers(
        "future-date", "so-y-te", "2013-12", (2,), "quarantined", "received_in_future",
        "Ngày tiếp nhận năm 2031 (gõ nhầm 2013): dòng bị cách ly.",
        "Received in 2031 (2013 mistyped): the row is quarantined.",
        planted(dossier(_day(2031, 12, 5), _day(2031, 12, 26), updated_at=_day(2013, 12, 5))),
    ),
    _dossiers(
        "finished-before-received", "so-lao-dong-tbxh", "2013-05", (2,), "flagged", "finished_before_received",
        "Có kết quả trước khi tiếp nhận: dòng được nhận và đánh dấu.",
        "Finished before it was received: the row is accepted and flagged.",
        planted(dossier(_day(2013, 5, 21), _day(2013, 6, 10, 17), _day(2013, 5, 20), updated_at=_day(2013, 5, 21))),
    ),
    _dossiers(
        "conflicting-duplicate", "so-cong-thuong", "2013-02", (2, 3), "quarantined", "conflicting_duplicate",
        "Hai dòng cùng mã, cùng lúc cập nhật, khác phí: cả hai bị cách ly.",
        "Two rows with one code and one time of update but different fees: both are quarantined.",
        planted(*[dossier(_day(2013, 2, 20), _day(2013, 3, 6, 17), fee_due=fee, dossier_code="H52.07-130220-9001")
                  for fee in (0, 200000)]),
    ),
    _dossiers(
        "missing-code", "huyen-phu-yen", "2013-01", (2,), "quarantined", "required",
        "Dòng không có mã hồ sơ: bị cách ly.",
        "A row without a dossier code is quarantined.",
        planted(dossier(_day(2013, 1, 15), _day(2013, 1, 22), dossier_code=Raw(""))),
    ),
    _dossiers(
        "unlisted-channel", "so-nong-nghiep-ptnt", "2012-11", (2,), "quarantined", "not_allowed",
        "Hình thức nộp 'Qua Zalo' không có trong danh sách: dòng bị cách ly.",
        "The channel 'Qua Zalo' is not on the list: the row is quarantined.",
        planted(dossier(_day(2012, 11, 7), _day(2012, 11, 14), channel=Raw("Qua Zalo"))),
    ),
    _dossiers(
        "number-in-words", "so-giao-duc-dao-tao", "2013-10", (2,), "quarantined", "bad_number",
        "Phí viết bằng chữ 'hai nghìn': dòng bị cách ly.",
        "A fee in words ('hai nghìn'): the row is quarantined.",
        planted(dossier(_day(2013, 10, 8), _day(2013, 10, 11), fee_due=Raw("hai nghìn"))),
    ),
    _refused(
        "empty-file", "so-khoa-hoc-cong-nghe", "2013-04", "no_rows",
        "Tệp chỉ có dòng tiêu đề: từ chối; ba ngày sau gửi lại đủ.",
        "Nothing but the header line: refused; the whole file follows after three days.",
        then_corrected(spoil.shrunk(0), 3),
    ),
    Defect(
        "cut-workbook", "son-la/so-tai-chinh/plan", "plan_task", "plan_task_2013-Q2.xlsx", (),
        "refused", "whole delivery", "unreadable", 0,
        "Tệp XLSX bị cắt ngắn khi gửi: từ chối; hôm sau gửi lại nguyên vẹn.",
        "A workbook cut short on its way: refused; the whole one follows the day after.",
        then_corrected(spoil.cut(0.6), 1),
    ),
    Defect(
        "absent-sender", "son-la/ban-dan-toc/survey", "survey_response", "", (),
        "absent", "no delivery", "", 0,
        "Ban Dân tộc không gửi phiếu khảo sát (không bắt buộc): nêu trong độ bao phủ, số liệu để trống.",
        "Ban Dân tộc sends no survey (not required): named in the coverage, its figures stay empty.",
        spoil.nothing,
    ),
    Defect(
        "late-file", "son-la/huyen-sop-cop/survey", "survey_response", "survey_response_2013.xlsx", (),
        "late", "no delivery", "", 0,
        "Phiếu khảo sát 2013 của Sốp Cộp đến ngày 08/01/2014, sau thời điểm chốt 31/12/2013: bản chốt đó chưa có.",
        "Sốp Cộp's survey of 2013 arrives on 8/1/2014, after the as-of of 31/12/2013: that release does not have it.",
        spoil.untouched,
    ),
)
# fmt: on
