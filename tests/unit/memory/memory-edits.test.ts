import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  generatedBlock,
  generatedBlocks,
  sessionLines,
  withGenerated,
  withNote,
  withSessionLine,
} from '../../../src/memory/memory-edits.ts';
import { markdown } from './markdown.ts';

const LINE = '- 2026-01-02: added a login';

describe('withSessionLine', () => {
  it.each([
    ['', '## Session Log\n\n- 2026-01-02: added a login\n'],
    ['# Memory', '# Memory\n\n## Session Log\n\n- 2026-01-02: added a login\n'],
    ['## Session Log\n', '## Session Log\n\n- 2026-01-02: added a login\n'],
    ['## Session Log\n\n- old\n', '## Session Log\n\n- old\n- 2026-01-02: added a login\n'],
    ['## Session Log\n\n- old', '## Session Log\n\n- old\n- 2026-01-02: added a login\n'],
    [
      '## Session Log\n\n- old\n  more\n\n## Next\n',
      '## Session Log\n\n- old\n  more\n- 2026-01-02: added a login\n\n## Next\n',
    ],
    ['## Session Log\n- old\n## Next\n', '## Session Log\n- old\n- 2026-01-02: added a login\n\n## Next\n'],
    [
      '## Session Log\n<!-- what was done -->\n',
      '## Session Log\n<!-- what was done -->\n\n- 2026-01-02: added a login\n',
    ],
    ['## Session Log\r\n\r\n- old\r\n', '## Session Log\r\n\r\n- old\r\n- 2026-01-02: added a login\r\n'],
    ['```\n## Session Log\n```\n', '```\n## Session Log\n```\n\n## Session Log\n\n- 2026-01-02: added a login\n'],
    ['# M\n\n## Notes\n```\nopen\n', '# M\n\n## Session Log\n\n- 2026-01-02: added a login\n\n## Notes\n```\nopen\n'],
    ['## Session Log\n- old\n```\nopen', '## Session Log\n- old\n- 2026-01-02: added a login\n\n```\nopen'],
    ['```\nopen\n', '## Session Log\n\n- 2026-01-02: added a login\n\n```\nopen\n'],
  ])('%j', (before, after) => {
    expect(withSessionLine(before, LINE)).toBe(after);
  });

  it('puts blank lines nowhere, however often it is called', () => {
    let text = '# Memory\n\n## Session Log\n';
    for (let day = 1; day <= 100; day++) text = withSessionLine(text, `- 2026-01-01: session ${day}`);
    expect(text.match(/^$/gm)?.length).toBe(3);
    expect(sessionLines(text).at(-1)).toBe('2026-01-01: session 100');
  });

  it('keeps the newest 20 when there are more than 30, and every other line', () => {
    const entries = Array.from(
      { length: 30 },
      (_, day) => `- 2026-01-${String(day + 1).padStart(2, '0')}: day ${day + 1}`,
    );
    const before = `## Session Log\n\nA word of mine.\n\n${entries.join('\n')}\n\nMore of mine.\n\n## Notes\n- 2020-01-01: not a session\n`;
    const after = withSessionLine(before, '- 2026-02-01: the newest');
    const kept = [...entries.slice(11), '- 2026-02-01: the newest'].map((line) => line.slice(2));
    expect(sessionLines(after)).toEqual(kept);
    expect(after).toContain('A word of mine.');
    expect(after).toContain('More of mine.');
    expect(after).toContain('## Notes\n- 2020-01-01: not a session\n');
  });

  it('prunes the log as Nex AI wrote it, blank lines between its entries', () => {
    const entries = Array.from(
      { length: 31 },
      (_, day) => `- [2026-01-${String(day + 1).padStart(2, '0')}] day ${day + 1}\n`,
    );
    const after = withSessionLine(`## Session Log\n\n${entries.join('\n')}`, LINE.replace('01-02', '02-02'));
    expect(sessionLines(after)).toHaveLength(20);
    expect(sessionLines(after)[0]).toBe('[2026-01-13] day 13');
  });

  it('prunes nothing while the log is in conflict', () => {
    const side = (name: string) => Array.from({ length: 20 }, (_, day) => `- 2026-01-01: ${name} ${day}`).join('\n');
    const before = `## Session Log\n\n<<<<<<< HEAD\n${side('ours')}\n=======\n${side('theirs')}\n>>>>>>> nex/x\n`;
    const after = withSessionLine(before, LINE);
    expect(after).toBe(`${before}\n${LINE}\n`);
  });

  it('only adds: every byte that was there is still there, in one piece before and one after the new line', () => {
    fc.assert(
      fc.property(markdown, (before) => {
        const after = withSessionLine(before, LINE);
        let same = 0;
        while (same < before.length && before[same] === after[same]) same++;
        const added = after.length - before.length;
        expect(after.slice(same + added)).toBe(before.slice(same));
        expect(added).toBeLessThanOrEqual(LINE.length + '\r\n\r\n## Session Log\r\n\r\n\r\n\r\n'.length);
      }),
    );
  });

  it('puts the line where the next reading finds it', () => {
    fc.assert(
      fc.property(markdown, (before) => {
        expect(sessionLines(withSessionLine(before, LINE))).toContain('2026-01-02: added a login');
      }),
    );
  });
});

describe('withNote', () => {
  it('adds a list item to the notes', () => {
    const before = '# M\n\n## Notes\n\n<!-- yours -->\n\n## Session Log\n';
    expect(withNote(before, '- Dates are ISO 8601')).toBe(
      '# M\n\n## Notes\n\n<!-- yours -->\n\n- Dates are ISO 8601\n\n## Session Log\n',
    );
  });
});

describe('withGenerated', () => {
  const text = `# M\nmine\n${generatedBlock('stack', 'old')}\nmine too\n${generatedBlock('layout', 'old')}\n`;

  it('replaces what is between the marks, by name, and tells what it did not find', () => {
    expect(
      withGenerated(
        text,
        new Map([
          ['stack', 'new'],
          ['absent', 'x'],
        ]),
      ),
    ).toEqual({
      text: text.replace('old', 'new'),
      refreshed: ['stack'],
      missing: ['absent'],
    });
  });

  it('uses the line ends of the file', () => {
    const windows = text.replaceAll('\n', '\r\n');
    expect(withGenerated(windows, new Map([['stack', 'a\nb']])).text).toBe(windows.replace('old', 'a\r\nb'));
  });

  it('takes marks in a code block, and a mark without its end, for the user’s text', () => {
    const fenced = `\`\`\`\n${generatedBlock('stack', 'old')}\n\`\`\`\n<!-- nex:generated stack -->\nopen\n`;
    expect(withGenerated(fenced, new Map([['stack', 'new']]))).toEqual({
      text: fenced,
      refreshed: [],
      missing: ['stack'],
    });
  });

  it('gives the same file when nothing new was generated', () => {
    fc.assert(
      fc.property(markdown, (document) => {
        const whole = `${document}\n${text}`;
        const blocks = generatedBlocks(whole);
        const same = new Map(
          blocks.map(({ name, from, to }) => [name, whole.slice(from, to).replaceAll('\r\n', '\n').replace(/\n$/, '')]),
        );
        const names = blocks.map(({ name }) => name);
        fc.pre(new Set(names).size === names.length && !whole.includes('\r'));
        expect(withGenerated(whole, same).text.replace(/\n+/g, '\n')).toBe(whole.replace(/\n+/g, '\n'));
      }),
    );
  });
});
