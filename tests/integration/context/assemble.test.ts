import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assembleContext, fitsWhole, SMALL_FILES } from '../../../src/context/assemble.ts';
import { rankFiles } from '../../../src/context/rank.ts';
import { indexOf, perFile } from '../../support/code-index.ts';
import { gitProject } from '../../support/git-project.ts';
import { tempProject } from '../../support/temp-project.ts';

const filler = (topic: string, count: number) =>
  Array.from(
    { length: count },
    (_, index) => `export function ${topic}${index}(value: number) {\n  return value * ${index};\n}\n`,
  ).join('\n');

const SHOP = {
  'src/auth/session-store.ts':
    '/** Keeps who is logged in. */\nexport class SessionStore {\n  /** Gives a new token. */\n  refreshToken(id: string) {\n    return sign(id);\n  }\n}\n',
  'tests/auth/session-store.test.ts':
    "import { SessionStore } from '../src/auth/session-store';\nexport function refreshesToken() {\n  return new SessionStore();\n}\n",
  'src/cart/total.ts': 'export function total(items: number[]) {\n  return items.length;\n}\n',
  'src/cart/tax.ts': 'export const tax = (price: number) => price * 0.2;\n',
  'src/mail/sender.ts': filler('send', 3),
  // Large enough that something has to be chosen.
  'src/mail/letters.ts': filler('letter', 60),
  'docs/session.ts': '// session token refresh, explained\nexport const docs = 1;\n',
  'README.md': '# Shop\n\nSells things.\n',
};
const TASK = 'refreshToken in SessionStore returns an expired token';

describe('rankFiles', () => {
  it('puts what the task names first, tests and documents behind it, and has every file', async () => {
    using project = gitProject(SHOP);
    const index = indexOf(project.root);
    await index.refresh();
    const ranked = await rankFiles(index, TASK, { limit: 10 });
    const place = (path: string) => ranked.findIndex((file) => file.path === path);
    expect([place('src/auth/session-store.ts'), ranked.length]).toEqual([0, 7]);
    expect(ranked[0]?.why).toContain('defines a name in the task');
    expect(place('docs/session.ts')).toBeGreaterThan(place('tests/auth/session-store.test.ts'));
  });

  it('puts what changes often first where nothing speaks of the task', async () => {
    using project = gitProject(SHOP);
    for (let commit = 0; commit < 3; commit++) {
      project.write('src/mail/sender.ts', `${SHOP['src/mail/sender.ts']}// ${commit}\n`);
      project.git('commit', '-qam', `Sender ${commit}`);
    }
    const index = indexOf(project.root);
    await index.refresh();
    const ranked = await rankFiles(index, 'zebra', { limit: 10 });
    expect(ranked[0]?.path).toBe('src/mail/sender.ts');
    expect(ranked.map(({ share }) => share)).toEqual(ranked.map(() => 0));
  });

  it('puts the tests first when the task asks for tests', async () => {
    using project = gitProject({
      ...SHOP,
      'tests/cart/total.test.ts': 'import { total } from "../../src/cart/total";\ntotal([]);\n',
    });
    const index = indexOf(project.root);
    await index.refresh();
    const [first] = await rankFiles(index, 'test total.test.ts for an empty cart', { limit: 10 });
    expect(first?.path).toBe('tests/cart/total.test.ts');
    // Such a task changes what is tested more often than the test alone.
    const against = async (task: string) =>
      perFile(await index.query(task))?.find(({ path }) => path === 'tests/cart/total.test.ts')?.features.test ?? 0;
    const asked = await against('test the total of a cart');
    expect([asked > 0, asked < (await against('total of a cart'))]).toEqual([true, true]);
  });

  it('follows a path that the task names', async () => {
    using project = gitProject(SHOP);
    const index = indexOf(project.root);
    await index.refresh();
    const [first] = await rankFiles(index, 'src/cart/tax.ts: the session token is wrong', { limit: 10 });
    expect(first).toMatchObject({ path: 'src/cart/tax.ts', why: expect.arrayContaining(['the task names it']) });
  });

  it('knows short forms, split names and word forms', async () => {
    using project = gitProject({
      'src/cfg.ts': 'export const cfg = load();\n',
      'src/http_client.ts': 'export function parsing() {}\n',
      'src/other.ts': 'export const nothing = 1;\n',
    });
    const index = indexOf(project.root);
    await index.refresh();
    const first = async (task: string) => (await rankFiles(index, task, { limit: 5 }))[0]?.path;
    expect(await first('the configuration is ignored')).toBe('src/cfg.ts');
    expect(await first('HttpClient hangs')).toBe('src/http_client.ts');
    expect(await first('the parser is slow')).toBe('src/http_client.ts');
  });
});

describe('assembleContext', () => {
  const assemble = async (
    files: Record<string, string>,
    task: string,
    more: Partial<Parameters<typeof assembleContext>[0]> = {},
  ) => {
    using project = gitProject(files);
    const index = indexOf(project.root);
    await index.refresh();
    const context = await assembleContext({ root: project.root, task, budget: 24_000, index, ...more });
    index.close();
    return context;
  };
  const modes = (context: { files: ReadonlyArray<{ path: string; mode: string }> }) =>
    context.files.map(({ path, mode }) => `${mode} ${path}`);

  it('shows what matters whole and leaves out what has nothing to do with the task', async () => {
    const context = await assemble(SHOP, TASK);
    expect(context.text).toContain(
      `<file path="src/auth/session-store.ts">\n${SHOP['src/auth/session-store.ts'].trimEnd()}\n</file>`,
    );
    expect(context.text).not.toContain('src/mail/sender.ts">');
    expect(context.text).not.toContain('price * 0.2');
    expect(modes(context)[0]).toBe('full src/auth/session-store.ts');
    expect(context.fallback).toBe(false);
  });

  it('costs little when nothing in the project speaks of the task', async () => {
    const context = await assemble(SHOP, 'hello world');
    expect(context.files).toEqual([]);
    expect(context.tokens).toBeLessThan(80);
    expect((await assemble({ 'README.md': 'x\n' }, 'write a program')).text).toBe('');
  });

  it('spends a budget larger than the default on what matters, each file once', async () => {
    const parts = Array.from({ length: 30 }, (_, index) => [
      `src/part${index}.ts`,
      `// a token, twice\n${filler(`part${index}x`, 110)}`,
    ]);
    const files = {
      ...Object.fromEntries(parts),
      'src/sign-token.ts': 'export function signToken() {}\n',
      'src/lib/sign.ts': 'export const sign = 1;\n',
    };
    const spent = async (budget: number) => {
      const context = await assemble(files, 'a token is signed twice', { budget });
      const paths = [...context.text.matchAll(/<file path="([^"]+)"/g)].map(([, path]) => path);
      expect(paths).toEqual([...new Set(paths)]);
      expect(context.tokens).toBeLessThanOrEqual(budget);
      return { tokens: context.tokens, whole: context.files.filter(({ mode }) => mode === 'full').length };
    };
    const [small, large] = [await spent(24_000), await spent(60_000)];
    expect(large.tokens).toBeGreaterThan(55_000);
    expect(small).toMatchObject({ whole: 2 });
    expect(large.whole).toBeGreaterThan(10);
  });

  it('shows long files by the definitions that matter, marked with their lines', async () => {
    const long = `${filler('alpha', 300)}\n/** Signs a token. */\nexport function signToken(id: string) {\n  return id;\n}\n\n${filler('omega', 300)}`;
    const context = await assemble({ ...SHOP, 'src/auth/sign.ts': long }, 'signToken must reject an empty id', {
      budget: 6000,
    });
    expect(modes(context)[0]).toBe('ranges src/auth/sign.ts');
    const lines = long.split('\n');
    const at = lines.indexOf('export function signToken(id: string) {') + 1;
    expect(context.text).toContain(
      `[lines ${at - 1}-${at + 2} of ${lines.length - 1}]\n/** Signs a token. */\nexport function signToken`,
    );
    expect(context.files[0]?.shown?.ranges).toContainEqual([at - 1, at + 2]);
  });

  it('adds outlines of the tests of what it shows', async () => {
    const context = await assemble(
      {
        ...SHOP,
        'src/cart/total.ts': `${SHOP['src/cart/total.ts']}// rounding\n`,
        'tests/cart/total.test.ts': 'export function countsItems() {}\n',
      },
      'rounding',
    );
    expect(modes(context)).toContain('signatures tests/cart/total.test.ts');
    expect(context.text).toContain('1: export function countsItems()');
  });

  it('puts always-include files first and never shows secret ones', async () => {
    const context = await assemble(SHOP, TASK, {
      alwaysInclude: ['README.md', '../outside.md'],
      isSecret: (path) => path.includes('session-store'),
    });
    expect(modes(context)[0]).toBe('full README.md');
    expect(context.text).not.toContain('session-store');
  });

  it('shows what redaction leaves and does not count it as seen', async () => {
    const redact = (text: string) => text.replaceAll('sign(id)', '[secret]');
    const context = await assemble(SHOP, TASK, { redact });
    expect(context.text).toContain('return [secret];');
    expect(context.files[0]).not.toHaveProperty('shown');
  });

  it('reports ranked files that are not in the prompt when asked for them', async () => {
    const files = {
      ...SHOP,
      ...Object.fromEntries(
        Array.from({ length: 30 }, (_, index) => [`src/t${index}.ts`, `// token\n${filler(`f${index}x`, 60)}`]),
      ),
    };
    const context = await assemble(files, TASK, { budget: 2000, limit: 25 });
    expect(context.files).toHaveLength(25);
    expect(context.files.filter(({ mode }) => mode === 'none').every(({ tokens }) => tokens === 0)).toBe(true);
    expect(context.files.some(({ mode }) => mode === 'none')).toBe(true);
  });

  it('gives the same bytes for the same project and task', async () => {
    const [first, second] = [await assemble(SHOP, TASK), await assemble(SHOP, TASK)];
    expect(second.text).toBe(first.text);
    expect(second.files.map(({ shown: _, ...file }) => file)).toEqual(first.files.map(({ shown: _, ...file }) => file));
  });

  it('shows a small project whole, with an index or without, whatever the task is', async () => {
    const word = fc.constantFrom('cart', 'total', 'session', 'token', 'é', 'mail', 'a-b');
    const file = fc.tuple(word, word, fc.integer({ min: 0, max: 9 })).map(([folder, name, count]) => ({
      path: `${folder}/${name}${count}.ts`,
      text: filler(name.replace(/\W/g, ''), count),
    }));
    let whole = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 8 }), word, async (files, task) => {
        using project = gitProject(Object.fromEntries(files.map(({ path, text }) => [path, `// ${path}\n${text}`])));
        const index = indexOf(project.root);
        const isSecret = (path: string) => path.startsWith('mail');
        const options = { root: project.root, task, budget: 24_000, index, isSecret };
        const paths = await index.sources(SMALL_FILES);
        if (paths === undefined || !fitsWhole(options, paths)) return;
        whole++;
        const without = await assembleContext({ ...options, paths });
        await index.refresh();
        const withIndex = await assembleContext(options);
        index.close();
        expect(withIndex).toEqual(without);
        expect(modes(without)).toEqual(paths.filter((path) => !isSecret(path)).map((path) => `full ${path}`));
        expect(without.tokens).toBeLessThan(1500);
      }),
      { numRuns: 12 },
    );
    expect(whole).toBeGreaterThan(3);
  });

  it('falls back to the file tree and the README while there is no index', async () => {
    using project = tempProject({ ...SHOP, '.env': 'KEY=1\n' });
    const index = indexOf(project.root);
    const context = await assembleContext({
      root: project.root,
      task: TASK,
      budget: 1000,
      index,
      isSecret: (path) => path.startsWith('docs'),
    });
    expect(context).toMatchObject({ fallback: true, files: [] });
    expect(context.text).toContain('src/\n  auth/\n    session-store.ts');
    expect(context.text).toContain('README:\n# Shop');
    expect(context.text).not.toMatch(/\.env|docs/);
  });

  it('never exceeds its budget, whatever is asked', async () => {
    const files = {
      ...SHOP,
      ...Object.fromEntries(
        Array.from({ length: 60 }, (_, index) => [
          `src/pkg${index % 7}/token${index}.ts`,
          filler(`token${index}x`, index * 4),
        ]),
      ),
    };
    using project = gitProject(files);
    const index = indexOf(project.root);
    await index.refresh();
    const task = fc.array(fc.constantFrom('token', 'session', 'refresh', 'send', 'total', 'store', 'tests'), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(task, fc.integer({ min: 0, max: 30_000 }), async (words, budget) => {
        const context = await assembleContext({ root: project.root, task: words.join(' '), budget, index });
        expect(context.tokens).toBeLessThanOrEqual(budget);
      }),
      { numRuns: 40 },
    );
    index.close();
  });
});
