import type { Emit } from '../session/events.ts';
import type { PlanStep } from './planner.ts';

/** The checklist of a task: its steps, and which of them are done. */
export interface Plan {
  readonly steps: readonly PlanStep[];
  readonly done: Set<number>;
}

/** The plan as the main model reads it. */
export function planText({ steps, done }: Plan): string {
  return steps
    .map(({ title, files }, index) => {
      const names = files.length === 0 ? '' : ` (${files.join(', ')})`;
      return `${index + 1}. ${done.has(index + 1) ? '[done] ' : ''}${title}${names}`;
    })
    .join('\n');
}

/** How the model tells that a step is done. */
export const TICK_OFF = 'When a step is finished, say so on a line of its own: `Step 2 done.`';

/** Ticks off what a reply says is done, and tells everybody. */
export function tickOff(plan: Plan, said: string, emit: Emit): void {
  for (const match of said.matchAll(/^\W*step\s+(\d+)\W*\s*(?:is\s+)?(?:done|finished|complete)\b/gim)) {
    const number = Number(match[1]);
    if (number < 1 || number > plan.steps.length || plan.done.has(number)) continue;
    plan.done.add(number);
    emit(planEvent(plan, number));
  }
}

/** The plan as it is told: all of it at first, then the step that was finished. */
export function planEvent({ steps, done }: Plan, finished?: number): Parameters<Emit>[0] {
  return {
    type: 'plan',
    steps: steps.map((step, index) => ({ ...step, done: done.has(index + 1) })),
    ...(finished === undefined ? {} : { finished }),
  };
}
