"""Attachments past the days of their class: their keys and bytes are destroyed, their entries stay."""

from datetime import datetime

from cchc.intake.custody import destroy_bytes
from cchc.settings import Settings
from cchc.warehouse.connect import connect
from cchc.warehouse.roles import LOADER
from cchc.warehouse.upkeep import keep_days

# the same bytes may have come for several feeds: they go when the last of them may
EXPIRED = """
with limits as (select * from unnest(%(classes)s::text[], %(days)s::int[]) limits (retention_class, days)),
last as (
  select d.delivery_id, d.province, d.sha256, d.name, l.days,
         coalesce((select max(a.arrived_at) from ops.arrival a where a.delivery_id = d.delivery_id), d.arrived_at) as arrived_at
  from ops.delivery d left join ops.attachment t using (delivery_id) left join limits l using (retention_class))
select min(delivery_id), min(name) from last
group by sha256
having bool_and(province = %(province)s and days is not null and arrived_at + make_interval(days => days) < %(as_of)s)
   and not exists (select from ops.destroyed_bytes gone where gone.sha256 = last.sha256)
order by 1"""


def expire_attachments(config: Settings, as_of: datetime) -> list[str]:
    """Destroy the bytes of attachments older than `retention.<class>_days` at `as_of`; a class without that setting is kept for ever.

    Returns the names of the files that went. Hash, tombstone and ops.attachment stay (`cchc delivery destroy`, audited).
    """
    days = keep_days(config)
    values = {"classes": list(days), "days": list(days.values()), "province": config.province.name, "as_of": as_of}
    with connect(LOADER) as connection:
        found = connection.execute(EXPIRED, values).fetchall()
    for number, _ in found:
        destroy_bytes(config, number, "past the days of its class of retention")
    return [name for _, name in found]
