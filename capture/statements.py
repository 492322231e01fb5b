"""The statements of capture that change rows; each takes a whole batch at once.

`ORDER BY position LIMIT 1` stands where EXISTS would do: it tells the planner which index to read,
also while the tables are new and have no statistics.
"""

# The follow-up of a reply is the first message after it, by their places in the stream. A message
# older than the reply's question came late and answers nothing; where a person spoke in between,
# it is the person who was answered.
PAIR = """
WITH heard AS (
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::timestamptz[],
                       $6::text[]) AS one(shop_id, conversation_id, id, position, at, feedback)
), answered AS (
  SELECT DISTINCT ON (reply.shop_id, reply.id)
         reply.shop_id, reply.id AS training_id, heard.id, heard.at, heard.feedback
  FROM heard CROSS JOIN LATERAL (
    SELECT t.shop_id, t.id, t.position, t.asked_at FROM ml.training_data t
    WHERE t.shop_id = heard.shop_id AND t.conversation_id = heard.conversation_id
      AND t.position < heard.position
    ORDER BY t.position DESC LIMIT 1
  ) reply LEFT JOIN LATERAL (
    SELECT m.id FROM app.message m
    WHERE m.shop_id = heard.shop_id AND m.conversation_id = heard.conversation_id
      AND m.position > reply.position AND m.position < heard.position AND m.author = 'human'
    ORDER BY m.position LIMIT 1
  ) person ON true
  WHERE (reply.asked_at IS NULL OR heard.at >= reply.asked_at) AND person.id IS NULL
  ORDER BY reply.shop_id, reply.id, heard.position
)
UPDATE ml.training_data t
SET follow_up_id = answered.id, follow_up_at = answered.at,
    user_feedback = coalesce(t.user_feedback, answered.feedback)
FROM answered
WHERE t.shop_id = answered.shop_id AND t.id = answered.training_id
  AND (t.follow_up_id IS NULL OR t.follow_up_id = answered.id)
RETURNING t.shop_id, t.follow_up_id, t.id, t.turn_id, t.author, t.user_message, t.bot_response,
          t.user_feedback
"""

# Which values the tags of the reply before each message stand for.
MASKS = """
SELECT heard.shop_id, heard.id, reply.masks
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[])
       AS heard(shop_id, conversation_id, id, position)
CROSS JOIN LATERAL (
  SELECT m.masks FROM app.message m
  WHERE m.shop_id = heard.shop_id AND m.conversation_id = heard.conversation_id
    AND m.position < heard.position AND m.author <> 'customer'
  ORDER BY m.position DESC LIMIT 1
) reply
WHERE reply.masks IS NOT NULL
"""

# A reply we never wrote down (a person's, sent from the phone) has no delivery to follow.
DELIVER = """
INSERT INTO app.delivery AS old (shop_id, message_id, state, reason, platform_ids, updated_at)
SELECT news.shop_id, news.id, news.state, news.reason, string_to_array(news.ids, chr(31)), news.at
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
       AS news(shop_id, id, state, reason, ids, at)
WHERE EXISTS (SELECT FROM app.message m WHERE m.shop_id = news.shop_id AND m.id = news.id)
ON CONFLICT (shop_id, message_id) DO UPDATE
SET state = excluded.state, reason = excluded.reason,
    platform_ids = CASE WHEN old.state <> excluded.state THEN excluded.platform_ids
      ELSE old.platform_ids || ARRAY(SELECT one FROM unnest(excluded.platform_ids) one
                                     WHERE one <> ALL (old.platform_ids)) END,
    updated_at = CASE WHEN old.state = excluded.state THEN old.updated_at
                      ELSE excluded.updated_at END
WHERE array_position($7::text[], excluded.state) > array_position($7::text[], old.state)
   OR (excluded.state = 'sent' AND old.state = 'sent'
       AND NOT old.platform_ids @> excluded.platform_ids)
"""

TOUCH = """
UPDATE app.conversation c SET last_at = news.at
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS news(shop_id, id, at)
WHERE c.shop_id = news.shop_id AND c.id = news.id AND c.last_at < news.at
"""

EDIT = """
UPDATE app.message m SET text = news.text, edited_at = news.at, edited_position = news.position
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::bigint[])
       AS news(shop_id, conversation_id, platform_id, text, at, position)
WHERE m.shop_id = news.shop_id AND m.conversation_id = news.conversation_id
  AND m.platform_id = news.platform_id AND coalesce(m.edited_position, 0) < news.position
"""

DELETE = """
UPDATE app.message m SET deleted_at = coalesce(m.deleted_at, news.at)
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[])
       AS news(shop_id, conversation_id, platform_id, at)
WHERE m.shop_id = news.shop_id AND m.conversation_id = news.conversation_id
  AND m.platform_id = news.platform_id
"""

# Of those conversations we have heard from before this place; the answer is the same on a replay.
HEARD_FROM = """
SELECT asked.shop_id, asked.id FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[])
       AS asked(shop_id, conversation_id, id, position)
CROSS JOIN LATERAL (
  SELECT FROM app.message m
  WHERE m.shop_id = asked.shop_id AND m.conversation_id = asked.conversation_id
    AND m.position < asked.position
  ORDER BY m.position LIMIT 1
) earlier
"""

PRODUCTS = """
SELECT p.shop_id, p.id FROM app.product p
JOIN unnest($1::uuid[], $2::uuid[]) AS asked(shop_id, id)
  ON p.shop_id = asked.shop_id AND p.id = asked.id
"""
