"""The commands of `train` and `models`; main.py joins them to the others."""

from typing import Annotated

import typer

from app.console import Explained, Json, awaited, settings

train = typer.Typer(help="A dataset becomes a model, when a person says so.")
models = typer.Typer(help="What was trained, who answers with it, and which of it ends.")
Shop = Annotated[str, typer.Option(help="The shop's key; the one of the settings.")]
Which = Annotated[str, typer.Argument(help="The beginning of its id; `last` is the newest.")]
Here = Annotated[
    bool, typer.Option("--here", help="In this process, instead of by the worker of a running bot.")
]


@train.command("prepare")
def prepare(shop: Shop = "", json: Json = False) -> None:
    """A dataset of what was answered well up to now; it needs one such answer at least."""
    with Explained():
        from app import trainings

        awaited(trainings.prepare(settings(), shop, as_json=json))


@train.command("start")
def start(  # noqa: PLR0913  each is an option of the command
    *,
    trainer: Annotated[str, typer.Option(help="examples, local, openai, or your own.")] = "",
    base: Annotated[str, typer.Option(help="The model that is trained.")] = "",
    dataset: Annotated[str, typer.Option(help="Its id; else the newest one.")] = "",
    method: Annotated[str, typer.Option(help="supervised or dpo.")] = "supervised",
    option: Annotated[list[str] | None, typer.Option(help="NAME=VALUE: epochs=3.")] = None,
    shop: Shop = "",
    here: Here = False,
    json: Json = False,
) -> None:
    """Train a model from a prepared dataset; asked for twice, it is trained once."""
    with Explained():
        from app import trainings

        choice = trainings.Choice(trainer, base, dataset, method, option or ())
        work = trainings.start(settings(), shop, choice, here=here, as_json=json)
        raise typer.Exit(awaited(work))


@train.command("list")
def every(shop: Shop = "", json: Json = False) -> None:
    """Every training, the newest first."""
    with Explained():
        from app import trainings

        awaited(trainings.show_all(settings(), shop, as_json=json))


@train.command("show")
def show(which: Which, shop: Shop = "", json: Json = False) -> None:
    """One of them: what it used, how far it is, what it told, what it cost."""
    with Explained():
        from app import trainings

        awaited(trainings.show(settings(), shop, which, as_json=json))


@train.command("follow")
def follow(which: Which = "last", shop: Shop = "", json: Json = False) -> None:
    """Watch it until it has ended; exits 1 when it did not succeed."""
    with Explained():
        from app import trainings

        raise typer.Exit(awaited(trainings.follow(settings(), shop, which, as_json=json)))


@train.command("approve")
def approve(which: Which, shop: Shop = "", json: Json = False) -> None:
    """Let one begin that the bot proposed by itself."""
    with Explained():
        from app import trainings

        awaited(trainings.approve(settings(), shop, which, as_json=json))


@train.command("pause")
def pause(which: Which, shop: Shop = "", json: Json = False) -> None:
    """Let it rest, where its trainer can; it costs nothing meanwhile."""
    with Explained():
        from app import trainings

        awaited(trainings.turn(settings(), shop, which, "pause", as_json=json))


@train.command("resume")
def resume(which: Which, shop: Shop = "", json: Json = False) -> None:
    """Go on with one that rests."""
    with Explained():
        from app import trainings

        awaited(trainings.turn(settings(), shop, which, "resume", as_json=json))


@train.command("cancel")
def cancel(which: Which, shop: Shop = "", json: Json = False) -> None:
    """End it for good; what has ended already stays as it ended."""
    with Explained():
        from app import trainings

        awaited(trainings.cancel(settings(), shop, which, as_json=json))


@train.command("retry")
def retry(which: Which, shop: Shop = "", here: Here = False, json: Json = False) -> None:
    """Train once more what failed or was cancelled."""
    with Explained():
        from app import trainings

        work = trainings.retry(settings(), shop, which, here=here, as_json=json)
        raise typer.Exit(awaited(work))


@models.command("list")
def model_list(shop: Shop = "", json: Json = False) -> None:
    """Every model version, the newest first."""
    with Explained():
        from app import models as registry

        awaited(registry.show(settings(), shop, as_json=json))


@models.command("show")
def model_show(
    name: Annotated[str, typer.Argument(help="Its name, or its id.")],
    shop: Shop = "",
    json: Json = False,
) -> None:
    """One of them: what it was trained from, and how it is asked."""
    with Explained():
        from app import models as registry

        awaited(registry.detail(settings(), shop, name, as_json=json))


@models.command("add")
def model_add(  # noqa: PLR0913  each is an option of the command
    name: Annotated[str, typer.Argument(help="What it is called here.")],
    *,
    provider: Annotated[str, typer.Option(help="groq, openai or ollama.")] = "",
    model: Annotated[str, typer.Option(help="Its name at the provider.")] = "",
    training: Annotated[str, typer.Option(help="Of which training; `last` is the newest.")] = "",
    from_checkpoint: Annotated[int | None, typer.Option(help="The step of its checkpoint.")] = None,
    notes: Annotated[str, typer.Option(help="For whoever asks later.")] = "",
    shop: Shop = "",
    json: Json = False,
) -> None:
    """Register a provider's model, or a checkpoint of a training, as a candidate."""
    with Explained():
        from app import models as registry
        from learning.registering import Offered

        wanted = Offered(name, provider, model, None, from_checkpoint, notes)
        awaited(registry.add(settings(), shop, wanted, training or "last", as_json=json))


@models.command("deploy")
def model_deploy(
    name: Annotated[str, typer.Argument(help="Its name, or its id.")],
    shop: Shop = "",
    json: Json = False,
) -> None:
    """Put what was trained on this machine on its Ollama server, also again."""
    with Explained():
        from app import models as registry

        awaited(registry.deploy(settings(), shop, name, as_json=json))


@models.command("retire")
def model_retire(
    name: Annotated[str, typer.Argument(help="Its name, or its id.")],
    reason: Annotated[str, typer.Option(help="Why it is not wanted; kept in its notes.")],
    shop: Shop = "",
    json: Json = False,
) -> None:
    """Discard a candidate: its rollout is not proposed any more."""
    with Explained():
        from app import models as registry

        awaited(registry.leave(settings(), shop, name, reason, as_json=json))


@models.command("expiry")
def model_expiry(shop: Shop = "", json: Json = False) -> None:
    """Which models of OpenAI that are used here end, and when."""
    with Explained():
        from app import models as registry

        awaited(registry.expiry(settings(), shop, as_json=json))
