# A small logger for shell scripts, over POST /logs. Needs bash and curl 7.76 or newer. Source it:
#
#   SLUICE_SOURCE=backup
#   . sluice-logger.sh
#   sluice_log error backup/3 "Disk /dev/sdb1 is full"
#   sluice_flush
#
# LOGS_API_URL and LOGS_API_KEY say where to; see docs/http.md. A call keeps its event, sluice_flush sends what waits. Every
# event has an id, so what is sent again after a fault on the way counts once.

sluice_events=()
# Events that the API took, and those that it did not take in time: at most 999 are kept for another try.
sluice_put=0
sluice_dropped=0

# A text as JSON writes it, in quotes.
sluice_json() {
  local text
  # What JSON and a terminal cannot show is left out.
  text=$(printf '%s' "$1" | tr -d '\000-\010\013\014\016-\037\177')
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\n'/\\n}
  text=${text//$'\r'/\\r}
  text=${text//$'\t'/\\t}
  printf '"%s"' "$text"
}

sluice_id() {
  if [ -r /proc/sys/kernel/random/uuid ]; then cat /proc/sys/kernel/random/uuid; else uuidgen; fi
}

# sluice_log LEVEL LOCATOR MESSAGE
sluice_log() {
  local event
  event=$(printf '{"id":"%s","time":"%s","log_level":"%s","source_application":%s,"locator":%s,"message":%s}' \
    "$(sluice_id)" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1" "$(sluice_json "${SLUICE_SOURCE:-shell}")" \
    "$(sluice_json "$2")" "$(sluice_json "$3")")
  sluice_events+=("$event")
  # 1,000 is what one request takes.
  if [ "${#sluice_events[@]}" -ge 1000 ]; then sluice_flush || true; fi
}

# Sends what waits; answers 1 when it could not, and then it still waits.
sluice_flush() {
  [ "${#sluice_events[@]}" -gt 0 ] || return 0
  local IFS=,
  # The key comes by a file: the arguments of a process can be read by others. 408, 429 and 5xx are tried again.
  if printf '[%s]' "${sluice_events[*]}" |
    curl --silent --show-error --fail-with-body --max-time 20 --retry 5 --retry-connrefused \
      --config <(printf 'header = "x-api-key: %s"\n' "$LOGS_API_KEY") \
      --header 'content-type: application/json' --data-binary @- --output /dev/null "$LOGS_API_URL"; then
    sluice_put=$((sluice_put + ${#sluice_events[@]}))
    sluice_events=()
    return 0
  fi
  # Kept for the next try, but not without end.
  while [ "${#sluice_events[@]}" -ge 1000 ]; do
    sluice_events=("${sluice_events[@]:1}")
    sluice_dropped=$((sluice_dropped + 1))
  done
  return 1
}
