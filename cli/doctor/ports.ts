import type {
  Account,
  AlarmState,
  Mapping,
  NewestReceipt,
  Objects,
  Stack,
  Subscription,
} from '../../shared/health/examine.ts';

/** What the doctor looks at. Each may reject: what cannot be looked at is told as such. */
export interface DoctorPorts {
  /** Undefined when it is not deployed. */
  stack(): Promise<Stack | undefined>;
  mappings(): Promise<Mapping[]>;
  /** The newest receipt of each consumer and shard, and what their newest receipts count together. */
  receipts(stack: Stack): Promise<{ newest: NewestReceipt[]; accounts: Account[] }>;
  /** The most milliseconds that each consumer was behind of late. */
  iteratorAges(): Promise<Record<string, number>>;
  throttles(stack: Stack): Promise<Record<string, number>>;
  quarantined(stack: Stack): Promise<Objects>;
  notArchived(stack: Stack): Promise<Objects>;
  givenUp(stack: Stack): Promise<Objects>;
  alarms(): Promise<AlarmState[]>;
  subscriptions(stack: Stack): Promise<Subscription[]>;
  /** Groups whose time to be told about is over. */
  overdueNotices(stack: Stack): Promise<number>;
}
