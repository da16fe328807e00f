import { describe, expect, it } from 'vitest';
import { readDecisions } from '../../../src/memory/decisions.ts';

describe('readDecisions', () => {
  it('reads entries of nex and of Nex AI, and passes over the rest', () => {
    const text = `# Decision Log

Some words of the user.

### [2026-01-02 03:04 UTC] — Task: add login

**Decision:** Use the existing session cookie.

**Reasoning:** The middleware already
checks it.

---

### [2025-06-01 12:00:59 UTC] — Task: cache rates
**Decision**: Redis
**Reasoning**: it is there
---
### Not an entry
Decision: none
### [2026-02-03T04:05:06.789+00:00] - Task: plain labels
Decision: keep it
Reasoning: less to do
`;
    expect(readDecisions(text)).toEqual([
      {
        time: '2026-01-02 03:04',
        task: 'add login',
        decision: 'Use the existing session cookie.',
        reasoning: 'The middleware already checks it.',
      },
      { time: '2025-06-01 12:00', task: 'cache rates', decision: 'Redis', reasoning: 'it is there' },
      { time: '2026-02-03 04:05', task: 'plain labels', decision: 'keep it', reasoning: 'less to do' },
    ]);
  });

  it('reads Windows line ends, and nothing from an empty log', () => {
    expect(readDecisions('### [2026-01-02 03:04 UTC] — Task: x\r\n\r\n**Decision:** y\r\n\r\n---\r\n')).toEqual([
      { time: '2026-01-02 03:04', task: 'x', decision: 'y', reasoning: '' },
    ]);
    expect(readDecisions('# Decision Log\n')).toEqual([]);
  });
});
