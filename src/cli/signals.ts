import { Interrupted } from '../errors.ts';

/** The first signal, or `stop`, asks everything to stop; a second Ctrl-C ends the process at once. */
export function listenForSignals(): {
  signal: AbortSignal;
  stop: (name: NodeJS.Signals) => void;
  dispose: () => void;
} {
  const controller = new AbortController();
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const stop = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(name === 'SIGINT' ? 130 : 143);
    controller.abort(new Interrupted(name === 'SIGINT' || name === 'SIGTERM' || name === 'SIGPIPE' ? name : 'SIGHUP'));
  };
  for (const name of names) process.on(name, stop);
  return {
    signal: controller.signal,
    stop,
    dispose: () => {
      for (const name of names) process.off(name, stop);
    },
  };
}
