"""A process that keeps a worker until it is killed; prints nothing."""

import asyncio

from jobs.worker import WorkerProcess

if __name__ == "__main__":
    asyncio.run(WorkerProcess({}).run())
