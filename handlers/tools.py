"""The actions a model may propose. What they mean is decided by code: ADR 0017."""

from typing import Final

from llm.base import Tool

DRAFT_ORDER: Final = Tool(
    "draft_order",
    "Prepara un pedido para que el cliente lo confirme. Úsala solo cuando el cliente quiere comprar"
    " y se sabe qué productos y cuántos. Los precios y el stock los pone la tienda.",
    {
        "type": "object",
        "properties": {
            "items": {
                "type": "array",
                "minItems": 1,
                "maxItems": 6,
                "items": {
                    "type": "object",
                    "properties": {
                        "product": {"type": "string", "description": "el nombre, tal como figura"},
                        "quantity": {"type": "integer", "minimum": 1},
                    },
                    "required": ["product", "quantity"],
                },
            }
        },
        "required": ["items"],
    },
)
LOOK_UP: Final = Tool(
    "look_up_records",
    "Lee los registros del propio cliente que pregunta: préstamos, cuotas y pagos. Nombra los datos"
    " con palabras del glosario (saldo, cuota, vencimiento, tasa, pago). De quién son los registros"
    " lo decide el sistema: no se puede pedir los de otra persona.",
    {
        "type": "object",
        "properties": {
            "terms": {
                "type": "array",
                "minItems": 1,
                "maxItems": 8,
                "items": {"type": "string"},
            }
        },
        "required": ["terms"],
        "additionalProperties": False,
    },
)
REQUEST_PERSON: Final = Tool(
    "request_person",
    "Pide que una persona de la tienda atienda al cliente: cuando lo pide, cuando reclama, o cuando"
    " no se le puede ayudar con lo que se sabe.",
    {
        "type": "object",
        "properties": {"reason": {"type": "string", "enum": ["asked", "complaint", "policy"]}},
        "required": ["reason"],
    },
)
