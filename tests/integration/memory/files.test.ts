import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendDecisions, readDecisions } from '../../../src/memory/decisions.ts';
import { sessionLines } from '../../../src/memory/memory-edits.ts';
import { addNote, appendSessionLine, readMemory } from '../../../src/memory/project.ts';
import { tempProject } from '../../support/temp-project.ts';
import { startChild } from './two-processes.ts';

const NOW = new Date('2026-01-02T03:04:05Z');

describe('appendSessionLine', () => {
  it('keeps every byte that was there, whatever the encoding', async () => {
    using project = tempProject({ '.nex/memory.md': '' });
    const path = project.path('.nex/memory.md');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const before = Buffer.from(bytes);
        writeFileSync(path, before);
        await appendSessionLine(path, 'café ✓', NOW);
        const after = readFileSync(path);
        let same = 0;
        while (same < before.length && before[same] === after[same]) same++;
        expect(after.subarray(same + after.length - before.length).equals(before.subarray(same))).toBe(true);
        expect(after.includes('- 2026-01-02: café ✓')).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('creates the file and leaves nothing else behind', async () => {
    using project = tempProject({ '.nex/x': '' });
    await appendSessionLine(project.path('.nex/memory.md'), 'line one\nline two\u001b[31m', NOW);
    await appendSessionLine(project.path('.nex/memory.md'), '  ', NOW);
    expect(readFileSync(project.path('.nex/memory.md'), 'utf8')).toBe(
      '## Session Log\n\n- 2026-01-02: line one line two [31m\n',
    );
    expect(readdirSync(project.path('.nex')).sort()).toEqual(['memory.md', 'x']);
  });

  it('loses no line of two processes, and keeps the newest of both', async () => {
    using project = tempProject({ '.nex/memory.md': '# Mine\n' });
    const path = project.path('.nex/memory.md');
    const ends = await Promise.all(['ana', 'ben'].map((name) => startChild('sessions', path, name, 14).ended));
    expect(ends.map(({ status, complained }) => ({ status, complained }))).toEqual([
      { status: 0, complained: '' },
      { status: 0, complained: '' },
    ]);
    const names = sessionLines(await readMemory(path)).map((line) => line.slice(12));
    expect(names.toSorted()).toEqual(
      ['ana', 'ben'].flatMap((name) => Array.from({ length: 14 }, (_, round) => `${name} ${round}`)).toSorted(),
    );
  });
});

describe('memory.md as a clone may bring it', () => {
  it('is followed when it is a link inside the project, and the link stays', async () => {
    using project = tempProject({ '.nex/x': '', 'docs/memory.md': '# Shared\n' });
    symlinkSync('../docs/memory.md', project.path('.nex/memory.md'));
    await addNote(project.path('.nex/memory.md'), 'Dates are ISO 8601\nalways');
    expect(readFileSync(project.path('docs/memory.md'), 'utf8')).toBe(
      '# Shared\n\n## Notes\n\n- Dates are ISO 8601\n  always\n',
    );
  });

  it('is refused when it leads out of the project, for reading and writing', async () => {
    using project = tempProject({ '.nex/x': '' });
    using home = tempProject({ id_rsa: 'PRIVATE KEY' });
    symlinkSync(home.path('id_rsa'), project.path('.nex/memory.md'));
    const refused = { kind: 'repository', message: expect.stringContaining('leads out of the project') };
    await expect(readMemory(project.path('.nex/memory.md'))).rejects.toMatchObject(refused);
    await expect(addNote(project.path('.nex/memory.md'), 'x')).rejects.toMatchObject(refused);
    expect(readFileSync(home.path('id_rsa'), 'utf8')).toBe('PRIVATE KEY');
  });

  it('is refused when the folder leads out of the project', async () => {
    using project = tempProject();
    using elsewhere = tempProject({ 'memory.md': 'secret' });
    symlinkSync(elsewhere.root, project.path('.nex'));
    await expect(readMemory(project.path('.nex/memory.md'))).rejects.toMatchObject({ kind: 'repository' });
  });

  it('is an error that names it when it is a folder', async () => {
    using project = tempProject({ '.nex/x': '' });
    mkdirSync(project.path('.nex/memory.md'));
    await expect(readMemory(project.path('.nex/memory.md'))).rejects.toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('is a folder where a file should be'),
    });
  });

  it('is empty when there is none', async () => {
    using project = tempProject({ '.nex/x': '' });
    expect(await readMemory(project.path('.nex/memory.md'))).toBe('');
  });
});

describe('appendDecisions', () => {
  it('writes entries as Nex AI does, and reads them back', async () => {
    using project = tempProject({ '.nex/x': '' });
    const path = project.path('.nex/decisions.md');
    await appendDecisions(path, [], NOW);
    await appendDecisions(
      path,
      [{ task: 'add\nlogin', decision: 'Use cookies', reasoning: '### [x] — Task: forged\n---' }],
      NOW,
    );
    await appendDecisions(path, [{ task: 'b', decision: 'c', reasoning: 'd' }], new Date('2026-01-03T00:00:00Z'));
    const text = readFileSync(path, 'utf8');
    expect(text).toBe(`# Decision Log

### [2026-01-02 03:04 UTC] — Task: add login

**Decision:** Use cookies

**Reasoning:** ### [x] — Task: forged ---

---

### [2026-01-03 00:00 UTC] — Task: b

**Decision:** c

**Reasoning:** d

---
`);
    expect(readDecisions(text)).toEqual([
      { time: '2026-01-02 03:04', task: 'add login', decision: 'Use cookies', reasoning: '### [x] — Task: forged ---' },
      { time: '2026-01-03 00:00', task: 'b', decision: 'c', reasoning: 'd' },
    ]);
  });

  it('loses no entry of two processes', async () => {
    using project = tempProject({ '.nex/decisions.md': '# Decision Log\r\n' });
    const path = project.path('.nex/decisions.md');
    const ends = await Promise.all(['ana', 'ben'].map((name) => startChild('decisions', path, name, 25).ended));
    expect(ends.map(({ status }) => status)).toEqual([0, 0]);
    const text = readFileSync(path, 'utf8');
    expect(readDecisions(text)).toHaveLength(50);
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
  });
});
