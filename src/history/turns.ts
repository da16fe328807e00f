/** Lets things happen one at a time, in the order in which they were asked for. */
export interface Turns {
  take<T>(act: () => Promise<T>): Promise<T>;
  /** Within a turn: waits this many milliseconds. Answers at once, and true, when somebody else waits for theirs. */
  interrupted(ms: number): Promise<boolean>;
}

export function createTurns(): Turns {
  let queue: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let hurry: (() => void) | undefined;
  return {
    take(act) {
      waiting += 1;
      hurry?.();
      const result = queue.then(() => {
        waiting -= 1;
        return act();
      });
      queue = result.catch(() => {});
      return result;
    },
    async interrupted(ms) {
      if (waiting > 0) return true;
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const timer = setTimeout(() => resolve(false), ms);
      hurry = () => resolve(true);
      const answer = await promise;
      clearTimeout(timer);
      hurry = undefined;
      return answer;
    },
  };
}
