/** What the functions call of this client, by name, so that their packages hold nothing else of it. */
export { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
