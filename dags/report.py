"""Prints report drafts: one on demand through the form, and by the calendar each period that has ended."""

from pathlib import Path
from typing import Any

from airflow.sdk import DAG, Param, task

from cchc_dag import OWNER, RETRY, at, refuses_for_good

FORMATS = ["docx", "pdf", "xlsx", "json"]
PERIOD = r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|-Q[1-4]|-H[12]|-9M)?$"
PARAMS = {
    "period": Param(
        None,
        type=["null", "string"],
        pattern=PERIOD,
        title="Kỳ báo cáo",
        description="Period code: 2013-12-14, 2013-05, 2013-Q4, 2013-H1, 2013-9M, 2013. Empty: every period that is due.",
        examples=["2013-Q4", "2013-H1", "2013"],
    ),
    "scope": Param(
        None,
        type=["null", "string"],
        pattern=r"^\S{1,32}$",
        title="Đơn vị",
        description="Official code of a unit. Empty: the province.",
        examples=["H52", "H52.03"],
    ),
    "release": Param(
        None,
        type=["null", "string"],
        pattern=r"^\S{1,64}$",
        title="Bản chốt",
        description="Release id, e.g. son-la.2013-12-31.1. Empty: the newest.",
    ),
    "tree": Param(
        "then",
        type="string",
        enum=["then", "today"],
        title="Đơn vị hành chính",
        description="then: units of the period's time. today: today's units, with those that were merged into them.",
    ),
    "formats": Param(
        FORMATS,
        type="array",
        items={"type": "string", "enum": FORMATS},
        examples=FORMATS,
        minItems=1,
        uniqueItems=True,
        title="Định dạng",
        description="The kinds of file to print; all carry the same figures.",
    ),
}
DOC = """
Prints a **draft** from one release; nothing here signs or sends.

- **Trigger** it with the form: period, unit (empty: the province), release (empty: the newest), tree of units, formats.
- Each morning at 06:00 it prints a draft of every period that has ended, once, from the first release that reaches the
  period's last day. A later release is printed on demand.

The files lie under `<home>/reports/`; the run's `print_draft` names them.
"""


def choose(params: dict[str, Any]) -> list[dict[str, Any]]:
    """What to print: the form's period, or those that are due, each with the release it is printed from."""
    from cchc.reports.due import due_periods
    from cchc.settings import settings

    if params["period"]:
        return [{"period": params["period"], "release_id": params["release"]}]
    return due_periods(settings(), params["release"])


def print_draft(job: dict[str, Any], params: dict[str, Any]) -> list[str]:
    """Print one draft; returns the files."""
    from cchc.reports.run import print_report
    from cchc.reports.tree import Tree
    from cchc.settings import settings

    formats, tree = tuple(params["formats"]), Tree(params["tree"])
    files: list[Path] = print_report(
        settings(), job["period"], scope=params["scope"], release_id=job["release_id"], formats=formats, tree=tree
    )
    return [str(file) for file in files]


with DAG(
    "report",
    schedule=at("0 6 * * *"),
    catchup=False,
    max_active_runs=4,
    default_args={"owner": OWNER, **RETRY},
    params=PARAMS,
    doc_md=DOC,
    tags=["report"],
) as report:
    jobs = task(task_id="choose")(refuses_for_good(choose))()
    task(task_id="print_draft", max_active_tis_per_dagrun=2)(refuses_for_good(print_draft)).expand(job=jobs)
