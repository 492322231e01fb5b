"""Headers as shops write them."""

import pytest

from knowledge.importing.columns import find_columns
from knowledge.importing.errors import ColumnsUnclear

HEADERS = {
    "sku": ["SKU", "Código", "CODIGO", "Cód. producto", "Cod.", "Código de producto", "Ref.",
            "Referencia", "Clave", "Código interno", "Código de barras", "ID", "Item code"],
    "name": ["Nombre", "NOMBRE", "Producto", "Nombre del producto", "Artículo", "Título",
             "Nombre del artículo", "Product name", "Item", "Nombre comercial"],
    "price": ["Precio", "Precio $", "Precio venta", "Precio de Venta", "P. Unitario", "P.Unitario",
              "PVP", "Precio (CLP)", "Valor", "Precio unitario", "Unit Price", "Precio con IVA",
              "Precio al público", "P. venta", "Importe"],
    "stock": ["Stock", "Existencias", "Cantidad", "Inventario", "Unidades disponibles", "Qty",
              "Stock actual", "Disponibles", "Cant.", "Stock bodega"],
    "category": ["Categoría", "Rubro", "Familia", "Category", "Departamento", "Nombre categoría"],
    "description": ["Descripción", "Detalle", "DESCRIPCION", "Descripción larga"],
    "photo": ["Foto", "Imagen", "URL imagen", "Link de la imagen", "Image URL", "Foto principal"],
    "keywords": ["Palabras clave", "Etiquetas", "Tags", "Sinónimos"],
    "active": ["Activo", "¿Activo?", "Publicado", "Visible", "Estado", "Habilitado"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "header"), [(field, header) for field, all_ in HEADERS.items() for header in all_]
)
def test_a_header_says_what_its_column_holds(field: str, header: str) -> None:
    other = {"sku": "Nombre", "name": "Código"}.get(field, "Producto")

    found = find_columns([[other, "Color", header]], {})

    assert found.names[field] == header
    assert found.unread == ("Color",)


def test_what_the_shop_pays_or_keeps_is_not_what_it_sells_for() -> None:
    headers = ["Código", "Nombre", "Precio costo", "Stock mínimo", "Precio venta", "Stock"]

    found = find_columns([headers], {})

    assert (found.names["price"], found.names["stock"]) == ("Precio venta", "Stock")
    assert found.unread == ("Precio costo", "Stock mínimo")


def test_headers_are_found_below_a_title() -> None:
    rows = [["Lista de precios 2026"], [], ["Vigente desde", "marzo"], ["Producto", "Precio"]]

    assert find_columns(rows, {}).header == 4


def test_two_columns_that_may_be_the_price_are_asked_about_and_neither_is_read() -> None:
    found = find_columns([["Nombre", "Precio web", "Precio oferta", "Stock"]], {})

    assert found.unsure == {"price": ("Precio web", "Precio oferta")}
    assert "price" not in found.places


def test_what_a_person_says_goes_before_every_guess() -> None:
    rows = [["Nombre", "Precio", "Precio Oferta", "Nota"]]

    found = find_columns(rows, {"price": "precio oferta", "description": "NOTA"})

    assert found.places == {"name": 0, "price": 2, "description": 3}
    assert found.unread == ("Precio",)


@pytest.mark.parametrize(
    ("headers", "said", "told"),
    [
        (["Nombre", "Precio"], {"price": "Oferta"}, "no column 'Oferta'"),
        (["Nombre", "Precio"], {"cost": "Precio"}, "no field 'cost'"),
        (["Color", "Talla"], {}, "no column names the products"),
        (["Nombre", "Talla"], {}, "nothing to take but a name"),
        (["12", "99"], {}, "no column names the products"),
    ],
)
def test_what_is_missing_or_wrong_is_told_with_what_to_type(
    headers: list[str], said: dict[str, str], told: str
) -> None:
    with pytest.raises(ColumnsUnclear) as refused:
        find_columns([headers], said)

    assert told in str(refused.value)
    assert refused.value.hint
