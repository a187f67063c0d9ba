# ruff: noqa: E501  (tables of words read better in one line)
"""A small release of an imagined quarter, written straight into schema `release` as the night's role would.

The tests of one file share a database (making one takes a second); each has a province of its own in it.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from cchc.settings import Settings, settings
from cchc.warehouse.connect import connect
from house import HOME, free_database

PERIOD = "2013-Q4"
AS_OF = datetime(2013, 12, 31, 16, 59, 59, 999999, tzinfo=UTC)  # the end of 31/12/2013 in Vietnam
DEPARTMENTS = [
    "Văn phòng Ủy ban nhân dân tỉnh", "Sở Nội vụ", "Sở Tư pháp", "Sở Tài chính", "Sở Kế hoạch và Đầu tư", "Sở Công Thương",
    "Sở Nông nghiệp và Phát triển nông thôn", "Sở Giao thông vận tải", "Sở Xây dựng", "Sở Tài nguyên và Môi trường",
    "Sở Thông tin và Truyền thông", "Sở Lao động - Thương binh và Xã hội", "Sở Văn hóa, Thể thao và Du lịch",
    "Sở Khoa học và Công nghệ", "Sở Giáo dục và Đào tạo", "Sở Y tế", "Thanh tra tỉnh", "Ban Dân tộc",
]  # fmt: skip
DISTRICTS = ["thành phố Sơn La"] + [
    f"huyện {name}" for name in ("Quỳnh Nhai", "Thuận Châu", "Mường La", "Bắc Yên", "Phù Yên", "Mộc Châu", "Yên Châu",
                                 "Mai Sơn", "Sông Mã", "Sốp Cộp", "Vân Hồ")
]  # fmt: skip
MEASURES: dict[str, tuple[str, str, str, str, str | None, int]] = {
    "plan_completion_rate": ("Tỷ lệ nhiệm vụ kế hoạch đã hoàn thành", "ratio", "%", "nhiệm vụ đã hoàn thành", "nhiệm vụ của kế hoạch năm", 2),
    "response_count": ("Số phiếu khảo sát thu về", "count", "phiếu", "phiếu thu về", None, 0),
    "satisfaction_index": ("Tỷ lệ hài lòng chung", "ratio", "%", "phiếu hài lòng, rất hài lòng", "phiếu trả lời câu hỏi chung", 2),
    "received_count": ("Số hồ sơ tiếp nhận trong kỳ", "count", "hồ sơ", "hồ sơ tiếp nhận", None, 0),
    "carried_over_count": ("Số hồ sơ kỳ trước chuyển sang", "count", "hồ sơ", "hồ sơ kỳ trước chuyển sang", None, 0),
    "pending_count": ("Số hồ sơ đang giải quyết cuối kỳ", "count", "hồ sơ", "hồ sơ chưa kết thúc", None, 0),
    "resolved_count": ("Số hồ sơ đã giải quyết trong kỳ", "count", "hồ sơ", "hồ sơ đã giải quyết", None, 0),
    "on_time_rate": ("Tỷ lệ đúng hạn trên số đã giải quyết", "ratio", "%", "hồ sơ giải quyết trước hạn và đúng hạn", "hồ sơ đã giải quyết", 2),
    "on_time_of_due": ("Tỷ lệ đúng hạn trên số đến hạn", "ratio", "%", "hồ sơ đúng hạn", "hồ sơ đến hạn, kể cả quá hạn chưa giải quyết", 2),
    "on_time_of_handled": ("Tỷ lệ không quá hạn trên số phải giải quyết", "ratio", "%", "hồ sơ không quá hạn", "hồ sơ tiếp nhận và kỳ trước chuyển sang", 2),
    "overdue_pending_count": ("Số hồ sơ quá hạn chưa giải quyết", "count", "hồ sơ", "hồ sơ quá hạn", None, 0),
    "apology_rate": ("Tỷ lệ xin lỗi hồ sơ quá hạn, sai sót", "ratio", "%", "hồ sơ có thư xin lỗi", "hồ sơ quá hạn hoặc sai sót", 2),
    "fee_correct_rate": ("Tỷ lệ hồ sơ thu phí, lệ phí đúng mức", "ratio", "%", "hồ sơ thu đúng", "hồ sơ đã giải quyết", 2),
    "fee_difference": ("Chênh lệch phí, lệ phí", "amount", "đồng", "tổng chênh lệch", None, 0),
    "one_stop_body_count": ("Số đơn vị thực hiện cơ chế một cửa", "count", "đơn vị", "đơn vị thực hiện một cửa", None, 0),
    "modern_one_stop_rate": ("Tỷ lệ một cửa hiện đại đã vận hành", "ratio", "%", "bộ phận đã vận hành", "bộ phận trong danh sách", 2),
    "headcount": ("Số người có mặt", "count", "người", "người có mặt", None, 0),
    "survey_done": ("Đã khảo sát trong năm", "yes_no", "có/không", "đơn vị có khảo sát", "đơn vị", 0),
    "overdue_age_median": ("Tuổi quá hạn trung vị", "duration", "ngày làm việc", "trung vị số ngày quá hạn", None, 1),
}  # fmt: skip


_PROVINCES = count(1)


@pytest.fixture(scope="module", name="report_warehouse")
def warehouse_fixture(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of a migrated, empty database."""
    with free_database() as name, pytest.MonkeyPatch.context() as patch:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f'create database "{name}" template cchc')
        patch.setenv("CCHC_WAREHOUSE_URL", server.rsplit("/", 1)[0] + f"/{name}")
        patch.setenv("CCHC_KEYS", str(HOME / "keys"))
        patch.delenv("CCHC_RIBBON", raising=False)
        patch.delenv("CCHC_FONT_PATH", raising=False)
        settings.cache_clear()
        yield settings()
        settings.cache_clear()
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f'drop database if exists "{name}" with (force)')


@pytest.fixture(name="config")
def config_fixture(report_warehouse: Settings, tmp_path: Path) -> Settings:
    """Settings of a province that has nothing in the warehouse yet, with a home of its own."""
    return report_warehouse.model_copy(update={"home": tmp_path / "home", "province": tmp_path / f"thu-nghiem-{next(_PROVINCES)}"})


def drafts(config: Settings) -> list[tuple[str, ...]]:
    """Format, hash, scope and period of the province's drafts."""
    with connect("cchc_reader") as connection:
        return connection.execute(
            """select format, sha256, scope_code, period_code from release.draft join release.manifest using (release_id)
               where province = %s order by format, draft_id""",
            (config.province.name,),
        ).fetchall()


def units() -> dict[str, dict[str, Any]]:
    """The province's unit H52, its 18 departments, 12 districts and two communes."""
    made: dict[str, dict[str, Any]] = {"H52": _unit("Ủy ban nhân dân tỉnh Sơn La", "province", "province", None, None, 0)}
    for rank, name in enumerate(DEPARTMENTS, 1):
        made[f"H52.{rank:02d}"] = _unit(name, "department", "province", "department", "H52", rank)
    for rank, name in enumerate(DISTRICTS, 31):
        made[f"H52.{rank}"] = _unit(f"Ủy ban nhân dân {name}", "district", "district", "district", "H52", rank)
    for rank, name in enumerate(("xã Chiềng Ngần", "phường Quyết Tâm"), 1):
        made[f"H52.31.{rank:02d}"] = _unit(f"Ủy ban nhân dân {name}", "commune", "commune", None, "H52.31", rank)
    return made


def _unit(name: str, kind: str, level: str, block: str | None, parent: str | None, rank: int) -> dict[str, Any]:
    return {"name_vi": name, "kind": kind, "level": level, "block": block, "parent_code": parent, "sort_rank": rank}


def notes() -> dict[str, Any]:
    """All keys that reports need."""
    keys = ("title_vi", "kind", "unit_vi", "numerator_vi", "denominator_vi", "decimals")
    quarter = {"kind": "quarter", "regime": "calendar", "starts_on": "2013-10-01", "ends_on": "2013-12-31", "due_on": "2014-01-20"}
    return {
        "units": units(),
        "measures": {f"{name}@1": dict(zip(keys, words, strict=True)) for name, words in MEASURES.items()},
        "periods": {
            PERIOD: quarter,
            "2013": quarter | {"kind": "year", "starts_on": "2013-01-01"},
            "2013-Q3": quarter | {"starts_on": "2013-07-01", "ends_on": "2013-09-30", "due_on": "2013-10-20"},
        },
        "feeds": {"dossier_log": {"title_vi": "Nhật ký hồ sơ thủ tục hành chính"}, "staff": {"title_vi": "Danh sách cán bộ"}},
        "directives": {
            "HY-09": {"title_vi": "Chỉ thị 09/CT-UBND năm 2015"},
            "SL-152": {"title_vi": "Quyết định 152/QĐ-UBND ngày 22/01/2014"},
        },
        "obligations": {
            "DOS-01": {"duty_vi": "Giải quyết hồ sơ đúng hạn"},
            "DOS-05": {"duty_vi": "Không để hồ sơ quá hạn"},
            "PLN-02": {"duty_vi": "Hoàn thành nhiệm vụ của kế hoạch cải cách hành chính năm"},
            "STF-07": {"duty_vi": "Báo cáo số công chức, viên chức theo cấp và loại"},
            "ONE-03": {"duty_vi": "Triển khai một cửa hiện đại"},
        },
        "frameworks": {"demo@1": {"title_vi": "Bộ chỉ số minh họa chín tiêu chí", "constructed": True}},
        "setting": {"place_vi": "Sơn La", "recipient_vi": "Bộ Nội vụ", "distribution_vi": "Như trên;\nSở Nội vụ;\nLưu: VT, NC."},
        "warnings": [{"suite": "dossier_log", "message_vi": "Ít nhất 50 % hồ sơ có ngày hẹn trả"}],
        "synthetic": True,
    }


def write_release(province: str = "son-la", sequence: int = 1, **changes: Any) -> str:
    """Insert one release as cchc_transformer and return its id; `changes` replace keys of the manifest."""
    marts = marts_of_release()
    release_id = f"{province}.2013-12-31.{sequence}"
    head = {
        "release_id": release_id, "province": province, "as_of": AS_OF, "cut_id": 1, "night_id": sequence, "provisional": False,
        "reference_hash": hashlib.sha256(b"reference").hexdigest(), "content_hash": hashlib.sha256(release_id.encode()).hexdigest(),
        "notes": json.dumps(notes()), "signature": "none", "created_at": AS_OF,
    } | changes  # fmt: skip
    with connect("cchc_transformer") as connection:
        _insert(connection, "manifest", [head])
        for (mart, period), rows in marts.items():
            insert_partition(connection, release_id, mart, period, rows)
    return release_id


def insert_partition(connection: Any, release_id: str, mart: str, period: str, rows: list[dict[str, Any]]) -> None:
    """A partition of the release, with its rows."""
    name = hashlib.sha256(f"{release_id} {mart} {period}".encode()).hexdigest()
    _insert(connection, "partition", [{"partition_hash": name, "mart": mart, "period_code": period, "row_count": len(rows)}])
    number = connection.execute("select partition_id from release.partition where partition_hash = %s", (name,)).fetchone()[0]
    _insert(connection, "manifest_partition", [{"release_id": release_id, "partition_id": number}])
    _insert(connection, mart, [row | {"partition_id": number, "period_code": period} for row in rows])


def _insert(connection: Any, table: str, rows: list[dict[str, Any]]) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"insert into release.{table} ({', '.join(columns)}) values ({marks})", [[row.get(name) for name in columns] for row in rows]
        )


def marts_of_release() -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Rows by (mart, period)."""
    measure = [_measure(*one) for one in _province_figures()]
    for number, code in enumerate(code for code, unit in units().items() if unit["block"]):
        measure += [_measure(name, "", top, bottom, code) for name, top, bottom in _agency_figures(number)]
    measure.append(_measure("overdue_age_median", "level=commune", None, None) | {"status": "A"})  # nothing is overdue there
    year = [
        _measure("plan_completion_rate", "", 31, 45, period="2013"),
        _measure("modern_one_stop_rate", "", 3, 12, period="2013"),
        _measure("received_count", "channel=online", 77, None, period="2013"),
    ]
    for code in [code for code, unit in units().items() if unit["block"]]:
        year.append(_measure("plan_completion_rate", "", 8, 12, code, "2013"))
    return {
        ("measure", PERIOD): measure,
        ("measure", "2013"): year,
        ("index_unit", "2013"): _index(),
        ("index_criterion", "2013"): _criteria(),
        ("compliance", PERIOD): _compliance({row["figure"]: row for row in measure}),
        ("coverage", "2013-12-31"): _coverage(),
        ("unit_coverage", PERIOD): _unit_coverage(),
        ("unit_coverage", "2013-Q3"): [row for row in _unit_coverage() if row["agency_code"] == "H52.02"],
    }


def _province_figures() -> list[tuple[str, str, int | None, int | None]]:
    heads = [("kind=civil_servant", 7209), ("kind=civil_servant,level=province", 1525), ("kind=civil_servant,level=district", 1139),
             ("kind=civil_servant,level=commune", 4545), ("kind=public_employee", 30027),
             ("kind=public_employee,level=province", 5759), ("kind=public_employee,level=district", 24268)]  # fmt: skip
    dossiers = [("", 1500, 1329), ("level=province", 800, 700), ("level=district", 700, 629), ("level=commune", 0, 0)]
    return [
        ("received_count", "", 1434, None),
        ("carried_over_count", "", 212, None),
        ("pending_count", "", 317, None),
        ("resolved_count", "", 1329, None),
        ("on_time_rate", "", 940, 1329),
        ("on_time_rate", "level=province", 500, 700),
        ("on_time_rate", "level=district", 440, 629),
        ("on_time_rate", "level=commune", 0, 0),
        ("on_time_of_due", "", 940, 1401),
        ("on_time_of_handled", "", 973, 1434),
        ("overdue_pending_count", "", 72, None),
        ("apology_rate", "", None, None),
        ("fee_correct_rate", "", 1306, 1328),
        ("fee_difference", "", -1254000, None),
        ("satisfaction_index", "", 0, 0),
        ("survey_done", "", 28, 30),
        ("survey_done", "level=province", 17, 17),
        ("survey_done", "level=commune", 0, 1),
        ("overdue_age_median", "", Decimal("12.5"), None),
        *(("one_stop_body_count", f"level={level}", count, None) for level, count in (("province", 17), ("district", 11), ("commune", 198))),
        *(("headcount", dim, count, None) for dim, count in heads),
    ] + [("received_count", dim, count, None) for dim, count, _ in dossiers if dim]  # fmt: skip


def _agency_figures(number: int) -> list[tuple[str, int | None, int | None]]:
    received = 40 + 7 * number
    late = number % 4
    silent = number == 9  # sent nothing
    return [
        ("received_count", None if silent else received, None),
        ("on_time_rate", None if silent else received - 5 - late, None if silent else received - 5),
        ("on_time_of_due", None if silent else received - 5 - late, None if silent else received - 3),
        ("overdue_pending_count", None if silent else late, None),
    ]


def _measure(name: str, dim: str, top: Any, bottom: Any, code: str = "H52", period: str = PERIOD) -> dict[str, Any]:
    ratio = MEASURES[name][4] is not None
    value = None if top is None else (None if bottom == 0 else Decimal(top) / Decimal(bottom)) if ratio else Decimal(top)
    return {
        "agency_code": code, "measure": name, "version": 1, "dim": dim,
        "figure": f"{name}@1:{code}:{period}" + (f":{dim}" if dim else ""), "numerator": top, "denominator": bottom,
        "value": value, "status": "M" if top is None else "A",
    }  # fmt: skip


def _index() -> list[dict[str, Any]]:
    rows = []
    for number, (code, unit) in enumerate((code, unit) for code, unit in units().items() if unit["block"]):
        points = Decimal("90.125") - number
        rows.append({
            "agency_code": code, "framework": "demo", "version": 1, "block": unit["block"], "points": points,
            "points_applicable": Decimal(100 if number else 96), "percent": points / (1 if number else Decimal("0.96")),
            "rank": number % 18 + 1, "grade_vi": "Tốt" if number < 6 else "Trung bình", "is_forecast": True,
        })  # fmt: skip
    return rows


def _criteria() -> list[dict[str, Any]]:
    first = {"agency_code": "H52.02", "framework": "demo", "version": 1, "points_max": 20, "points_applicable": 20, "stage": "measured"}
    return [
        first | {"code": "1", "parent": None, "title_vi": "Cải cách thủ tục hành chính", "points": Decimal("15.5"), "figure": None},
        first | {"code": "1.1", "parent": "1", "title_vi": "Giải quyết hồ sơ đúng hạn", "points": Decimal("15.5"),
                 "figure": "on_time_rate@1:H52.02:2013-Q4", "value": Decimal("0.9")},
    ]  # fmt: skip


def _compliance(figures: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    rows = [
        ("H52", "DOS-01", "HY-09", "§1", "on_time_rate", "at_least", 1, "not_met"),
        ("H52", "DOS-05", "SL-152", "§10", "overdue_pending_count", "zero", 0, "not_met"),
        ("H52", "PLN-02", "SL-152", "§2", "apology_rate", "at_least", Decimal("0.95"), "no_data"),
        ("H52", "STF-07", "SL-152", "§I.2", "fee_correct_rate", "at_least", Decimal("0.95"), "met"),
    ]
    for number, code in enumerate(code for code, unit in units().items() if unit["block"]):
        status = "no_data" if number == 9 else ("met" if number % 4 == 0 else "not_met")
        rows.append((code, "DOS-01", "HY-09", "§1", "on_time_rate", "at_least", 1, status))
    keys = ("agency_code", "obligation", "directive", "clause", "measure", "target_kind", "target", "status")
    made = [dict(zip(keys, row, strict=True)) for row in rows]
    for row in made:
        row["figure"] = f"{row['measure']}@1:{row['agency_code']}:{PERIOD}"
        row["value"] = figures[row["figure"]]["value"]
    return made


def _unit_coverage() -> list[dict[str, Any]]:
    """Four agencies owe staff; one sent nothing, one was refused, one was let off."""
    states = {"H52.02": (1, 1, 1, 1, 1, "on_time"), "H52.03": (1, 1, 1, 1, 0, "late"), "H52.10": (1, 0, 0, 0, 0, "absent"),
              "H52.11": (1, 1, 0, 0, 0, "refused"), "H52.12": (0, 0, 0, 0, 0, "exempt")}  # fmt: skip
    names = ("expected", "arrived", "accepted", "usable", "on_time", "state")
    let_off = {"exception_kind": "exempt", "exception_until": "2014-02-28", "exception_by": "Sở Nội vụ", "exception_reason": "hỏng máy chủ"}
    return [
        {"agency_code": code, "feed": "staff", "due_on": "2014-01-08"}
        | dict(zip(names, row, strict=True))
        | (let_off if not row[0] else {})
        for code, row in states.items()
    ]


def _coverage() -> list[dict[str, Any]]:
    states = [("H52.02", "dossier_log", True, "in"), ("H52.02", "staff", False, "in"), ("H52.10", "dossier_log", True, "absent")]
    return [
        {"agency_code": code, "source_id": f"son-la/{code}/{feed}", "feed": feed, "required": required, "state": state,
         "last_arrived_at": AS_OF if state == "in" else None}
        for code, feed, required, state in states
    ]  # fmt: skip
