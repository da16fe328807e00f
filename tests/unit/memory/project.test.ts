import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapMemory } from '../../../src/memory/bootstrap.ts';
import { type MemoryForPrompt, memoryForPrompt } from '../../../src/memory/project.ts';
import { markdown } from './markdown.ts';

const estimate = (text: string) => Math.ceil(text.length / 4);
const forPrompt = (options: Partial<MemoryForPrompt>) =>
  memoryForPrompt({ memory: '', task: 'do it', estimate, ...options });

describe('memoryForPrompt', () => {
  it('says everything when it fits: memory in its order, instructions, decisions, sessions', () => {
    const { text, tokens, notice } = forPrompt({
      memory: `# Project Memory: shop

## Project Overview
<!-- nex:generated overview -->
A shop.
<!-- /nex:generated -->
Ours since 2020.

## Notes
<!-- Anything. -->

### Money
Cents, never floats.

## Session Log

- 2026-01-01: added VAT
- 2026-01-03: fixed VAT
`,
      instructions: [
        { path: 'CLAUDE.md', text: '# Shop\n\nUse pnpm.\n\n## Style\n\nTabs.\n' },
        { path: 'AGENTS.md', text: '# Shop\nUse pnpm.\n## Style\nTabs.\n' },
      ],
      recentSessions: ['- 2026-01-04: half a login', '2026-01-03: fixed VAT'],
      decisions: [
        { time: '2025-12-01 10:00', task: 't', decision: 'Use Redis', reasoning: 'it is there' },
        { time: '2026-01-01 10:00', task: 't', decision: 'Round once', reasoning: '' },
      ],
    });
    expect(text).toBe(`### Project Overview

A shop.

Ours since 2020.

### Notes

#### Money
Cents, never floats.

### From CLAUDE.md

#### Shop

Use pnpm.

#### Style

Tabs.

### Recent decisions

- 2026-01-01: Round once
- 2025-12-01: Use Redis (it is there)

### Recent sessions

- 2026-01-04: half a login
- 2026-01-03: fixed VAT
- 2026-01-01: added VAT`);
    expect({ tokens, notice }).toEqual({ tokens: estimate(text), notice: undefined });
  });

  it('costs nothing for a project that has nothing to say', () => {
    const memory = bootstrapMemory({ root: '/srv/x', files: [], read: () => undefined });
    expect(forPrompt({ memory: memory.replace('x.', '') })).toEqual({ text: '', tokens: 0 });
    expect(forPrompt({})).toEqual({ text: '', tokens: 0 });
  });

  it('prefers the sections that the task is about when not all fit', () => {
    const section = (title: string, word: string) => `## ${title}\n\n${`${word} matters here. `.repeat(60)}\n\n`;
    const memory = ['Invoices', 'Search', 'Login', 'Charts']
      .map((title) => section(title, title.toLowerCase()))
      .join('');
    const { text, notice, tokens } = forPrompt({ memory, task: 'Fix the login', budgetTokens: 500 });
    expect(text).toMatch(/^### Login\n/);
    expect(notice).toContain('Invoices, Search, Charts');
    expect(tokens).toBeLessThanOrEqual(500);
  });

  it('names a few of many sections that were left out', () => {
    const memory = Array.from({ length: 500 }, (_, index) => `## Part ${index}\n\n${'text '.repeat(40)}\n\n`).join('');
    expect(forPrompt({ memory, task: 'x', budgetTokens: 300 }).notice).toMatch(
      /left out: (?:Part \d+, ){5}Part \d+ and 4\d\d more\.$/,
    );
  });

  it('cuts one long section to the lines that the task is about', () => {
    const lines = Array.from({ length: 400 }, (_, index) => `Rule ${index} about topic${index}.`);
    lines[250] = 'The warehouse sorts by weight.';
    const { text, notice } = forPrompt({
      memory: `## Rules\n\n${lines.join('\n')}\n`,
      task: 'sort the warehouse',
      budgetTokens: 200,
    });
    expect(text).toContain('The warehouse sorts by weight.');
    expect(text).toContain('…');
    expect(notice).toContain('Rules');
  });

  it('keeps a share for sessions and instructions however long the user’s sections are', () => {
    const { text } = forPrompt({
      memory: `## Long\n\n${'word after word. '.repeat(5_000)}\n`,
      instructions: [{ path: 'AGENTS.md', text: 'Never touch the schema by hand.' }],
      recentSessions: ['2026-01-04: half a login'],
    });
    expect(text).toContain('Never touch the schema by hand.');
    expect(text).toContain('2026-01-04: half a login');
  });

  it('keeps its budget and gives the same bytes for the same input, whatever the files hold', () => {
    fc.assert(
      fc.property(
        markdown,
        markdown,
        fc.integer({ min: 20, max: 400 }),
        fc.array(fc.string()),
        (memory, other, budgetTokens, recentSessions) => {
          const options = {
            memory,
            instructions: [{ path: 'CLAUDE.md', text: other }],
            budgetTokens,
            recentSessions,
            task: 'did it plain',
          };
          const { text, tokens } = forPrompt(options);
          expect(tokens).toBe(estimate(text));
          expect(tokens).toBeLessThanOrEqual(budgetTokens);
          expect(forPrompt(options).text).toBe(text);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('leaves out the most distant part of a code block whole, never half', () => {
    const code = `\`\`\`sh\n${'make world\n'.repeat(200)}\`\`\``;
    const { text } = forPrompt({
      memory: `## Build\n\nAlways build twice.\n\n${code}\n\nThen deploy.\n`,
      budgetTokens: 120,
    });
    expect(text).toContain('Always build twice.');
    expect(text).not.toContain('make world');
  });
});
