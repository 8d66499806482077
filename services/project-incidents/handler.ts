import { kinesisHandler } from '../../shared/runtime/kinesis-handler.ts';

export const handler = kinesisHandler('project-incidents', () => import('./wiring.ts'));
