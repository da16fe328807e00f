import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A folder for the front of PATH, in which `git` is a script that tells of each call and can kill nex at one of them. */
export interface GitShim {
  /** What to give nex: PATH, and nothing to kill it at. */
  env: Record<string, string>;
  /** The same, with nex killed before or after the nth call of one of git's commands. */
  killing(at: { call: string; nth: number; when: 'before' | 'after' }, signal: NodeJS.Signals): Record<string, string>;
  /** The calls so far: git's command words, in order. */
  calls(): string[];
}

const SCRIPT = `#!/bin/sh
skip=0
for word in "$@"; do
  if [ $skip = 1 ]; then skip=0; continue; fi
  case $word in -c | -C) skip=1 ;; -*) ;; *) break ;; esac
done
nex=0
tr '\\0' ' ' <"/proc/$PPID/cmdline" | grep -q 'nex\\.js' && nex=1
[ $nex = 1 ] && echo "$word" >>"$SHIM_LOG"
if [ $nex = 1 ] && [ "$word" = "$SHIM_CALL" ] && [ "$(grep -cx -- "$word" "$SHIM_LOG")" = "$SHIM_NTH" ]; then
  if [ "$SHIM_WHEN" = before ]; then
    kill -s "$SHIM_SIGNAL" "$PPID"
    exec "$SHIM_GIT" "$@"
  fi
  "$SHIM_GIT" "$@"
  status=$?
  kill -s "$SHIM_SIGNAL" "$PPID"
  exit $status
fi
exec "$SHIM_GIT" "$@"
`;

/** Writes the script into a folder. Linux only: it looks at who called it. */
export function gitShim(folder: string): GitShim {
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const log = join(folder, 'calls');
  writeFileSync(log, '');
  writeFileSync(join(folder, 'git'), SCRIPT, { mode: 0o755 });
  const env = {
    PATH: `${folder}:${join(process.execPath, '..')}:${process.env['PATH'] ?? ''}`,
    SHIM_LOG: log,
    SHIM_GIT: real,
    SHIM_CALL: '',
    SHIM_NTH: '',
    SHIM_WHEN: '',
    SHIM_SIGNAL: '',
  };
  return {
    env,
    killing: ({ call, nth, when }, signal) => ({
      ...env,
      SHIM_CALL: call,
      SHIM_NTH: String(nth),
      SHIM_WHEN: when,
      SHIM_SIGNAL: signal.slice('SIG'.length),
    }),
    calls: () => readFileSync(log, 'utf8').split('\n').filter(Boolean),
  };
}

/** What to give nex so that it gets a signal when it puts the nth file whose path has this in it in its place. */
export function killingAtFile(
  { file, nth, when }: { file: string; nth: number; when: 'before' | 'after' },
  signal: NodeJS.Signals,
): Record<string, string> {
  return {
    NODE_OPTIONS: `--require ${JSON.stringify(join(import.meta.dirname, 'kill-at-file.cjs'))}`,
    KILL_FILE: file,
    KILL_NTH: String(nth),
    KILL_WHEN: when,
    KILL_SIGNAL: signal,
  };
}

/** Processes in whose environment a text occurs, such as the home folder that only a test's programs have. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const state = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.[0];
        return state !== 'Z' && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(text);
      } catch {
        return false;
      }
    })
    .map(Number);
}
