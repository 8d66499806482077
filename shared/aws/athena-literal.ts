/** The types of a saved query's parameters. */
export type LiteralType = 'string' | 'integer' | 'number' | 'date' | 'timestamp';

const FORMS: Readonly<Record<Exclude<LiteralType, 'string'>, { form: RegExp; example: string }>> = {
  integer: { form: /^-?\d{1,15}$/, example: '7' },
  number: { form: /^-?\d{1,15}(\.\d{1,15})?$/, example: '0.95' },
  date: { form: /^\d{4}-\d\d-\d\d$/, example: '2026-11-21' },
  timestamp: { form: /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z?$/, example: '2026-11-21T08:00:00Z' },
};

/** A text as SQL writes it: in single quotes, its own doubled. The only place where text from outside becomes SQL. */
export function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A value as a literal of its type, or what is wrong with it. Times are UTC. */
export function sqlLiteral(type: LiteralType, value: string): { sql: string } | { fault: string } {
  if (type === 'string') {
    return value.includes('\0') ? { fault: 'a text without NUL characters' } : { sql: textLiteral(value) };
  }
  const { form, example } = FORMS[type];
  if (!form.test(value) || !exists(type, value)) return { fault: `a value of type ${type} such as ${example}` };
  switch (type) {
    case 'integer':
    case 'number':
      // In brackets: `- -7` is a sum, `--7` would be a comment.
      return { sql: value.startsWith('-') ? `(${value})` : value };
    case 'date':
      return { sql: `DATE ${textLiteral(value)}` };
    case 'timestamp':
      return { sql: `TIMESTAMP ${textLiteral(value.replace('T', ' ').replace('Z', ''))}` };
    default:
      return type satisfies never;
  }
}

/** No 30th of February: engines differ in what they make of one. */
function exists(type: LiteralType, value: string): boolean {
  if (type !== 'date' && type !== 'timestamp') return true;
  const day = value.slice(0, 10);
  const time = Date.parse(type === 'date' ? day : `${value.replace(' ', 'T').replace('Z', '')}Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}
