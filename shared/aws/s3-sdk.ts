/** What the functions call of this client, by name, so that their packages hold nothing else of it. */
export { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
