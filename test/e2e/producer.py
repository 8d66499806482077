"""A producer in another language: plain PutRecords, one JSON document a record, every tenth record put twice.

Reads JSON lines from standard input; the stream's name is the first argument. Knows nothing of Sluice.
"""

import sys

import boto3

stream_name = sys.argv[1]
kinesis = boto3.client("kinesis")
records = []
for index, line in enumerate(sys.stdin.buffer):
    record = {"Data": line.rstrip(b"\n"), "PartitionKey": str(index)}
    records.extend([record, record] if index % 10 == 9 else [record])

for start in range(0, len(records), 500):
    answer = kinesis.put_records(StreamName=stream_name, Records=records[start : start + 500])
    if answer["FailedRecordCount"]:
        sys.exit(f"{answer['FailedRecordCount']} records were refused")
print(len(records))
