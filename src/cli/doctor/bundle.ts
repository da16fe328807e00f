import { writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { systemClock } from '../../platform/clock.ts';
import { createRedactor } from '../../safety/secrets.ts';
import type { StampedEvent } from '../../session/events.ts';
import { listSessions, readSession } from '../../session/resume.ts';
import { SETTINGS } from '../../settings-table.ts';
import { version } from '../../version.ts';
import type { Examination } from '../commands/doctor.ts';
import type { CliContext } from '../context.ts';
import { tarOf } from './tar.ts';

const ABOUT = `For a bug report on nex. Written on your machine; nothing was sent.

versions.json  nex, Node, system
doctor.json    what \`nex doctor\` found
settings.json  settings and where each comes from; no key
session.jsonl  the events of the last session: kinds, names, times and sizes, not your words or code

Names of your folders were replaced. Look through it before you attach it.
`;

/** Writes the archive into the user's folder, or the temporary one where that cannot be written. Returns its path. */
export async function writeBundle(context: CliContext, examined: Examination): Promise<string> {
  const now = systemClock.now();
  const clean = cleaner(context, examined);
  const json = (value: unknown) => clean(`${JSON.stringify(value, null, 2)}\n`);
  const files = {
    'README.txt': ABOUT,
    'versions.json': json({
      nex: version,
      node: process.version,
      platform: process.platform,
      arch: process.arch,
      release: release(),
      terminal: context.env['TERM'] ?? null,
      locale: context.env['LC_ALL'] ?? context.env['LANG'] ?? null,
      columns: context.stdout.columns ?? null,
    }),
    'doctor.json': json(examined.checks.map(({ repair, ...check }) => check)),
    'settings.json': json(settingsOf(examined)),
    'session.jsonl': clean(await lastSession(examined.nexDir)),
  };
  const archive = gzipSync(tarOf(files, now));
  const name = `nex-report-${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}.tar.gz`;
  for (const folder of [context.cwd, tmpdir()]) {
    try {
      const path = join(folder, name);
      writeFileSync(path, archive, { flag: 'wx', mode: 0o600 });
      return path;
    } catch (error) {
      if (folder !== context.cwd) throw error;
    }
  }
  return '';
}

/** Secrets go the way they go everywhere; folders of the user tell who the user is. */
function cleaner(context: CliContext, { root }: Examination): (text: string) => string {
  const redactor = createRedactor({ env: context.env });
  const named = (text: string) => JSON.stringify(text).slice(1, -1);
  return (text) =>
    redactor.redact(text).replaceAll(named(root), 'PROJECT').replaceAll(named(context.folders.home), 'HOME');
}

function settingsOf({ config }: Examination): unknown {
  if (!config) return null;
  const { settings, sources } = config;
  return Object.fromEntries(
    SETTINGS.map(({ name, key }) => [key, { value: settings[name] ?? null, from: sources[name] }]),
  );
}

async function lastSession(nexDir: string): Promise<string> {
  const dir = join(nexDir, 'sessions');
  try {
    const [last] = await listSessions(dir);
    const events = last === undefined ? [] : (await readSession(dir, last.id)).events;
    return events.map((event) => `${JSON.stringify(shapeOf(event))}\n`).join('');
  } catch (error) {
    return `${JSON.stringify({ unreadable: String(error) })}\n`;
  }
}

/** Fields whose values tell what happened, and nothing of what was worked on. */
const TELLING = new Set(
  'type time session model version dry_run id name ok exit duration_ms purpose usage cost_usd task_cost_usd request_id attempt wait_ms reason level rule answer round status outcome iterations exit_code tokens memory_tokens errors'.split(
    ' ',
  ),
);

/** The event with the length of what people and models said in place of it. */
function shapeOf(event: StampedEvent): object {
  return Object.fromEntries(
    Object.entries(event).map(([key, value]) => {
      if (TELLING.has(key)) return [key, value];
      return [
        key,
        typeof value === 'string'
          ? `${value.length} characters`
          : Array.isArray(value)
            ? `${value.length} entries`
            : '…',
      ];
    }),
  );
}
