import { parseArguments } from './arguments.ts';
import type { SimpleCommand } from './command.ts';
import type { Nested } from './nested.ts';
import { normalize } from './paths.ts';
import { literal, type Stream, type Word } from './word.ts';

const PACKAGE_MANAGERS = new Set(['npm', 'pnpm', 'yarn', 'bun']);
const LIFECYCLE: Readonly<Record<string, readonly string[]>> = {
  install: ['preinstall', 'install', 'postinstall', 'prepare'],
  i: ['preinstall', 'install', 'postinstall', 'prepare'],
  ci: ['preinstall', 'install', 'postinstall', 'prepare'],
  add: ['preinstall', 'install', 'postinstall', 'prepare'],
  publish: ['prepublishOnly', 'prepare', 'publish', 'postpublish'],
  pack: ['prepack', 'prepare', 'postpack'],
  t: ['pretest', 'test', 'posttest'],
};

type ContentOf = (path: string) => Stream | undefined;

const DOWNLOAD: Nested = { kind: 'finding', rule: 'remote.run-download' };

/** The package script or make recipe that runs, when its file was changed in this session; undefined otherwise. */
export function projectScriptNested(command: SimpleCommand, contentOf: ContentOf): Nested[] | undefined {
  if (PACKAGE_MANAGERS.has(command.program)) return scriptsSet(command) ?? packageScripts(command, contentOf);
  if (command.program === 'make' || command.program === 'gmake') return makeRecipes(command, contentOf);
  return undefined;
}

/** What variables on make's command line put into recipes, where it reads like commands: `make CC='rm -rf x;'`. */
export function recipeValues({ program, words }: SimpleCommand): Word[] {
  if (program !== 'make' && program !== 'gmake') return [];
  return words.flatMap(({ text, certain }) => {
    const value = certain ? /^\w+[:?]?=(.*[\s;|&`$].*)$/s.exec(text)?.[1] : undefined;
    return value === undefined ? [] : [literal(value)];
  });
}

/** `npm pkg set scripts.x='…'`: what is written there is for running. */
function scriptsSet({ words }: SimpleCommand): Nested[] | undefined {
  const line = words.map(({ text }) => text);
  const old = line.findIndex((text, at) => text === 'set-script' || (text === 'script' && line[at - 1] === 'set'));
  const texts =
    old === -1 ? line.flatMap((text) => /^scripts\.[^=]+=(.+)$/s.exec(text)?.[1] ?? []) : line.slice(old + 2, old + 3);
  return texts.length === 0 ? undefined : texts.map((text) => ({ kind: 'shell', text: literal(text) }));
}

function packageScripts({ words, bases }: SimpleCommand, contentOf: ContentOf): Nested[] | undefined {
  const content = contentOf(normalize(`${bases[0] ?? ''}/package.json`));
  if (content?.downloaded) return [DOWNLOAD];
  if (content?.text === undefined) return undefined;
  const scripts = scriptsOf(content.text);
  if (scripts === undefined) return [{ kind: 'finding', rule: 'unresolved.script', detail: 'package.json' }];
  const operands = words.filter(({ text }) => !text.startsWith('-')).map(({ text }) => text);
  const [first = 'install', second] = operands;
  const named = first === 'run' || first === 'run-script';
  const asked = named ? second : first;
  if (asked === undefined) return undefined;
  const names = (named ? undefined : LIFECYCLE[asked]) ?? [`pre${asked}`, asked, `post${asked}`];
  const texts = names.flatMap((name) => (Object.hasOwn(scripts, name) ? [scripts[name]] : []));
  return texts.flatMap((text): Nested[] => (typeof text === 'string' ? [{ kind: 'shell', text: literal(text) }] : []));
}

function scriptsOf(content: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(content);
    if (typeof parsed !== 'object' || parsed === null || !('scripts' in parsed)) return {};
    return typeof parsed.scripts === 'object' && parsed.scripts !== null ? { ...parsed.scripts } : {};
  } catch {
    return undefined;
  }
}

function makeRecipes({ words, bases, input }: SimpleCommand, contentOf: ContentOf): Nested[] | undefined {
  const named = words.flatMap((word, index) => {
    const glued = /^(?:-f|--(?:make)?file=)(.+)$/.exec(word.text)?.[1];
    if (glued !== undefined) return [literal(glued)];
    return /^(?:-f|--(?:make)?file)$/.test(word.text) ? words.slice(index + 1, index + 2) : [];
  })[0];
  const content =
    named !== undefined && /^(?:-|\/dev\/stdin)$/.test(named.text)
      ? input
      : named !== undefined
        ? (named.stream ?? contentOf(normalize(`${bases[0] ?? ''}/${named.text}`)))
        : ['GNUmakefile', 'makefile', 'Makefile']
            .map((name) => contentOf(normalize(`${bases[0] ?? ''}/${name}`)))
            .find((found) => found !== undefined);
  if (content?.downloaded) return [DOWNLOAD];
  if (content?.text === undefined) return undefined;
  const makefile = content.text.replaceAll('\\\n', ' ');
  const rules = readMakefile(makefile);
  const variables = makeVariables(makefile, words);
  const asked = parseArguments('make', words)
    .operands.map(({ text }) => text)
    .filter((text) => !text.includes('='));
  const wanted = asked.length > 0 ? asked : [...rules.keys()].filter((name) => !name.startsWith('.')).slice(0, 1);
  const seen = new Set<string>();
  const nested: Nested[] = [];
  while (wanted.length > 0) {
    const target = wanted.shift() ?? '';
    const rule = rules.get(target);
    if (rule === undefined || seen.has(target)) continue;
    seen.add(target);
    wanted.push(...rule.needs);
    nested.push(
      ...rule.recipe.map((line): Nested => ({ kind: 'shell', text: literal(expandMake(line, variables, target, 0)) })),
    );
  }
  return nested;
}

/** What a Makefile and the command line set; a variable that is set twice is none that could be told. */
function makeVariables(content: string, words: readonly Word[]): Map<string, string> {
  const variables = new Map<string, string>();
  const twice = new Set<string>();
  for (const [, name = '', value = ''] of content.matchAll(/^(?:export[ ]+)?([A-Za-z_]\w*)[ ]*[:?]?:?=[ ]*(.*)$/gm)) {
    if (variables.has(name)) twice.add(name);
    variables.set(name, value.replace(/\s#.*$/, '').trim());
  }
  for (const name of twice) variables.delete(name);
  for (const { text, certain } of words) {
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) continue;
    if (certain) variables.set(name, value);
    else variables.delete(name);
  }
  return variables;
}

/** Values within values; what refers to itself ends here. */
const DEEPEST_VALUE = 8;
const LONGEST_LINE = 8192;

/** A line as make hands it to the shell. What it does not set itself reads like a variable of the shell. */
function expandMake(line: string, variables: ReadonlyMap<string, string>, target: string, depth: number): string {
  if (line.length > LONGEST_LINE || depth > DEEPEST_VALUE) return line;
  return line.replace(/\$(?:\$|@|\((\w+)\)|\{(\w+)\})/g, (written, first?: string, second?: string) => {
    if (written === '$$') return '$';
    if (written === '$@') return target;
    const name = first ?? second ?? '';
    const value = variables.get(name);
    return value === undefined ? `\${${name}}` : expandMake(value, variables, target, depth + 1);
  });
}

function readMakefile(content: string): Map<string, { needs: string[]; recipe: string[] }> {
  const rules = new Map<string, { needs: string[]; recipe: string[] }>();
  let current: Array<{ needs: string[]; recipe: string[] }> = [];
  for (const line of content.split('\n')) {
    if (line.startsWith('\t')) {
      const command = line.trim().replace(/^[@+-]+/, '');
      for (const rule of current) if (command !== '') rule.recipe.push(command);
      continue;
    }
    const match = /^([^\s:#=][^:#=]*)::?(?!=)\s*([^=]*)$/.exec(line);
    if (match === null) continue;
    const [needs = '', inline] = (match[2] ?? '').split(';', 2);
    current = (match[1] ?? '')
      .trim()
      .split(/\s+/)
      .map((name) => {
        const rule = rules.get(name) ?? { needs: [], recipe: [] };
        rule.needs.push(...needs.split(/\s+/).filter((need) => need !== ''));
        if (inline !== undefined) rule.recipe.push(inline.trim());
        rules.set(name, rule);
        return rule;
      });
  }
  return rules;
}
