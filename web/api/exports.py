"""How a dataset is written for others: which shape in which format."""

from typing import Literal
from uuid import UUID

from pydantic import ConfigDict

from learning.exporting import Format
from web.api.shapes import Body, Shown

Shape = Literal["sft", "dpo", "nlu"]
FORMAT_OF: dict[tuple[str, Shape], Format] = {
    ("jsonl", "sft"): "openai",
    ("jsonl", "dpo"): "openai-dpo",
    ("ollama", "sft"): "ollama",
    ("sharegpt", "sft"): "sharegpt",
    ("csv", "sft"): "csv",
    ("parquet", "sft"): "parquet",
    ("jsonl", "nlu"): "nlu",
    ("csv", "nlu"): "nlu-csv",
    ("parquet", "nlu"): "nlu-parquet",
}


class ExportWanted(Body):
    """`sft` are conversations, `dpo` a better and a worse answer (jsonl), `nlu` messages with what
    they mean: `text` and `intent` (jsonl, csv, parquet)."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"format": "jsonl", "shape": "sft"}]}
    )

    format: Literal["jsonl", "csv", "parquet", "ollama", "sharegpt"] = "jsonl"
    shape: Shape = "sft"


class ExportShown(Shown):
    """`files` are the addresses of what was written."""

    dataset_id: UUID
    format: str
    files: list[str]
