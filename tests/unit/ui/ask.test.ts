import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Question } from '../../../src/agent/ask.ts';
import type { ControllingTerminal } from '../../../src/platform/terminal.ts';
import { askSecret, createAsker } from '../../../src/ui/ask.ts';

const signal = new AbortController().signal;

/** A terminal whose person answers each prompt with the next line; undefined ends the input. */
function person(lines: ReadonlyArray<string | undefined>, columns = 80) {
  const input = new PassThrough();
  const said = [...lines];
  let screen = '';
  const output = new Writable({
    write(chunk, _encoding, done) {
      screen += chunk;
      if (/(?:instead: |\] |> |Key: )$/.test(screen)) {
        const line = said.shift();
        if (line !== undefined) input.write(`${line}\n`);
        else input.end();
      }
      done();
    },
  });
  const terminal: ControllingTerminal = {
    input,
    output,
    isTTY: false,
    columns: () => columns,
    close: () => input.end(),
  };
  return { terminal, screen: () => screen };
}

function approve(
  command: string,
  judgement: Partial<Extract<Question, { kind: 'approve' }>['judgement']> = {},
): Question {
  return {
    kind: 'approve',
    id: 'c1',
    command,
    judgement: {
      verdict: 'ask',
      rule: 'files.rm-recursive',
      category: 'files',
      reason: 'deletes a folder and all that is in it',
      safer: 'move it away: mv build build.old',
      part: 'rm -rf build',
      parts: [command],
      readOnly: false,
      ...judgement,
    },
  };
}

async function ask(
  question: Question,
  line: string | undefined,
  options: { columns?: number; color?: 0 | 1; plain?: boolean } = {},
) {
  const { terminal, screen } = person([line], options.columns);
  const asker = createAsker({ terminal, yes: false, color: options.color ?? 0, plain: options.plain ?? false });
  return { answer: await asker.ask(question, signal), screen: screen() };
}

describe('the question about a command', () => {
  it('shows the command, the part that matched, the rule, the reason and the safer way', async () => {
    const { screen } = await ask(approve('cd web && rm -rf build && npm run build'), 'n');

    expect(screen).toBe(`
! This needs your yes:
  │ cd web && rm -rf build && npm run build
              ^^^^^^^^^^^^
  rule  files.rm-recursive (files)
  why   deletes a folder and all that is in it
  safer move it away: mv build build.old
Run it, this once? y, n, or say what to do instead: `);
  });

  it('marks the part with colour', async () => {
    const { screen } = await ask(approve('cd web && rm -rf build'), 'n', { color: 1 });

    expect(screen.split('\n').slice(1, 3)).toEqual([
      '\x1b[33m! This needs your yes:\x1b[39m',
      '\x1b[2m  │ \x1b[22mcd web && \x1b[31m\x1b[1mrm -rf build\x1b[22m\x1b[39m',
    ]);
  });

  it('shows every line, and where a long one goes on', async () => {
    const { screen } = await ask(approve(`cat > x <<E\n${'a'.repeat(50)}  b\nE`, { part: 'cat' }), 'n', {
      columns: 40,
    });

    expect(screen.split('\n').slice(1, 7)).toEqual([
      '! This needs your yes, all 3 lines of it:',
      '  │ cat > x <<E',
      '    ^^^',
      `  │ ${'a'.repeat(36)}`,
      `  ┊ ${'a'.repeat(14)}  b`,
      '  │ E',
    ]);
  });

  it('says how much there is to scroll through, and leaves nothing of it out', async () => {
    const { screen } = await ask(approve(`rm -rf build ${'x'.repeat(3000)} end`), 'n', { columns: 80 });

    expect(screen).toContain('! This needs your yes (41 rows: scroll up to see them all):');
    expect(screen.match(/x/g)).toHaveLength(3000);
  });

  it('makes visible what hides: escapes, carriage returns, direction marks, zero width, strange blanks', async () => {
    const { screen } = await ask(
      approve('echo ok\rrm \x1b[8m-rf\u202e \u200b~\u00a0/', { part: 'rm', reason: 'clears\x1b[2J' }),
      'n',
    );

    expect(screen).toContain('  │ echo ok‹CR›rm ‹ESC›[8m-rf‹U+202E› ‹U+200B›~‹U+00A0›/\n               ^^\n');
    expect(screen).toContain('why   clears‹ESC›[2J');
    expect(screen).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e\u200b]/);
  });

  it('sets the carets under wide characters too', async () => {
    const { screen } = await ask(approve('rm 日本 && ls', { part: '日本' }), 'n');

    expect(screen).toContain('  │ rm 日本 && ls\n       ^^^^\n');
  });

  it('hides nothing behind many blanks', async () => {
    const { screen } = await ask(approve(`ls${' '.repeat(200)}; rm -rf build`), 'n');

    expect(screen).toContain('; rm -rf build\n');
  });

  it('names the part again when it is not in the command as written, or scrolled away', async () => {
    const resolved = await ask(approve('$X build', { part: 'rm -rf build' }), 'n');
    const long = await ask(approve(`rm -rf build ${'x'.repeat(3000)}`), 'n');

    expect(resolved.screen).toContain('\n  part  rm -rf build\n');
    expect(long.screen).toContain('\n  part  rm -rf build\n');
  });

  it('uses words and ASCII for screen readers', async () => {
    const { screen } = await ask(approve('rm -rf build'), 'n', { plain: true });

    expect(screen).toContain('\nwarning: This needs your yes:\n  | rm -rf build\n    ^^^^^^^^^^^^\n');
  });

  it.each([
    ['y', { answer: 'yes' }],
    ['YES', { answer: 'yes' }],
    [' y ', { answer: 'yes' }],
    ['n', { answer: 'no' }],
    ['no', { answer: 'no' }],
    ['', { answer: 'no' }],
    ['always', { answer: 'no', said: 'always' }],
    ['yes please', { answer: 'no', said: 'yes please' }],
    ['use git clean', { answer: 'no', said: 'use git clean' }],
    [undefined, { answer: 'no' }],
  ])('takes %j for %j', async (line, expected) => {
    expect((await ask(approve('rm -rf build'), line)).answer).toEqual(expected);
  });
});

describe('createAsker', () => {
  const commit: Question = { kind: 'confirm', id: 'q', text: 'Commit?', detail: 'two files', fallback: true };

  it.each([
    ['', true, { answer: 'yes' }],
    ['', false, { answer: 'no' }],
    ['y', false, { answer: 'yes' }],
    ['n', true, { answer: 'no' }],
    ['the name is wrong', true, { answer: 'no', said: 'the name is wrong' }],
    [undefined, true, { answer: 'no' }],
  ])('takes %j to a question whose fallback is %s for %j', async (line, fallback, expected) => {
    const { answer, screen } = await ask({ ...commit, fallback }, line);

    expect(answer).toEqual(expected);
    expect(screen).toBe(`\ntwo files\nCommit? ${fallback ? '[Y/n]' : '[y/N]'} `);
  });

  it.each([
    ['the second one', { answer: 'yes', said: 'the second one' }],
    ['', { answer: 'no' }],
    [undefined, { answer: 'no' }],
  ])('takes %j for the answer in words %j', async (line, expected) => {
    const { answer, screen } = await ask({ kind: 'text', id: 'q', text: 'Which\none?' }, line);

    expect(answer).toEqual(expected);
    expect(screen).toBe('\nWhich\none?\n> ');
  });

  it('lets --yes answer what is harmless, and never a command', async () => {
    const { terminal, screen } = person(['n']);
    const asker = createAsker({ terminal, yes: true, color: 0 });

    expect(await asker.ask(commit, signal)).toEqual({ answer: 'yes' });
    expect(screen()).toBe('');
    expect(await asker.ask(approve('rm -rf build'), signal)).toEqual({ answer: 'no' });
  });

  it('answers no for nobody, but for what --yes covers', async () => {
    const nobody = createAsker({ terminal: undefined, yes: false, color: 0 });
    const agreed = createAsker({ terminal: undefined, yes: true, color: 0 });

    expect(nobody.present).toBe(false);
    for (const question of [commit, approve('ls'), { kind: 'text', id: 'q', text: 'Which?' } as const]) {
      expect(await nobody.ask(question, signal)).toEqual({ answer: 'no' });
    }
    expect(await agreed.ask(commit, signal)).toEqual({ answer: 'yes' });
    expect(await agreed.ask(approve('ls'), signal)).toEqual({ answer: 'no' });
  });

  it('asks one question after the other, also when the input has ended', async () => {
    const { terminal, screen } = person(['y']);
    const asker = createAsker({ terminal, yes: false, color: 0 });

    const answers = await Promise.all(
      ['one', 'two', 'three'].map((command) => asker.ask(approve(command, { part: command }), signal)),
    );

    expect(answers).toEqual([{ answer: 'yes' }, { answer: 'no' }, { answer: 'no' }]);
    expect(screen().match(/one|two|three/g)).toEqual(['one', 'two', 'three']);
  });

  it('keeps the screen still while a question is open', async () => {
    const seen: string[] = [];
    const { terminal } = person(['y']);
    const screen = { pause: () => seen.push('pause'), resume: () => seen.push('resume') };

    await createAsker({ terminal, yes: false, color: 0, screen }).ask(approve('ls'), signal);

    expect(seen).toEqual(['pause', 'resume']);
  });

  it.each([approve('ls'), { kind: 'confirm', id: 'commit', text: 'Commit?', fallback: false } as const])(
    'forgets what was typed before the question was seen: $kind',
    async (question) => {
      const order: string[] = [];
      const { terminal, screen } = person(['y']);
      const forgetTyped = async () => void order.push(screen() === '' ? 'before' : 'after');
      const asker = createAsker({ terminal: { ...terminal, forgetTyped }, yes: false, color: 0 });

      await asker.ask(question, signal);

      expect(order).toEqual(['before']);
    },
  );

  it('rejects with the reason when it is aborted, and asks no more', async () => {
    const input = new PassThrough();
    const terminal: ControllingTerminal = {
      input,
      output: new PassThrough(),
      isTTY: false,
      columns: () => 80,
      close: () => {},
    };
    const stop = new AbortController();
    const asker = createAsker({ terminal, yes: false, color: 0 });

    const first = asker.ask(approve('one'), stop.signal);
    const second = asker.ask(approve('two'), stop.signal);
    stop.abort(new Error('stopped'));

    await expect(first).rejects.toThrow('stopped');
    await expect(second).rejects.toThrow('stopped');
  });

  it('answers no when the terminal goes away', async () => {
    const input = new PassThrough();
    const terminal: ControllingTerminal = {
      input,
      output: new PassThrough(),
      isTTY: false,
      columns: () => 80,
      close: () => {},
    };

    const answer = createAsker({ terminal, yes: false, color: 0 }).ask(approve('ls'), signal);
    setImmediate(() => input.emit('error', new Error('EIO')));

    expect(await answer).toEqual({ answer: 'no' });
  });
});

describe('askSecret', () => {
  it('reads a line and shows nothing of it', async () => {
    const { terminal, screen } = person(['sk-ant-secret ']);

    expect(await askSecret(terminal, 'Key:', { signal })).toBe('sk-ant-secret');
    expect(screen()).toBe('Key: \n');
  });

  it.each(['', undefined])('is undefined for %j', async (line) => {
    const { terminal } = person([line]);

    expect(await askSecret(terminal, 'Key:', { signal })).toBeUndefined();
  });
});
