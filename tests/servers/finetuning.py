"""OpenAI's files, fine-tuning jobs and models on this machine, with faults to order."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from aiohttp import web

from tests.servers.models import Turned, refuses

JSON: TypeAlias = dict[str, Any]
ENDED = {"succeeded", "failed", "cancelled"}
BEGUN = 1_790_000_000


class Ended(Exception):
    """The job cannot be turned any more."""


@dataclass
class FineTuningServer:
    """`faults` are the ends of the next requests to a route; `lost` routes do what they are asked,
    and break the connection instead of saying so."""

    url: str = ""
    files: dict[str, JSON] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    jobs: dict[str, JSON] = field(default_factory=dict)
    events: dict[str, list[JSON]] = field(default_factory=dict)
    checkpoints: dict[str, list[JSON]] = field(default_factory=dict)
    models: list[JSON] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    created: list[JSON] = field(default_factory=list)
    faults: dict[str, deque[Turned]] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    rejecting: str | None = None
    reading: int = 0
    """How many looks at a file find it still being read."""

    def will(self, route: str, *turns: Turned) -> None:
        self.faults[route] = deque(turns)

    def moves(self, job: str, status: str, **changes: Any) -> None:  # noqa: ANN401  fields of a job
        self.jobs[job] |= {"status": status, **changes}
        self.says(job, f"Fine-tuning job is {status}")

    def says(self, job: str, message: str, data: JSON | None = None) -> None:
        told = self.events[job]
        told.append(
            {
                "object": "fine_tuning.job.event", "id": f"ftevent-{len(told)}", "level": "info",
                "created_at": BEGUN + len(told) // 2, "message": message, "data": data or {},
                "type": "metrics" if data else "message",
            }
        )  # fmt: skip

    def steps(self, job: str, *numbers: int, of: int = 100) -> None:
        self.jobs[job]["status"] = "running"
        for step in numbers:
            data = {"step": step, "total_steps": of, "train_loss": round(2 - step / of, 4)}
            self.says(job, f"Step {step}/{of}: training loss={data['train_loss']:.2f}", data)

    def succeeds(self, job: str, *, tokens: int = 5_000) -> None:
        base = self.jobs[job]["model"]
        model = f"ft:{base}:org:{self.jobs[job]['suffix']}:{job[-4:]}"
        self.checkpoints[job] = [
            {
                "object": "fine_tuning.job.checkpoint", "id": f"ckpt-{step}", "created_at": BEGUN,
                "fine_tuned_model_checkpoint": f"{model}:ckpt-step-{step}", "step_number": step,
                "fine_tuning_job_id": job, "metrics": {"train_loss": 1.0, "step": step},
            }
            for step in (50, 75)
        ]  # fmt: skip
        self.moves(
            job, "succeeded", fine_tuned_model=model, trained_tokens=tokens,
            result_files=["file-result"], finished_at=BEGUN + 60,
        )  # fmt: skip

    def fails(self, job: str, message: str, code: str = "invalid_training_file") -> None:
        error = {"code": code, "message": message, "param": "training_file"}
        self.moves(job, "failed", error=error, finished_at=BEGUN + 60)

    async def upload(self, request: web.Request) -> JSON:
        form = await request.post()
        file = form["file"]
        assert isinstance(file, web.FileField)
        made = {
            "id": f"file-{len(self.files) + 1}", "object": "file", "purpose": form["purpose"],
            "filename": file.filename, "bytes": 0, "created_at": BEGUN, "status": "uploaded",
            "looks": 0,
        }  # fmt: skip
        self.files[str(made["id"])] = made
        with file.file as sent:
            self.contents[file.filename] = sent.read()
        return made

    async def file(self, request: web.Request) -> JSON:
        found = self.files[request.match_info["id"]]
        found["looks"] += 1
        if self.rejecting:
            found |= {"status": "error", "status_details": self.rejecting}
        elif found["looks"] > self.reading:
            found["status"] = "processed"
        return found

    async def all_files(self, request: web.Request) -> JSON:
        return _page(list(self.files.values())[::-1], request)

    async def create(self, request: web.Request) -> JSON:
        body = await request.json()
        self.created.append(body)
        job = f"ftjob-{len(self.jobs) + 1:04}"
        self.jobs[job] = {
            "id": job, "object": "fine_tuning.job", "created_at": BEGUN + len(self.jobs),
            "status": "validating_files", "organization_id": "org", "result_files": [],
            "hyperparameters": {"n_epochs": "auto"}, "fine_tuned_model": None, "error": None,
            "trained_tokens": None, "finished_at": None, "validation_file": None, **body,
        }  # fmt: skip
        self.events[job] = []
        self.checkpoints[job] = []
        self.says(job, f"Created fine-tuning job: {job}")
        return self.jobs[job]

    async def all_jobs(self, request: web.Request) -> JSON:
        sought = {
            key[len("metadata[") : -1]: value
            for key, value in request.query.items()
            if key.startswith("metadata[")
        }
        found = [
            job for job in self.jobs.values() if sought.items() <= (job["metadata"] or {}).items()
        ]
        return _page(found[::-1], request)

    async def job(self, request: web.Request) -> JSON:
        return self.jobs[request.match_info["id"]]

    async def told(self, request: web.Request) -> JSON:
        return _page(self.events[request.match_info["id"]][::-1], request)

    async def kept(self, request: web.Request) -> JSON:
        return _page(self.checkpoints[request.match_info["id"]][::-1], request)

    async def turn(self, request: web.Request) -> JSON:
        job, verb = request.match_info["id"], request.match_info["verb"]
        if self.jobs[job]["status"] in ENDED:
            raise Ended(job)
        self.moves(job, {"cancel": "cancelled", "pause": "paused", "resume": "running"}[verb])
        return self.jobs[job]

    async def all_models(self, _request: web.Request) -> JSON:
        return {"object": "list", "data": self.models}


def a_model(name: str, shutdown: str | None = None) -> JSON:
    made = {"id": name, "object": "model", "created": BEGUN, "owned_by": "openai"}
    return made | ({"shutdown_date": shutdown} if shutdown else {})


def _page(rows: list[JSON], request: web.Request) -> JSON:
    after, limit = request.query.get("after"), int(request.query.get("limit", 20))
    ids = [row["id"] for row in rows]
    begin = ids.index(after) + 1 if after else 0
    shown = rows[begin : begin + limit]
    return {"object": "list", "data": shown, "has_more": begin + limit < len(rows)}


def _served(server: FineTuningServer, name: str, do: Callable[..., Any]) -> Any:  # noqa: ANN401  a handler
    async def handle(request: web.Request) -> web.Response:
        server.asked.append(name)
        waiting = server.faults.get(name)
        if waiting:
            fault = waiting.popleft()
            await asyncio.sleep(fault.hang_s)
            if fault.status != 200:
                headers = {"Content-Type": "application/json", **fault.headers}
                return web.Response(status=fault.status, body=fault.body, headers=headers)
        try:
            done = await do(request)
        except KeyError as missing:
            gone = refuses(404, message=f"No such object: {missing}")
            return web.Response(status=404, body=gone.body, content_type="application/json")
        except Ended as job:
            late = refuses(400, message=f"Job {job} has already ended")
            return web.Response(status=400, body=late.body, content_type="application/json")
        if name in server.lost:
            server.lost.discard(name)
            assert request.transport is not None
            request.transport.close()
        return web.Response(body=json.dumps(done), content_type="application/json")

    return handle


@asynccontextmanager
async def finetuning_server(port: int = 0) -> AsyncIterator[FineTuningServer]:
    server = FineTuningServer()
    jobs = "/v1/fine_tuning/jobs"
    routes = [
        ("POST", "/v1/files", "upload", server.upload),
        ("GET", "/v1/files", "files", server.all_files),
        ("GET", "/v1/files/{id}", "file", server.file),
        ("POST", jobs, "create", server.create),
        ("GET", jobs, "jobs", server.all_jobs),
        ("GET", f"{jobs}/{{id}}", "job", server.job),
        ("GET", f"{jobs}/{{id}}/events", "events", server.told),
        ("GET", f"{jobs}/{{id}}/checkpoints", "checkpoints", server.kept),
        ("POST", f"{jobs}/{{id}}/{{verb:cancel|pause|resume}}", "turn", server.turn),
        ("GET", "/v1/models", "models", server.all_models),
    ]
    app = web.Application()
    for method, path, name, do in routes:
        app.router.add_route(method, path, _served(server, name, do))
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    host, bound = runner.addresses[0][:2]
    server.url = f"http://{host}:{bound}/v1"
    try:
        yield server
    finally:
        await runner.cleanup()
