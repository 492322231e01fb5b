"""How a model is trained on a machine of one's own."""

from typing import Literal

from pydantic import Field

from config.manners import Section


class LocalTrainingSettings(Section):
    """LoRA on `base_model`, a folder as transformers reads it; needs requirements-train.txt.

    `served_base` is the same model under its name in Ollama. `rank` and `alpha` size the adapter;
    `beta` holds a DPO near its base. A training ends with `hours` or above `memory_mb` (0: the
    machine's); `threads` 0 is half of the cores.
    """

    base_model: str = ""
    served_base: str = "llama3.2"
    epochs: int = Field(default=3, ge=1, le=1000)
    batch: int = Field(default=2, ge=1, le=256)
    learning_rate: float = Field(default=2e-4, gt=0, le=1)
    rank: int = Field(default=16, ge=1, le=512)
    alpha: int = Field(default=32, ge=1, le=1024)
    beta: float = Field(default=0.1, gt=0, le=10)
    max_tokens: int = Field(default=1024, ge=16, le=131_072)
    seed: int = Field(default=7, ge=0)
    threads: int = Field(default=0, ge=0, le=256)
    memory_mb: int = Field(default=0, ge=0)
    hours: float = Field(default=12.0, gt=0)
    adapter: Literal["auto", "safetensors", "gguf"] = "auto"
