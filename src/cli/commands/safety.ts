import { createInterface } from 'node:readline';
import { NexError } from '../../errors.ts';
import { type Judgement, judgeCommand } from '../../safety/policy.ts';
import { RULES } from '../../safety/rules.ts';
import { sanitize } from '../../ui/sanitize.ts';
import { type CliContext, print } from '../context.ts';
import { judgeContext } from '../judge.ts';
import { openProject } from '../project.ts';
import { printTable } from '../table.ts';

/** `nex safety test "cmd"` and `nex safety rules`. Nothing is ever run. Status 0 allow, 5 ask, 6 deny. */
export async function safetyCommand(
  context: CliContext,
  action: string,
  command: string | undefined,
  options: { json?: boolean },
): Promise<number> {
  if (action === 'rules') return listRules(context, options.json === true);
  if (action !== 'test')
    throw new NexError('usage', `"${action}" is no action of \`nex safety\`.`, { hint: 'It is one of test, rules.' });
  if (command === undefined) throw new NexError('usage', 'Which command?', { hint: 'nex safety test "rm -rf build"' });
  const project = await openProject(context);
  const ground = judgeContext(context, project);
  const judge = (text: string) => judgeCommand(text, ground);
  if (command === '-') return batch(context, judge);
  const judgement = judge(command);
  print(context, options.json ? lineOf(command, judgement) : describe(judgement));
  return statusOf(judgement);
}

/** One JSON string a line in, one JSON object a line out; the status is that of the strictest. */
async function batch(context: CliContext, judge: (text: string) => Judgement): Promise<number> {
  let strictest = 0;
  let number = 0;
  for await (const line of createInterface({ input: context.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (line.trim() === '') continue;
    const text = parseLine(line);
    if (text === undefined)
      throw new NexError('usage', `Line ${number} is not a JSON string.`, {
        hint: 'Give one JSON string a line, such as "rm -rf build".',
      });
    const judgement = judge(text);
    strictest = Math.max(strictest, statusOf(judgement));
    print(context, lineOf(text, judgement));
  }
  return strictest;
}

function parseLine(line: string): string | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function lineOf(command: string, { verdict, rule, category, reason, parts }: Judgement): string {
  return JSON.stringify({
    command,
    verdict,
    rule: rule ?? null,
    category: category ?? null,
    reason: reason ?? null,
    parts,
  });
}

function describe({ verdict, rule, category, reason, safer, part, parts, readOnly }: Judgement): string {
  const rows: Array<[string, string]> = [['verdict', `${verdict}${readOnly ? ' (only reads)' : ''}`]];
  if (rule !== undefined) rows.push(['rule', `${rule}${category === undefined ? '' : ` (${category})`}`]);
  if (reason !== undefined) rows.push(['why', reason]);
  if (part !== undefined) rows.push(['part', part]);
  if (safer !== undefined) rows.push(['safer', safer]);
  for (const text of parts) rows.push(['runs', text]);
  return rows.map(([name, text]) => `${name.padEnd(8)} ${sanitize(text)}`).join('\n');
}

function statusOf({ verdict }: Judgement): number {
  switch (verdict) {
    case 'allow':
      return 0;
    case 'ask':
      return 5;
    case 'deny':
      return 6;
  }
}

function listRules(context: CliContext, json: boolean): number {
  const rows = RULES.map(({ id, category, verdict, reason, safer }) => ({
    id,
    category,
    verdict,
    reason,
    safer: safer ?? null,
  }));
  if (json) for (const row of rows) print(context, JSON.stringify(row));
  else
    printTable(
      context,
      ['rule', 'category', 'verdict', 'why'],
      rows.map(({ id, category, verdict, reason }) => [id, category, verdict, reason]),
    );
  return 0;
}
