-- name: errors-by-source-and-hour
-- description: How many errors each source logged in each hour, newest hour first
-- param: days integer 7 How many days back, today included
-- param: limit integer 200 At most this many rows

-- The archive may hold an event more than once: each id is one event.
WITH events AS (
  SELECT id, min(source) AS source, min(time) AS time
  FROM log_events
  WHERE level IN ('critical', 'error')
    AND dt > CAST(CAST(current_date - {{days}} * INTERVAL '1' DAY AS date) AS varchar)
  GROUP BY id
)
SELECT source, date_trunc('hour', time) AS hour, count(*) AS errors
FROM events
GROUP BY source, date_trunc('hour', time)
ORDER BY hour DESC, errors DESC, source
LIMIT {{limit}}
