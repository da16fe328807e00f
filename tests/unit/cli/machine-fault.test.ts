import { expect, it } from 'vitest';
import { faultOfMachine } from '../../../src/cli/machine-fault.ts';

it('tells a full disk and a missing permission from a bug', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  expect(faultOfMachine(full)).toMatchObject({
    kind: 'failed',
    message: 'ENOSPC: no space left on device, write',
    hint: 'Make room on the disk.',
  });
  expect(faultOfMachine(Object.assign(new Error('EACCES: x'), { code: 'EACCES' }))?.hint).toBe('Mend the permissions.');
  for (const bug of [new TypeError('x is undefined'), Object.assign(new Error('ENOENT'), { code: 'ENOENT' }), 'text'])
    expect(faultOfMachine(bug)).toBeUndefined();
});
