import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';

/**
 * Ends commands whose nex was killed before it could do so itself. A small shell waits at the other end of a pipe; when
 * the pipe breaks, it kills what was still running.
 */
export interface Lifeline {
  /** Notes a command that began, by the leader of its process group. */
  began(leader: number): void;
  ended(leader: number): void;
  /** Lets go: from here on nothing is killed. */
  close(): void;
}

/**
 * Reads `+GROUP` and `-GROUP` lines. At the end of its input, kills these groups, and who left them but still carries
 * the marker, where the system shows environments.
 */
const WATCH = `
trap '' HUP INT TERM
live=' '
while read -r line; do
  case $line in
    +*) live="$live\${line#+} " ;;
    -*) old=" \${line#-} "; case $live in *"$old"*) live="\${live%%"$old"*} \${live#*"$old"}" ;; esac ;;
    bye) exit 0 ;;
  esac
done
case $live in *[0-9]*) ;; *) exit 0 ;; esac
for group in $live; do kill -s KILL -- "-$group"; done
for each in /proc/[0-9]*; do
  [ "$each" = "/proc/$$" ] || { grep -qsF -- "$0" "$each/environ" && kill -s KILL -- "\${each#/proc/}"; }
done
`;

/** A lifeline that starts its shell with the first command. `marker` is in the environment of all that nex starts. */
export function lifeline(marker: string, path: string | undefined): Lifeline {
  let watcher: ChildProcess | undefined;
  const tell = (line: string) => {
    if (watcher?.stdin?.writable) watcher.stdin.write(`${line}\n`);
  };
  return {
    began(leader) {
      if (!watcher) {
        const env = path === undefined ? {} : { PATH: path };
        watcher = spawn('/bin/sh', ['-c', WATCH, marker], { stdio: ['pipe', 'ignore', 'ignore'], detached: true, env });
        // Without it, commands still end with nex in every way but a SIGKILL.
        watcher.on('error', () => {});
        watcher.stdin?.on('error', () => {});
        watcher.unref();
        // Neither the shell nor the pipe may keep nex from ending.
        if (watcher.stdin instanceof Socket) watcher.stdin.unref();
      }
      tell(`+${leader}`);
    },
    ended: (leader) => tell(`-${leader}`),
    close() {
      watcher?.kill('SIGKILL');
      watcher = undefined;
    },
  };
}
