import { IdempotencyItemAlreadyExistsError, IdempotencyItemNotFoundError } from '@aws-lambda-powertools/idempotency';
import { BasePersistenceLayer, type IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';

/** Powertools' idempotency records in a Map: its best case, without a call to any table. */
export class MemoryPersistence extends BasePersistenceLayer {
  readonly #records = new Map<string, IdempotencyRecord>();

  protected override async _deleteRecord({ idempotencyKey }: IdempotencyRecord): Promise<void> {
    this.#records.delete(idempotencyKey);
  }

  protected override async _getRecord(key: string): Promise<IdempotencyRecord> {
    const record = this.#records.get(key);
    if (record === undefined) throw new IdempotencyItemNotFoundError(`no record ${key}`);
    return record;
  }

  protected override async _putRecord(record: IdempotencyRecord): Promise<void> {
    const { idempotencyKey } = record;
    const existing = this.#records.get(idempotencyKey);
    if (existing !== undefined) {
      throw new IdempotencyItemAlreadyExistsError('there already', existing);
    }
    this.#records.set(idempotencyKey, record);
  }

  protected override async _updateRecord(record: IdempotencyRecord): Promise<void> {
    this.#records.set(record.idempotencyKey, record);
  }
}
