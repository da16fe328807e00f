import { basename } from 'node:path';
import { agentFilesOf, conventionsOf } from './conventions.ts';
import { generatedBlock } from './memory-edits.ts';
import { commandsOf, type ProjectCommand, packageManagersOf } from './project-commands.ts';
import { languagesOf, layoutOf, nameOf, purposeOf, type RepositoryFiles } from './repository-facts.ts';

/** A repository that is to be described: its folder, its tracked files, and a way to read them. */
export interface BootstrapSource extends RepositoryFiles {
  root: string;
}

/** The text of a first `memory.md`, from the repository itself. The same repository gives the same text. */
export function bootstrapMemory(source: BootstrapSource): string {
  const blocks = generatedContents(source);
  const block = (name: string) => generatedBlock(name, blocks.get(name) ?? '');
  return `# Project Memory: ${nameOf(source, basename(source.root))}

<!-- Yours to edit: nex reads this file before every task and shares it with the model.
     It only adds lines to the session log, and \`nex init --force\` refreshes what stands between nex:generated marks. -->

## Project Overview

${block('overview')}

## Tech Stack

${block('stack')}

## Architecture

${block('layout')}

## Conventions

${block('conventions')}

## Notes

<!-- What nex cannot see in the code: decisions, traps, words of your trade. -->

## Session Log
`;
}

/** The generated parts of memory.md by name, as they stand between their marks. */
export function generatedContents(source: BootstrapSource): Map<string, string> {
  return new Map([
    ['overview', overview(source)],
    ['stack', stack(source)],
    ['layout', layoutOf(source).join('\n')],
    ['conventions', conventions(source)],
  ]);
}

function overview(source: BootstrapSource): string {
  const purpose = purposeOf(source);
  const name = nameOf(source, basename(source.root));
  // In quotes: the model reads it as its project's memory, and the README's words are not the user's.
  return purpose === undefined ? `${name}.` : `${name}: "${purpose.replaceAll('"', "'")}"`;
}

function stack(source: BootstrapSource): string {
  const languages = languagesOf(source);
  const shown = languages.slice(0, 6).map(({ name, share }) => `${name} ${percent(share)}`);
  const managers = packageManagersOf(source);
  const lines = [];
  if (shown.length > 0) lines.push(`- Languages by files: ${shown.join(', ')}`);
  if (managers.length > 0) lines.push(`- Packages: ${managers.join(', ')}`);
  const commands = commandsOf(source);
  for (const does of ORDER) {
    const own = commands.filter((command) => command.does === does);
    if (own.length > 0) lines.push(`- ${TITLES[does]}: ${own.map(({ command }) => `\`${command}\``).join(', ')}`);
  }
  return lines.join('\n');
}

const ORDER: ReadonlyArray<ProjectCommand['does']> = ['install', 'build', 'test', 'lint', 'types', 'format', 'run'];
const TITLES: Readonly<Record<ProjectCommand['does'], string>> = {
  install: 'Set up',
  build: 'Build',
  test: 'Test',
  lint: 'Lint',
  types: 'Check types',
  format: 'Format',
  run: 'Run',
};

function percent(share: number): string {
  return share < 0.01 ? '< 1 %' : `${Math.round(share * 100)} %`;
}

function conventions(source: BootstrapSource): string {
  const agents = agentFilesOf(source);
  const lines = conventionsOf(source);
  if (agents.length > 0)
    lines.push('- Instructions for agents, read before every task:', ...agents.map((line) => `  ${line}`));
  return lines.join('\n');
}
