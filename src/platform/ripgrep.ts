import { type FindOptions, findProgram, isProgram } from './find-program.ts';

/**
 * The ripgrep to use, or undefined: the one that was configured, else the one that came with nex, else one on PATH.
 * Some platforms have no bundled one, and package managers can leave optional packages out.
 */
export async function findRipgrep(
  options: FindOptions & { configured?: string | undefined },
): Promise<string | undefined> {
  if (options.configured !== undefined && isProgram(options.configured)) return options.configured;
  const bundled = await import('@vscode/ripgrep').then(
    ({ rgPath }) => rgPath,
    () => undefined,
  );
  if (bundled !== undefined && isProgram(bundled)) return bundled;
  return findProgram('rg', options);
}
