/**
 * How fast commands are judged: `node tests/bench/safety.ts`. Prints commands per second, the slowest percent,
 * the worst input, and what loading the layer costs. Nothing is run: commands are text.
 */
import dangerous from '../fixtures/safety/dangerous.json' with { type: 'json' };
import harmless from '../fixtures/safety/harmless.json' with { type: 'json' };

const started = performance.now();
const { judgeCommand } = await import('../../src/safety/policy.ts');
const { createRedactor } = await import('../../src/safety/secrets.ts');
const loaded = performance.now() - started;

const PROJECT = { root: '/srv/app', home: '/home/ada' };
const COMMANDS = [...Object.values(dangerous), ...Object.values(harmless)].flat();
const ROUNDS = 5;

const times: number[] = [];
let best = 0;
for (let round = 0; round < ROUNDS; round++) {
  const before = process.cpuUsage();
  for (const command of COMMANDS) {
    const start = performance.now();
    judgeCommand(command, PROJECT);
    // The first round only warms up.
    if (round > 0) times.push(performance.now() - start);
  }
  const { user, system } = process.cpuUsage(before);
  best = Math.max(best, (COMMANDS.length / (user + system)) * 1e6);
}
times.sort((a, b) => a - b);
const share = (part: number) => (times[Math.floor(times.length * part)] ?? 0).toFixed(3);

const HOSTILE: ReadonlyArray<readonly [name: string, text: string]> = [
  ['1 MB of letters', 'a'.repeat(1 << 20)],
  ['1 MB of rm -rf', 'rm -rf x;'.repeat(116_508)],
  ['32 KB of $(', '$('.repeat(16_000)],
  ['32 KB of (', '('.repeat(32_000)],
  ['32 KB of {a,', '{a,'.repeat(10_000)],
  ['32 KB of a=$a$a', 'a=$a$a;'.repeat(4_600)],
  ['32 KB of sudo', `${'sudo '.repeat(6_000)}rm`],
  [
    'loops in loops',
    `${Array.from({ length: 40 }, (_, i) => `for v${i} in a b; do `).join('')}x=$v1$x; ${'done; '.repeat(40)}`,
  ],
];
let worst = { name: '', ms: 0 };
for (const [name, text] of HOSTILE) {
  const start = performance.now();
  judgeCommand(text, PROJECT);
  const ms = performance.now() - start;
  if (ms > worst.ms) worst = { name, ms };
}

const redactor = createRedactor({ env: { API_TOKEN: 'q8Zr2LmX0aTn' }, salt: 'bench' });
const text = 'const answer = await client.ask({ token: session.token, limit: 4096 }); // as usual\n'.repeat(12_500);
redactor.redact(text);
const start = performance.now();
redactor.redact(text);
const redacted = performance.now() - start;

process.stdout.write(
  [
    `loading          ${loaded.toFixed(1)} ms`,
    `judged           ${COMMANDS.length} commands, ${Math.round(best)} commands/s of processor time`,
    `one verdict      p50 ${share(0.5)} ms, p99 ${share(0.99)} ms`,
    `worst input      ${worst.ms.toFixed(1)} ms (${worst.name})`,
    `redacting 1 MB   ${redacted.toFixed(1)} ms`,
    '',
  ].join('\n'),
);
