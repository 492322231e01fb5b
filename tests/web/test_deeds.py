"""What the audit holds is told in words, whoever wrote it down."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from config.golden import Case
from knowledge.importing.changes import Preview
from learning.lessons import TOLD
from learning.rollout import OPEN, State
from services.clock import now
from tests.web.audited import keys
from web.api.customers import CustomerChange
from web.api.datasets import DatasetWanted
from web.api.documents import DocumentChange
from web.api.fields import FieldSaid
from web.api.products import AUDITED
from web.pages.datasets import Wished
from web.pages.review import STATES
from web.pages.trainings import DONE
from web.wording import LISTS
from web.wording_deeds import APART, VALUES

WEB = Path(__file__).parents[2] / "web"
ACT = re.compile(r"([a-z]+)\.[a-z_]+")
KINDS = {str(act).partition(".")[0] for act in LISTS["action"]}
CHOSEN = (
    "product.created", "product.changed", "product.removed", "improvement.accepted",
    "improvement.refused",
)  # fmt: skip
RIGHTS = ("export", "erasure", "rectification", "opposition", "restriction")


def test_every_act_that_is_recorded_has_words() -> None:
    acts = {*_acts(), *CHOSEN, *(f"training.{one}" for one in DONE.values())}
    acts |= {f"customer.{one}" for one in RIGHTS} | {*TOLD.values(), "example.undone"}
    acts |= {f"rollout.{one}" for one in {"begun", "moved", "paused", "resumed", *get_args(State)}}
    acts -= {f"rollout.{one}" for one in OPEN}
    acts |= {f"review.{one}" for one in set(STATES.values()) - {"pending"}}
    assert {"person.role", "dataset.exported", "customer.csv", "term.created"} <= acts
    bare = acts - set(LISTS["action"])
    assert bare == set(), "say them in web/wording_deeds.py, and in English in web/locale/en"


def _acts() -> Iterator[str]:
    for path in WEB.rglob("*.py"):
        if path.name == "permissions.py":
            continue
        for one in ast.walk(ast.parse(path.read_text())):
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                found = ACT.fullmatch(one.value)
                if found and found[1] in KINDS:
                    yield one.value


MADE: dict[str, set[str]] = {
    "app/risk_desk:note": {"kind", "version", "day", "prediction"},
    "knowledge/ingest:_note": {"name", "active"},
    "web/alarms:change": {"threshold", "enabled", "muted_until"},
    "web/api/customers:change_customer": set(CustomerChange.model_fields),
    "web/api/datasets:begin": set(DatasetWanted.model_fields),
    "web/api/documents:change_document": set(DocumentChange.model_fields),
    "web/api/fields:describe_field": set(FieldSaid.model_fields),
    "web/api/golden:_kept": set(Case.model_fields),
    "web/api/imports:_applied": set(Preview().counts()),
    "web/api/products:_note": AUDITED,
    "web/api/risk_orders:_asked": {"kind", "day"},
    "web/membership:_tell": {"name", "role"},
    "web/pages/datasets:prepare": set(Wished(now().date(), 4, True, ("a",), 20).told),  # noqa: FBT003
    "web/pages/golden:_kept": set(Case.model_fields),
    "web/pages/importing:note": set(Preview().counts()),
    "web/caps:bound": {"shop_cap", "customer_cap"},
    "web/opening:open_at": {"hours", "holidays"},
    "web/pages/house:_note": {"chat_days", "media_days", "notice", "answers"},
    "web/pages/risk_models:_note": {"kind", "day", "version"},
}  # fmt: skip
"""What is made on the way to the audit, and what it holds then."""
PASSED_ON = {"web/api/house:note", "web/api/house:tell", "web/hands:note", "web/workshop:audit"}
"""They write what their callers give them."""


def test_everything_that_is_written_down_of_a_deed_has_words() -> None:
    written, made = keys()
    assert made - PASSED_ON == MADE.keys() - {"knowledge/ingest:_note"}
    assert {"forced", "percent", "title"} <= written
    told = written.union(*MADE.values())
    assert told - LISTS["field"].keys() == set()
    assert {*VALUES.values(), *APART.values()} <= LISTS.keys()
