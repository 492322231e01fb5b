"""How conversations are written for a model: the same in training and in serving.

A base model's own template does not say where the assistant's words begin and end, and a server
like Ollama writes with a template language of its own. So each way of writing stands here twice:
for transformers and llama.cpp (`jinja`), and for Ollama (`go`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

Messages: TypeAlias = Sequence[Mapping[str, str]]

BEGIN, END = "{% generation %}", "{% endgeneration %}"


@dataclass(frozen=True, slots=True)
class Writing:
    """`mark` in a base model's template tells that it is written so; `stop` ends an answer."""

    name: str
    mark: str
    jinja: str
    go: str
    stop: str

    @property
    def served(self) -> str:
        """For engines that do not know what `generation` is."""
        return self.jinja.replace(BEGIN, "").replace(END, "")


CHATML: Final = Writing(
    name="chatml",
    mark="<|im_start|>",
    jinja=(
        "{% for message in messages %}"
        "{% if message['role'] == 'assistant' %}"
        "{{ '<|im_start|>assistant\n' }}"
        "{% generation %}{{ message['content'] + '<|im_end|>\n' }}{% endgeneration %}"
        "{% else %}"
        "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
        "{% endif %}{% endfor %}"
        "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
    ),
    go=(
        "{{ range .Messages }}<|im_start|>{{ .Role }}\n{{ .Content }}<|im_end|>\n{{ end }}"
        "<|im_start|>assistant\n"
    ),
    stop="<|im_end|>",
)
LLAMA3: Final = Writing(
    name="llama3",
    mark="<|start_header_id|>",
    jinja=(
        "{{ bos_token }}{% for message in messages %}"
        "{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n' }}"
        "{% if message['role'] == 'assistant' %}"
        "{% generation %}{{ message['content'] + '<|eot_id|>' }}{% endgeneration %}"
        "{% else %}{{ message['content'] + '<|eot_id|>' }}{% endif %}{% endfor %}"
        "{% if add_generation_prompt %}"
        "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"
    ),
    go=(
        "{{ range .Messages }}<|start_header_id|>{{ .Role }}<|end_header_id|>\n\n"
        "{{ .Content }}<|eot_id|>{{ end }}<|start_header_id|>assistant<|end_header_id|>\n\n"
    ),
    stop="<|eot_id|>",
)
WRITINGS: Final = (CHATML, LLAMA3)


def writing_of(template: str) -> Writing | None:
    """None when a base model writes in a way that is not known here."""
    return next((one for one in WRITINGS if one.mark in template), None)
