"""Names that the DAG folder and the stack share."""

from pathlib import Path


def ingest_dag_id(file: Path) -> str:
    """The DAG of a sender's file: `so-noi-vu.yaml` → `ingest_so_noi_vu`."""
    return "ingest_" + "".join(c if c.isascii() and c.isalnum() else "_" for c in file.stem)


def sender_dag_ids(province: Path) -> dict[str, list[Path]]:
    """DAG id → sender's YAML files of a province folder, in order of their names; more than one file is a mistake."""
    found: dict[str, list[Path]] = {}
    for file in sorted((province / "sources").glob("*.yaml")):
        found.setdefault(ingest_dag_id(file), []).append(file)
    return found
