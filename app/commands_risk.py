"""The commands of `risk`; main.py joins them to the others."""

from typing import Annotated

import typer

from app.console import Explained, Json, awaited, settings

risk = typer.Typer(help="Who may not pay: models that are learned, measured and asked.")
Csv = Annotated[
    str,
    typer.Option(help="A table with a line of names and a case a line, instead of the shop's own."),
]
Shop = Annotated[str, typer.Option(help="The shop's key; the one of the settings.")]
Of = Annotated[str, typer.Option(help="loans or instalments.")]
Date = Annotated[
    str, typer.Option(help="The column of days: the last of them are only measured on.")
]
Asked = Annotated[
    str, typer.Option(help="Columns to learn from, parted by commas; otherwise all that can teach.")
]
Directions = Annotated[
    str, typer.Option(help="A TOML file: which columns raise the risk, and their words.")
]
Seed = Annotated[int, typer.Option(min=0, help="Of the draws; the same one gives the same model.")]
KindOf = Annotated[
    str, typer.Option(help="scorecard or boosting; otherwise by the number of cases.")
]
Folder = Annotated[
    str, typer.Option(help="A folder for model.json, card.md, roc.svg and calibration.svg.")
]
RISKIEST = 20


@risk.command("train")
def train(  # noqa: PLR0913  each is an option of the command
    *,
    of: Of = "loans",
    shop: Shop = "",
    activate: Annotated[bool, typer.Option("--activate", help="Use it, better or not.")] = False,
    csv: Csv = "",
    target: Annotated[str, typer.Option(help="The column that says who did not pay.")] = "",
    date: Date = "",
    bad: Annotated[str, typer.Option(help="The value of the target that is the bad one.")] = "",
    features: Asked = "",
    without: Annotated[str, typer.Option(help="Columns to leave out, parted by commas.")] = "",
    directions: Directions = "",
    kind: KindOf = "",
    out: Folder = "",
    seed: Seed = 0,
    json: Json = False,
) -> None:
    """Learn who does not pay, and measure it on cases that were not learned from."""
    with Explained():
        from app import risk_tables

        known = risk_tables.known_kind(kind)
        its = {"date": date, "bad": bad, "features": features, "without": without,
               "directions": directions, "out": out, "seed": seed}  # fmt: skip
        own = {"shop": shop, "activate": activate, "of": of != "loans"}
        if not risk_tables.is_given(csv, "target", target, its, own):
            from app import risk_desk

            which = risk_desk.known_of(of)
            work = risk_desk.train(settings(), shop, which, known, activate=activate, as_json=json)
            awaited(work)
            return
        from prediction.reading import Wish

        asked, left = risk_tables.listed(features), risk_tables.listed(without)
        wish = Wish(target, date, bad, asked, left, risk_tables.directed(directions))
        how = risk_tables.How(known, seed, out)
        risk_tables.train(csv, wish, how, as_json=json)


@risk.command("predict")
def predict(  # noqa: PLR0913  each is an option of the command
    *,
    shop: Shop = "",
    loan: Annotated[
        str, typer.Option(help="One loan, by its number; otherwise all that is open.")
    ] = "",
    csv: Csv = "",
    model: Annotated[str, typer.Option(help="A model.json that `risk train` wrote.")] = "",
    out: Annotated[str, typer.Option(help="A CSV for all of them, with their reasons.")] = "",
    limit: Annotated[
        int, typer.Option(min=0, help="So many of the riskiest; 0 is all.")
    ] = RISKIEST,
    json: Json = False,
) -> None:
    """The probability that each case is not paid, and what makes it so."""
    with Explained():
        from app import risk_tables

        its, own = {"out": out, "limit": limit != RISKIEST}, {"shop": shop, "loan": loan}
        if not risk_tables.is_given(csv, "model", model, its, own):
            from app import risk_desk

            awaited(risk_desk.predict(settings(), shop, loan, as_json=json))
            return
        risk_tables.predict(csv, model, out, limit, as_json=json)


@risk.command("report")
def report(
    of: Of = "loans",
    version: Annotated[
        int | None, typer.Option(min=1, help="Which one; otherwise that in use.")
    ] = None,
    shop: Shop = "",
    json: Json = False,
) -> None:
    """A model's card and figures, and how many are above the threshold today."""
    with Explained():
        from app import risk_desk

        which = risk_desk.known_of(of)
        awaited(risk_desk.report(settings(), shop, which, version, as_json=json))


@risk.command("drift")
def drift(of: Of = "loans", shop: Shop = "", json: Json = False) -> None:
    """Whether the clients of today still look like those that the model in use learned from."""
    with Explained():
        from app import risk_desk

        awaited(risk_desk.drift(settings(), shop, risk_desk.known_of(of), as_json=json))


@risk.command("sample")
def sample(
    clients: Annotated[int, typer.Option(min=50, max=20_000, help="How many.")] = 2_000,
    over: Annotated[bool, typer.Option("--over", help="Though the shop has loans.")] = False,
    shop: Shop = "",
    json: Json = False,
) -> None:
    """Clients, loans and payments that nobody ever had, written into a shop to try it all on."""
    with Explained():
        from app import risk_sample

        awaited(risk_sample.sample(settings(), shop, clients, over=over, as_json=json))
