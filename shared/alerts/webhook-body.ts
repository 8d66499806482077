import { isOfStorm, type Notice } from './notice.ts';
import type { WebhookFormat } from './receivers.ts';
import { cleanLine, cleanLines, inertJson } from './wording.ts';

/** What is posted for some notices. The JSON is inert, whatever the text; what a chat shows is cleaned besides. */
export function webhookBody(format: WebhookFormat, notices: readonly Notice[]): string {
  switch (format) {
    case 'sluice':
      return inertJson({ version: 1, notices });
    case 'slack':
      return inertJson(slackMessage(notices));
    default:
      return format satisfies never;
  }
}

/** Slack takes 50 blocks, headers of 150 and texts of 3,000 characters. Source: Slack, "Reference: blocks". */
const HEADER = 150;
const TEXT = 2_900;
const LINE = 200;
const COLOURS = { critical: '#7b001c', error: '#d0021b', warning: '#f5a623', info: '#4a90e2', debug: '#9b9b9b' };

/** `plain_text` only: in it Slack knows no links, mentions or marks. */
function slackMessage(notices: readonly Notice[]) {
  return {
    text: escapeSlack(notices.map(headline).join('\n').slice(0, TEXT)),
    attachments: notices.map((notice) => ({
      color: COLOURS[notice.level],
      fallback: escapeSlack(headline(notice)),
      blocks: [
        { type: 'header', text: plainText(cleanLine(headline(notice), HEADER)) },
        { type: 'section', text: plainText(cleanLines(details(notice), TEXT)) },
      ],
    })),
  };
}

function plainText(text: string) {
  return { type: 'plain_text', text: text === '' ? ' ' : text, emoji: false };
}

const WORDS = { first: 'new', repeat: 'again', summary: 'summary', resolved: 'over' };

export function headline(notice: Notice): string {
  const { kind, level, title, count } = notice;
  const times = count === 1 || isOfStorm(notice) ? '' : ` (${count} times)`;
  return cleanLine(`[${level.toUpperCase()}] ${WORDS[kind]}: ${title}${times}`, LINE);
}

function details({ sample, incidents, firstSeen, lastSeen, source, fingerprint, link }: Notice): string {
  const named = (incidents ?? []).map(({ title }) => `• ${cleanLine(title, LINE)}`);
  const span = firstSeen === lastSeen ? firstSeen : `${firstSeen} to ${lastSeen}`;
  return [sample, ...named, `${source} · ${span} · ${fingerprint}`, ...(link ? [link] : [])].join('\n');
}

/** Source: Slack, "Formatting text for app surfaces": only these three make mentions and links. */
function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
