"""Templates as they are read: what stands there alike for everybody is said once, and not with
each page. A page says six hundred such words, and asked for each of them in its turn."""

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer


class Said(NodeTransformer):
    """Calls of `known` by words that stand in the template become what they answer."""

    def __init__(self, known: Mapping[str, Callable[[str], str]]) -> None:
        self.known = known

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802  Jinja's own name
        self.generic_visit(node)
        called, given = node.node, node.args
        if not isinstance(called, nodes.Name) or called.name not in self.known:
            return node
        if node.kwargs or node.dyn_args or node.dyn_kwargs or len(given) != 1:
            return node
        (word,) = given
        if not isinstance(word, nodes.Const) or "%" in word.value:
            return node
        return nodes.Const(self.known[called.name](word.value), lineno=node.lineno)


class Spoken(Environment):
    """`said` answers the same to the same word for as long as there are pages."""

    said: Mapping[str, Callable[[str], str]]

    def _generate(self, source: nodes.Template, *rest: Any, **more: Any) -> str:  # noqa: ANN401  Jinja's own
        return super()._generate(Said(self.said).visit(source), *rest, **more)
