"""A language model made on the spot: two layers, nothing downloaded, and yet it learns.

For tests, for trying a whole training in a minute, and for a machine without a network. It knows
what it is given and nothing else.
"""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from tokenizers.trainers import BpeTrainer
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from learning.trainers.chats import CHATML, Messages

VOCABULARY: Final = 800
UNKNOWN: Final = "<|endoftext|>"
END: Final = CHATML.stop
SPECIAL: Final = [UNKNOWN, CHATML.mark, END]
LEARNING_RATE: Final = 5e-3
LEARNED: Final = 0.01
STEPS: Final = 400
SEED: Final = 7
IGNORED: Final = -100


def _silently(_loss: float) -> None: ...


def make_tiny(
    folder: Path,
    lessons: Sequence[Messages],
    *,
    seconds: float = math.inf,
    told: Callable[[float], None] = _silently,
) -> Path:
    """A folder as transformers reads it. Taught until its loss, which is told after each of its
    `STEPS`, is below `LEARNED`, or for so many seconds."""
    torch.manual_seed(SEED)
    # So small a model is quicker in one thread; where others work too, a hundred times.
    torch.set_num_threads(1)
    tokenizer = _tokenizer(lessons)
    model = LlamaForCausalLM(_shape(tokenizer))
    end = time.monotonic() + seconds
    for loss in islice(_taught(model, tokenizer, lessons), STEPS):
        told(loss)
        if loss < LEARNED or time.monotonic() > end:
            break
    tokenizer.save_pretrained(folder)
    model.save_pretrained(folder)
    return folder


def _tokenizer(lessons: Sequence[Messages]) -> PreTrainedTokenizerFast:
    bare = Tokenizer(models.BPE())
    bare.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    bare.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    said = [message["content"] for lesson in lessons for message in lesson]
    bare.train_from_iterator(
        said,
        BpeTrainer(
            vocab_size=VOCABULARY,
            special_tokens=SPECIAL,
            initial_alphabet=alphabet,
            show_progress=False,
        ),
    )
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bare,
        bos_token=UNKNOWN,
        eos_token=END,
        pad_token=UNKNOWN,
        model_max_length=1024,
    )
    tokenizer.chat_template = CHATML.served
    return tokenizer


def _shape(tokenizer: PreTrainedTokenizerFast) -> LlamaConfig:
    return LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=1024,
        tie_word_embeddings=False,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )


def _taught(
    model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, lessons: Sequence[Messages]
) -> Iterator[float]:
    """The loss after each step. Only the assistant's words are to be learned."""
    batch = tokenizer.apply_chat_template(
        [list(lesson) for lesson in lessons],
        chat_template=CHATML.jinja,
        padding=True,
        return_dict=True,
        return_tensors="pt",
        return_assistant_tokens_mask=True,
    )
    answers = batch.pop("assistant_masks")
    labels = batch["input_ids"].masked_fill(answers == 0, IGNORED)
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0)
    model.train()
    while True:
        loss = model(**batch, labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        yield loss.item()
