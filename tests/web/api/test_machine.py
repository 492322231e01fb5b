"""Any order of requests: what is repeated is done once, and pages lose and double nothing."""

import asyncio
from itertools import count
from typing import Any

import httpx2
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.web.api.conftest import bearer, refusal
from tests.web.conftest import KEY, served
from web.app import WebParts

PRODUCTS = "/api/v1/products"
RUNS = count()


class Programs(RuleBasedStateMachine):
    """`made` are products by SKU, `keys` what each Idempotency-Key was used for."""

    address = ""

    def __init__(self) -> None:
        super().__init__()
        self.client = httpx2.Client(base_url=self.address, headers=bearer(KEY), timeout=30)
        self.run = f"R{next(RUNS):04d}"
        self.made: dict[str, str] = {}
        self.keys: dict[str, str] = {}
        self.walk: list[str] = []
        self.there: set[str] = set()
        self.cursor: str | None = None

    @rule(number=st.integers(0, 5), key=st.integers(0, 3))
    def post(self, number: int, key: int) -> None:
        """A SKU of six under a key of four: it is new, repeated, reused, or the SKU is taken."""
        sku, name = f"{self.run}-{number}", f"{self.run}-key-{key}"
        body = {"sku": sku, "name": sku, "price": {"amount": "10", "currency": "CLP"}}
        answer = self.client.post(PRODUCTS, json=body, headers={"Idempotency-Key": name})
        if self.keys.get(name) == sku:
            assert answer.headers["idempotent-replayed"] == "true"
            assert answer.json()["id"] == self.made[sku]
        elif name in self.keys:
            assert refusal(answer) == (409, "idempotency_key_reused")
        elif sku in self.made:
            assert refusal(answer) == (409, "conflict")
        else:
            assert answer.status_code == 201, answer.text
            self.made[sku], self.keys[name] = answer.json()["id"], sku

    @rule(limit=st.integers(1, 3))
    def turn(self, limit: int) -> None:
        """The next page of a walk that goes on while others insert."""
        if self.cursor is None:
            self.walk, self.there = [], set(self.made)
        query: dict[str, Any] = {"limit": limit}
        query |= {"cursor": self.cursor} if self.cursor else {}
        page = self.client.get(PRODUCTS, params=query).json()
        self.walk += [one["sku"] for one in page["items"]]
        self.cursor = page["next_cursor"]
        if self.cursor is None:
            assert self.there <= set(self.walk), "an item was lost"

    @invariant()
    def nothing_is_doubled(self) -> None:
        assert len(self.walk) == len(set(self.walk))

    def teardown(self) -> None:
        self.client.close()


async def test_whatever_the_order_nothing_is_done_twice_lost_or_doubled(first: WebParts) -> None:
    quick = settings(
        max_examples=12,
        stateful_step_count=20,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    async with served(first) as address:
        machine = type("Here", (Programs,), {"address": address})
        await asyncio.to_thread(run_state_machine_as_test, machine, settings=quick)
