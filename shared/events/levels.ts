/** The five levels, most severe first. The order is part of the contract: topics, streams and partitions follow it. */
export const LEVELS = ['critical', 'error', 'warning', 'info', 'debug'] as const;
export type Level = (typeof LEVELS)[number];

/** `error` is kept until a person says otherwise; `informational` expires. */
export type Category = 'error' | 'informational';
