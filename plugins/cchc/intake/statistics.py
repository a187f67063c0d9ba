"""What a delivery's accepted rows say of it as a whole: the statistics that its contract's rules ask for."""

import psycopg

from cchc.contracts import Contract


def measure_rows(connection: psycopg.Connection, delivery_id: int, contract: Contract) -> None:
    """Freshness (`age_days.<column>`) and distribution (`share.<column>.<value>`), as far as the contract's rules name them.

    The age is counted in days from the newest date of the rows to the arrival; a share is of all accepted rows.
    """
    asked = dict.fromkeys(rule.statistic.replace("_change.", ".") for rule in contract.delivery)
    formulas = {name: formula for name in asked if (formula := _formula(name))}
    if not formulas:
        return
    computed = ", ".join(f"({formula})::numeric as s{n}" for n, formula in enumerate(formulas.values()))
    values = ", ".join(f"('{name}', s{n})" for n, name in enumerate(formulas))
    connection.execute(
        f"""insert into ops.delivery_statistic (delivery_id, statistic, value)
            select {delivery_id}, told.statistic, told.value
            from (select {computed} from accepted.{contract.feed} log join ops.delivery d on d.delivery_id = log._delivery
                  where log._delivery = {delivery_id}) computed
            cross join lateral (values {values}) told (statistic, value) where told.value is not null
            on conflict (delivery_id, statistic) do update set value = excluded.value"""
    )  # without parameters, since a word of a contract may hold a per cent sign


def _formula(statistic: str) -> str | None:
    """Names and values come from the contract, whose reader has checked them against its columns and allowed words."""
    kind, _, rest = statistic.partition(".")
    column, _, value = rest.partition(".")
    if kind == "age_days":
        return f"min(d.arrived_at)::date - max(log.{column})::date"
    if kind == "share":
        return f"avg(case when log.{column} = '{value}' then 1 else 0 end)"
    return None
