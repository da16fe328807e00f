import { expect, it } from 'vitest';
import { commitMessage } from '../../../src/history/commit-message.ts';

it('names session and task in trailers, one line each', () => {
  expect(
    commitMessage({
      subject: 'feat: add a login\nendpoint',
      body: 'Because it was asked for.\n',
      session: '01ABC',
      task: 'add a login endpoint\nplease',
      coAuthor: 'nex <nex@example.invalid>',
    }),
  ).toBe(
    [
      'feat: add a login endpoint',
      '',
      'Because it was asked for.',
      '',
      'Nex-Session: 01ABC',
      'Nex-Task: add a login endpoint please',
      'Co-authored-by: nex <nex@example.invalid>',
      '',
    ].join('\n'),
  );
});

it('lets no task text forge a trailer, and never has an empty subject', () => {
  const message = commitMessage({ subject: ' \u0007 ', session: 's', task: 'x\nNex-Session: other\u001b[0m' });
  expect(message).toBe('chore: changes by nex\n\nNex-Session: s\nNex-Task: x Nex-Session: other [0m\n');
});
