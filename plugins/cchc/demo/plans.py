"""Yearly plans of reform: tasks with output, deadline and owner, told again every quarter as they stand."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import numpy as np

from cchc.demo.calendar import quarter_ends
from cchc.demo.facts import LAST_DAY
from cchc.demo.province import Body, Province
from cchc.demo.sending import Delivery, Sending

TASKS = [  # title, output, the month by whose end it is due
    ("Ban hành kế hoạch cải cách hành chính năm", "Kế hoạch", 1),
    ("Ban hành kế hoạch tuyên truyền cải cách hành chính", "Kế hoạch", 2),
    ("Rà soát, cập nhật văn bản quy phạm pháp luật thuộc lĩnh vực quản lý", "Báo cáo rà soát", 6),
    ("Rà soát, đánh giá thủ tục hành chính theo kế hoạch", "Báo cáo kết quả rà soát", 9),
    ("Niêm yết công khai thủ tục hành chính tại bộ phận một cửa", "Bộ thủ tục được niêm yết", 3),
    ("Kiểm tra công tác cải cách hành chính tại đơn vị trực thuộc", "Thông báo kết luận", 10),
    ("Kiểm tra đột xuất kỷ luật, kỷ cương hành chính", "Biên bản kiểm tra", 11),
    ("Đào tạo, bồi dưỡng công chức bộ phận một cửa", "Danh sách cấp chứng nhận", 8),
    ("Xây dựng đề án vị trí việc làm", "Đề án", 9),
    ("Ứng dụng phần mềm quản lý văn bản và điều hành", "Biên bản nghiệm thu", 7),
    ("Áp dụng hệ thống quản lý chất lượng ISO 9001:2008", "Giấy chứng nhận", 12),
    ("Thực hiện cơ chế tự chủ về biên chế và kinh phí", "Quyết định giao tự chủ", 4),
    ("Khảo sát mức độ hài lòng của người dân, tổ chức", "Báo cáo khảo sát", 12),
    ("Đối thoại với người dân, doanh nghiệp về thủ tục hành chính", "Biên bản đối thoại", 10),
    ("Báo cáo cải cách hành chính sáu tháng", "Báo cáo", 6),
    ("Báo cáo cải cách hành chính năm", "Báo cáo", 12),
]
CIVIL_SERVICE_TASKS = [
    ("Đổi mới phương thức tuyển dụng công chức", "Đề án", 6),
    ("Thực hiện đánh giá, phân loại công chức", "Kết quả phân loại", 12),
    ("Rà soát chức danh, tiêu chuẩn công chức", "Báo cáo rà soát", 9),
]
OWNERS = {"department": ("Văn phòng Sở", "Phòng chuyên môn"), "district": ("Phòng Nội vụ", "Văn phòng HĐND và UBND")}
FIRST_PLAN, LEFT_OUT, EXCUSED, AFTER_DEADLINE = 2012, 0.15, 0.25, 0.2
EXCUSES = ["Chờ hướng dẫn của Bộ Nội vụ", "Chưa được bố trí kinh phí", "Thay đổi theo chỉ đạo của UBND tỉnh"]


def plan_tasks(body: Body, province: Province) -> Sending:
    """All tasks of all plans so far at each quarter's end; the plan of the next year joins in December."""
    tasks = list(_tasks(body))
    rows: list[dict] = []
    deliveries = []
    for period, arrival in quarter_ends(body, province, days_before=1):
        first = len(rows)
        known = [task for task in tasks if task["plan_year"] <= arrival.year + (arrival.month == 12)]
        rows += [_as_told(task, arrival) for task in known]
        deliveries.append(Delivery(arrival, period, np.arange(first, len(rows))))
    return Sending("plan_task", {name: [row[name] for row in rows] for name in rows[0]}, deliveries)


def _tasks(body: Body) -> Iterator[dict]:
    """The tasks with their whole future, as far as the demonstration goes."""
    rng = body.rng("plan_task")
    for year in range(max(FIRST_PLAN, body.since.year), LAST_DAY.year + 1):
        chosen = [t for t in TASKS if rng.random() >= LEFT_OUT]
        every = [*(("par", *t) for t in chosen), *(("civil_service", *t) for t in CIVIL_SERVICE_TASKS)]
        for number, (kind, title, output, month) in enumerate(every, start=1):
            due = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            if due < body.since:
                continue
            yield {
                "agency_code": body.code, "plan_year": year, "task_code": f"NV{year % 100}-{number:02d}",
                "plan_kind": kind, "title": title, "output": output, "owner": OWNERS[body.kind][number % 2],
                "due_on": due, **_outcome(body, rng, due),
            }  # fmt: skip


def _outcome(body: Body, rng: np.random.Generator, due: date) -> dict:
    """Finished some weeks before or after the deadline, excused, or simply not done."""
    luck, spread, after, excuse = (
        rng.random(),
        int(rng.integers(2, 45)),
        rng.random(),
        int(rng.integers(0, len(EXCUSES))),
    )
    undone = luck >= body.profile.plan
    excused = undone and after < EXCUSED
    finished = due + timedelta(days=spread // 2) if after < AFTER_DEADLINE and due.month < 11 else due - timedelta(days=spread)
    return {
        "finished_on": None if undone else max(finished, body.since),
        "excused_reason": EXCUSES[excuse] if excused else None,
    }


def _as_told(task: dict, arrival: datetime) -> dict:
    """The task as its owner knows it on that day."""
    day = arrival.date()
    done = task["finished_on"] if task["finished_on"] and task["finished_on"] <= day else None
    return task | {"finished_on": done, "excused_reason": task["excused_reason"] if task["due_on"] <= day else None}
