/** A pattern looked for where a command could not be parsed, so that the question can name the danger. */
interface FloorPattern {
  readonly pattern: RegExp;
  readonly rule: string;
}

const FLOOR: readonly FloorPattern[] = [
  { pattern: /\brm\s+(?:-\w+\s+|--\w+\s+)*(?:-\w*[rR]|--recursive)/, rule: 'files.rm-recursive' },
  { pattern: /\brm\s+(?:-\w+\s+)*(?:-\w*f|--force)/, rule: 'files.rm-forced' },
  { pattern: /:\s*\(\s*\)\s*\{[^}]*\|[^}]*&/, rule: 'processes.fork-bomb' },
  { pattern: />\s*\/dev\/(?:sd|hd|nvme|vd|mmcblk|disk)/, rule: 'disks.raw' },
  { pattern: /\bdd\b[^\n]*\bof=\/dev\/(?!null)/, rule: 'disks.raw' },
  { pattern: /\bmkfs(?:\.\w+)?\b/, rule: 'disks.format' },
  { pattern: /\bdrop\s+(?:table|database|schema|index|view)\b/i, rule: 'database.drop' },
  { pattern: /\btruncate\s+table\b/i, rule: 'database.truncate' },
  { pattern: /\bdelete\s+from\b/i, rule: 'database.delete-all' },
  { pattern: /\bgit\b[^\n]*\bpush\b[^\n]*\s(?:-f\b|--force|\+\S)/, rule: 'git.push-force' },
  { pattern: /\bgit\b[^\n]*\breset\b[^\n]*--hard/, rule: 'git.reset-hard' },
  { pattern: /\bgit\b[^\n]*\bclean\b[^\n]*-\w*f/, rule: 'git.clean' },
  { pattern: /\bchmod\s+(?:-\w+\s+)*0?777\b/, rule: 'permissions.open' },
  { pattern: /\b(?:curl|wget)\b[^\n|]*\|[^\n]*\b(?:ba|z|da)?sh\b/, rule: 'remote.run-download' },
  { pattern: /\bkill\s+-(?:9|KILL|SIGKILL)\b/, rule: 'processes.kill-hard' },
  { pattern: /\b(?:shutdown|reboot|poweroff)\b/, rule: 'power.off' },
];

/** Text behind this many characters is not searched. */
const LONGEST = 32 * 1024;

/** The first known danger in text that no parser understands, with the place where it stands. */
export function floorRule(text: string): { rule: string; part: string } | undefined {
  const head = text.slice(0, LONGEST);
  for (const { pattern, rule } of FLOOR) {
    const match = pattern.exec(head);
    if (match !== null) return { rule, part: match[0] };
  }
  return undefined;
}
