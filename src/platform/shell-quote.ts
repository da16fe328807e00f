/** A text as one word of a POSIX shell, whatever is in it. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A file's path as one word of the shell of this name, never taken for an option. */
export function fileWord(path: string, shell: string): string {
  if (/^[\w./-]+$/.test(path) && !path.startsWith('-')) return path;
  const named = path.startsWith('/') ? path : `./${path}`;
  // PowerShell knows a quote within quotes by its being doubled; the others have to leave them.
  return shell === 'PowerShell' ? `'${named.replaceAll("'", "''")}'` : shellQuoted(named);
}

/** The command as it is run in a folder below the root; `.` is the root itself. */
export function inFolder(folder: string, command: string, shell: string): string {
  if (folder === '.') return command;
  const word = fileWord(folder, shell);
  // Windows' own PowerShell has no `&&`.
  return shell === 'PowerShell' ? `Set-Location ${word} -ErrorAction Stop; ${command}` : `cd ${word} && ${command}`;
}
