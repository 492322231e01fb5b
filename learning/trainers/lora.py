"""A small adapter for a model, trained on this machine: low-rank matrices beside its own.

LoRA: Hu et al. 2021, arXiv 2106.09685. DPO: Rafailov et al. 2023, arXiv 2305.18290.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from datasets import Dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, PreTrainedTokenizerBase, Trainer
from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer

from config.local import LocalTrainingSettings
from learning.trainers.base import OrderRefused, Trained
from learning.trainers.chats import Writing
from learning.trainers.diary import CHECKPOINTS, SAVING, Diary, Resting, last_whole
from learning.trainers.gguf_files import shape_of, write_adapter
from learning.trainers.journal import Journal
from learning.trainers.parity import PROBES, keep
from learning.trainers.rows import read_rows
from learning.trainers.speaking import longest, probe, tokenizer_of
from learning.trainers.watching import used

ADAPTER: Final = "adapter"
TENTHS: Final = 10
PROBED: Final = 8
ASKED: Final = {"temperature": 0.7, "top_p": 0.9, "top_k": 40}


@dataclass(frozen=True, slots=True)
class Workshop:
    journal: Journal
    diary: Diary
    order: dict[str, Any]
    settings: LocalTrainingSettings

    @property
    def base(self) -> Path:
        return Path(self.order["base_model"])

    @property
    def supervised(self) -> bool:
        return bool(self.order["method"] == "supervised")

    def train(self) -> Trained:
        self.diary.tell("loading", "reading the base model")
        tokenizer, writing = tokenizer_of(self.base)
        rows = self._rows("train", tokenizer)
        trainer = self._trainer(tokenizer, rows)
        trainer.train(resume_from_checkpoint=last_whole(self.journal))
        if self.diary.rests:
            raise Resting
        self.diary.percent = SAVING
        self.diary.tell("saving", "writing the adapter")
        trainer.save_model(str(self.journal / ADAPTER))
        return self._kept(tokenizer, writing, rows)

    def _rows(self, split: str, tokenizer: PreTrainedTokenizerBase) -> list[dict[str, Any]]:
        """A row that does not fit would be cut where the answer stands, so it is left out."""
        path = self.order["files"].get(split)
        rows = read_rows(Path(path), self.order["method"]) if path else []
        limit = self.settings.max_tokens
        fitting = [one for one in rows if longest(tokenizer, one) <= limit]
        if len(fitting) < len(rows):
            left = len(rows) - len(fitting)
            self.diary.tell("loading", f"{left} rows of more than {limit} tokens are left out")
        if split == "train" and not fitting:
            raise OrderRefused(
                "There is nothing to train on",
                f"no row of {path} fits into {limit} tokens",
                "Build the dataset, or raise local_training.max_tokens",
            )
        return fitting

    def _trainer(self, tokenizer: PreTrainedTokenizerBase, rows: list[dict[str, Any]]) -> Trainer:
        control = self._rows("validation", tokenizer)
        # Checkpoints and lines are a share of all steps, so that a long training does not drown.
        per_epoch = -(-len(rows) // self.settings.batch)
        steps = per_epoch * self.settings.epochs
        shared = self._arguments(max(1, steps // TENTHS), max(1, steps // 100), bool(control))
        known = {
            "model": AutoModelForCausalLM.from_pretrained(
                self.base, local_files_only=True, dtype=torch.float32
            ),
            "train_dataset": Dataset.from_list(rows),
            "eval_dataset": Dataset.from_list(control) if control else None,
            "processing_class": tokenizer,
            "peft_config": self._adapter(),
            "callbacks": [self.diary],
        }
        if self.supervised:
            return SFTTrainer(args=SFTConfig(assistant_only_loss=True, **shared), **known)
        return DPOTrainer(args=DPOConfig(beta=self.settings.beta, **shared), **known)

    def _arguments(self, save: int, log: int, control: bool) -> dict[str, Any]:  # noqa: FBT001  is there one
        graphics = torch.cuda.is_available()
        return {
            "output_dir": str(self.journal / CHECKPOINTS),
            "num_train_epochs": self.settings.epochs,
            "per_device_train_batch_size": self.settings.batch,
            "learning_rate": self.settings.learning_rate,
            "max_length": self.settings.max_tokens,
            "seed": self.settings.seed,
            "use_cpu": not graphics,
            "bf16": graphics,
            "gradient_checkpointing": graphics,
            "eval_strategy": "epoch" if control else "no",
            "save_strategy": "steps",
            "save_steps": save,
            "save_total_limit": 2,
            "logging_steps": log,
            "logging_first_step": True,
            "report_to": [],
            "disable_tqdm": True,
        }

    def _adapter(self) -> LoraConfig:
        return LoraConfig(
            r=self.settings.rank,
            lora_alpha=self.settings.alpha,
            target_modules="all-linear",
            task_type="CAUSAL_LM",
        )

    def _kept(
        self, tokenizer: PreTrainedTokenizerBase, writing: Writing, rows: list[dict[str, Any]]
    ) -> Trained:
        write_adapter(self.journal / ADAPTER, self.base, self.journal / "adapter.gguf")
        asked = [one.get("prompt") or one["messages"][:-1] for one in rows[:PROBED]]
        keep(self.journal.folder, [probe(tokenizer, one) for one in [*PROBES, *asked]])
        return Trained(
            provider="ollama",
            model=self.order["model"],
            parameters={
                "folder": str(self.journal.folder),
                "base_model": str(self.base),
                "architecture": shape_of(self.base)["model_type"],
                "served_base": self.settings.served_base,
                "adapter": self.settings.adapter,
                "template": writing.go,
                "stop": [writing.stop],
                "peak_mb": used(),
                **ASKED,
            },
        )
