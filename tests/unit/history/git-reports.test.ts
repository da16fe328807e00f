import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIndexListing, parseStatus, quotePath } from '../../../src/history/git-reports.ts';
import { anyCharacter } from '../../support/any-character.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const NONE = '0'.repeat(40);
const records = (...lines: string[]) => Buffer.from(lines.map((line) => `${line}\0`).join(''));

describe('what git reports', () => {
  it('is read from a status with every kind of line', () => {
    const report = parseStatus(
      records(
        `# branch.oid ${A}`,
        '# branch.head main',
        '# branch.upstream origin/main',
        `1 MM N... 100644 100644 100755 ${A} ${B} both sides.txt`,
        `1 .A N... 000000 000000 100644 ${NONE} ${NONE} intended`,
        `1 D. N... 100644 000000 000000 ${A} ${NONE} gone`,
        `1 .D N... 100644 100644 000000 ${A} ${A} missing`,
        `1 .M SC.. 160000 160000 160000 ${A} ${A} module`,
        `u UU N... 100644 100644 100644 100644 ${A} ${B} ${A} torn apart`,
        '? new\nline',
        '? nested/',
        '! node_modules/',
      ),
    );
    expect(report).toEqual({
      head: { branch: 'main', commit: A },
      changed: [
        {
          path: 'both sides.txt',
          head: { mode: '100644', oid: A },
          index: { mode: '100644', oid: B },
          onDisk: 'changed',
          diskMode: '100755',
          submodule: false,
        },
        {
          path: 'intended',
          head: undefined,
          index: undefined,
          onDisk: 'changed',
          diskMode: '100644',
          submodule: false,
        },
        {
          path: 'gone',
          head: { mode: '100644', oid: A },
          index: undefined,
          onDisk: 'same',
          diskMode: '000000',
          submodule: false,
        },
        {
          path: 'missing',
          head: { mode: '100644', oid: A },
          index: { mode: '100644', oid: A },
          onDisk: 'missing',
          diskMode: '000000',
          submodule: false,
        },
        {
          path: 'module',
          head: { mode: '160000', oid: A },
          index: { mode: '160000', oid: A },
          onDisk: 'changed',
          diskMode: '160000',
          submodule: true,
        },
      ],
      untracked: ['new\nline', 'nested/'],
      ignored: ['node_modules/'],
      unmerged: ['torn apart'],
    });
  });

  it('knows a branch without commits and a HEAD on no branch', () => {
    expect(parseStatus(records('# branch.oid (initial)', '# branch.head main')).head).toEqual({
      branch: 'main',
      commit: undefined,
    });
    expect(parseStatus(records(`# branch.oid ${A}`, '# branch.head (detached)')).head).toEqual({
      branch: undefined,
      commit: A,
    });
  });

  it('shows the flags of index entries', () => {
    const lines = parseIndexListing(
      records(
        `H 100644 ${A} 0\tplain`,
        `h 100644 ${A} 0\tassumed`,
        `S 100644 ${B} 0\tleft\tout`,
        `s 100644 ${B} 0\tboth`,
      ),
    );
    expect(lines.map(({ path, assumeUnchanged, skipWorktree }) => [path, assumeUnchanged, skipWorktree])).toEqual([
      ['plain', false, false],
      ['assumed', true, false],
      ['left\tout', false, true],
      ['both', true, true],
    ]);
  });

  it('quotes every path onto one line', () => {
    expect(quotePath('a "b"\\c\nd')).toBe('"a \\"b\\"\\\\c\\nd"');
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 30 }), (path) => {
        const quoted = quotePath(path);
        expect(quoted).not.toContain('\n');
        const read = quoted.slice(1, -1).replace(/\\(.)/gs, (_, letter: string) => (letter === 'n' ? '\n' : letter));
        expect(read).toBe(path);
      }),
    );
  });
});
