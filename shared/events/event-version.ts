/**
 * The schema version this code writes. An event with a higher `v` is kept and forwarded as it came. In a file of its own,
 * so that a consumer that needs the number does not load the schema.
 */
export const EVENT_VERSION = 1;
