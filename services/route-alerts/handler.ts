import { kinesisHandler } from '../../shared/runtime/kinesis-handler.ts';

export const handler = kinesisHandler('route-alerts', () => import('./wiring.ts'));
