"""Names in the reference tables that other tables must know: a code nobody has would bind, expect or tell nobody, in silence."""

import psycopg

from cchc.contracts import feeds
from cchc.errors import ConfigError
from cchc.measures import every_measure

UNKNOWN_NAMES = """
select 'delivery_calendar.csv', 'feed ' || feed from reference.delivery_calendar where province = %(province)s and feed <> all(%(feeds)s)
union all select 'delivery_exception.csv', 'feed ' || feed from reference.delivery_exception
  where province = %(province)s and feed <> all(%(feeds)s)
union all select 'delivery_exception.csv', 'unit ' || agency_code from reference.delivery_exception e
  where province = %(province)s and not exists (select from reference.unit u where u.agency_code = e.agency_code)
union all select 'delivery_exception.csv', 'period ' || period_code from reference.delivery_exception e
  where province = %(province)s
    and not exists (select from reference.period p where (p.province, p.period_code) = (e.province, e.period_code))
union all select 'contact.csv', 'unit ' || agency_code from reference.contact c
  where province = %(province)s and agency_code is not null
    and not exists (select from reference.unit u where u.agency_code = c.agency_code)
union all select 'obligation_unit.csv', 'unit ' || agency_code from reference.obligation_unit o
  where province = %(province)s
    and not exists (select from reference.unit u where (u.province, u.agency_code) = (o.province, o.agency_code))
union all select 'obligation_unit.csv', 'list duty ' || obligation || ' of ' || directive from reference.obligation_unit o
  where province = %(province)s and not exists (select from reference.obligation d where d.applies_to = 'list'
    and (d.province, d.obligation, d.directive) = (o.province, o.obligation, o.directive))
union all select 'obligation_target.csv', 'unit ' || agency_code from reference.obligation_target o
  where province = %(province)s and agency_code is not null
    and not exists (select from reference.unit u where (u.province, u.agency_code) = (o.province, o.agency_code))
union all select 'obligation_target.csv', 'period ' || period_code from reference.obligation_target o
  where province = %(province)s
    and not exists (select from reference.period p where (p.province, p.period_code) = (o.province, o.period_code))
union all select 'obligation_target.csv', 'duty ' || obligation || ' of ' || directive || ' with measure ' || measure
  from reference.obligation_target o
  where province = %(province)s and not exists (select from reference.obligation d
    where (d.province, d.obligation, d.directive, d.measure) = (o.province, o.obligation, o.directive, o.measure))
order by 1, 2"""
NOBODY = """select distinct obligation || ' of ' || directive from reference.obligation d
  where province = %(province)s and applies_to = 'list' and not exists (select from reference.obligation_unit o
    where (o.province, o.obligation, o.directive) = (d.province, d.obligation, d.directive))
  order by 1"""


def check_names(connection: psycopg.Connection, province: str) -> None:
    """Refuse what names an unknown feed, unit, period or duty, or binds a list of nobody. Raises ConfigError naming the file."""
    _refuse_unknown_names(connection, province)
    _refuse_empty_lists(connection, province)
    _check_scopes(connection, province)
    _check_comparisons(connection, province)


def _refuse_unknown_names(connection: psycopg.Connection, province: str) -> None:
    """Feeds, units and periods of the delivery calendar and the contacts must be known ones."""
    wrong = connection.execute(UNKNOWN_NAMES, {"province": province, "feeds": feeds()}).fetchall()
    if wrong:
        raise ConfigError("; ".join(f"reference/{file}: {what} is not known" for file, what in wrong[:5]) + "; correct the file")


def _refuse_empty_lists(connection: psycopg.Connection, province: str) -> None:
    """A duty that binds a list binds somebody. Raises ConfigError otherwise."""
    if empty := [row[0] for row in connection.execute(NOBODY, {"province": province})]:
        raise ConfigError(f"reference/obligation.csv: {', '.join(empty)} applies to a list, which obligation_unit.csv leaves empty")


def _check_scopes(connection: psycopg.Connection, province: str) -> None:
    """A scope names a unit of the province. Raises ConfigError otherwise."""
    query = """select distinct agency_code from reference.user_scope s where province = %(p)s and not exists
               (select from reference.unit u where u.province = %(p)s and u.agency_code = s.agency_code) order by 1"""
    if unknown := [row[0] for row in connection.execute(query, {"p": province})]:
        raise ConfigError(f"reference/user_scope.csv: {', '.join(unknown)} not in reference/unit.csv; correct agency_code or add the unit")


def _check_comparisons(connection: psycopg.Connection, province: str) -> None:
    """A comparison's measures must be known ones: another name would compare nothing, in silence. Raises ConfigError."""
    query = """select check_id, split_part(split_part(btrim(word, '-?'), '|', 1), '.', 1) from reference.reconciliation_check c
               cross join lateral (values (own_from, concat_ws(' ', own_numerator, own_denominator)),
                 (other_from, concat_ws(' ', other_numerator, other_denominator))) as side (origin, words)
               cross join lateral regexp_split_to_table(side.words, ' +') as word
               where province = %s and origin = 'measure' and word <> '*' and word !~ '^-?[0-9.]+$' order by 1, 2"""
    known = {measure.id for measure in every_measure()}
    if wrong := [row for row in connection.execute(query, (province,)) if row[1] not in known]:
        told = "; ".join(f"{check} compares measure {name}" for check, name in wrong[:5])
        raise ConfigError(f"reference/reconciliation_check.csv: {told}, which is not known; see `cchc measure list`")
