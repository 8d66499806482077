/** What takes the place of a redacted value. */
export const REDACTED = '[redacted]';

/** Names that hide what they hold wherever they stand, unless the application turns Sluice's list into its own. */
const ALWAYS = [
  'password',
  'passwd',
  'passphrase',
  'secret',
  'clientSecret',
  'client_secret',
  'secretAccessKey',
  'sessionToken',
  'authorization',
  'cookie',
  'set-cookie',
  'apiKey',
  'api_key',
  'x-api-key',
  'accessToken',
  'access_token',
  'refreshToken',
  'refresh_token',
  'idToken',
  'id_token',
  'privateKey',
  'private_key',
  'cardNumber',
  'card_number',
  'cvv',
] as const;

export interface Redaction {
  /** Whether the value at this path, names in lower case from the attributes on, is hidden. */
  hides(path: readonly string[]): boolean;
  /** The same for one name, in any letter case, among the attributes themselves. */
  hidesAttribute(name: string): boolean;
}

const MOST_PATHS = 200;
const MOST_NAMES = 32;

/** `a.b`, `a[*].b`, `*.b`, `**.b`, as names in lower case; undefined when it is no path. */
function namesOf(path: unknown): string[] | undefined {
  if (typeof path !== 'string') return undefined;
  const names = path.replaceAll('[', '.').replaceAll(']', '').toLowerCase().split('.');
  return names.length <= MOST_NAMES && names.every((name) => name.length > 0) ? names : undefined;
}

/** Where in a pattern one can be after each name: `**` stays or passes, so the work is names times names, never more. */
function matches(pattern: readonly string[], path: readonly string[]): boolean {
  let places = passed(pattern, new Set([0]));
  for (const name of path) {
    const next = new Set<number>();
    for (const place of places) {
      const wanted = pattern[place];
      if (wanted === '**') next.add(place);
      else if (wanted === '*' || wanted === name) next.add(place + 1);
    }
    places = passed(pattern, next);
  }
  return places.has(pattern.length);
}

/** A `**` also stands for no name at all. */
function passed(pattern: readonly string[], places: Set<number>): Set<number> {
  for (const place of places) {
    if (pattern[place] === '**') places.add(place + 1);
  }
  return places;
}

/** Makes the rule of the named paths and those that always hold; calls `onBad` for what is no path. */
export function redactionOf(paths: readonly unknown[], onBad: (path: unknown) => void): Redaction {
  const names = new Set(ALWAYS.map((name) => name.toLowerCase()));
  const patterns: string[][] = [];
  for (const path of paths) {
    const pattern = namesOf(path);
    if (pattern === undefined || patterns.length >= MOST_PATHS) onBad(path);
    else if (pattern.length === 1) names.add(pattern[0] as string);
    else patterns.push(pattern);
  }
  const hides = (path: readonly string[]) =>
    names.has(path.at(-1) as string) || patterns.some((pattern) => matches(pattern, path));
  return { hides, hidesAttribute: remembered((name) => hides([name.toLowerCase()])) };
}

const MOST_REMEMBERED = 1_000;

/** An application says the same few names again and again. */
function remembered(decide: (name: string) => boolean): (name: string) => boolean {
  const known = new Map<string, boolean>();
  return (name) => {
    const decided = known.get(name) ?? decide(name);
    if (known.size < MOST_REMEMBERED) known.set(name, decided);
    return decided;
  };
}
