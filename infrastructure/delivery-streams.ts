import { LEVELS, type Level } from '../shared/events/levels.ts';
import type { Configuration } from '../shared/runtime/configuration.ts';
import { arnOf, capitalized, type Resource, type Resources, ref } from './template.ts';

/**
 * A Firehose delivery stream per level, with the level in its prefix: the same partitions as dynamic partitioning would
 * make, without its price, its limit of 500 and its larger buffer.
 */
export function deliveryStreams(stage: string, archive: Configuration['archive']): Resources {
  return Object.fromEntries(
    LEVELS.flatMap((level) => [
      [`${capitalized(level)}DeliveryStream`, deliveryStream(stage, level, archive)],
      [`${capitalized(level)}DeliveryLogStream`, logStream(level)],
    ]),
  );
}

function logStream(level: Level): Resource {
  return {
    Type: 'AWS::Logs::LogStream',
    Properties: { LogGroupName: ref('DeliveryLogGroup'), LogStreamName: level },
  };
}

function deliveryStream(stage: string, level: Level, { bufferSeconds, bufferMiB }: Configuration['archive']): Resource {
  return {
    Type: 'AWS::KinesisFirehose::DeliveryStream',
    DependsOn: `${capitalized(level)}DeliveryLogStream`,
    Properties: {
      DeliveryStreamName: `sluice-${stage}-${level}`,
      DeliveryStreamType: 'DirectPut',
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
      ExtendedS3DestinationConfiguration: {
        BucketARN: arnOf('ArchiveBucket'),
        RoleARN: arnOf('DeliveryRole'),
        Prefix: `events/level=${level}/dt=!{timestamp:yyyy-MM-dd}/`,
        ErrorOutputPrefix: `errors/level=${level}/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/`,
        BufferingHints: { IntervalInSeconds: bufferSeconds, SizeInMBs: bufferMiB },
        // Parquet is compressed inside, so the object as a whole must not be.
        CompressionFormat: 'UNCOMPRESSED',
        CloudWatchLoggingOptions: { Enabled: true, LogGroupName: ref('DeliveryLogGroup'), LogStreamName: level },
        DataFormatConversionConfiguration: parquet(),
      },
    },
  };
}

function parquet() {
  return {
    Enabled: true,
    // Lower-casing would be done to the keys of the attributes as well, and two of them could become one.
    InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: { CaseInsensitive: false } } },
    OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'SNAPPY' } } },
    SchemaConfiguration: {
      CatalogId: ref('AWS::AccountId'),
      DatabaseName: ref('GlueDatabase'),
      TableName: ref('LogEventsTable'),
      Region: ref('AWS::Region'),
      RoleARN: arnOf('DeliveryRole'),
      VersionId: 'LATEST',
    },
  };
}
