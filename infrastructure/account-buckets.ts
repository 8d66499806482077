import {
  CloudFormationClient,
  type CloudFormationClientConfig,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { DeleteObjectsCommand, ListObjectVersionsCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { Buckets } from './empty-buckets.ts';

/** The buckets that the framework's own credentials and region reach. */
export function accountBuckets(config: S3ClientConfig & CloudFormationClientConfig): Buckets {
  const cloudFormation = new CloudFormationClient(config);
  const s3 = new S3Client(config);
  return {
    async ofStack(stackName) {
      const names: string[] = [];
      let NextToken: string | undefined;
      do {
        const page = await cloudFormation.send(new ListStackResourcesCommand({ StackName: stackName, NextToken }));
        for (const { ResourceType, PhysicalResourceId, ResourceStatus } of page.StackResourceSummaries ?? []) {
          const isThere = ResourceStatus !== 'DELETE_COMPLETE' && PhysicalResourceId !== undefined;
          if (ResourceType === 'AWS::S3::Bucket' && isThere) names.push(PhysicalResourceId);
        }
        NextToken = page.NextToken;
      } while (NextToken);
      return names;
    },
    async someVersions(bucket) {
      const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
      return [...Versions, ...DeleteMarkers].flatMap(({ Key: key, VersionId: versionId = 'null' }) =>
        key === undefined ? [] : [{ key, versionId }],
      );
    },
    async deleteVersions(bucket, versions) {
      const Objects = versions.map(({ key, versionId }) => ({ Key: key, VersionId: versionId }));
      const Delete = { Quiet: true, Objects };
      const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete }));
      return Errors.map(({ Key, Code, Message }) => `${Code} for ${Key}: ${Message}`);
    },
  };
}
