import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeCommand } from '../../../src/safety/policy.ts';
import { DANGEROUS_FORMS, type Forms, HARMLESS_FORMS } from '../../support/shell-forms.ts';

const verdictOf = (command: string) => judgeCommand(command, { root: '/home/user/shop', home: '/home/user' }).verdict;

/** The same commands in every run; `SHELL_SEED` tries others, and fast-check prints the seed of what it finds. */
const SEED = Number(process.env['SHELL_SEED'] ?? 20_260_301);

const always = ({ commands, runs }: Forms, holds: (verdict: string) => boolean) =>
  fc.assert(
    fc.property(commands, (command) => {
      expect({ command, holds: holds(verdictOf(command)) }).toEqual({ command, holds: true });
    }),
    { numRuns: runs, seed: SEED },
  );

describe('a dangerous command stays dangerous', () => {
  it.each(DANGEROUS_FORMS)('$name', (forms) => always(forms, (verdict) => verdict !== 'allow'));
});

describe('a harmless command stays allowed', () => {
  it.each(HARMLESS_FORMS)('$name', (forms) => always(forms, (verdict) => verdict === 'allow'));
});
