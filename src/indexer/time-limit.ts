/** A file that takes longer than this is odd (or made to be): its symbols are not worth the wait. */
const LIMIT_MS = 15_000;

/**
 * Says from then on whether the limit has passed: by the clock and by what all threads took of the processors, so that
 * a machine that lets this process wait finds the same symbols as one that does not.
 */
export function timeLimit(): () => boolean {
  const deadline = performance.now() + LIMIT_MS;
  const before = process.cpuUsage();
  return () => {
    if (performance.now() < deadline) return false;
    const { user, system } = process.cpuUsage(before);
    return user + system > LIMIT_MS * 1000;
  };
}
