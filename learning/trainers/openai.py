"""OpenAI trains on its machines: files, jobs, what they tell, checkpoints.

A job carries our id as a label, and is looked for by it before it is made: whoever died between
the two finds it again. https://platform.openai.com/docs/api-reference/fine-tuning
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import openai

from learning.trainers import answers
from learning.trainers.answers import Seen
from learning.trainers.base import (
    Order,
    OrderRefused,
    Progress,
    TrainerMisconfigured,
    TrainerUnavailable,
)
from learning.trainers.prices import cost
from llm.chat import retry_after
from llm.openai import staying

TIMEOUT_S: Final = 20.0
RETRIES: Final = 2
PAGE: Final = 100
LABELLED: Final = answers.OURS


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a file is looked at until it has been read, and for how long."""

    every_s: float = 2.0
    within_s: float = 300.0


@dataclass(frozen=True, slots=True)
class OpenAITrainer:
    """`price` is dollars per million trained tokens."""

    client: openai.AsyncOpenAI
    price: float = 0.0
    patience: Patience = Patience()
    seen: dict[str, Seen] = field(default_factory=dict)
    name: str = "openai"

    async def start(self, order: Order) -> str:
        with translated():
            found, _ = await self._ours(order)
            if found is not None:
                return found
            files = await self._files(order)
            await self._create(order, files)
            return await self._only_one(order)

    async def look(self, order: Order, id: str, after: int = 0) -> Progress:  # noqa: A002, ARG002  the port's
        with translated():
            job = await self.client.fine_tuning.jobs.retrieve(id)
            before = self.seen.get(id, Seen())
            since = before if before.number == after else Seen()
            events = await self._events(id, since)
            seen = answers.now_seen(events, since)
            lines = tuple(one for one in answers.told(events, since) if one.number > after)
            self.seen[id] = seen
            kept: Sequence[Any] = ()
            if job.status == "succeeded":
                kept = [one async for one in self.client.fine_tuning.jobs.checkpoints.list(id)]
            micros = cost(answers.tokens(job), self.price)
            return answers.progress(job, seen, lines, kept, micros)

    async def cancel(self, order: Order, id: str) -> None:  # noqa: A002, ARG002  the port's
        with translated():
            await self._turn(self.client.fine_tuning.jobs.cancel, id)

    async def pause(self, order: Order, id: str) -> None:  # noqa: A002, ARG002  the port's
        with translated():
            await self._turn(self.client.fine_tuning.jobs.pause, id)

    async def resume(self, order: Order, id: str) -> None:  # noqa: A002, ARG002  the port's
        with translated():
            await self._turn(self.client.fine_tuning.jobs.resume, id)

    async def close(self) -> None:
        await self.client.close()

    async def _ours(self, order: Order) -> tuple[str | None, list[str]]:
        label = {LABELLED: str(order.job)}
        jobs = self.client.fine_tuning.jobs.list(limit=PAGE, metadata=label)
        return answers.first_of(order, [job async for job in jobs])

    async def _create(self, order: Order, files: dict[str, str]) -> None:
        """Never tried again blindly: an answer that was lost may have made the job."""
        once = self.client.with_options(max_retries=0)
        await once.fine_tuning.jobs.create(**answers.wanted(order, files))

    async def _only_one(self, order: Order) -> str:
        """Two processes may have started it in the same moment: the older job stays."""
        found, others = await self._ours(order)
        for other in others:
            await self._turn(self.client.fine_tuning.jobs.cancel, other)
        if found is None:
            raise TrainerUnavailable("OpenAI does not list the new job", "it lags behind", "Again")
        return found

    async def _turn(self, turn: Callable[[str], Awaitable[Any]], id: str) -> None:  # noqa: A002  the provider's
        """What has ended, be it in this moment, stays as it ended."""
        if await self._ended(id):
            return
        try:
            await turn(id)
        except openai.BadRequestError:
            if not await self._ended(id):
                raise

    async def _ended(self, id: str) -> bool:  # noqa: A002  the provider's
        job = await self.client.fine_tuning.jobs.retrieve(id)
        return job.status in answers.ENDED

    async def _files(self, order: Order) -> dict[str, str]:
        given = {split: await asyncio.to_thread(_read, path) for split, path in order.files.items()}
        lines = given["train"].count(b"\n")
        if lines < answers.LEAST:
            raise OrderRefused(
                f"The dataset has {lines} rows to train on",
                f"OpenAI takes {answers.LEAST} at least",
                "Wait for more good answers, or train with --trainer examples",
            )
        known = await self.client.files.list(purpose="fine-tune", order="desc", limit=PAGE)
        there = {one.filename: one.id for one in known.data if one.status != "error"}
        return {
            split: await self._file(f"{order.job}-{split}.jsonl", data, there)
            for split, data in given.items()
            if data.strip()
        }

    async def _file(self, name: str, data: bytes, there: dict[str, str]) -> str:
        """What was sent before the crash is not sent again."""
        file = there.get(name)
        if file is None:
            file = (await self.client.files.create(file=(name, data), purpose="fine-tune")).id
        for _ in range(max(1, int(self.patience.within_s / self.patience.every_s))):
            now = await self.client.files.retrieve(file)
            if now.status == "processed":
                return file
            if now.status == "error":
                why = now.status_details or "it does not say why"
                raise OrderRefused("OpenAI refuses the file", why, "main.py train prepare, anew")
            await asyncio.sleep(self.patience.every_s)
        raise TrainerUnavailable("OpenAI is still reading the file", "it takes long", "Later")

    async def _events(self, id: str, since: Seen) -> list[Any]:  # noqa: A002  the provider's
        """Those that came after; OpenAI tells the newest first."""
        fresh: list[Any] = []
        async for event in self.client.fine_tuning.jobs.list_events(id, limit=PAGE):
            if event.id == since.line:
                break
            fresh.append(event)
        return fresh[::-1]


def open_trainer(
    key: str | None, base_url: str | None, price: float, patience: Patience = Patience()
) -> OpenAITrainer:
    if key is None:
        raise TrainerMisconfigured(
            "OpenAI has no key", "[openai] key is not set", "Set OPENAI_API_KEY"
        )
    client = openai.AsyncOpenAI(
        api_key=key, base_url=base_url, timeout=TIMEOUT_S, max_retries=RETRIES,
        http_client=staying(),
    )  # fmt: skip
    return OpenAITrainer(client, price, patience)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        raise OrderRefused(f"{path} cannot be read", why, "main.py train prepare, anew") from error


@contextmanager
def translated() -> Iterator[None]:
    """Foreign errors stop here."""
    try:
        yield
    except openai.APIStatusError as error:
        said = str(getattr(error, "message", "") or error)
        wait = retry_after(error.response.headers)
        raise answers.refusal(error.status_code, str(error.code or ""), said, wait) from error
    except (openai.APIError, ValueError, TypeError, LookupError, AttributeError) as error:
        why = str(error) or type(error).__name__
        raise TrainerUnavailable("OpenAI cannot be reached", why, "Asked again later") from error
    except openai.OpenAIError as error:
        why = str(error) or type(error).__name__
        raise TrainerMisconfigured("OpenAI cannot be asked", why, "Look at [openai]") from error
