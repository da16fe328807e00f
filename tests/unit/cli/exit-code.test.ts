import { describe, expect, it } from 'vitest';
import { exitCodeOfError, exitCodeOfOutcome } from '../../../src/cli/exit-code.ts';

const tests = { status: 'passed' as const };
const review = { status: 'approved' as const, objections: [] };

describe('exit statuses', () => {
  it.each([
    ['done', 0],
    ['preview', 0],
    ['needs_input', 1],
    ['failed', 1],
    ['capped', 4],
    ['refused', 5],
    ['later', 75],
    ['interrupted', 130],
  ] as const)('a task that ended %s: %d', (outcome, status) => {
    expect(exitCodeOfOutcome({ outcome, tests, review, needsPerson: false })).toBe(status);
  });

  it('is 3 when it is done but tests fail, the review objects, or a person is needed', () => {
    const done = { outcome: 'done' as const, tests, review, needsPerson: false };
    expect(exitCodeOfOutcome({ ...done, tests: { status: 'failed' } })).toBe(3);
    expect(exitCodeOfOutcome({ ...done, review: { status: 'objections', objections: [] } })).toBe(3);
    expect(exitCodeOfOutcome({ ...done, needsPerson: true })).toBe(3);
    expect(exitCodeOfOutcome({ ...done, tests: { status: 'failed_before' } })).toBe(3);
  });

  it.each([
    ['usage', 2],
    ['config', 2],
    ['failed', 1],
    ['refused', 5],
    ['repository', 5],
    ['capped', 4],
    ['later', 75],
    ['interrupted', 130],
  ] as const)('an error of kind %s: %d', (kind, status) => {
    expect(exitCodeOfError(kind)).toBe(status);
  });
});
