"""Addresses by which programs called the API before it had one grammar: each is one of today's
requests, with the names of then."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Annotated, Final
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from web.api.datasets import Datasets, PreparationShown
from web.api.deployments import EVERYBODY, Deployments
from web.api.exports import ExportShown, ExportWanted
from web.api.house import House
from web.api.improvements import Improvements, ImprovementShown, NewImprovement
from web.api.means import Means
from web.api.problems import Problem
from web.api.rolling import DeploymentShown, Wish
from web.api.runs import NewRun, Runs, RunShown
from web.api.stats import Stats
from web.api.then import Better, DatasetExport, Filters, FineTune, Prepared, Stated, Traffic
from web.api.versions import shown
from web.routing import Route

AI: Final = "/api/v1/ai/training"
V1: Final = "/api/v1"
LOOK_S: Final = 0.25
ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Aliases:
    """`known` are the routes of today."""

    house: House
    means: Means
    known: Sequence[Route]

    def routes(self) -> Sequence[Route]:
        return [*self._examples(), *self._trainings(), *self._models(), *self._language()]

    def _examples(self) -> Iterator[Route]:
        alias, many = self.house.alias, f"{AI}/conversaciones"
        create = self._of("POST", "/training/conversations")
        put = self._of("PUT", "/training/conversations")
        change = self._of("PUT", "/training/conversations/{example}")
        rate = self._of("POST", "/training/conversations/{message}/ratings")
        improve = self._of("POST", "/training/conversations/{message}/improvements")
        yield alias(many, create)
        yield alias(many, put)
        yield alias(f"{many}/{{example}}", change)
        yield alias(f"{many}/{{message}}/calificar", rate)
        yield alias(f"{many}/mejorar", improve, self.improve_by_id, ImprovementShown)
        for place in _both("/training/conversations"):
            yield alias(f"{place}/{{message}}/rate", rate)
            yield alias(f"{place}/improve", improve, self.improve_by_id, ImprovementShown)

    def _trainings(self) -> Iterator[Route]:
        alias = self.house.alias
        prepare = self._of("POST", "/training/datasets")
        start, runs = self._of("POST", "/training/runs"), self._of("GET", "/training/runs")
        one = self._of("GET", "/training/runs/{run}")
        yield alias(f"{AI}/fine-tuning/preparar", prepare, self.prepare_and_wait, Prepared)
        yield alias(f"{AI}/fine-tuning/iniciar", start)
        yield alias(f"{AI}/fine-tuning/jobs", runs)
        for place in _both("/training/fine-tuning"):
            yield alias(f"{place}/prepare", prepare, self.prepare_and_wait, Prepared)
            yield alias(f"{place}/start", start)
            yield alias(f"{place}/jobs", runs)
        export = self._of("POST", "/training/datasets/{dataset}/exports")
        for place in _both(""):
            answers = PreparationShown | ExportShown
            said = {"202": {"description": "It is prepared first"}}
            path, either = f"{place}/dataset/export", self.export_or_prepare
            yield alias(path, export, either, answers, responses=said)
            yield alias(f"{place}/finetune/start", start, self.start_of_uri, RunShown)
            yield alias(f"{place}/finetune/status", one, self.get_status, RunShown)

    def _models(self) -> Iterator[Route]:
        alias, evaluate = self.house.alias, self._of("POST", "/evaluations")
        back = self._of("POST", "/deployments/{task}/rollbacks")
        active = self._of("PUT", "/deployments/{task}")
        canary = self._of("PUT", "/deployments/{task}/canary")
        for place in _both(""):
            models = f"{place}/training/fine-tuning/models/{{model}}/activate"
            yield alias(models, back, self.activate_by_id, DeploymentShown, like=active)
            yield alias(f"{place}/eval/run", evaluate)
            yield alias(
                f"{place}/models/rollout", back, self.send_traffic, DeploymentShown, like=canary
            )

    def _language(self) -> Iterator[Route]:
        alias = self.house.alias
        yield alias("/nlu/parse", self._of("POST", "/nlu/parse"))
        yield alias("/style/reply", self._of("POST", "/style/reply"))
        yield alias("/ask", self._of("POST", "/ask"))
        counted = self._of("GET", "/training/stats")
        yield alias("/api/training/stats", counted, self.get_stats, Stated)

    async def improve_by_id(self, request: Request, given: Better) -> Response:
        """A better answer to the one whose id stands in the body."""
        desk = Improvements(self.house, self.means)
        asked = NewImprovement.model_validate({"text": given.respuesta, "ai": not given.respuesta})
        return shown(await desk.proposed(request, given.id, asked), 201)

    async def prepare_and_wait(self, request: Request, given: Filters) -> Response:
        """Prepares a dataset and waits a while for it; 202 while it is not there yet."""
        which = await Datasets(self.house, self.means).begin(request, given.wanted())
        told = await self._waited(which)
        if told.error is not None:
            raise Problem("refused", told.error)
        if told.dataset_id is None:
            none = Prepared(archivo_id=None, total=0, por_categoria={}, preparacion=told)
            return shown(none, 202)
        counts = await Datasets(self.house, self.means).counts(told.dataset_id)
        return shown(
            Prepared(
                archivo_id=told.dataset_id,
                total=counts["rows"],
                por_categoria=counts["category"],
                preparacion=told,
            )
        )

    async def export_or_prepare(self, request: Request, given: DatasetExport) -> Response:
        """The files of a dataset; without one it is prepared first."""
        desk = Datasets(self.house, self.means)
        if given.dataset is not None:
            return await desk.export_dataset(request, given.dataset, ExportWanted())
        which = await desk.begin(request, given.wanted())
        place = f"{V1}/training/preparations/{which}"
        return shown(await desk.preparation(which), 202, {"Location": place})

    async def start_of_uri(self, request: Request, given: FineTune) -> Response:
        """A training of the dataset whose id stands in the address."""
        found = ID.findall(given.dataset_uri)
        if given.dataset_uri and not found:
            raise Problem("refused", "There is no dataset's id in dataset_uri.")
        dataset = UUID(found[-1]) if found else None
        wanted = NewRun.model_validate(
            {"dataset_id": dataset, "base_model": given.base_model, "notes": given.notes}
        )
        return await Runs(self.house, self.means).start_run(request, wanted)

    async def get_status(self, which: Annotated[UUID, Query(alias="id")]) -> Response:
        """How far a training is."""
        return await Runs(self.house, self.means).get_run(which)

    async def activate_by_id(self, request: Request, model: UUID) -> Response:
        """It answers everybody from now on, if it passed its gates."""
        desk = Deployments(self.house, self.means)
        version = await desk.version(model, "not_found")
        return shown(await desk.move(request, version, EVERYBODY, Wish()), 201)

    async def send_traffic(self, request: Request, given: Traffic) -> Response:
        """So many of 100 customers get a model version."""
        desk = Deployments(self.house, self.means)
        version = await desk.version_called(given.model_version)
        return shown(await desk.move(request, version, given.traffic_pct, Wish()), 201)

    async def get_stats(self) -> Response:
        """How many answers there are to learn from."""
        told = await Stats.learned(self.house)
        listed = [one.model_dump(mode="json") for one in told.by_category]
        stated = Stated(total=told.total, by_category=listed, high_quality=told.high_quality)
        return shown(stated, by_alias=True)

    async def _waited(self, which: UUID) -> PreparationShown:
        desk = Datasets(self.house, self.means)
        until = monotonic() + self.means.patience_s
        told = await desk.preparation(which)
        while told.status in {"pending", "running"} and monotonic() < until:
            await asyncio.sleep(LOOK_S)
            told = await desk.preparation(which)
        return told

    def _of(self, method: str, path: str) -> Route:
        whole = f"{V1}{path}"
        return next(one for one in self.known if (one.method, one.path) == (method, whole))


def _both(path: str) -> tuple[str, str]:
    """Some programs call it by its bare address."""
    return (f"{V1}{path}", path)
