"""A process that runs the whole pipeline on a network that stamps every answer.

Started with its place as JSON; says "ready" when it holds its partitions; SIGTERM ends it.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

import uvloop

from app.backing import Backing
from app.parts import build
from app.pipeline import Pipeline, broken, pipeline
from app.plugins import App, Setting
from benchmarks.place import ACCOUNT, Place
from benchmarks.sampling import Sampler
from benchmarks.stamps import Teller
from bot.channels.base import Accepted, Ingest, Part, Rate, SendResult
from config.logging import configure


class StampingChannel:
    """A network that takes no time, keeps nothing and only says when each answer reached it."""

    account = ACCOUNT
    idempotent = False
    limit = 4096
    dedupe_s = 48 * 3600

    def __init__(self, teller: Teller) -> None:
        self._teller = teller
        self._sent = 0

    async def receive(self, ingest: Ingest) -> None:  # noqa: ARG002  the generator ingests by itself
        await asyncio.Event().wait()

    async def send(self, part: Part) -> SendResult:
        reply, _, number = part.key.partition(":")
        if number == "0":
            self._teller.tell(bytes.fromhex(reply.replace("-", "")))
        self._sent += 1
        return Accepted(f"s{self._sent}")

    def rates(self, part: Part) -> Sequence[Rate]:  # noqa: ARG002  a network in memory has no limits
        return ()

    async def close(self) -> None: ...


async def serve(place: Place, share: int, *, sampled: bool) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    teller = Teller(place.answers)
    backing = Backing(place.database_url, place.redis_url, embedded=True)

    def channel(_setting: Setting) -> StampingChannel:
        return StampingChannel(teller)

    async with (
        build(place.settings(), backing, App(), {ACCOUNT: channel}) as parts,
        pipeline(parts, place.redis_url, App()) as running,
    ):
        await _at_work(running, share)
        say({"ready": os.getpid()})
        with Sampler(wanted=sampled) as sampler:
            await _until(stop, running)
        say({"samples": sampler.found(), "every_s": sampler.every_s})


async def _at_work(running: Pipeline, share: int) -> None:
    while True:
        if len(running.consumer.ownership.owned) >= share:
            break
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.1)


async def _until(stop: asyncio.Event, running: Pipeline) -> None:
    watched = asyncio.create_task(broken(running.consumer))
    waiting = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([watched, waiting], return_when=asyncio.FIRST_COMPLETED)
    if watched in done:
        watched.result()
    watched.cancel()
    with suppress(asyncio.CancelledError):
        await watched


def say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    told = json.loads(sys.argv[1])
    configure(str)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        work = serve(Place(**told["place"]), told["share"], sampled=told.get("sampled", False))
        runner.run(work)
