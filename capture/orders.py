"""Joins an order to the reply that led to it, and lets the order judge that reply.

No words of a customer say as much about an answer as an order does: once confirmed it is the row's
score, whatever the customer says afterwards, and a row of ml.score like any other judgement. Only
a person's own word goes further (evaluation/combining.py).
"""

from collections.abc import Sequence
from typing import Final

from capture.batch import Placed
from events.manners import OrderChanged
from store.batches import BatchInsert
from store.dealings import Order
from store.session import BatchConnection

# The newest answer before the order was first spoken of; a reminder of the order is no such answer.
# It is looked for once per order: a plan made of empty tables did it once per order and row.
LEADING: Final = """
WITH led AS MATERIALIZED (
  SELECT o.shop_id, o.id AS order_id, answer.id
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[])
       AS news(shop_id, order_id, conversation_id, position)
  JOIN app.orders o ON o.shop_id = news.shop_id AND o.id = news.order_id
  CROSS JOIN LATERAL (
    SELECT r.id FROM ml.training_data r
    WHERE r.shop_id = news.shop_id AND r.conversation_id = news.conversation_id
      AND r.position < news.position
      AND EXISTS (SELECT FROM app.message m WHERE m.shop_id = r.shop_id AND m.id = r.id
                  AND m.purpose = 'answer')
    ORDER BY r.position DESC LIMIT 1
  ) answer
)
UPDATE ml.training_data t SET order_id = led.order_id
FROM led
WHERE t.shop_id = led.shop_id AND t.id = led.id AND t.order_id IS NULL
  AND NOT EXISTS (SELECT FROM ml.training_data other
                  WHERE other.shop_id = led.shop_id AND other.order_id = led.order_id)
"""

JUDGE: Final = """
WITH fresh AS (
  INSERT INTO ml.score (shop_id, training_id, scorer, version, score, label, confidence,
                        successful, evidence, created_at)
  SELECT t.shop_id, t.id, 'order', 1, 5, 'order', 1.0, true,
         jsonb_build_array(jsonb_build_object('rule', 'order', 'text', news.order_id, 'weight', 1)),
         news.at
  FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS news(shop_id, order_id, at)
  JOIN ml.training_data t ON t.shop_id = news.shop_id AND t.order_id = news.order_id
  ON CONFLICT DO NOTHING
  RETURNING shop_id, training_id, created_at
)
UPDATE ml.training_data t
SET quality_score = 5, quality_label = 'order', quality_confidence = 1.0, is_successful = true,
    evaluated_at = fresh.created_at
FROM fresh WHERE t.shop_id = fresh.shop_id AND t.id = fresh.training_id
  AND NOT EXISTS (SELECT FROM ml.score person
                  WHERE person.shop_id = t.shop_id AND person.training_id = t.id
                    AND (person.scorer IN ('human', 'edit') AND person.score IS NOT NULL
                         OR person.scorer = 'sale' AND NOT person.successful))
"""

REPLIED: Final = """
UPDATE app.orders o SET reply_id = t.id
FROM unnest($1::uuid[], $2::uuid[]) AS news(shop_id, order_id)
JOIN ml.training_data t ON t.shop_id = news.shop_id AND t.order_id = news.order_id
WHERE o.shop_id = news.shop_id AND o.id = news.order_id AND o.reply_id IS NULL
"""
BOUGHT: Final = frozenset({"confirmed", "receipt", "paid"})


# A customer has one draft at a time; what was agreed since then stays as it is, on a replay too.
OLDER: Final = """
UPDATE app.orders o SET state = 'cancelled', updated_at = news.at
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[])
     AS news(shop_id, id, conversation_id, at)
WHERE o.shop_id = news.shop_id AND o.conversation_id = news.conversation_id
  AND o.state = 'draft' AND o.id <> news.id AND o.updated_at < news.at
"""
LINES: Final = """
INSERT INTO app.order_line (shop_id, order_id, sku, product_id, name, quantity, price)
SELECT news.shop_id, news.order_id, news.sku, p.id, news.name, news.quantity, news.price
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int[], $6::bigint[])
     AS news(shop_id, order_id, sku, name, quantity, price)
LEFT JOIN app.product p ON p.shop_id = news.shop_id AND p.sku = news.sku
ON CONFLICT DO NOTHING
"""
ORDERS: Final = BatchInsert.into(
    Order, "shop_id", "id", "customer_id", "conversation_id", "account", "chat", "state",
    "currency", "total", "turn_id", "updated_at",
)  # fmt: skip


async def write(connection: BatchConnection, placed: Sequence[Placed[OrderChanged]]) -> None:
    """A draft's row is written here; afterwards whoever changes an order writes it themselves,
    before the event."""
    drafts = [event for event, _ in placed if event.state == "draft"]
    if drafts:
        await _draft(connection, drafts)
    first = {(event.shop, event.order): (event, position) for event, position in reversed(placed)}
    shops, orders = zip(*first, strict=True)
    conversations = [event.conversation for event, _ in first.values()]
    positions = [position for _, position in first.values()]
    await connection.execute(LEADING, shops, orders, conversations, positions)
    await connection.execute(REPLIED, shops, orders)
    bought = {(event.shop, event.order): event.at for event, _ in placed if event.state in BOUGHT}
    if bought:
        shops, orders = zip(*bought, strict=True)
        await connection.execute(JUDGE, shops, orders, list(bought.values()))


async def _draft(connection: BatchConnection, drafts: Sequence[OrderChanged]) -> None:
    last = {(one.shop, one.conversation): one.order for one in drafts}
    await ORDERS.write(
        connection,
        [
            (
                one.shop, one.order, one.customer, one.conversation, one.account, one.chat,
                "draft" if last[one.shop, one.conversation] == one.order else "cancelled",
                one.currency, one.total, one.turn, one.at,
            )
            for one in drafts
        ],
    )  # fmt: skip
    lines = [(one.shop, one.order, line) for one in drafts for line in one.lines]
    await connection.execute(
        LINES,
        [shop for shop, _, _ in lines],
        [order for _, order, _ in lines],
        [line.sku for _, _, line in lines],
        [line.name for _, _, line in lines],
        [line.quantity for _, _, line in lines],
        [line.price for _, _, line in lines],
    )
    newest = [one for one in drafts if last[one.shop, one.conversation] == one.order]
    await connection.execute(
        OLDER,
        [one.shop for one in newest],
        [one.order for one in newest],
        [one.conversation for one in newest],
        [one.at for one in newest],
    )
