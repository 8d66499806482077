/** One line for each step on standard error: what is done now, what was done and how long it took. */
export class Progress {
  readonly seconds: Record<string, number> = {};
  readonly #write: (text: string) => void;
  readonly #isTerminal: boolean;
  #last = '';

  constructor({ write, isTerminal }: { write: (text: string) => void; isTerminal: boolean }) {
    this.#write = write;
    this.#isTerminal = isTerminal;
  }

  async step<T>(name: string, title: string, work: (say: (line: string) => void) => Promise<T>): Promise<T> {
    const started = performance.now();
    this.#show(`… ${title}`);
    const result = await work((line) => this.#show(`… ${title}: ${line}`));
    const seconds = (performance.now() - started) / 1000;
    this.seconds[name] = Math.round(seconds * 10) / 10;
    this.#clear();
    this.#write(`✔ ${title} (${seconds.toFixed(1)} s)\n`);
    return result;
  }

  /** On a terminal in place; elsewhere, such as in a CI log, a line only when it says something new. */
  #show(line: string): void {
    if (line === this.#last) return;
    this.#last = line;
    this.#clear();
    this.#write(this.#isTerminal ? line.slice(0, (process.stderr.columns ?? 100) - 1) : `${line}\n`);
  }

  #clear(): void {
    if (this.#isTerminal) this.#write('\r\u001b[2K');
  }
}
