"""The days a page is asked about, read from its address by FastAPI."""

from datetime import date
from typing import Annotated, TypeAlias

from fastapi import Depends, Query

from web.ranges import LONGEST_D, USUAL_D, Asked, Grouping


def asked(
    dias: Annotated[int, Query(ge=1, le=LONGEST_D)] = USUAL_D,
    desde: date | None = None,
    hasta: date | None = None,
    grupo: Grouping = "",
    canal: Annotated[str, Query(max_length=40)] = "",
    horario: Annotated[str, Query(max_length=2)] = "",
) -> Asked:
    return Asked(dias, desde, hasta, grupo, canal, horario == "si")


Wanted: TypeAlias = Annotated[Asked, Depends(asked)]
