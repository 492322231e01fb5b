"""The statements of capture that change rows; each takes a whole batch at once.

`ORDER BY position LIMIT 1` stands where EXISTS would do: it tells the planner which index to read,
also while the tables are new and have no statistics. CASE stands where IS NULL would do: without
statistics that is taken for rare, and the planner would begin with all rows for which it holds.
"""

# The follow-up of a reply is the first message after it, by their places in the stream. A message
# older than the reply's question came late and answers nothing; where a person spoke in between,
# it is the person who was answered, and a grade after the question for one answers that question.
PAIR = """
WITH heard AS (
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::timestamptz[],
                       $6::text[], $7::bool[])
         AS one(shop_id, conversation_id, id, position, at, feedback, grades)
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
      AND m.position > reply.position AND m.position < heard.position
      AND (m.author = 'human' AND m.content <> 'service' OR m.purpose = 'thanks'
           OR m.purpose = 'csat' AND heard.grades)
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

# A reply we never wrote down (a person's, sent from the phone) has no delivery to follow. What the
# network told too early finds its reply here. Returned are the replies it has told anything of;
# for shops whose networks never tell, nothing is looked up.
DELIVER = """
WITH news AS (
  SELECT one.*, string_to_array(one.ids, chr(31)) AS platform_ids
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[],
              $7::timestamptz[], $8::int[])
         AS one(shop_id, conversation_id, id, state, reason, ids, at, parts)
  WHERE EXISTS (SELECT FROM app.message m WHERE m.shop_id = one.shop_id AND m.id = one.id)
), followed AS (
  SELECT FROM app.delivery_part p WHERE p.shop_id = ANY ($1::uuid[]) LIMIT 1
), delivered AS (
  INSERT INTO app.delivery AS old
    (shop_id, message_id, state, told, reason, platform_ids, updated_at, parts)
  SELECT news.shop_id, news.id, news.state, news.state, news.reason, news.platform_ids, news.at,
         news.parts
  FROM news
  ON CONFLICT (shop_id, message_id) DO UPDATE
  SET (state, told, reason, updated_at) = (
        SELECT CASE WHEN further THEN excluded.state ELSE old.state END,
               CASE WHEN further THEN excluded.told ELSE old.told END,
               CASE WHEN further THEN excluded.reason ELSE old.reason END,
               CASE WHEN further THEN excluded.updated_at ELSE old.updated_at END
        FROM (SELECT array_position($9::text[], excluded.told)
                     > array_position($9::text[], old.told) AS further) AS one),
      platform_ids = old.platform_ids || ARRAY(SELECT one FROM unnest(excluded.platform_ids) one
                                               WHERE one <> ALL (old.platform_ids))
  WHERE array_position($9::text[], excluded.told) > array_position($9::text[], old.told)
     OR NOT old.platform_ids @> excluded.platform_ids
), found AS (
  UPDATE app.delivery_part p SET reply_id = news.id
  FROM news CROSS JOIN LATERAL unnest(news.platform_ids) AS one(platform_id)
  WHERE EXISTS (SELECT FROM followed)
    AND p.shop_id = news.shop_id AND p.conversation_id = news.conversation_id
    AND p.platform_id = one.platform_id
    AND CASE WHEN p.reply_id IS NULL THEN true ELSE false END
  RETURNING p.shop_id, p.reply_id
)
SELECT shop_id, reply_id FROM found
UNION
SELECT known.shop_id, known.reply_id FROM news CROSS JOIN LATERAL (
  SELECT p.shop_id, p.reply_id FROM app.delivery_part p
  WHERE p.shop_id = news.shop_id AND p.reply_id = news.id
  ORDER BY p.reply_id LIMIT 1
) known
WHERE EXISTS (SELECT FROM followed)
"""

# Where the network did not repeat our key, its reply is looked for from the conversation's end.
TELL = """
INSERT INTO app.delivery_part
  (shop_id, conversation_id, platform_id, reply_id, part, state, reason, at)
SELECT news.shop_id, news.conversation_id, news.platform_id, coalesce(news.reply_id, ours.id),
       news.part, news.state, news.reason, news.at
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::int[], $6::text[], $7::text[],
            $8::timestamptz[])
       AS news(shop_id, conversation_id, platform_id, reply_id, part, state, reason, at)
LEFT JOIN LATERAL (
  SELECT m.id FROM app.message m
  JOIN app.delivery d ON d.shop_id = m.shop_id AND d.message_id = m.id
  WHERE m.shop_id = news.shop_id AND m.conversation_id = news.conversation_id
    AND m.author <> 'customer' AND news.platform_id = ANY (d.platform_ids)
  ORDER BY m.position DESC LIMIT 1
) ours ON news.reply_id IS NULL
ON CONFLICT DO NOTHING
"""

# What the network repeats of our key counts whenever it comes, even where the state stays.
TELL_MORE = """
UPDATE app.delivery_part p
SET (state, reason, at) = (
      SELECT CASE WHEN goes THEN news.state WHEN arrives THEN 'read' ELSE p.state END,
             CASE WHEN goes THEN news.reason WHEN arrives THEN NULL ELSE p.reason END,
             CASE WHEN goes THEN news.at WHEN arrives THEN news.arrived_at ELSE p.at END
      FROM (SELECT p.state = 'sent' AND news.state <> 'sent' AS goes,
                   p.state = 'delivered' AND news.arrived = 'read' AS arrives) AS one),
    reply_id = coalesce(p.reply_id, news.reply_id), part = coalesce(p.part, news.part)
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::int[], $6::text[], $7::text[],
            $8::timestamptz[], $9::text[], $10::timestamptz[])
  AS news(shop_id, conversation_id, platform_id, reply_id, part, state, reason, at, arrived,
          arrived_at)
WHERE p.shop_id = news.shop_id AND p.conversation_id = news.conversation_id
  AND p.platform_id = news.platform_id
  AND (p.state = 'sent' AND news.state <> 'sent' OR p.state = 'delivered' AND news.arrived = 'read'
    OR p.reply_id IS NULL AND news.reply_id IS NOT NULL OR p.part IS NULL AND news.part >= 0)
"""

# A part may have left twice, then the better one counts. A reply has failed when any part has, and
# has got as far as the least of its parts; while one of them is unknown our own word stands.
SETTLE = """
WITH asked AS (
  SELECT one.shop_id, one.id FROM unnest($1::uuid[], $2::uuid[]) AS one(shop_id, id)
  UNION
  SELECT ours.shop_id, ours.reply_id
  FROM unnest($3::uuid[], $4::uuid[], $5::text[]) AS said(shop_id, conversation_id, platform_id)
  CROSS JOIN LATERAL (
    SELECT p.shop_id, p.reply_id FROM app.delivery_part p
    WHERE p.shop_id = said.shop_id AND p.conversation_id = said.conversation_id
      AND p.platform_id = said.platform_id
    ORDER BY p.platform_id LIMIT 1
  ) ours
  WHERE ours.reply_id IS NOT NULL
)
UPDATE app.delivery d
SET state = ($6::text[])[least.rank], reason = least.reason,
    updated_at = CASE least.rank WHEN 1 THEN least.at ELSE least.newest END
FROM asked CROSS JOIN LATERAL (
  SELECT d.platform_ids, d.parts FROM app.delivery d
  WHERE d.shop_id = asked.shop_id AND d.message_id = asked.id
  ORDER BY d.message_id LIMIT 1
) e CROSS JOIN LATERAL (
  SELECT each.rank, each.reason, each.at, max(each.at) OVER () AS newest, count(*) OVER () AS known
  FROM (
    SELECT DISTINCT ON (part.name) part.* FROM (
      SELECT coalesce(coalesce(p.part, array_position(e.platform_ids, p.platform_id) - 1)::text,
                      p.platform_id) AS name,
             array_position($6::text[], p.state) AS rank, p.reason, p.at
      FROM app.delivery_part p WHERE p.shop_id = asked.shop_id AND p.reply_id = asked.id
    ) part ORDER BY part.name, part.rank DESC, part.at
  ) each ORDER BY each.rank, each.at, each.name LIMIT 1
) least
WHERE d.shop_id = asked.shop_id AND d.message_id = asked.id
  AND (least.rank = 1 OR least.known >= e.parts)
"""

# `spoke` is the place of the customer's newest message: who writes to us can be written to.
TOUCH = """
UPDATE app.conversation c SET last_at = greatest(c.last_at, news.at),
  reachable = c.reachable OR coalesce(news.spoke > c.reachable_position, false),
  unreachable_at = CASE WHEN news.spoke > c.reachable_position THEN NULL
                        ELSE c.unreachable_at END
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::bigint[])
       AS news(shop_id, id, at, spoke)
WHERE c.shop_id = news.shop_id AND c.id = news.id
  AND (c.last_at < news.at OR (NOT c.reachable AND news.spoke > c.reachable_position))
"""

REACH = """
UPDATE app.conversation c
SET reachable = news.reachable OR later.id IS NOT NULL, reachable_position = news.position,
    unreachable_at = CASE WHEN news.reachable OR later.id IS NOT NULL THEN NULL ELSE news.at END
FROM unnest($1::uuid[], $2::uuid[], $3::bool[], $4::timestamptz[], $5::bigint[])
       AS news(shop_id, id, reachable, at, position)
LEFT JOIN LATERAL (
  SELECT m.id FROM app.message m
  WHERE m.shop_id = news.shop_id AND m.conversation_id = news.id AND m.position > news.position
    AND m.author = 'customer' AND m.content <> 'unsupported'
  ORDER BY m.position LIMIT 1
) later ON true
WHERE c.shop_id = news.shop_id AND c.id = news.id
  AND coalesce(c.reachable_position, 0) < news.position
"""

# Networks tell of an edit also when they have added a preview: the same text is no edit.
EDIT = """
UPDATE app.message m SET text = news.text, edited_at = news.at, edited_position = news.position
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::bigint[])
       AS news(shop_id, conversation_id, platform_id, text, at, position)
WHERE m.shop_id = news.shop_id AND m.conversation_id = news.conversation_id
  AND m.platform_id = news.platform_id AND coalesce(m.edited_position, 0) < news.position
  AND m.position < news.position AND m.text <> news.text
  AND CASE WHEN m.deleted_at IS NULL THEN true ELSE false END
"""

# Who takes a message back wants it to be gone here too; that there was one is kept.
DELETE = """
UPDATE app.message m SET deleted_at = news.at, text = '', raw = NULL, masks = NULL
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::bigint[])
       AS news(shop_id, conversation_id, platform_id, at, position)
WHERE m.shop_id = news.shop_id AND m.conversation_id = news.conversation_id
  AND m.platform_id = news.platform_id AND m.position < news.position
  AND CASE WHEN m.deleted_at IS NULL THEN true ELSE false END
"""

# Of those conversations somebody spoke in before this place; the answer is the same on a replay.
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
