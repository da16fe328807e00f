import type { CodeIndex } from '../indexer/code-index.ts';
import { type LineRange, outline, relevantRanges } from './outline.ts';
import { projectOverview, withoutIndex } from './overview.ts';
import { pairedTests } from './paired-tests.ts';
import { type RankedFile, rankFiles } from './rank.ts';
import { estimateTokens } from './tokens.ts';

export type ContextMode = 'full' | 'ranges' | 'signatures' | 'none';

/** What became of a ranked file. */
export interface ContextFile {
  path: string;
  score: number;
  /** Estimated tokens it takes in the prompt; 0 when it is not in it. */
  tokens: number;
  mode: ContextMode;
  why: string[];
  /**
   * What the model sees of it word for word, for the record of seen files. Absent for signatures, and where something
   * was redacted: what was changed was not seen.
   */
  shown?: { content: Buffer; ranges: ReadonlyArray<readonly [number, number]>; lines: number };
}

/** The code of a turn. */
export interface AssembledContext {
  /** For the prompt's "Relevant Code"; empty when there is nothing to show. */
  text: string;
  /** Files in the prompt, best first; with `limit`, up to that many ranked files, mode `none` for the others. */
  files: ContextFile[];
  /** Estimated tokens of `text`. */
  tokens: number;
  /** True when there was no index to ask: a file tree and the README instead. */
  fallback: boolean;
}

export interface AssembleOptions {
  /** Real path of the project. */
  root: string;
  task: string;
  /** Tokens for all of it. */
  budget: number;
  index: CodeIndex;
  /** The project's source files, where they are known without an index (`fitsWhole`). */
  paths?: readonly string[];
  /** Report at least this many ranked files, in the prompt or not. */
  limit?: number;
  /** Paths that go first whatever the task is. */
  alwaysInclude?: readonly string[];
  /** Files that must never be shown. */
  isSecret?: (path: string) => boolean;
  /** Takes secrets out of text that will be shown. */
  redact?: (text: string) => string;
  /** Correction of the token estimate, see `learnFactor`. */
  tokenFactor?: number;
  signal?: AbortSignal;
}

/** Whole files and ranges get this share of the budget, signatures the rest. */
const WHOLE_SHARE = 0.6;
/** Candidates looked at for the prompt. */
const MOST_CONSIDERED = 120;
/**
 * A file must have at least this chance of mattering to be shown whole, or as its signatures, within the default
 * budget; who asks for a larger one wants more of them.
 */
const WHOLE_CHANCE = 0.016;
const OUTLINE_CHANCE = 0.002;
const DEFAULT_BUDGET = 24_000;
/** One file may take this share of what is left for whole files; a longer one is shown in ranges. */
const MOST_OF_REST = 0.7;
const MOST_FOR_RANGES = 0.35;
/** A file that is as likely as this to be the one may fill most of it with its ranges. */
const LIKELY = 0.25;
const TESTS_SHOWN = 3;
/** A project of this many files and tokens, and of this share of the budget, is shown whole whatever the task is. */
export const SMALL_FILES = 24;
const SMALL_TOKENS = 1000;
const SMALL_SHARE = 0.1;
/** Below this not even one file can be shown. */
const LEAST_BUDGET = 1000;
/** In fewer tokens nothing of a file can be said. */
const LEAST_OUTLINE = 25;

/**
 * Chooses the code for a task and words it: whole files in the order of their rank while they fit, the relevant
 * definitions of long ones, signatures of the rest, outlines of the tests of what was chosen. What has nothing to do
 * with the task stays out however large the budget is. Of a small project everything is shown, in the order of the
 * paths. The same project and task give the same bytes.
 */
export async function assembleContext(options: AssembleOptions): Promise<AssembledContext> {
  const { index, task, budget } = options;
  const paths = options.paths ?? index.paths();
  if (paths === undefined) return withoutIndex(options);
  const limit = Math.max(options.limit ?? 0, MOST_CONSIDERED);
  const known = fitsWhole(options, paths) ? paths.map(inSmall) : await rankFiles(index, task, { limit });
  const ranked = known.filter(({ path }) => !options.isSecret?.(path));
  options.signal?.throwIfAborted();

  const packer = createPacker(options);
  const always = (options.alwaysInclude ?? []).filter((path) => !options.isSecret?.(path));
  const first = always.map((path) => ranked.find((file) => file.path === path) ?? chosen(path));
  const rest = ranked.filter(({ path }) => !always.includes(path));
  const files = [...first.map((file) => packer.pack(file, 1)), ...rest.map((file) => packer.pack(file, file.share))];
  options.signal?.throwIfAborted();

  const whole = files.filter(({ mode }) => mode === 'full' || mode === 'ranges').slice(0, TESTS_SHOWN);
  for (const path of pairedTests(
    whole.map(({ path: own }) => own),
    paths,
  )) {
    const at = files.findIndex((file) => file.path === path);
    if (files[at] && files[at].mode !== 'none') continue;
    if (options.isSecret?.(path)) continue;
    const test = packer.outlineOf({ ...chosen(path), why: ['tests a chosen file'] });
    if (test.mode === 'none') continue;
    if (at >= 0) files.splice(at, 1);
    files.push(test);
  }

  const byPath = new Map(ranked.map((file) => [file.path, file]));
  for (const [at, { path, mode }] of files.entries()) {
    const file = mode === 'signatures' ? byPath.get(path) : undefined;
    const deeper = file && packer.deepen(file);
    if (deeper) files[at] = deeper;
  }

  const overview = projectOverview(paths, overviewBudget(budget), options.isSecret);
  const text = [overview, ...packer.parts()].filter((part) => part !== '').join('\n\n');
  const inPrompt = files.filter(({ mode }) => mode !== 'none');
  const wanted = options.limit ?? 0;
  const others = files.filter(({ mode }) => mode === 'none').slice(0, Math.max(0, wanted - inPrompt.length));
  const shown = new Set([...inPrompt, ...others]);
  return {
    text,
    files: files.filter((file) => shown.has(file)),
    tokens: estimateTokens(text, 'code', options.tokenFactor),
    fallback: false,
  };
}

/** Whether a project is so small that nothing need be chosen: then neither an index nor the task decides what is shown. */
export function fitsWhole(options: Omit<AssembleOptions, 'task'>, paths: readonly string[]): boolean {
  const { index, budget, tokenFactor, isSecret } = options;
  if (paths.length > SMALL_FILES || budget < LEAST_BUDGET || (options.alwaysInclude ?? []).length > 0) return false;
  let rest = Math.min(SMALL_TOKENS, budget * SMALL_SHARE);
  return paths.every((path) => {
    const text = isSecret?.(path) === true ? '' : (index.read(path)?.text ?? '');
    rest -= estimateTokens(text, 'code', tokenFactor) + TOKENS_A_FRAME;
    return rest >= 0;
  });
}

/** A file that is there for another reason than its rank. */
const chosen = (path: string): RankedFile => ({
  path,
  score: 0,
  share: 0,
  why: ['always included'],
  words: [],
  language: '',
  bytes: 0,
});

const inSmall = (path: string): RankedFile => ({ ...chosen(path), share: 1, why: ['the project is small'] });
/** What a file takes beside its text: its path and two lines. */
const TOKENS_A_FRAME = 20;

interface Packer {
  /** Takes a file into the prompt in the best mode that its chance of mattering and the budget allow. */
  pack(file: RankedFile, chance: number): ContextFile;
  outlineOf(file: RankedFile): ContextFile;
  /** Shows more of a file that is there as signatures, from what is left of a budget larger than the default. */
  deepen(file: RankedFile): ContextFile | undefined;
  /** What was taken, worded, whole files first. */
  parts(): string[];
}

function createPacker({ index, budget, redact = (text) => text, tokenFactor = 1 }: AssembleOptions): Packer {
  const usable = Math.max(0, budget - overviewBudget(budget));
  let forWhole = usable * WHOLE_SHARE;
  let forOutlines = usable - forWhole;
  const caution = Math.min(1, DEFAULT_BUDGET / Math.max(1, budget));
  // Breadth before depth: a budget of twice the size outlines files that are an eighth as likely.
  const outlineChance = OUTLINE_CHANCE * caution ** 3;
  const bodies: string[] = [];
  const outlines = new Map<string, string>();
  const cost = (text: string) => estimateTokens(text, 'code', tokenFactor) + 1;
  const none = ({ path, score, why }: RankedFile): ContextFile => ({ path, score, tokens: 0, mode: 'none', why });
  const word = (path: string, mode: ContextMode, body: string) => {
    const attributes = mode === 'full' ? '' : mode === 'ranges' ? ' part="lines as marked"' : ' part="signatures"';
    return `<file path=${JSON.stringify(path)}${attributes}>\n${body}\n</file>`;
  };
  const entry = ({ path, score, why }: RankedFile, mode: ContextMode, tokens: number): ContextFile => ({
    path,
    score,
    tokens,
    mode,
    why,
  });

  function outlineOf(file: RankedFile): ContextFile {
    if (forOutlines < LEAST_OUTLINE) return none(file);
    const read = index.read(file.path);
    if (!read) return none(file);
    const lines = outline(read.text.split(/\r?\n/), index.symbols(file.path) ?? []);
    let text = word(file.path, 'signatures', lines.join('\n'));
    while (lines.length > 0 && cost(text) > forOutlines) {
      lines.length >>= 1;
      text = word(file.path, 'signatures', lines.join('\n'));
    }
    if (lines.length === 0) return none(file);
    text = word(file.path, 'signatures', redact(lines.join('\n')));
    if (cost(text) > forOutlines) return none(file);
    forOutlines -= cost(text);
    outlines.set(file.path, text);
    return entry(file, 'signatures', cost(text));
  }

  /** Takes a file whole or in ranges; undefined when there is no room for either. */
  function bodyOf(file: RankedFile, chance: number): ContextFile | undefined {
    const read = index.read(file.path);
    if (!read) return none(file);
    const { bytes: content } = read;
    const source = read.text.replaceAll('\r\n', '\n').replace(/\n$/, '');
    const lines = source.split('\n');
    // Looking for secrets takes longer than all the rest: it is done once, on what is sent.
    const add = (mode: ContextMode, body: string, ranges: ReadonlyArray<readonly [number, number]>) => {
      const clean = redact(body);
      const text = word(file.path, mode, clean);
      if (cost(text) > forWhole) return undefined;
      forWhole -= cost(text);
      bodies.push(text);
      const shown = clean === body ? { shown: { content, ranges, lines: lines.length } } : {};
      return { ...entry(file, mode, cost(text)), ...shown };
    };

    const whole = cost(word(file.path, 'full', source));
    if (whole <= Math.max(forWhole * MOST_OF_REST, Math.min(forWhole, 1500)))
      return add('full', source, [[1, lines.length]]);
    const room = forWhole * (chance >= LIKELY ? MOST_OF_REST : MOST_FOR_RANGES);
    const part = (some: readonly LineRange[]) => cost(word(file.path, 'ranges', rangesBody(lines, some)));
    const ranges = relevantRanges(lines, index.symbols(file.path) ?? [], file.words, (some) => part(some) <= room);
    if (ranges.length === 0) return undefined;
    const runs = ranges.map(({ from, to }) => [from, to] as const);
    return add('ranges', rangesBody(lines, ranges), runs);
  }

  return {
    outlineOf,
    parts: () => [...bodies, ...outlines.values()],
    pack(file, chance) {
      if (chance < outlineChance) return none(file);
      const body = chance >= WHOLE_CHANCE * caution && forWhole >= 200 ? bodyOf(file, chance) : undefined;
      return body ?? outlineOf(file);
    },
    deepen(file) {
      const outlined = outlines.get(file.path);
      if (outlined === undefined || budget <= DEFAULT_BUDGET) return undefined;
      const room = forWhole + forOutlines + cost(outlined);
      const before = forWhole;
      forWhole = room;
      const body = room >= 200 ? bodyOf(file, file.share) : undefined;
      if (!body || body.mode === 'none') {
        forWhole = before;
        return undefined;
      }
      forOutlines = 0;
      outlines.delete(file.path);
      return body;
    },
  };
}

/** Tokens kept back for the overview of the project. */
const overviewBudget = (budget: number) => Math.min(400, Math.floor(budget / 20));

/** Lines go without numbers, as edits need them; a mark before each run says where it stands. */
function rangesBody(lines: readonly string[], ranges: readonly LineRange[]): string {
  const runs = ranges.map(
    ({ from, to }) => `[lines ${from}-${to} of ${lines.length}]\n${lines.slice(from - 1, to).join('\n')}`,
  );
  return runs.join('\n');
}
