"""Models and adapters as llama.cpp and Ollama read them.

The converters of llama.cpp come in no package, so the little of them that is needed here is
written on its `gguf` library: the names of the tensors, and the order of the rows of queries and
keys, which llama.cpp rotates in neighbouring pairs and transformers in halves.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

import gguf
import numpy as np
from safetensors.numpy import load_file

from learning.trainers.base import OrderRefused

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

ARCHITECTURES: Final = {
    "llama": gguf.MODEL_ARCH.LLAMA,
    "mistral": gguf.MODEL_ARCH.LLAMA,
    "qwen2": gguf.MODEL_ARCH.QWEN2,
    "qwen3": gguf.MODEL_ARCH.QWEN3,
    "gemma2": gguf.MODEL_ARCH.GEMMA2,
}
"""By the `model_type` of a base model's config.json."""

PEFT: Final = "base_model.model."
SIDES: Final = {".lora_A.weight": ".lora_a", ".lora_B.weight": ".lora_b"}
SPECIAL, NORMAL = 3, 1


def shape_of(base: Path) -> dict[str, Any]:
    """A base model's config.json."""
    found: dict[str, Any] = json.loads((base / "config.json").read_text(encoding="utf-8"))
    if found.get("model_type") not in ARCHITECTURES:
        raise OrderRefused(
            f"{base} cannot be written as GGUF",
            f"its architecture is {found.get('model_type')!r}",
            f"Train on one of these: {', '.join(ARCHITECTURES)}",
        )
    return found


def write_adapter(adapter: Path, base: Path, out: Path) -> Path:
    """From what PEFT saved: `adapter_model.safetensors` beside `adapter_config.json`."""
    shape = shape_of(base)
    config = json.loads((adapter / "adapter_config.json").read_text(encoding="utf-8"))
    writer = _writer(out, shape)
    writer.add_type("adapter")
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, float(config["lora_alpha"]))
    for name, tensor in _adapted(adapter, shape):
        writer.add_tensor(name, tensor)
    return _written(writer, out)


def write_model(folder: Path, out: Path, adapter: Path | None = None) -> Path:
    """A LLaMA with a byte-level tokenizer, weights and words and all, in one file.

    With an adapter, its changes are added to the weights: for servers that take no adapters.
    """
    shape = shape_of(folder)
    if ARCHITECTURES[shape["model_type"]] is not gguf.MODEL_ARCH.LLAMA:
        raise OrderRefused(
            f"{folder} cannot be written whole",
            f"only LLaMA models can, and it is {shape['model_type']}",
            "Convert it with llama.cpp's convert_hf_to_gguf.py",
        )
    writer = _writer(out, shape)
    _describe(writer, shape)
    _speak(writer, folder)
    names = _names(shape)
    changes = {} if adapter is None else _changes(adapter)
    for name, tensor in load_file(folder / "model.safetensors").items():
        called = _called(names, name)
        whole = tensor.astype(np.float32) + changes.get(name, 0)
        kept = whole if tensor.ndim == 1 else whole.astype(np.float16)
        writer.add_tensor(f"{called}.weight", _ordered(name, kept, shape))
    return _written(writer, out)


def _writer(out: Path, shape: dict[str, Any]) -> gguf.GGUFWriter:
    architecture = ARCHITECTURES[shape["model_type"]]
    return gguf.GGUFWriter(str(out), gguf.MODEL_ARCH_NAMES[architecture])


def _written(writer: gguf.GGUFWriter, out: Path) -> Path:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return out


def _adapted(adapter: Path, shape: dict[str, Any]) -> Iterator[tuple[str, Array]]:
    names = _names(shape)
    for full, tensor in load_file(adapter / "adapter_model.safetensors").items():
        side = next(end for end in SIDES if full.endswith(end))
        name = full.removeprefix(PEFT).removesuffix(side) + ".weight"
        kept = tensor.astype(np.float32)
        if side == ".lora_B.weight":
            kept = _ordered(name, kept, shape)
        yield f"{_called(names, name)}.weight{SIDES[side]}", kept


def _changes(adapter: Path) -> dict[str, Array]:
    """What an adapter adds to each weight: alpha / rank · B · A."""
    config = json.loads((adapter / "adapter_config.json").read_text(encoding="utf-8"))
    sides = load_file(adapter / "adapter_model.safetensors")
    scale = config["lora_alpha"] / config["r"]
    return {
        full.removeprefix(PEFT).removesuffix(".lora_A.weight") + ".weight": scale
        * (sides[full.replace("lora_A", "lora_B")] @ down)
        for full, down in sides.items()
        if full.endswith(".lora_A.weight")
    }


def _names(shape: dict[str, Any]) -> gguf.TensorNameMap:
    architecture = ARCHITECTURES[shape["model_type"]]
    return gguf.get_tensor_name_map(architecture, shape["num_hidden_layers"])


def _called(names: gguf.TensorNameMap, name: str) -> str:
    called = names.get_name(name, (".weight",))
    if called is None:
        raise OrderRefused("The model cannot be written", f"{name} is unknown", "Use a plain base")
    return str(called).removesuffix(".weight")


def _ordered(name: str, tensor: Array, shape: dict[str, Any]) -> Array:
    """Rows of queries and keys from halves to neighbouring pairs, as LLaMA is rotated there."""
    if ARCHITECTURES[shape["model_type"]] is not gguf.MODEL_ARCH.LLAMA:
        return tensor
    heads = {
        "q_proj.weight": shape["num_attention_heads"],
        "k_proj.weight": shape["num_key_value_heads"],
    }.get(".".join(name.split(".")[-2:]))
    if heads is None:
        return tensor
    halves = tensor.reshape(heads, 2, tensor.shape[0] // heads // 2, *tensor.shape[1:])
    return np.ascontiguousarray(halves.swapaxes(1, 2).reshape(tensor.shape))


def _describe(writer: gguf.GGUFWriter, shape: dict[str, Any]) -> None:
    writer.add_block_count(shape["num_hidden_layers"])
    writer.add_context_length(shape["max_position_embeddings"])
    writer.add_embedding_length(shape["hidden_size"])
    writer.add_feed_forward_length(shape["intermediate_size"])
    writer.add_head_count(shape["num_attention_heads"])
    writer.add_head_count_kv(shape["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(shape["rms_norm_eps"])
    writer.add_rope_dimension_count(shape["hidden_size"] // shape["num_attention_heads"])
    writer.add_vocab_size(shape["vocab_size"])
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)


def _speak(writer: gguf.GGUFWriter, folder: Path) -> None:
    """The tokenizer: byte-level BPE, split as GPT-2 did."""
    known = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    told = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
    if known["model"]["type"] != "BPE" or known["pre_tokenizer"]["type"] != "ByteLevel":
        raise OrderRefused(
            f"{folder} cannot be written whole",
            "its tokenizer splits words in a way of its own",
            "Convert it with llama.cpp's convert_hf_to_gguf.py",
        )
    special = {one["content"]: one["id"] for one in known["added_tokens"]}
    words = {**known["model"]["vocab"], **special}
    listed = sorted(words, key=words.__getitem__)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(listed)
    writer.add_token_types([SPECIAL if one in special else NORMAL for one in listed])
    writer.add_token_merges([" ".join(pair) for pair in known["model"]["merges"]])
    writer.add_bos_token_id(words[told["bos_token"]])
    writer.add_eos_token_id(words[told["eos_token"]])
    writer.add_pad_token_id(words[told["pad_token"]])
    writer.add_bool(gguf.Keys.Tokenizer.ADD_BOS, val=False)
    template = folder / "chat_template.jinja"
    writer.add_chat_template(template.read_text(encoding="utf-8"))
