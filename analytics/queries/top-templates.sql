-- name: top-templates
-- description: Which messages come most often, their variable parts masked
-- param: days integer 7 How many days back, today included
-- param: level string any One level (critical, error, warning, info, debug), or any
-- param: limit integer 20 At most this many rows

-- The archive may hold an event more than once: each id is one event.
WITH events AS (
  SELECT
    id,
    min(fingerprint) AS fingerprint,
    min(level) AS level,
    min(source) AS source,
    min(template) AS template,
    min(time) AS time
  FROM log_events
  WHERE dt > CAST(CAST(current_date - {{days}} * INTERVAL '1' DAY AS date) AS varchar)
    AND (level = {{level}} OR {{level}} = 'any')
  GROUP BY id
)
SELECT
  min(template) AS template,
  source,
  level,
  count(*) AS events,
  min(time) AS first_seen,
  max(time) AS last_seen,
  fingerprint
FROM events
GROUP BY fingerprint, source, level
ORDER BY events DESC, fingerprint, level
LIMIT {{limit}}
