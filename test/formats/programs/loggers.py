"""Prints what each logger of Python writes: one JSON line a logger, {"writer": name, "records": [text of each call, base64]}."""
import base64
import http.client
import http.server
import importlib
import io
import json
import logging
import logging.handlers
import socket
import sys
import threading

import logfmter
import structlog
from pythonjsonlogger.json import JsonFormatter
from rfc5424logging import Rfc5424SysLogHandler


def show(writer, records):
    encoded = [base64.b64encode(r if isinstance(r, bytes) else r.encode()).decode() for r in records]
    print(json.dumps({"writer": writer, "records": encoded}), flush=True)


def boom():
    raise ValueError("nope")


def calls(log, **fields):
    log.info("started")
    log.warning("slow")
    try:
        boom()
    except ValueError:
        log.exception("payment failed", **fields)
    log.critical("out of disk")
    log.debug("a call")


class Lines(logging.StreamHandler):
    """Keeps the text of each call apart."""

    def __init__(self, formatter):
        super().__init__(io.StringIO())
        self.setFormatter(formatter)
        self.records = []

    def emit(self, record):
        super().emit(record)
        self.records.append(self.stream.getvalue())
        self.stream.seek(0)
        self.stream.truncate()


def standard(writer, formatter):
    handler = Lines(formatter)
    log = logging.getLogger("shop")
    log.propagate = False
    log.setLevel(logging.DEBUG)
    log.handlers = [handler]
    calls(log, extra={"order": 17})
    show(writer, handler.records)


def structured(writer, *processors):
    lines = []
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            *processors,
        ],
        logger_factory=lambda *_: structlog.WriteLogger(file=Sink(lines)),
        cache_logger_on_first_use=False,
    )
    calls(structlog.get_logger().bind(service="shop"), order=17)
    show(writer, lines)


class Sink(io.TextIOBase):
    def __init__(self, lines):
        self.lines = lines

    def write(self, text):
        self.lines.append(text)
        return len(text)


def syslog(writer, make):
    """What arrives at a socket."""
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.bind(("127.0.0.1", 0))
    receiver.settimeout(10)
    log = logging.getLogger("shop")
    log.propagate = False
    log.setLevel(logging.DEBUG)
    log.handlers = [make(receiver.getsockname())]
    calls(log)
    show(writer, [receiver.recv(65536) for _ in range(5)])


def access_lines():
    """Python's own web server writes the common log format, without a zone."""
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    lines = []
    sys.stderr, standard_error = Sink(lines), sys.stderr
    threading.Thread(target=server.handle_request).start()
    asked = http.client.HTTPConnection("127.0.0.1", server.server_address[1])
    asked.request("GET", "/cart")
    asked.getresponse().read()
    server.server_close()
    sys.stderr = standard_error
    show("http.server", [line for line in lines if '"GET ' in line])


def loguru_records():
    from loguru import logger

    lines = []
    logger.remove()
    logger.add(lambda message: lines.append(str(message)), serialize=True, level=0)
    calls(logger.bind(service="shop"))
    show("loguru", lines)


def aggregates(writer):
    """Kinesis records that the Producer Library's format aggregates, made by AWS's own encoder."""
    aggregation = importlib.import_module("aws_kinesis_agg.aggregator")
    aggregator = aggregation.RecordAggregator(max_size=20_000)
    made = []
    for index in range(300):
        data = json.dumps({"level": "info", "message": f"call {index} é", "order": index})
        full = aggregator.add_user_record(f"key-{index % 7}", data.encode(), str(index * 10**30) if index % 3 == 0 else None)
        if full:
            made.append(full.get_contents()[2])
    made.append(aggregator.clear_and_get().get_contents()[2])
    show(writer, made)


def with_ident(handler):
    handler.ident = "shop: "
    return handler


plain = "%(asctime)s %(levelname)s %(name)s: %(message)s"
standard("python-json-logger", JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
standard("logging", logging.Formatter(plain))
standard("logfmter", logfmter.Logfmter(keys=["at", "logger"], mapping={"at": "levelname", "logger": "name"}))
structured("structlog", structlog.processors.format_exc_info, structlog.processors.JSONRenderer())
structured("structlog with dict_tracebacks", structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer())
structured(
    "structlog as logfmt",
    structlog.processors.format_exc_info,
    structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
)
loguru_records()
syslog("rfc5424-logging-handler", lambda at: Rfc5424SysLogHandler(address=at, appname="shop", hostname="web-1"))
syslog("SysLogHandler", lambda at: with_ident(logging.handlers.SysLogHandler(address=at)))
access_lines()
aggregates("aws_kinesis_agg")

