"""The order of clauses, as each directive writes them."""

import pytest

from cchc.intake.clauses import place, ranks
from cchc.province.tables import template


@pytest.mark.parametrize(
    "clauses",
    [
        ["phần mở đầu", "§1, §4", "§2", "§10", "phần cuối"],
        ["nhận định chung (giải quyết chậm)", "§1c", "§1d, §1e, §5d", "§1đ", "§1e", "§1g, §6", "§1h", "§2 và chú thích 1", "§3a", "§3đ"],
        ["§I.1", "§I.2, §II.2", "§I.6", "§II.1", "§II.4", "§II.4.2", "§IV.2.1", "lĩnh vực 2", "lĩnh vực 3 và 8", "không rõ"],
    ],
)
def test_clauses_stand_in_their_order(clauses: list[str]) -> None:
    assert sorted(set(clauses), key=place) == clauses


def test_clauses_at_one_place_share_a_rank_and_directives_count_apart() -> None:
    assert ranks([("A", "§2"), ("A", "§1, §4"), ("A", "§1"), ("B", "§7")]) == {
        ("A", "§1"): 1, ("A", "§1, §4"): 1, ("A", "§2"): 2, ("B", "§7"): 1,
    }  # fmt: skip


def test_every_clause_that_the_product_names_can_be_read() -> None:
    unread = {row["clause"] for row in template("obligation")[1] if place(row["clause"]) == (999,)}
    assert unread == {"phần cuối"}  # the end of KT-05
