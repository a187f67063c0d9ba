"""The staging models of the feeds, generated from the contracts: `stg_<feed>.sql` and `_feeds.yml`, held current by a test."""

from pathlib import Path

from cchc.contracts.model import Contract, Mode, contract, feeds
from cchc.contracts.tables import BOOKKEEPING, columns_of

COUNTING = """inner join {{ ref('stg_delivery') }} as delivery on log._delivery = delivery.delivery_id
"""
COUNTING_BY_PERIOD = """inner join {{{{ ref('stg_delivery_period') }}}} as named
    on
        log._delivery = named.delivery_id
        and log.{period} = named.period
"""
LAST_ARRIVED = "    coalesce(log.{stamp}, delivery.last_arrived_at) as _version"
FOLLOWED = ("dossier_log",)  # its fact follows deliveries that come and leave, so a row without a stamp keeps its first arrival
INLINE = '{{ config(materialized="ephemeral") }}\n'  # its fact is its one reader: a view would be a step more before it
HEAD = "# Made by `cchc contract staging` from contracts/feeds.\nversion: 2\n"


def staging_files(folder: Path) -> dict[Path, str]:
    """What `dbt_project/models/staging/` must hold of the feeds: path → text. CI compares, `cchc contract staging` writes."""
    models = {folder / f"stg_{feed}.sql": model_sql(contract(feed)) for feed in feeds()}
    return models | {folder / "_feeds.yml": feeds_yml()}


def model_sql(agreed: Contract) -> str:
    """The staging model of a feed: rows of all its versions that count tonight; of a `window` feed by the period they name."""
    lines = {name: f"    log.{name}" for name in [*columns_of(agreed.feed), *BOOKKEEPING]}
    if agreed.mode is Mode.CHANGES and agreed.version_column and agreed.feed not in FOLLOWED:
        lines["_version"] = LAST_ARRIVED.format(stamp=agreed.version_column)  # the same bytes again are what the sender says now
    names = ",\n".join(lines.values())
    counting = COUNTING_BY_PERIOD.format(period=agreed.period_column) if agreed.mode is Mode.WINDOW else COUNTING
    return (
        f"{INLINE}-- {agreed.title_vi}\n-- The accepted rows of the deliveries that count tonight, every version.\n"
        f"select\n{names}\nfrom {{{{ source('accepted', '{agreed.feed}') }}}} as log\n{counting}"
    )


def feeds_yml() -> str:
    """The feeds' entries for dbt: the source `accepted` and a description of every staging model."""
    tables = "".join(f"      - name: {feed}\n" for feed in feeds())
    models = "".join(
        f"  - name: stg_{feed}\n    description: Accepted rows of feed {feed} that count tonight, every version.\n" for feed in feeds()
    )
    source = (
        "  - name: accepted\n    description: Rows that passed their contract, every version of every delivery.\n    schema: accepted\n"
    )
    return f"{HEAD}\nsources:\n{source}    tables:\n{tables}\nmodels:\n{models}"
