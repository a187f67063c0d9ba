"""docs/how-to-add-a-source.md from samples to figures: its commands and its YAML, one new sender, one night, one report."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic

import pytest
import xlsxwriter

from cchc.clock import now
from cchc.intake.reference import load_reference
from cchc.night.dbt import schema_prefix
from cchc.readers.legacy import TCVN3
from cchc.settings import Settings, settings
from cchc.warehouse.connect import connect
from house import PROJECT, shared_file
from province import write_reference

PORT = "8123"
SECONDS = 500  # of the ten minutes; an idle machine takes under one
CODES = ("1.000894.000.00.00.H38", "2.002195.H13", " 1.001193")  # local forms of three codes of the national catalogue
STAFF = ["Mã cơ quan;Số hiệu cán bộ;Họ và tên;Loại;Vị trí việc làm;Ngày vào vị trí",
         *(f"X01.01;CB-{n:03d};Hồng Thị Mật {n};civil_servant;Chuyên viên hộ tịch;{n + 12:02d}/03/2020" for n in range(12))]  # fmt: skip
BY_THE_CENTRE = "Giải quyết yêu cầu bồi thường tại cơ quan trực tiếp quản lý người thi hành công vụ gây thiệt hại (cấp trung ương)"
SURVEY = [{"Mã cơ quan": "X01.01", "Mã phiếu": f"P-{n}", "Mã cuộc khảo sát": "KS-2026", "Nhóm đối tượng": "citizen",
           "Ngày trả lời": f"2026-08-{n + 1:02d}", "Hài lòng chung": "satisfied" if n % 4 else "dissatisfied",
           "Người trả lời": "Trần Văn Mật"} for n in range(20)]  # fmt: skip


def page() -> str:
    """The section of the document that is walked."""
    text = (PROJECT / "docs/how-to-add-a-source.md").read_text(encoding="utf-8")
    return text.split("## A new agency, from samples to a report\n", 1)[1].split("\n## ", 1)[0]


def dossiers() -> bytes:
    """A log as an agency exports it: titles above the header, its own words, a total below; ten of twelve in time."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("Hồ sơ")
    sheet.write(0, 0, "SỔ THEO DÕI HỒ SƠ QUÝ III NĂM 2026")
    sheet.write_row(2, 0, ["Mã hồ sơ", "Mã thủ tục", "Hình thức nộp", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày có kết quả", "Người nộp"])
    for n in range(12):
        done = f"{20 if n < 2 else 11}/08/2026 09:00"
        way = "Trực tuyến" if n % 3 else "Trực tiếp"
        sheet.write_row(3 + n, 0, [f"X01.01-{n:03d}", CODES[n % 3], way, "03/08/2026 08:00", "15/08/2026 17:00", done, "Lê Thị Mật"])
    book.close()
    return out.getvalue()


@pytest.fixture
def address() -> Iterator[str]:
    """The agency's API on a free port of this machine."""
    body = json.dumps({"data": {"items": SURVEY}}, ensure_ascii=False).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/phieu" else 404)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield str(server.server_address[1])
    server.shutdown()
    server.server_close()


@pytest.fixture
def desk(config: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The engineer's folder with the samples, beside a province that knows the agency and nothing of its files."""
    write_reference(config.province, range(2026, now().year + 1))
    load_reference(config)
    samples = tmp_path / "desk/mau"
    samples.mkdir(parents=True)
    (samples / "ho-so.xlsx").write_bytes(dossiers())
    letters = {letter: code for code, letter in TCVN3.items()}
    (samples / "can-bo.csv").write_bytes("".join(letters.get(sign, sign) for sign in "\n".join([*STAFF, ""])).encode("latin-1"))
    (samples / "khao-sat.json").write_text(json.dumps({"data": {"items": SURVEY[:3]}}, ensure_ascii=False), encoding="utf-8")
    shutil.copy(shared_file("tthc_catalogue/danh-sach-tthc-BoTuPhap.xlsx"), samples / "danh-sach-tthc.xlsx")
    monkeypatch.setenv("CCHC_INBOX", str(config.inbox_path))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    settings.cache_clear()
    return samples.parent


def walk(config: Settings, desk: Path, port: str) -> str:
    """Do what the page says, block by block: shell as it stands, YAML to the end of the sender's file; what was said."""
    said = []
    for kind, block in re.findall(r"```(\w*)\n(.+?)```", page(), re.DOTALL):
        if kind == "yaml":
            with (config.province / "sources/so-tu-phap.yaml").open("a", encoding="utf-8") as file:
                file.write(block)
            continue
        script = block.replace(f"127.0.0.1:{PORT}", f"127.0.0.1:{port}")
        done = subprocess.run(
            ["bash", "-eux"], input=script, cwd=desk, env=dict(os.environ), capture_output=True, text=True, timeout=SECONDS
        )
        assert done.returncode == 0, (done.stdout, done.stderr)
        said.append(done.stdout + done.stderr)
    return "\n".join(said)


def test_three_samples_become_figures_in_a_report_by_the_page_alone(config: Settings, desk: Path, address: str) -> None:
    begun = monotonic()
    said = walk(config, desk, address)
    took = monotonic() - begun
    print(f"from samples to a report: {took:.0f} s of the machine")
    assert took < SECONDS
    assert 'encoding: "tcvn3"' in said
    assert "Mật" not in said, "the samples' persons stay in the samples"
    assert re.search(r"\? channel: Trực tiếp, Trực tuyến", said)
    assert "12 dòng: 12 đạt, 0 cần sửa" in said
    with connect("cchc_loader") as connection:
        taken = dict(connection.execute("select feed, rows_accepted from ops.delivery where status = 'accepted'").fetchall())
    assert taken == {"dossier_log": 12, "staff": 12, "survey_response": 20, "procedure_catalogue": 271}
    counted = {f["measure"]: (f["numerator"], f["denominator"]) for f in figures(desk) if not f.get("dim")}
    assert {name: counted[name] for name in ("on_time_rate", "satisfaction_index", "headcount")} == {
        "on_time_rate": ("10", "12"), "satisfaction_index": ("15", "20"), "headcount": ("12", None),
    }  # fmt: skip
    assert procedures(config) == [("1.000894", "Thủ tục đăng ký kết hôn", 4), ("1.001193", "Thủ tục đăng ký khai sinh", 4),
                                  ("2.002195", BY_THE_CENTRE, 4)], "each dossier has found its procedure"  # fmt: skip


def figures(desk: Path) -> list[dict]:
    """The figures behind the printed report."""
    return json.loads(next((desk / "bao-cao").rglob("*.json")).read_text(encoding="utf-8"))["figures"]


def procedures(config: Settings) -> list[tuple]:
    """The national procedures of the catalogue that dossiers are of, with how many."""
    facts = f"{schema_prefix(config)}_facts"
    with connect("cchc_transformer") as connection:
        return connection.execute(
            f"""select procedure.national_code, procedure.name, count(*)
                from {facts}.fct_dossier as dossier join {facts}.fct_procedure as procedure
                  on procedure.national_code = substring(dossier.procedure_code from '^\\s*(\\d\\.\\d{{6}})(?!\\d)')
                group by 1, 2 order by 1"""
        ).fetchall()
