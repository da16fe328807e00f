import { describe, expect, it } from 'vitest';
import { systemPrompt, turnPrompt } from '../../../src/context/system-prompt.ts';

describe('systemPrompt', () => {
  it('costs at most 500 tokens (bytes / 4) without memory', () => {
    expect(Buffer.byteLength(systemPrompt({ memory: '' }).join('')) / 4).toBeLessThanOrEqual(500);
  });

  it('is the identity, then the memory in a block of its own', () => {
    const [identity, memory, ...more] = systemPrompt({ memory: 'Dates are ISO.\n' });
    expect(identity).toBe(systemPrompt({ memory: ' ' })[0]);
    expect(memory).toBe('## Project Context\nDates are ISO.');
    expect(more).toEqual([]);
  });
});

describe('turnPrompt', () => {
  it("opens a turn with Nex AI's sections, the task last, empty ones left out", () => {
    const parts = {
      errors: '',
      code: 'a',
      date: '2026-01-02',
      cwd: '.',
      shell: 'bash',
      git: '',
      plan: '',
      piped: '',
      task: 'Fix it.',
    };
    expect(turnPrompt(parts)).toBe(
      '## Relevant Code\na\n\n## Surroundings\nDate: 2026-01-02\nWorking directory: .\nShell: bash\n\n## Task\nFix it.',
    );
    const titles = [
      ...turnPrompt({ ...parts, errors: 'e', git: 'main', plan: 'p', piped: 'x' }).matchAll(/^## (.*)$/gm),
    ].map(([, title]) => title);
    expect(titles).toEqual(['Past Errors to Avoid', 'Relevant Code', 'Surroundings', 'Plan', 'Input', 'Task']);
  });
});
