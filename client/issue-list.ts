import type { Issue, IssueCode } from './logger-api.ts';

/** Different issues that are kept; an application that fails in ever new ways must not fill its memory by it. */
const MOST_ISSUES = 100;
const LONGEST_MESSAGE = 1_000;

/** Issues as they come: the same one again raises its count. */
export class IssueList {
  #issues = new Map<string, Issue>();
  readonly #now: () => number;
  readonly #tell: (issue: Issue) => void;

  constructor(now: () => number, tell: (issue: Issue) => void = () => undefined) {
    this.#now = now;
    this.#tell = tell;
  }

  get all(): readonly Issue[] {
    return [...this.#issues.values()].map((issue) => ({ ...issue }));
  }

  add(code: IssueCode, message: string, count = 1): void {
    const text = message.slice(0, LONGEST_MESSAGE);
    const key = `${code} ${text}`;
    const known = this.#issues.get(key);
    if (known === undefined && this.#issues.size >= MOST_ISSUES && code !== 'more-issues') {
      this.add('more-issues', `more than ${MOST_ISSUES} different issues`, count);
      return;
    }
    const issue = known ?? { code, message: text, count: 0, time: new Date(this.#now()).toISOString() };
    issue.count += count;
    this.#issues.set(key, issue);
    this.#notify(issue);
  }

  clear(): void {
    this.#issues = new Map();
  }

  #notify(issue: Issue): void {
    try {
      this.#tell({ ...issue });
    } catch {
      // The listener is the application's; what it throws must not reach the call that logged.
    }
  }
}
