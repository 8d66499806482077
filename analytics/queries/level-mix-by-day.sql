-- name: level-mix-by-day
-- description: How many events of each level each day had, and their share of the day
-- param: days integer 30 How many days back, today included

-- The archive may hold an event more than once: each id is one event.
WITH events AS (
  SELECT id, min(level) AS level, min(dt) AS dt
  FROM log_events
  WHERE dt > CAST(CAST(current_date - {{days}} * INTERVAL '1' DAY AS date) AS varchar)
  GROUP BY id
)
SELECT
  dt AS day,
  level,
  count(*) AS events,
  round(100e0 * count(*) / sum(count(*)) OVER (PARTITION BY dt), 2) AS percent
FROM events
GROUP BY dt, level
ORDER BY day DESC, events DESC, level
