/**
 * The largest body, in bytes. A shard takes 1 MB a second, so one request never asks for more than a second of it; and
 * API Gateway hands over 10 MB while Lambda takes 6 MB, escapes included, so a body this large always arrives whole.
 */
export const HTTP_BODY_BYTES = 1_048_576;

/** Faults that one answer names; of more it says how many. A body of a megabyte can have half a million. */
export const SHOWN_FAULTS = 5_000;
