/** Slots for templates already made. A newer one takes the slot of an older one. */
const SLOTS = 2_048;
/** Longer texts are not kept: with the slots this bounds the memory, to a few megabytes. */
const LONGEST = 512;
/** Every fourth character goes into the choice of a slot: what is found there is compared as a whole anyway. */
const STRIDE = 4;
const MULTIPLIER = 0x9e3779b1;
/** Stands between two parts: no code unit is as large. */
const BETWEEN = 0x10000;

/** Parts of a text, as code units: start and end of each, one behind the other, `count` numbers in all. */
export interface Parts {
  readonly codes: Uint16Array;
  readonly bounds: Uint16Array;
  readonly count: number;
}

interface Known {
  readonly template: string;
  readonly codes: Uint32Array;
}

/**
 * Templates already made, found by the parts of the text they were made of. The same few come again and again, and
 * comparing characters costs less than making a string; besides, a map finds a string that is the same object at once.
 * Without influence on any result: what is found was made of the same parts.
 */
export class TemplateMemo {
  private readonly slots: (Known | undefined)[] = new Array(SLOTS).fill(undefined);

  /** The template of these parts, made by `make` when it is not known. */
  get(parts: Parts, make: () => string): string {
    if (lengthOf(parts) > LONGEST) return make();
    const slot = slotOf(parts);
    const known = this.slots[slot];
    if (known !== undefined && isMadeOf(known.codes, parts)) return known.template;
    const template = make();
    this.slots[slot] = { template, codes: codesOf(parts) };
    return template;
  }
}

function lengthOf({ bounds, count }: Parts): number {
  let length = 0;
  for (let part = 0; part < count; part += 2) length += (bounds[part + 1] as number) - (bounds[part] as number) + 1;
  return length;
}

function slotOf({ codes, bounds, count }: Parts): number {
  let hash = count;
  for (let part = 0; part < count; part += 2) {
    const end = bounds[part + 1] as number;
    let at = bounds[part] as number;
    hash = Math.imul(hash ^ (end - at), MULTIPLIER);
    for (; at < end; at += STRIDE) hash = Math.imul(hash ^ (codes[at] as number), MULTIPLIER);
  }
  return (hash >>> 16) % SLOTS;
}

function isMadeOf(known: Uint32Array, { codes, bounds, count }: Parts): boolean {
  let index = 0;
  for (let part = 0; part < count; part += 2) {
    const end = bounds[part + 1] as number;
    for (let at = bounds[part] as number; at < end; at += 1) {
      if (known[index] !== codes[at]) return false;
      index += 1;
    }
    if (known[index] !== BETWEEN) return false;
    index += 1;
  }
  return index === known.length;
}

function codesOf(parts: Parts): Uint32Array {
  const { codes, bounds, count } = parts;
  const all = new Uint32Array(lengthOf(parts));
  let index = 0;
  for (let part = 0; part < count; part += 2) {
    const kept = codes.subarray(bounds[part], bounds[part + 1]);
    all.set(kept, index);
    index += kept.length;
    all[index] = BETWEEN;
    index += 1;
  }
  return all;
}
