import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { systemClock } from '../../platform/clock.ts';
import { makeVisible } from '../../platform/visible.ts';
import { listSessions } from '../../session/resume.ts';
import { SETTINGS } from '../../settings-table.ts';
import { findAssets } from '../assets.ts';
import { type Candidate, candidatesFor, type KnownThings } from '../complete.ts';
import { type CliContext, print } from '../context.ts';
import type { CompletionShell } from '../flags/completion.ts';
import { readGuides } from '../guides.ts';
import { findRoot } from '../project.ts';
import { openPatterns } from '../project-memory.ts';

/**
 * The shells' side: each hands over the words before the cursor and takes one candidate a line. `nex` is called by the
 * name that was typed, so that an alias works, too.
 */
const SCRIPTS: Readonly<Record<CompletionShell, string>> = {
  bash: `# nex in bash. In ~/.bashrc: eval "$(nex completion bash)"
_nex() {
  local IFS=$'\\n'
  COMPREPLY=()
  local word
  while read -r word; do COMPREPLY+=("$word"); done < <(nex __complete bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _nex nex
`,
  zsh: `#compdef nex
# nex in zsh. In ~/.zshrc, after compinit: eval "$(nex completion zsh)"
_nex() {
  local -a answers
  answers=("\${(@f)$(nex __complete zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${answers[1]}" ]]; then _describe nex answers; else _files; fi
}
compdef _nex nex
`,
  fish: `# nex in fish. In ~/.config/fish/config.fish: nex completion fish | source
function __nex_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l answers (nex __complete fish -- $words[2..] 2>/dev/null)
  if test (count $answers) -gt 0
    printf '%s\\n' $answers
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c nex -f -a '(__nex_complete)'
`,
};

/** `nex completion bash|zsh|fish`: what the shell evaluates once. */
export function completionCommand(context: CliContext, shell: CompletionShell): number {
  context.stdout.write(SCRIPTS[shell]);
  return 0;
}

/** What the scripts call at each Tab: one candidate a line, as the shell wants it. */
export async function completeCommand(
  context: CliContext,
  program: Command,
  shell: CompletionShell,
  words: readonly string[],
): Promise<number> {
  for (const candidate of await candidatesFor(program, words, knownTo(context)))
    print(context, lineFor(shell, candidate));
  return 0;
}

function lineFor(shell: CompletionShell, { word, about }: Candidate): string {
  const text = makeVisible(about).replace(/\s+/g, ' ').slice(0, 80);
  switch (shell) {
    case 'bash':
      return word;
    case 'zsh':
      return `${word.replaceAll(':', '\\:')}:${text}`;
    case 'fish':
      return `${word}\t${text}`;
  }
}

/** Sessions that are offered; the newest. */
const OFFERED = 30;

function knownTo(context: CliContext): KnownThings {
  const nexDir = async () => join(await findRoot(context), '.nex');
  return {
    settings: SETTINGS,
    async sessions() {
      const sessions = await listSessions(join(await nexDir(), 'sessions'), OFFERED);
      return sessions.map(({ id, name, task }) => ({ word: id, about: name ?? task }));
    },
    async lessons() {
      const dir = await nexDir();
      const store = await openPatterns({ root: dir, nexDir: dir }, systemClock, () => {});
      const lessons = store?.list() ?? [];
      store?.dispose();
      return lessons.map(({ id, whatFailed }) => ({ word: String(id), about: whatFailed }));
    },
    async previews() {
      try {
        const names = readdirSync(join(await nexDir(), 'previews')).filter((name) => name.endsWith('.json'));
        return names.map((name) => ({ word: name.slice(0, -5), about: 'a dry run' }));
      } catch {
        return []; // there was none yet
      }
    },
    guides: async () => readGuides(findAssets().guidesDir).map(({ topic, about }) => ({ word: topic, about })),
  };
}
