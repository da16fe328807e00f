/** A file that takes longer than twice this is odd (or made to be): its symbols are not worth the wait. */
const LIMIT_MS = 7500;

/**
 * Says from then on whether the limit has passed: first by the clock, which costs nothing to read, then by what all
 * threads take of the processors, so that a machine that lets this process wait finds the same symbols as one that
 * does not.
 */
export function timeLimit(): () => boolean {
  const deadline = performance.now() + LIMIT_MS;
  let before: NodeJS.CpuUsage | undefined;
  return () => {
    if (performance.now() < deadline) return false;
    before ??= process.cpuUsage();
    const { user, system } = process.cpuUsage(before);
    return user + system > LIMIT_MS * 1000;
  };
}
