"""A tokenizer that writes conversations as they will be written at serving."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from transformers import AutoTokenizer, PreTrainedTokenizerBase

from learning.trainers.base import OrderRefused
from learning.trainers.chats import WRITINGS, Messages, Writing, writing_of
from learning.trainers.parity import Probe


def tokenizer_of(base: Path) -> tuple[PreTrainedTokenizerBase, Writing]:
    """It tells the assistant's words from the others', which a base's own template does not."""
    tokenizer = AutoTokenizer.from_pretrained(base, local_files_only=True)
    writing = writing_of(tokenizer.chat_template or "")
    if writing is None:
        raise OrderRefused(
            "The base model writes conversations in a way that is not known here",
            f"its chat template has none of {[one.mark for one in WRITINGS]}",
            "Choose another base model, or add its way to learning/trainers/chats.py",
        )
    tokenizer.chat_template = writing.jinja
    return tokenizer, writing


def longest(tokenizer: PreTrainedTokenizerBase, row: Mapping[str, Any]) -> int:
    """Tokens of a row; of the longer of its two answers, where it has two."""
    ends = [row["chosen"], row["rejected"]] if "prompt" in row else [[]]
    start = row.get("prompt") or row["messages"]
    return max(len(_told(tokenizer, [*start, *end])) for end in ends)


def probe(tokenizer: PreTrainedTokenizerBase, messages: Messages) -> Probe:
    text = tokenizer.apply_chat_template(list(messages), add_generation_prompt=True, tokenize=False)
    told = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    starts = [int(start) for start, _ in told["offset_mapping"]]
    return Probe([dict(one) for one in messages], text, list(told["input_ids"]), starts)


def _told(tokenizer: PreTrainedTokenizerBase, messages: Messages) -> list[int]:
    return list(tokenizer.apply_chat_template(list(messages), return_dict=True)["input_ids"])
