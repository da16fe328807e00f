import { cleanLine } from './clean.ts';
import { asBytes, changeOwnFile } from './own-file.ts';

/** Something the model decided in a task, and why. */
export interface Decision {
  /** UTC, `2026-01-02 03:04`. */
  time: string;
  task: string;
  decision: string;
  reasoning: string;
}

/** Puts entries at the end of decisions.md. The log is never rewritten; two processes lose nothing of each other's. */
export async function appendDecisions(
  path: string,
  decisions: ReadonlyArray<Omit<Decision, 'time'>>,
  now: Date,
): Promise<void> {
  if (decisions.length === 0) return;
  const time = now.toISOString().slice(0, 16).replace('T', ' ');
  const entries = decisions.map((decision) => entryOf({ time, ...decision }));
  await changeOwnFile(path, (text) => {
    const end = text.includes('\r\n') ? '\r\n' : '\n';
    const head = text === '' ? asBytes(DECISIONS_HEAD) : text;
    const glue = /\n\r?\n$/.test(head) ? '' : head.endsWith('\n') ? end : `${end}${end}`;
    return `${head}${glue}${asBytes(entries.join('\n').replaceAll('\n', end))}`;
  });
}

/** How decisions.md begins. */
export const DECISIONS_HEAD = '# Decision Log\n';

function entryOf({ time, task, decision, reasoning }: Decision): string {
  return `### [${time} UTC] — Task: ${cleanLine(task, 200)}

**Decision:** ${cleanLine(decision, 600)}

**Reasoning:** ${cleanLine(reasoning, 1_000)}

---
`;
}

const HEAD =
  /^### \[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d)(?::\d\d)?(?:\.\d+)?(?: ?UTC|Z|\+00:00)?\]? *[—–-]+ *(?:Task: *)?(.*)$/;
const RULE = /^(?:---|\*\*\*|___)\s*$/;
/** `**Decision:** text`, `**Decision**: text` or `Decision: text`. */
const FIELD = /^\s*(?:[-*] )?\**(Decision|Reasoning)(?::\**|\**:)(.*)$/;

/** The entries of a decision log in the file's order, those of Nex AI too. What is no entry is passed over. */
export function readDecisions(text: string): Decision[] {
  const entries: Decision[] = [];
  let entry: Decision | undefined;
  let field: 'decision' | 'reasoning' | undefined;
  for (const raw of text.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.startsWith('### ')) {
      const head = HEAD.exec(line);
      entry =
        head === null
          ? undefined
          : { time: (head[1] ?? '').replace('T', ' '), task: (head[2] ?? '').trim(), decision: '', reasoning: '' };
      if (entry !== undefined) entries.push(entry);
      field = undefined;
    } else if (RULE.test(line)) entry = undefined;
    else if (entry !== undefined) {
      const found = FIELD.exec(line);
      if (found !== null) field = found[1] === 'Decision' ? 'decision' : 'reasoning';
      if (field !== undefined) entry[field] = `${entry[field]} ${(found?.[2] ?? line).trim()}`.trim();
    }
  }
  return entries.filter(({ decision }) => decision !== '');
}
