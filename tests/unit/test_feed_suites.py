"""Every expectation of every feed's suite has a delivery that fails it and nothing else."""

from functools import lru_cache

import pytest

from cchc.contracts import Contract, DeliveryRule, contract, feeds, versions
from cchc.contracts.suites import suite_path
from cchc.quality.deliveries import frame_of
from cchc.quality.suites import Verdict, read_suite, run_suite
from house import PROJECT

GOOD = "0"
RULES = [(agreed.feed, agreed.version, rule.id) for feed in feeds() for agreed in versions(feed) for rule in agreed.delivery]


def fitting(rule: DeliveryRule) -> float:
    """A value on the rule's bound, which still holds."""
    return rule.min if rule.min is not None else rule.max


def breaking(rule: DeliveryRule) -> float:
    """A value just past the rule's bound."""
    return rule.min - 0.01 if rule.min is not None else rule.max + 0.01


def deliveries(agreed: Contract) -> list[dict]:
    """Delivery 0 holds every rule; delivery n breaks the nth rule alone."""
    good = {rule.statistic: fitting(rule) for rule in agreed.delivery}
    return [
        {"delivery_id": n, **good, **({rule.statistic: breaking(rule)} if rule else {})} for n, rule in enumerate([None, *agreed.delivery])
    ]


@lru_cache
def verdicts(feed: str, version: int) -> dict[str, Verdict]:
    agreed = contract(feed, version)
    suite = read_suite(suite_path(PROJECT / "expectations/feeds", feed, version))
    return {verdict.expectation: verdict for verdict in run_suite(suite, frame_of(agreed, deliveries(agreed)), "delivery_id")}


@pytest.mark.parametrize(("feed", "version", "rule"), RULES)
def test_an_expectation_fails_on_its_own_delivery_alone(feed: str, version: int, rule: str) -> None:
    number = [r.id for r in contract(feed, version).delivery].index(rule) + 1
    found = verdicts(feed, version)
    assert found[rule].failing == (str(number),) and not found[rule].success
    assert all(str(number) not in other.failing for name, other in found.items() if name != rule)
    assert all(GOOD not in verdict.failing for verdict in found.values())


@pytest.mark.parametrize(("feed", "version"), sorted({(feed, version) for feed, version, _ in RULES}))
def test_a_good_delivery_passes_and_nothing_is_measured_twice(feed: str, version: int) -> None:
    agreed = contract(feed, version)
    suite = read_suite(suite_path(PROJECT / "expectations/feeds", feed, version))
    assert all(verdict.success for verdict in run_suite(suite, frame_of(agreed, deliveries(agreed)[:1]), "delivery_id"))
    assert len({rule.id for rule in agreed.delivery}) == len(agreed.delivery) == len(suite["expectations"])
    assert any(rule.severity == "critical" for rule in agreed.delivery)
