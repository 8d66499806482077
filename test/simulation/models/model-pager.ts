import type { Notice } from '../../../shared/alerts/notice.ts';
import type { SendNotices } from '../../../shared/alerts/outbox.ts';
import { describeFault } from '../../../shared/stream/fault.ts';
import type { SendFailure } from '../../../shared/stream/ports.ts';
import type { Service } from '../chaos.ts';
import type { FunctionInstance } from './function-instance.ts';
import { copyItem } from './table-item.ts';

/**
 * A receiver beside the topics, as a webhook is: one call for all there is. It can be down while they are up, and take a part
 * only. Source: docs/alerting.md, "Receivers".
 */
export class ModelPager {
  readonly delivered: { notice: Notice; at: number }[] = [];
  readonly #service: Service;
  readonly #now: () => number;

  constructor({ service, now }: { service: Service; now: () => number }) {
    this.#service = service;
    this.#now = now;
  }

  /** The sender of one function instance. As the product's senders do, it answers what was refused and rejects for nothing. */
  sender(instance: FunctionInstance): SendNotices {
    return async (notices) => {
      try {
        return await this.#post(instance, notices);
      } catch (fault) {
        return notices.map((_, index) => ({ index, reason: describeFault(fault) }));
      }
    };
  }

  #post(instance: FunctionInstance, notices: readonly Notice[]): Promise<SendFailure[]> {
    return instance.call({
      service: this.#service,
      label: `pages ${notices.length}`,
      writes: true,
      effect: () => {
        const failures: SendFailure[] = [];
        for (const [index, notice] of notices.entries()) {
          if (this.#service.random.chance(0.05)) failures.push({ index, reason: 'HTTP 400' });
          else this.delivered.push({ notice: copyItem(notice), at: this.#now() });
        }
        return failures;
      },
    });
  }
}
