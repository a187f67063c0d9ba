"""The year's list of legal documents, by Sở Tư pháp: drafted, put on the portal for opinions, issued, checked."""

from collections.abc import Iterator
from datetime import date, timedelta

from cchc.demo.province import Body, Province
from cchc.demo.sending import Sending
from cchc.demo.told import FIRST_YEAR, LAST_YEAR, SINCE, Row, after, halves, scored, so_far, whole

TITLES = {  # who drafts what (invented)
    "so-noi-vu": ["Quy định phân cấp quản lý cán bộ, công chức", "Quy định tiêu chuẩn chức danh lãnh đạo cấp phòng"],
    "so-tu-phap": ["Quy chế phối hợp kiểm soát thủ tục hành chính", "Quy định mức chi cho công tác hòa giải ở cơ sở"],
    "so-ke-hoach-dau-tu": ["Quy định ưu đãi đầu tư vào địa bàn khó khăn", "Quy định quản lý dự án đầu tư công"],
    "so-tai-chinh": ["Quy định mức thu phí, lệ phí", "Quy định phân cấp nguồn thu ngân sách", "Quy định giá tính thuế tài nguyên"],
    "so-cong-thuong": ["Quy định quản lý cụm công nghiệp", "Quy hoạch phát triển mạng lưới chợ"],
    "so-nong-nghiep-ptnt": ["Chính sách hỗ trợ chăn nuôi", "Quy định quản lý công trình thủy lợi nhỏ", "Quy định mức hỗ trợ giống"],
    "so-giao-thong-van-tai": ["Quy định quản lý đường giao thông nông thôn", "Quy định giá cước vận chuyển hàng hóa"],
    "so-xay-dung": ["Quy định cấp giấy phép xây dựng", "Đơn giá bồi thường nhà, công trình"],
    "so-tai-nguyen-moi-truong": ["Bảng giá các loại đất", "Quy định bồi thường khi Nhà nước thu hồi đất", "Quy định hạn mức giao đất ở"],
    "so-lao-dong-tbxh": ["Quy định mức trợ giúp xã hội", "Chính sách hỗ trợ học nghề"],
    "so-giao-duc-dao-tao": ["Quy định mức thu học phí", "Chính sách đối với học sinh bán trú"],
    "so-y-te": ["Quy định giá dịch vụ khám bệnh, chữa bệnh", "Chính sách thu hút bác sĩ"],
}  # fmt: skip
UNLISTED, NOT_PUBLISHED, NEVER_ISSUED, LATE = 0.1, 0.12, 0.06, 0.15
DUE_MONTHS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 12)


def legal_documents(sender: Body, province: Province) -> Sending:
    """The list of the year as it stands; in the first half-year that of the year before once more."""
    listed = {year: list(_list(sender, province, year)) for year in range(FIRST_YEAR, LAST_YEAR + 1)}

    def told(period: str, day: date) -> Iterator[Row]:
        year = int(period[:4])
        for one in (year - 1, year) if period.endswith("H1") else (year,):
            yield from (so_far(row, day) for row in listed[one])

    return whole("legal_document", halves(sender, province), told)


def _list(sender: Body, province: Province, year: int) -> Iterator[Row]:
    rng = sender.rng(f"legal_document/{year}")
    number = 0
    for body in scored(province):
        for title in TITLES.get(body.slug, ()):
            number += 1
            month = int(rng.choice(DUE_MONTHS))
            due = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            drafted = after(rng, due, -150, -75)
            published = after(rng, drafted, 3, 15)
            luck = rng.random()
            issued = after(rng, due, 3, 45) if luck < LATE else after(rng, due, -25, 0)
            checked = after(rng, issued, 10, 40)
            yes = rng.random(5)
            yield {
                "agency_code": body.code, "period": str(year), "document_code": f"VB-{year}-{number:02d}",
                "kind": "resolution" if yes[0] < 0.2 else "decision", "level": "province", "title": f"{title} (năm {year})",
                "listed": bool(yes[1] >= UNLISTED), "due_on": due, "drafted_on": drafted,
                "draft_published_on": published if yes[2] >= NOT_PUBLISHED else None,
                "draft_closed_on": after(rng, published, 30, 60) if yes[2] >= NOT_PUBLISHED else None,
                "document_no": None if yes[3] < NEVER_ISSUED else f"{number:02d}/{year}/QĐ-UBND",
                "issued_on": None if yes[3] < NEVER_ISSUED else issued,
                "checked_on": None if yes[3] < NEVER_ISSUED else checked,
                "check_result": None if yes[3] < NEVER_ISSUED else ("unlawful" if yes[4] < 0.05 else "lawful"),
                SINCE: date(year, 1, 1),
            }  # fmt: skip
