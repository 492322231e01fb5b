"""What the address of Ejemplos may ask for. An empty field of its form is no filter."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from web.wanted import Wanted


class Asked(BaseModel):
    """`hecho`, `que` and `error` tell what was just done there, and how it is undone."""

    venta: Literal["", "si", "no"] = ""
    corregido: Literal["", "si"] = ""
    nota: Literal["", "4", "2", "sin"] = ""
    intencion: str = Field("", max_length=100)
    origen: Literal["", "chat", "mano", "archivo", "whatsapp"] = ""
    estado: Literal["", "propuesto", "aceptado", "excluido", "retirado"] = ""
    desde: Literal[""] | date = ""
    hasta: Literal[""] | date = ""
    q: str = Field("", max_length=200)
    antes: str = Field("", max_length=200)
    hecho: str = Field("", max_length=20_000)
    que: str = Field("", max_length=20)
    error: str = Field("", max_length=20)

    def read(self) -> Wanted:
        return Wanted(
            venta=self.venta,
            corregido=self.corregido,
            nota=self.nota,
            intencion=self.intencion.replace("\x00", ""),
            origen=self.origen,
            estado=self.estado,
            desde=self.desde or None,
            hasta=self.hasta or None,
            q=self.q.replace("\x00", ""),
        )
