import { kinesisHandler } from '../../shared/runtime/kinesis-handler.ts';

export const handler = kinesisHandler('archive-events', () => import('./wiring.ts'));
