import { expect, it } from 'vitest';
import { createPaint } from '../../../src/ui/paint.ts';
import { statusText } from '../../../src/ui/status-line.ts';

const FIGURES = ' · 12.3k tokens · $0.045';

it.each([
  ['Run npm test', 3_400, 78, 'Run npm test · 3 s · 12.3k tokens · $0.045'],
  ['Run npm test', 64_000, 78, 'Run npm test · 1 min 4 s · 12.3k tokens · $0.045'],
  ['Run npm test', 3_400, 38, 'Run npm test · 3 s'],
  ['Run npm run a-very-long-script --with flags', 3_400, 38, 'Run npm run a-very-long-script … · 3 s'],
  ['Run npm test', 3_400, 18, 'Run npm test · 3 s'],
  ['Run npm test', 3_400, 14, 'Run npm test'],
  ['Run npm test', 3_400, 8, 'Run npm…'],
])('%s after %i ms in %i columns: %s', (what, ms, columns, expected) => {
  expect(statusText(what, ms, FIGURES, columns, createPaint(0))).toBe(expected);
});
