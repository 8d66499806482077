"""A small logger that puts events onto a Sluice stream: standard library and boto3, nothing else.

    with SluiceLogger("shop", stream_name) as log:
        log.info("orders/1", "Order 4711 taken", customer="c-17")

A call keeps its event. When 500 wait a thread sends them; flush() and the end of the process send the rest. Nothing is thrown
into the application, nothing holds it up: what could not be put is counted, and flush() says how much that is.
"""

import atexit
import json
import logging
import os
import random
import threading
import time
import traceback
import uuid
from datetime import datetime, timezone

LEVELS = ("critical", "error", "warning", "info", "debug")
"""Most severe first."""

MOST_RECORDS = 500
MOST_BYTES = 5 * 1024 * 1024
"""Of one PutRecords call. Source: Kinesis API, PutRecords."""
ATTEMPTS = 6
"""Tries of a record, the first included."""
LONGEST_MESSAGE = 64 * 1024
LONGEST_ATTRIBUTE = 8 * 1024

_report = logging.getLogger("sluice")


class SluiceLogger:
    """Logs as one application. Safe to use from several threads."""

    def __init__(self, source, stream_name=None, *, client=None, level="debug", most_waiting=10_000, sleep=time.sleep):
        """source: who logs. stream_name: default SLUICE_STREAM. level: the least severe that is sent. most_waiting: events
        that are kept while the stream is down; over it the oldest go, and are counted as dropped."""
        self._source = str(source)[:256]
        self._stream_name = stream_name or os.environ.get("SLUICE_STREAM")
        self._client = client
        self._least = LEVELS.index(level)
        self._most_waiting = most_waiting
        self._sleep = sleep
        self._partition_key = uuid.uuid4().hex
        self._waiting = []
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self.logged = 0
        self.put = 0
        self.dropped = 0
        atexit.register(self.flush)

    def critical(self, locator, message, error=None, **attributes):
        self._log("critical", locator, message, error, attributes)

    def error(self, locator, message, error=None, **attributes):
        self._log("error", locator, message, error, attributes)

    def warning(self, locator, message, error=None, **attributes):
        self._log("warning", locator, message, error, attributes)

    def info(self, locator, message, error=None, **attributes):
        self._log("info", locator, message, error, attributes)

    def debug(self, locator, message, error=None, **attributes):
        self._log("debug", locator, message, error, attributes)

    def flush(self):
        """Sends what waits. Answers how many events could not be put; they wait for the next flush."""
        with self._sending:
            with self._lock:
                records, self._waiting = self._waiting, []
            left = []
            for chunk in chunked(records):
                left.extend(self._put(chunk))
            with self._lock:
                self.put += len(records) - len(left)
                self._waiting = left + self._waiting
                self._drop_oldest()
            return len(left)

    def close(self):
        atexit.unregister(self.flush)
        return self.flush()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _log(self, level, locator, message, error, attributes):
        if LEVELS.index(level) > self._least:
            return
        try:
            data = encode(self._source, level, locator, message, error, attributes)
        except Exception as fault:  # whatever an application's __str__ does
            data = encode(self._source, level, locator, f"a call that cannot be logged: {type(fault).__name__}", None, {})
        with self._lock:
            self.logged += 1
            self._waiting.append(data)
            self._drop_oldest()
            is_due = len(self._waiting) >= MOST_RECORDS
        if is_due and not self._sending.locked():
            threading.Thread(target=self.flush, daemon=True).start()

    def _drop_oldest(self):
        over = len(self._waiting) - self._most_waiting
        if over > 0:
            del self._waiting[:over]
            self.dropped += over

    def _put(self, chunk):
        """Puts records, again only those that were refused. Answers those that were refused to the end."""
        for attempt in range(ATTEMPTS):
            if attempt > 0:
                # Full jitter: "Exponential Backoff And Jitter", AWS Architecture Blog.
                self._sleep(random.uniform(0, min(5.0, 0.05 * 2**attempt)))
            try:
                answer = self._kinesis().put_records(
                    StreamName=self._stream_name,
                    Records=[{"Data": data, "PartitionKey": self._partition_key} for data in chunk],
                )
                failed = [n for n, record in enumerate(answer["Records"]) if record.get("ErrorCode")]
                chunk = [chunk[n] for n in failed]
                if not chunk:
                    return []
                _report.warning("%d records were refused, try %d", len(chunk), attempt + 1)
            except Exception as fault:  # no name, no network, no permission: the application goes on
                _report.warning("PutRecords failed: %s, try %d", type(fault).__name__, attempt + 1)
        return chunk

    def _kinesis(self):
        if self._client is None:
            import boto3

            self._client = boto3.client("kinesis")
        return self._client


def encode(source, level, locator, message, error, attributes):
    """An event as JSON. Its id makes a record that is put twice count once."""
    event = {
        "v": 1,
        "id": str(uuid.uuid4()),
        "time": datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": level,
        "source": source,
        "message": str(message)[:LONGEST_MESSAGE],
        "locator": str(locator)[:256],
    }
    if error is not None:
        stack = "".join(traceback.format_exception(type(error), error, error.__traceback__))
        event["error"] = {"type": type(error).__name__, "message": str(error)[:LONGEST_MESSAGE], "stack": stack[:LONGEST_MESSAGE]}
    if attributes:
        event["attributes"] = {name: str(value)[:LONGEST_ATTRIBUTE] for name, value in attributes.items()}
    return json.dumps(event).encode("ascii")


def chunked(records):
    """Records as calls take them."""
    chunk, size = [], 0
    for data in records:
        if chunk and (len(chunk) >= MOST_RECORDS or size + len(data) > MOST_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(data)
        size += len(data) + 32
    if chunk:
        yield chunk
