"""How a test reads a file: as text, or as the word for why not."""

import pytest

from knowledge.extraction import PROBLEMS, DocumentRefused, Reader


async def problem(reader: Reader, data: bytes, name: str = "") -> str:
    with pytest.raises(DocumentRefused) as refused:
        await reader.read(data, name)
    assert (refused.value.why, refused.value.next) == PROBLEMS[refused.value.problem]
    return refused.value.problem


async def lines(reader: Reader, data: bytes, name: str = "") -> list[str]:
    _, extract = await reader.read(data, name)
    return [block.text for block in extract.blocks]
