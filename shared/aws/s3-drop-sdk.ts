/** What the function that reads the drop bucket calls beside `s3-sdk.ts`: in a file of its own, so that others do not carry it. */
export { CopyObjectCommand, GetObjectCommand } from '@aws-sdk/client-s3';
