"""The page of each feed, generated from its contract: `docs/feeds/<feed>.md` with `docs/feeds/examples/<feed>.csv`."""

from pathlib import Path

from cchc.contracts.attachment import Attachment, attachment, attachments
from cchc.contracts.examples import ARRIVED, example_csv
from cchc.contracts.model import Column, Contract, DeliveryRule, Mode, Personal, RowRule, contract, feeds, versions

MODES = {
    Mode.SNAPSHOT: "snapshot: each delivery is the source's whole present state and replaces the one before",
    Mode.CHANGES: "changes: a delivery holds new and changed rows; of a key the newest version counts",
    Mode.WINDOW: "window: a delivery replaces what its source sent before for the periods that it names",
}
SCOPES = {"own": "the sender's own unit and those under it", "province": "any unit of the province"}
MADE = "<!-- Made by `cchc contract docs` from plugins/cchc/contracts; change the contract, not this page. -->"


def pages(folder: Path) -> dict[Path, str]:
    """What `docs/feeds/` must hold: path → text. CI compares, `cchc contract docs` writes."""
    found = {folder / f"{feed}.md": feed_page(contract(feed)) for feed in feeds()}
    found |= {folder / "examples" / f"{feed}.csv": example_csv(contract(feed)) for feed in feeds()}
    return found | {folder / f"{feed}.md": attachment_page(attachment(feed)) for feed in attachments()}


def feed_page(agreed: Contract) -> str:
    """The page of a feed's newest contract; a column or rule that came later says with which version."""
    parts = [f"# {agreed.feed}\n\n{MADE}\n\n**{agreed.title_vi}.** {agreed.purpose}\n", _facts(agreed), _columns(agreed), _rows(agreed),
             _deliveries(agreed), _personal(agreed), _example(agreed)]  # fmt: skip
    return "\n".join(part for part in parts if part)


def attachment_page(limits: Attachment) -> str:
    """The page of a feed without rows."""
    return f"""# {limits.feed}

{MADE}

**{limits.title_vi}.** {limits.purpose}

| | |
|---|---|
| rows | none: kept encrypted as it came (`read: {{kind: attachment}}`), metadata in `ops.attachment` |
| types | {", ".join(limits.types)}; told by the content, never by the name; no macros |
| size | at most {limits.max_megabytes} MB |
| retention | class `{limits.retention}` (setting `retention.{limits.retention}_days`) |
| refused | `wrong_type`, `too_large`, `empty_file` |
"""


def _facts(agreed: Contract) -> str:
    every = versions(agreed.feed)
    facts = {
        "contract": " · ".join(f"version {one.version}" for one in every) + (", each still read" if len(every) > 1 else ""),
        "mode": MODES[agreed.mode],
        "key": ", ".join(f"`{name}`" for name in agreed.key),
        "version of a row": f"`{agreed.version_column}`, else the arrival" if agreed.version_column else "the arrival",
        "speaks of": SCOPES[agreed.scope],
        "table, model": f"`accepted.{agreed.feed}`, `stg_{agreed.feed}`",
    }
    return "| | |\n|---|---|\n" + "".join(f"| {name} | {value} |\n" for name, value in facts.items())


def _columns(agreed: Contract) -> str:
    lines = [f"| `{name}` | {c.vi} | {c.type} | {_limits(agreed, name, c)} | {c.note} |" for name, c in agreed.stored.items()]
    return "## Columns\n\n| column | header in the file | type | limits | |\n|---|---|---|---|---|\n" + "\n".join(lines) + "\n"


def _limits(agreed: Contract, name: str, column: Column) -> str:
    since = next(one.version for one in versions(agreed.feed) if name in one.stored)
    words = [
        "required" if column.required or name in agreed.key else "",
        "made at intake, not sent" if column.derived else "",
        " · ".join(f"`{value}`" for value in column.allowed),
        f"from {column.min}" if column.min is not None else "",
        f"to {column.max}" if column.max is not None else "",
        f"at most {column.max_length} characters" if column.type in ("text", "code") and not column.allowed else "",
        f"since version {since}" if since > 1 else "",
    ]
    return "; ".join(word for word in words if word)


def _rows(agreed: Contract) -> str:
    if not agreed.rows:
        return ""
    lines = [f"| `{r.id}` | {_words(r)} | {'kept, flagged' if r.action == 'flag' else 'quarantine'} | {r.vi} |" for r in agreed.rows]
    return "## Rules over a row\n\n| rule | holds when | else | told as |\n|---|---|---|---|\n" + "\n".join(lines) + "\n"


def _words(rule: RowRule) -> str:
    asked = "".join(f" where `{name}` = {value}" for name, value in rule.when.items())
    if rule.op == "requires":
        return f"`{rule.right}` is filled{asked}" if rule.left in rule.when else f"`{rule.left}` only with `{rule.right}`{asked}"
    return f"`{rule.left}` {rule.op.replace('<', '&lt;').replace('>', '&gt;')} `{rule.right}`{asked}"


def _deliveries(agreed: Contract) -> str:
    lines = [f"| `{r.id}` | `{r.statistic}` {_bounds(r)} | {r.severity} | {r.vi} |" for r in agreed.delivery]
    head = "## Rules over a delivery\n\nCritical holds the delivery, warning is printed in the data notes.\n\n"
    return f"{head}| rule | holds when | severity | told as |\n|---|---|---|---|\n" + "\n".join(lines) + "\n"


def _bounds(rule: DeliveryRule) -> str:
    return " and ".join(f"{word} {value:g}" for word, value in (("at least", rule.min), ("at most", rule.max)) if value is not None)


def _personal(agreed: Contract) -> str:
    fates = {Personal.DROP: "never leaves the sealed bytes; need not be sent", Personal.HASH: "becomes a keyed hash"}
    found = [f"| `{name}` | {c.vi} | {fates[c.personal]} |" for name, c in agreed.columns.items() if c.personal]
    if not found:
        return "## Personal data\n\nNone is asked for.\n"
    return "## Personal data\n\n| column | header | |\n|---|---|---|\n" + "\n".join(found) + "\n"


def _example(agreed: Contract) -> str:
    return f"""## Example

[examples/{agreed.feed}.csv](examples/{agreed.feed}.csv), constructed: a full row and a least one, of two units that do not
exist, in a file that arrives on {ARRIVED}.

```yaml
  {agreed.feed}:
    feed: {agreed.feed}
    contract: {agreed.version}
    every: month
    connect: {{kind: file_drop, glob: "<sender>/*/{agreed.feed}_*.csv"}}
    read: {{kind: csv}}
```
"""
