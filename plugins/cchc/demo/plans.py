"""Yearly plans of reform: tasks with output, deadline and owner, told again every quarter as they stand."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import numpy as np

from cchc.demo.calendar import quarter_ends
from cchc.demo.facts import LAST_DAY
from cchc.demo.province import Body, Province
from cchc.demo.sending import Delivery, Sending
from cchc.demo.surveys import SILENT

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
PILOT = [
    ("working_group", "Thành lập tổ công tác triển khai thí điểm bộ chỉ số", "Quyết định"),
    ("plan", "Ban hành kế hoạch triển khai thí điểm bộ chỉ số", "Kế hoạch"),
]
LEADS = ("H52.03", "H52.04", "H52.06", "H52.12", "H52.15", "H52.05", "H52.01")  # who leads fields (domain/obligations.csv, PLN-04)
DECIDED = date(2014, 1, 22)  # QĐ 152/QĐ-UBND
FIRST_PLAN, LEFT_OUT, EXCUSED, AFTER_DEADLINE = 2012, 0.15, 0.25, 0.2
EXCUSES = ["Chờ hướng dẫn của Bộ Nội vụ", "Chưa được bố trí kinh phí", "Thay đổi theo chỉ đạo của UBND tỉnh"]


def plan_tasks(body: Body, province: Province) -> Sending:
    """All tasks of all plans so far at each quarter's end; the plan of the next year joins in December."""
    own = _of_province(body) if body.kind == "province" else [*_tasks(body), *_pilot(body), *_after_surveys(body)]
    tasks = list(own)
    rows: list[dict] = []
    deliveries = []
    for period, arrival in quarter_ends(body, province, days_before=1):
        first = len(rows)
        known = [task for task in tasks if _is_known(task, arrival)]
        rows += [_as_told(task, arrival) for task in known]
        deliveries.append(Delivery(arrival, period, np.arange(first, len(rows))))
    return Sending(
        "plan_task", {name: [row.get(name) for row in rows] for name in dict.fromkeys(name for row in rows for name in row)}, deliveries
    )


def _tasks(body: Body) -> Iterator[dict]:
    """The tasks with their whole future, as far as the demonstration goes."""
    rng = body.rng("plan_task")
    for year in range(max(FIRST_PLAN, body.since.year), LAST_DAY.year + 1):
        chosen = [t for t in TASKS if rng.random() >= LEFT_OUT or t is TASKS[0]]  # nobody works without a plan
        every = [*(("par", *t) for t in chosen), *(("civil_service", *t) for t in CIVIL_SERVICE_TASKS)]
        for number, (kind, title, output, month) in enumerate(every, start=1):
            due = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            if due < body.since:
                continue
            yield {
                "agency_code": body.code, "plan_year": year, "task_code": f"NV{year % 100}-{number:02d}",
                "plan_kind": kind, "title": title, "output": output, "owner": OWNERS[body.kind][number % 2],
                "due_on": due, **_outcome(body, rng, due), "task_kind": "plan" if (kind, title) == ("par", TASKS[0][0]) else "task",
                "resources": f"Ngân sách năm {year}" if number % 7 else None, "survey_code": None,
            }  # fmt: skip


def _pilot(body: Body) -> Iterator[dict]:
    """The pilot of the index (decision of 22/01/2014): its working group, then its plan."""
    rng = body.rng("pilot")
    for number, (kind, title, output) in enumerate(PILOT, start=1):
        due = date(2014, 1 + number, 28)
        yield {
            "agency_code": body.code, "plan_year": 2014, "task_code": f"TD14-{number}", "plan_kind": "pilot", "title": title,
            "output": output, "owner": OWNERS[body.kind][0], "due_on": due, "finished_on": due + timedelta(days=int(rng.integers(-20, 12))),
            "excused_reason": None, "task_kind": kind, "resources": None, "survey_code": None, "since": DECIDED,
        }  # fmt: skip


def _of_province(body: Body) -> Iterator[dict]:
    """The province's programme of five years, and what its decisions gave departments to lead (both constructed)."""
    rng = body.rng("programme")
    programme = {"plan_kind": "programme", "plan_year": 2011, "programme_code": "P2011-2015", "programme_to_year": 2015}
    for number in range(1, 25):
        due = date(2012 + number % 4, 12, 31)
        yield _led(rng, body, due, programme | {"task_code": f"CT-{number:02d}", "title": f"Nhiệm vụ {number} của chương trình 2011-2015"})
    for year in range(FIRST_PLAN, LAST_DAY.year + 1):
        for number, lead in enumerate(LEADS, start=1):
            due = date(year, 3 + number, 28)
            given = {"plan_kind": "assigned", "plan_year": year, "task_code": f"GN{year % 100}-{number:02d}", "lead_code": lead}
            yield _led(
                rng, body, due, given | {"title": "Nhiệm vụ UBND tỉnh giao chủ trì", "decision_no": "Quyết định giao nhiệm vụ (giả lập)"}
            )


def _led(rng: np.random.Generator, body: Body, due: date, task: dict) -> dict:
    finished = due + timedelta(days=int(rng.integers(-90, 40))) if rng.random() < 0.85 else None
    return {
        "agency_code": body.code, "task_code": None, "output": "Báo cáo kết quả", "owner": "Sở Nội vụ", "due_on": due,
        "finished_on": finished, "excused_reason": None, "task_kind": "task", "resources": "Ngân sách tỉnh", "lead_code": None,
        "decision_no": None, "programme_code": None, "programme_to_year": None, "survey_code": None, **task,
    }  # fmt: skip


def _after_surveys(body: Body) -> Iterator[dict]:
    """What the body and its communes do after the survey of each autumn; some do nothing."""
    for year, unit in ((year, unit) for year in (2012, 2013) for unit in body.units):
        rng = body.rng(f"after_survey/{unit}/{year}")
        decided = date(year, 12, 10)
        if body.since > date(year, 11, 1) or body.slug in SILENT or rng.random() > body.profile.satisfied - 0.05:
            continue
        yield {
            "agency_code": unit, "plan_year": year, "task_code": f"KS{year % 100}", "plan_kind": "after_survey",
            "title": "Biện pháp cải thiện sau khảo sát mức độ hài lòng", "output": "Kế hoạch", "owner": OWNERS[body.kind][0],
            "due_on": date(year + 1, 3, 31), "finished_on": decided + timedelta(days=int(rng.integers(2, 60))), "excused_reason": None,
            "task_kind": "task", "resources": None, "survey_code": f"KS-{year}-{body.code}", "since": decided,
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


def _is_known(task: dict, arrival: datetime) -> bool:
    since = task.get("since", date(task["plan_year"] - 1, 12, 1))
    return since <= arrival.date()


def _as_told(task: dict, arrival: datetime) -> dict:
    """The task as its owner knows it on that day."""
    day = arrival.date()
    done = task["finished_on"] if task["finished_on"] and task["finished_on"] <= day else None
    return task | {"finished_on": done, "excused_reason": task["excused_reason"] if task["due_on"] <= day else None}
