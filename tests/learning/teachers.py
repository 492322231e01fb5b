"""People of a shop, ready to teach; and turns for them to look at."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from config.packs import load_pack
from evaluation.selling import Desk
from knowledge.extraction import Reader
from knowledge.ingest import Ingest
from learning import questions
from learning.correcting import Editor
from learning.grading import Grader
from learning.grounds import Library
from learning.lessons import Teacher
from learning.reviewing import Reviewer
from nlu.parse import parser_of
from store.session import Store

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
PACK = load_pack("ventas")
UNKNOWN = {"sources": [{"kind": "answer", "id": "unknown", "title": ""}]}


def teacher(store: Store, shop: UUID, by: str = "ana", minutes: float = 0) -> Teacher:
    return Teacher(store, shop, by, NOW + timedelta(minutes=minutes), parser_of(PACK))


def desk(store: Store, shop: UUID, by: str = "ana", minutes: float = 0) -> Desk:
    return Desk(teacher(store, shop, by, minutes), "CLP")


def reviewer(store: Store, shop: UUID, by: str = "ana", minutes: float = 0) -> Reviewer:
    at = NOW + timedelta(minutes=minutes)
    return Reviewer(
        teacher(store, shop, by, minutes),
        Editor(store, Library(store, PACK), shop, by, at),
        Grader(store, shop, by, at, "page"),
    )


def answering(store: Store, shop: UUID, reader: Reader) -> questions.Desk:
    return questions.Desk(teacher(store, shop), Library(store, PACK), Ingest(store, reader))
