"""Offers a job that somebody waits for at once; what no queue takes is offered by the schedule."""

import asyncio
from typing import Final

from jobs.queue import Queue, QueueUnavailable
from jobs.schedule import Run, Terms, ask, withdraw
from store.session import Store

TERMS: Final = Terms()


async def offer(store: Store, queue: Queue, run: Run, terms: Terms = TERMS) -> bool:
    """False when the queue was out of reach."""
    if not await ask(store, run):
        return True
    try:
        await asyncio.to_thread(queue.offer, [run], terms)
    except QueueUnavailable:
        await withdraw(store, [run])
        return False
    return True
