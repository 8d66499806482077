"""python3 -m unittest discover -s examples/python: needs neither boto3 nor a stream."""

import json
import logging
import unittest

from sluice_logger import ATTEMPTS, SluiceLogger


class Stream:
    """Kinesis, as far as PutRecords goes. Each refusal is for one call: places that it refuses, or what it raises."""

    def __init__(self, *refusals):
        self.refusals = list(refusals)
        self.calls = []
        self.taken = []

    def put_records(self, StreamName, Records):  # noqa: N803, the names of boto3
        self.calls.append(len(Records))
        refusal = self.refusals.pop(0) if self.refusals else ()
        if isinstance(refusal, Exception):
            raise refusal
        self.taken += [json.loads(record["Data"]) for n, record in enumerate(Records) if n not in refusal]
        answers = [{"ErrorCode": "ProvisionedThroughputExceededException"} if n in refusal else {} for n in range(len(Records))]
        return {"FailedRecordCount": len(refusal), "Records": answers}


def logger(stream, **options):
    return SluiceLogger("shop", "sluice-test", client=stream, sleep=lambda _: None, **options)


class SluiceLoggerTest(unittest.TestCase):
    def setUp(self):
        logging.disable(logging.WARNING)

    def test_events_are_whole(self):
        stream = Stream()
        with logger(stream) as log:
            log.error("orders/3", "order 17 failed", ValueError("no price"), order=17)
        [event] = stream.taken
        self.assertEqual((event["level"], event["source"], event["locator"]), ("error", "shop", "orders/3"))
        self.assertEqual((event["error"]["type"], event["error"]["message"]), ("ValueError", "no price"))
        self.assertEqual(event["attributes"], {"order": "17"})
        self.assertRegex(event["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")

    def test_only_what_was_refused_is_put_again(self):
        stream = Stream((1, 3), (0,))
        log = logger(stream)
        for n in range(5):
            log.info(n, f"message {n}")
        self.assertEqual(log.close(), 0)
        self.assertEqual(stream.calls, [5, 2, 1])
        self.assertEqual(sorted(event["message"] for event in stream.taken), [f"message {n}" for n in range(5)])
        self.assertEqual((log.logged, log.put, log.dropped), (5, 5, 0))

    def test_a_stream_that_is_down_is_tried_six_times_and_its_events_wait(self):
        stream = Stream(*[ConnectionError("down")] * ATTEMPTS)
        log = logger(stream)
        log.info(1, "kept")
        self.assertEqual(log.flush(), 1)
        self.assertEqual(len(stream.calls), ATTEMPTS)
        self.assertEqual(log.close(), 0)
        self.assertEqual([event["message"] for event in stream.taken], ["kept"])

    def test_five_hundred_go_in_a_call(self):
        stream = Stream()
        log = logger(stream)
        for n in range(1_300):
            log.debug(n, "one of many")
        self.assertEqual(log.close(), 0)
        self.assertEqual(len(stream.taken), 1_300)
        self.assertLessEqual(max(stream.calls), 500)
        self.assertLess(len(stream.calls), 20)

    def test_memory_is_bounded_while_the_stream_is_down_and_what_goes_is_counted(self):
        stream = Stream(*[ConnectionError("down")] * 1_000_000)
        log = logger(stream, most_waiting=600)
        for n in range(1_300):
            log.debug(n, "one of many")
        self.assertEqual(log.flush(), 600)
        self.assertEqual(log.dropped, 700)
        stream.refusals = []
        self.assertEqual(log.close(), 0)
        self.assertEqual((log.put, len(stream.taken)), (600, 600))

    def test_levels_below_the_least_are_not_sent(self):
        stream = Stream()
        with logger(stream, level="warning") as log:
            log.info(1, "not sent")
            log.warning(2, "sent")
        self.assertEqual([event["message"] for event in stream.taken], ["sent"])

    def test_a_call_that_cannot_be_logged_is_no_exception(self):
        class Hostile:
            def __str__(self):
                raise RuntimeError("no")

        stream = Stream()
        with logger(stream) as log:
            log.error(1, Hostile())
            log.error(2, "lone \ud800 surrogate")
        self.assertEqual(stream.taken[0]["message"], "a call that cannot be logged: RuntimeError")
        self.assertEqual(len(stream.taken), 2)


if __name__ == "__main__":
    unittest.main()
