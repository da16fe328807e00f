import type { ErrorKind } from '../errors.ts';
import type { OutcomeKind, ReviewOutcome, TestsOutcome } from '../session/outcome.ts';

/** The exit status of an error that ended a command. */
export function exitCodeOfError(kind: ErrorKind): number {
  switch (kind) {
    case 'usage':
    case 'config':
      return 2;
    case 'failed':
      return 1;
    case 'refused':
    case 'repository':
      return 5;
    case 'capped':
      return 4;
    case 'later':
      return 75;
    case 'interrupted':
      return 130;
  }
}

/** The exit status of a finished task. */
export function exitCodeOfOutcome(end: {
  outcome: OutcomeKind;
  tests: TestsOutcome;
  review: ReviewOutcome;
  needsPerson: boolean;
}): number {
  switch (end.outcome) {
    case 'done':
      return ['failed', 'failed_before'].includes(end.tests.status) ||
        end.review.status === 'objections' ||
        end.needsPerson
        ? 3
        : 0;
    case 'preview':
      return 0;
    case 'needs_input':
    case 'failed':
      return 1;
    case 'capped':
      return 4;
    case 'refused':
      return 5;
    case 'later':
      return 75;
    case 'interrupted':
      return 130;
  }
}
