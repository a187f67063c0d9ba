"""Which tree of units a report shows: that of its period's time, or today's (the as-of's): merged units under their successor."""

from enum import StrEnum

TODAY = "tree=today"  # the breakdown of a figure by today's tree; none = by the tree of its time
REST = "rest=no_successor"  # what is left to the province: units that ended and name no successor
REST_DIM = f"{REST},{TODAY}"


class Tree(StrEnum):
    """The choices of `cchc report --tree`."""

    THEN = "then"
    TODAY = "today"


def by_today(dim: str) -> bool:
    """Whether a breakdown is by today's tree."""
    return TODAY in dim.split(",")


def bare(dim: str) -> str:
    """A breakdown without its tree: `level=commune,tree=today` → `level=commune`."""
    return ",".join(item for item in dim.split(",") if item != TODAY)
