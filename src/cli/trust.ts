import type { Asker } from '../agent/ask.ts';
import type { World } from '../agent/world.ts';
import type { StateFolder } from '../platform/state-folder.ts';

/** Whether a repository's own code may run: remembered, said by `--yes`, or asked about once. */
export function createTrust({
  state,
  root,
  yes,
  asker,
}: {
  state: StateFolder;
  root: string;
  yes: boolean;
  asker: Asker;
}): Pick<World, 'isTrusted' | 'trusted'> {
  let asked: Promise<boolean> | undefined;
  const isTrusted = () => yes || state.isTrusted(root);
  const ask = async (signal: AbortSignal) => {
    const { answer } = await asker.ask(
      {
        kind: 'confirm',
        id: 'trust',
        text: `May nex run this repository's own code (tests, builds)?`,
        fallback: false,
      },
      signal,
    );
    if (answer === 'yes') state.trust(root);
    return answer === 'yes';
  };
  return {
    isTrusted,
    trusted(signal) {
      if (isTrusted()) return Promise.resolve(true);
      asked ??= ask(signal);
      return asked;
    },
  };
}
