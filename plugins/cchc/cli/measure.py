"""`cchc measure ...`: what is counted, and the files made from the definitions."""

import typer

from cchc.cli.output import AsJson, DryRun, show, write_made
from cchc.settings import settings

app = typer.Typer(no_args_is_help=True, help="Measures: what each counts, and what is made from its definition.")


@app.command("list")
def list_measures(as_json: AsJson = False) -> None:
    """Every measure and version with its duties, feeds and kinds of period."""
    from cchc.measures import every_measure

    rows = [(m.key, m.kind, " ".join(m.duties), " ".join(m.feeds), " ".join(m.periods), m.title_vi) for m in every_measure()]
    show(("measure", "kind", "duties", "feeds", "periods", "title"), rows, as_json)


@app.command("show")
def show_measure(measure: str, as_json: AsJson = False) -> None:
    """One measure's definition: words, rows, predicates. `ID` is the newest version, `ID@1` that one."""
    import json

    from cchc.measures import measure_named
    from cchc.measures.docs import measure_text

    found = measure_named(measure)[1]
    print(json.dumps([found.model_dump(mode="json")], ensure_ascii=False, indent=1) if as_json else measure_text(found))


@app.command("sql")
def measure_sql(dry_run: DryRun = False) -> None:
    """Make the aggregates and facts of all definitions, dbt_project/models."""
    from cchc.measures.files import sql_files

    write_made(sql_files(settings().project), dry_run)


@app.command("seed")
def measure_seed(dry_run: DryRun = False) -> None:
    """Make the catalogue of measures, dbt_project/seeds/measure.csv."""
    from cchc.measures.files import seed_files

    write_made(seed_files(settings().project), dry_run)


@app.command("docs")
def measure_docs(dry_run: DryRun = False) -> None:
    """Make the page of all measures, docs/measures.md."""
    from cchc.measures.files import doc_files

    write_made(doc_files(settings().project), dry_run)
