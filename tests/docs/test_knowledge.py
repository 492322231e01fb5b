"""The page about documents says what the code does."""

from config.knowledge import KnowledgeSettings
from knowledge.extraction import PROBLEMS
from knowledge.reader import ENTRIES, LETTERS, MEMORY, UNPACKED
from llm.hosted_embeddings import MODELS
from store.knowledge import DIMENSIONS
from tests.docs.pages import codes, page, rows

PAGE = page("docs/knowledge.md")


def test_every_refusal_is_listed_with_its_reason_and_what_to_do() -> None:
    told = {
        codes(word)[0]: (why, hint)
        for word, why, hint in rows(PAGE.section("Why a file is refused"))
    }
    assert told == PROBLEMS


def test_the_limits_are_those_of_the_settings_and_the_reader() -> None:
    knobs = KnowledgeSettings()
    told = {codes(name)[0]: value for name, value, _ in rows(PAGE.section("Limits"))}
    assert told == {
        "knowledge.max_mb": str(knobs.max_mb),
        "knowledge.max_pages": f"{knobs.max_pages:,}",
        "knowledge.max_letters": f"{knobs.max_letters:,}",
        "knowledge.files_a_day": str(knobs.files_a_day),
        "knowledge.queue_mb": str(knobs.queue_mb),
    }
    assert f"{ENTRIES:,} parts that unfold to {UNPACKED // 1024**2} MB" in PAGE.text
    assert f"{LETTERS // 1_000_000} million" in PAGE.text
    assert f"{MEMORY // 1024**3} GB of memory" in PAGE.text


def test_the_usual_models_and_lengths_are_those_of_the_code() -> None:
    told = {codes(name)[0]: model for name, model, _ in rows(PAGE.section("Embeddings"))}
    for provider, (model, dim) in MODELS.items():
        assert told[provider] == f"`{model}`, {dim:,}"
    assert all(f"{dim:,}" in PAGE.section("Embeddings") for dim in DIMENSIONS)
