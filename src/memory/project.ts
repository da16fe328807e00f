import { cleanLine } from './clean.ts';
import type { Decision } from './decisions.ts';
import { generatedBlocks, sessionLines, withNote, withSessionLine } from './memory-edits.ts';
import { asBytes, changeOwnFile, readOwnFile } from './own-file.ts';
import { type Section, sectionsOf } from './sections.ts';
import { weightOf, wordsOf } from './words.ts';

/** The text of memory.md; empty when there is none. Bytes that are not UTF-8 show as replacement characters. */
export async function readMemory(path: string): Promise<string> {
  return (await readOwnFile(path))?.toString('utf8') ?? '';
}

/** Adds what a session came to, in one line, to the session log of memory.md; 20 lines stay when there are more than 30. */
export async function appendSessionLine(path: string, line: string, now: Date): Promise<void> {
  const said = cleanLine(line, 300);
  if (said === '') return;
  await changeOwnFile(path, (text) => withSessionLine(text, asBytes(`- ${now.toISOString().slice(0, 10)}: ${said}`)));
}

/** Adds the user's own words to the section `Notes`; further lines become part of the same list item. */
export async function addNote(path: string, note: string): Promise<void> {
  const lines = note.trim().split(/\r?\n/);
  if (lines.join('') === '') return;
  await changeOwnFile(path, (text) => withNote(text, asBytes(`- ${lines.join('\n  ')}`)));
}

export interface MemoryForPrompt {
  /** The text of memory.md. */
  memory: string;
  /** What the project says to agents: `CLAUDE.md`, `AGENTS.md`, `.cursorrules`. */
  instructions?: ReadonlyArray<{ path: string; text: string }>;
  /** Lines on the last sessions from the local journals, newest first; what memory.md says too is said once. */
  recentSessions?: readonly string[];
  /** In the order of the log. */
  decisions?: readonly Decision[];
  task: string;
  /** Default 3,000. */
  budgetTokens?: number;
  estimate: (text: string) => number;
}

/** What the model gets to see of the project's memory. */
export interface PromptMemory {
  text: string;
  tokens: number;
  /** What was left out for want of room, for the user. */
  notice?: string;
}

/** A part of the memory that is taken or left. Parts with one heading stand under it together. */
interface Part {
  heading: string;
  text: string;
  /** What the heading and the text cost. */
  tokens: number;
  score: number;
}

/**
 * Words the project's memory for the prompt: all of it when it fits; otherwise the user's own sections first, those
 * nearest to the task before others, with a share kept for what the other kinds have to say. The same input gives the
 * same bytes. Comments, marks and empty sections cost nothing.
 */
export function memoryForPrompt(options: MemoryForPrompt): PromptMemory {
  const { task, estimate, budgetTokens = 3_000 } = options;
  // A file of this size is no memory any more; what is read of it will not fit anyway.
  const memory = options.memory.slice(0, 1_000_000);
  const asked = [...new Set(wordsOf(task).filter((word) => weightOf(word) === 1))];
  const part = (heading: string, text: string): Part => ({
    heading,
    text,
    tokens: estimate(`### ${heading}\n\n${text}\n\n`),
    score: 2 * nearness(heading, asked) + nearness(text, asked) / Math.sqrt(1 + text.length / 4_000),
  });
  const { user, generated } = memoryParts(memory);
  const kinds = [
    { share: 0, parts: user.map(([heading, text]) => part(heading, text)) },
    { share: 0.2, parts: instructionParts(options.instructions ?? []).map(([heading, text]) => part(heading, text)) },
    { share: 0.1, parts: generated.map(([heading, text]) => part(heading, text)) },
    { share: 0.08, parts: decisionLines(options.decisions ?? []).map((line) => part('Recent decisions', line)) },
    { share: 0.12, parts: recentLines(options, memory).map((line) => part('Recent sessions', line)) },
  ];
  const needs = kinds.map(({ parts }) => sum(parts));
  const allowances = needs.map((need, place) => Math.min(need, (kinds[place]?.share ?? 0) * budgetTokens));
  let rest = budgetTokens - allowances.reduce((all, one) => all + one, 0);
  needs.forEach((need, place) => {
    const more = Math.min(rest, need - (allowances[place] ?? 0));
    allowances[place] = (allowances[place] ?? 0) + more;
    rest -= more;
  });
  const taken = kinds.map(({ parts }, place) => fill(parts, allowances[place] ?? 0, place < 3, asked, estimate));
  // Generated and own text of one section stand together, in the file's order.
  const order = new Map(sectionsOf(memory).map(({ title }, index) => [title, index]));
  const own = [...(taken[2] ?? []), ...(taken[0] ?? [])].toSorted(
    (a, b) => (order.get(a.heading) ?? -1) - (order.get(b.heading) ?? -1),
  );
  const chosen = [...own, ...(taken[1] ?? []), ...(taken[3] ?? []), ...(taken[4] ?? [])];
  let text = render(chosen);
  // The parts' estimates do not add up exactly; what is last is least.
  while (estimate(text) > budgetTokens && chosen.length > 0) {
    chosen.pop();
    text = render(chosen);
  }
  const all = kinds.flatMap(({ parts }) => parts);
  const left = [...new Set(all.filter((one) => !chosen.includes(one)).map(({ heading }) => heading))];
  return {
    text,
    tokens: estimate(text),
    ...(left.length > 0 && {
      notice: `Project memory is longer than its ${budgetTokens.toLocaleString('en')} tokens; cut or left out: ${named(left)}.`,
    }),
  };
}

/** The first few names, and how many more there are. */
function named(names: readonly string[]): string {
  const more = names.length - 6;
  return more > 1 ? `${names.slice(0, 6).join(', ')} and ${more} more` : names.join(', ');
}

/** As many parts as the allowance pays: all, or the best, in their own order; one that is too long is cut. */
function fill(
  parts: readonly Part[],
  allowance: number,
  byNearness: boolean,
  asked: readonly string[],
  estimate: (text: string) => number,
): Part[] {
  if (sum(parts) <= allowance) return [...parts];
  const ranked = byNearness ? parts.toSorted((a, b) => b.score - a.score) : parts;
  const taken = new Map<Part, Part>();
  let room = allowance;
  for (const part of ranked) {
    const fitting = part.tokens <= room ? part : room > 60 && byNearness ? cut(part, room, asked, estimate) : undefined;
    if (fitting === undefined) continue;
    taken.set(part, fitting);
    room -= fitting.tokens;
  }
  return parts.flatMap((part) => taken.get(part) ?? []);
}

/** The lines of a part that are nearest to the task, in their order, gaps marked. A code block stays whole or goes. */
function cut(part: Part, room: number, asked: readonly string[], estimate: (text: string) => number): Part | undefined {
  const pieces =
    part.text.match(/^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^ {0,3}\1[^\n]*(?:\n|$)|$(?![\s\S]))|[^\n]*\n?/gm) ?? [];
  const scored = pieces
    .map((text, place) => ({ text, place, near: nearness(text, asked) }))
    .filter(({ text }) => text !== '')
    .toSorted((a, b) => b.near - a.near || a.place - b.place);
  const kept = new Set<number>();
  let left = room - estimate(`### ${part.heading}\n\n…\n\n`);
  for (const { text, place } of scored) {
    const tokens = estimate(text) + 1;
    if (tokens > left) continue;
    left -= tokens;
    kept.add(place);
  }
  if (kept.size === 0) return undefined;
  let text = '';
  let gap = false;
  pieces.forEach((piece, place) => {
    if (kept.has(place)) {
      text += `${gap ? '…\n' : ''}${piece}`;
      gap = false;
    } else if (piece.trim() !== '') gap = true;
  });
  const shown = `${text.trimEnd()}${gap ? '\n…' : ''}`;
  return { ...part, text: shown, tokens: estimate(`### ${part.heading}\n\n${shown}\n\n`) };
}

/** How many of the task's words a text has. The words are stems, so that being part of a longer word is enough. */
function nearness(text: string, asked: readonly string[]): number {
  const plain = text.toLowerCase();
  return asked.filter((word) => plain.includes(word)).length;
}

function sum(parts: readonly Part[]): number {
  return parts.reduce((all, { tokens }) => all + tokens, 0);
}

function render(parts: readonly Part[]): string {
  let text = '';
  let heading: string | undefined;
  for (const part of parts) {
    const isList = part.heading === heading && /^- /.test(part.text);
    if (part.heading !== heading && part.heading !== '') text += `${text === '' ? '' : '\n\n'}### ${part.heading}\n\n`;
    else if (text !== '') text += isList ? '\n' : '\n\n';
    text += part.text;
    heading = part.heading;
  }
  return text;
}

/** The sections of memory.md as the model reads them, the user's text apart from what nex generated. */
function memoryParts(memory: string): { user: Array<[string, string]>; generated: Array<[string, string]> } {
  const user: Array<[string, string]> = [];
  const generated: Array<[string, string]> = [];
  const sections = sectionsOf(memory);
  const blocks = generatedBlocks(memory, sections);
  for (const section of sections) {
    if (/^session log$/i.test(section.title)) continue;
    const inBlock = (start: number) => blocks.some(({ from, to }) => start >= from && start < to);
    const own = textOf(memory, section, (start) => !inBlock(start));
    const made = textOf(memory, section, inBlock);
    if (own !== '') user.push([section.title, own]);
    if (made !== '') generated.push([section.title, made]);
  }
  return { user, generated };
}

/** What project files say to agents, by their own sections; a file that repeats another is told once. */
function instructionParts(files: ReadonlyArray<{ path: string; text: string }>): Array<[string, string]> {
  const known = new Set<string>();
  return files.flatMap(({ path, text }) => {
    const key = text.replace(/\s+/g, ' ').trim();
    if (key === '' || known.has(key)) return [];
    known.add(key);
    return sectionsOf(text).flatMap((section): Array<[string, string]> => {
      const body = textOf(text, section, () => true);
      if (body === '') return [];
      return [[`From ${path}`, section.title === '' ? body : `#### ${section.title}\n\n${body}`]];
    });
  });
}

/** The text of a section without comments and blank edges; headings in it one level down, since it stands under ours. */
function textOf(document: string, section: Section, belongs: (start: number) => boolean): string {
  let text = '';
  for (const line of section.lines) {
    if (!belongs(line.start)) continue;
    const plain = document.slice(line.start, line.end).replace(/^\ufeff/, '');
    if (line.kind === 'comment') {
      const behind = plain.slice(plain.lastIndexOf('-->') + 3);
      if (plain.includes('-->') && behind.trim() !== '') text += `${behind.trim()}\n`;
    } else text += `${line.kind === 'heading' && /^ {0,3}#/.test(plain) ? '#' : ''}${plain}\n`;
  }
  return text.replace(/\n{3,}/g, '\n\n').replace(/^\n+|\s+$/g, '');
}

/** The last decisions, newest first, one line each. */
function decisionLines(decisions: readonly Decision[]): string[] {
  return decisions
    .slice(-10)
    .toReversed()
    .map(({ time, decision, reasoning }) => {
      const why = reasoning === '' ? '' : ` (${reasoning})`;
      return `- ${time.slice(0, 10)}: ${`${decision}${why}`.slice(0, 400)}`;
    });
}

/** Recent sessions of both sources, newest first, each once. */
function recentLines({ recentSessions = [] }: MemoryForPrompt, memory: string): string[] {
  const bare = (line: string) =>
    line
      .replace(/^[-*]\s+/, '')
      .replace(/\s+/g, ' ')
      .trim();
  const dateOf = (line: string) => /^\W*(\d{4}-\d\d-\d\d)/.exec(line)?.[1] ?? '';
  const said = new Set<string>();
  return [...recentSessions.map(bare), ...sessionLines(memory).toReversed()]
    .filter((line) => {
      const key = line.replace(/^\W*\d{4}-\d\d-\d\d\W*/, '').toLowerCase();
      return key !== '' && !said.has(key) && said.add(key) !== undefined;
    })
    .toSorted((a, b) => (dateOf(a) < dateOf(b) ? 1 : dateOf(a) > dateOf(b) ? -1 : 0))
    .slice(0, 20)
    .map((line) => `- ${line}`);
}
