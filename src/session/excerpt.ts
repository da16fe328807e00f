import type { JournalLine } from './journal-lines.ts';

/** The first place of the wanted words in a journal, on one line, with a little of what stands around it. */
export function excerptOf(lines: readonly JournalLine[], wanted: string): string | undefined {
  for (const text of lines.flatMap(wordsOf)) {
    const line = text.replace(/\s+/g, ' ');
    const at = line.toLowerCase().indexOf(wanted.toLowerCase());
    if (at === -1) continue;
    const from = Math.max(0, at - 40);
    const to = Math.min(line.length, at + wanted.length + 40);
    return `${from > 0 ? '…' : ''}${line.slice(from, to)}${to < line.length ? '…' : ''}`;
  }
  return undefined;
}

/** What a line says in words, beside its bookkeeping. */
function wordsOf(line: JournalLine): string[] {
  if (line.type === 'name') return [line.name];
  if (line.type === 'summary') return [line.summary];
  if (line.type !== 'event') return [];
  const { event } = line;
  if (event.type === 'session.start') return [event.task];
  if (event.type === 'text') return [event.text];
  if (event.type === 'commit') return [event.subject];
  if (event.type === 'tool.call') return Object.values(event.input).filter((value) => typeof value === 'string');
  return [];
}
