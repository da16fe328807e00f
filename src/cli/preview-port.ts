import { join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import type { PreviewPort } from '../agent/world.ts';
import type { AgentChanges } from '../history/agent-changes.ts';
import type { Workspace } from '../platform/workspace.ts';
import { savePreview } from '../session/previews.ts';

/** A dry run over an overlay: what would be written, what would be run, saved for `nex apply`. */
export function createPreview(options: { overlay: Workspace; nexDir: string; sessionId: string }): PreviewPort {
  const { overlay } = options;
  const commands: string[] = [];
  return {
    plan: (command) => void commands.push(command),
    mayRead: () => overlay.pending().size === 0,
    changes: () => changesOf(overlay),
    commands: () => commands,
    save(task) {
      const files = [...overlay.pending()].map(([path, { before, after }]) => ({
        path,
        ...(before === undefined ? {} : { before: before.toString('base64') }),
        after: after.toString('base64'),
      }));
      savePreview(join(options.nexDir, 'previews'), { version: 1, id: options.sessionId, task, files, commands });
      return options.sessionId;
    },
  };
}

/** The overlay as a patch that git would make. */
function changesOf(overlay: Workspace): AgentChanges {
  const files: AgentChanges['files'] = [];
  const patches: string[] = [];
  for (const [path, { before, after }] of overlay.pending()) {
    if (before?.equals(after)) continue;
    const status = before === undefined ? 'added' : 'modified';
    const head = `diff --git a/${path} b/${path}\n${before === undefined ? 'new file mode 100644\n' : ''}`;
    if ([before, after].some((content) => content?.includes(0))) {
      patches.push(`${head}Binary files differ\n`);
      files.push({ path, added: 0, removed: 0, status });
      continue;
    }
    const [text, now] = [before?.toString('utf8') ?? '', after.toString('utf8')];
    const patch = createTwoFilesPatch(
      before === undefined ? '/dev/null' : `a/${path}`,
      `b/${path}`,
      text,
      now,
      '',
      '',
      { context: 3 },
    )
      .replace(/^=+\n/, '')
      .replace(/^(---|\+\+\+) (.*)\t$/gm, '$1 $2');
    const lines = patch.split('\n');
    patches.push(`${head}${patch}`);
    files.push({
      path,
      added: lines.filter((line) => /^\+(?!\+\+ )/.test(line)).length,
      removed: lines.filter((line) => /^-(?!-- )/.test(line)).length,
      status,
    });
  }
  return { patch: patches.join(''), files };
}
