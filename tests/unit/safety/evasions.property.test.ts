import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeCommand } from '../../../src/safety/policy.ts';
import { DANGEROUS_FORMS, type Forms, HARMLESS_FORMS } from '../../support/shell-forms.ts';

const verdictOf = (command: string) => judgeCommand(command, { root: '/home/user/shop', home: '/home/user' }).verdict;

/** The same commands in every run; `SHELL_SEED` tries others, and fast-check prints the seed of what it finds. */
const SEED = Number(process.env['SHELL_SEED'] ?? 20_260_301);

/** Cases of one test: a busy machine must not run out of time on it. */
const CASES = 400;

/** The forms in parts, each with a seed of its own. */
const parts = (all: readonly Forms[]) =>
  all.flatMap((forms) =>
    Array.from({ length: Math.ceil(forms.runs / CASES) }, (_, part) => ({
      ...forms,
      part: part + 1,
      runs: Math.min(CASES, forms.runs - part * CASES),
    })),
  );

const always = ({ commands, runs, part }: Forms & { part: number }, holds: (verdict: string) => boolean) =>
  fc.assert(
    fc.property(commands, (command) => {
      expect({ command, holds: holds(verdictOf(command)) }).toEqual({ command, holds: true });
    }),
    { numRuns: runs, seed: SEED + part - 1 },
  );

describe('a dangerous command stays dangerous', () => {
  it.each(parts(DANGEROUS_FORMS))('$name, part $part', (forms) => always(forms, (verdict) => verdict !== 'allow'));
});

describe('a harmless command stays allowed', () => {
  it.each(parts(HARMLESS_FORMS))('$name, part $part', (forms) => always(forms, (verdict) => verdict === 'allow'));
});
